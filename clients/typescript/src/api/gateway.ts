import { Api } from '../core/api.js'
import type { RequestOptions } from '../core/options.js'
import { prepare } from '../core/request.js'
import type { Dto } from '../core/types.js'
import type { NumberQR, NumberStatus, PairingCode } from '../types.js'

/** One number on WhatsApp Web: that of a channel, with its country code. */
export type NumberDto = Dto<'getNumberStatus'>
/** The number, and whose phone is to be linked; left out, its own. */
export type PairNumberDto = Dto<'pairNumber'>
/** The number, and what the authenticator of the account's owner answered. */
export type AnswerPasskeyDto = Dto<'answerNumberPasskey'>

/** Longer than the server itself waits for WhatsApp. */
const patience = 60_000

/**
 * One number on WhatsApp Web: link it to its phone, connect it, look how it is.
 * An API key of the account opens it; so does the channel's access code, with
 * `apiKey: null` and `headers: { 'X-Access-Code': code }`.
 */
export class GatewayApi extends Api {
  /** How the number is connected; `detail` says what to do. */
  status(dto: NumberDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('getNumberStatus', dto, options)
  }

  /** What the phone can scan now, as text. Begins to link the number, where that was not begun. */
  qr(dto: NumberDto, options?: RequestOptions): Promise<NumberQR> {
    return this.call('getNumberQR', dto, patient(options))
  }

  /**
   * The same as an image (PNG). `null` where WhatsApp asks for a passkey
   * instead: `qr` has its request.
   */
  async qrImage(dto: NumberDto, options?: RequestOptions): Promise<Uint8Array | null> {
    const request = { ...prepare('getNumberQR', dto), headers: { Accept: 'image/png' } }
    return this.transport.bytes(request, 'image/png', patient(options))
  }

  /** A code of eight characters to type on the phone, in place of scanning. */
  pair(dto: PairNumberDto, options?: RequestOptions): Promise<PairingCode> {
    return this.call('pairNumber', dto, patient(options))
  }

  /** Hands in what `navigator.credentials.get` gave for the `passkey` of `qr`. */
  answerPasskey(dto: AnswerPasskeyDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('answerNumberPasskey', dto, patient(options))
  }

  /** Says that the `code` of `qr` is the one on the phone. */
  confirmPasskey(dto: NumberDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('confirmNumberPasskey', dto, patient(options))
  }

  /** Connects the number and waits for what comes of it. */
  connect(dto: NumberDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('connectNumber', dto, patient(options))
  }

  /** Ends the connection; the device stays linked. */
  disconnect(dto: NumberDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('disconnectNumber', dto, options)
  }

  /** Closes the connection and opens it anew. */
  reset(dto: NumberDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('resetNumber', dto, patient(options))
  }

  /** Unlinks the number from its phone. */
  logout(dto: NumberDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('logoutNumber', dto, patient(options))
  }
}

/** What waits for WhatsApp may take longer than other calls. */
function patient(options?: RequestOptions): RequestOptions {
  return { timeout: patience, ...options }
}
