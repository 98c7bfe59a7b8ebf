import { OmnichannelError } from '../core/errors.js'
import type { NumberEvent, OmnichannelEvent } from '../types.js'

/** The headers of a request: those of `fetch`, or Node's. */
export type WebhookHeaders =
  { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>

/** How strict a {@link Webhook} is. */
export interface WebhookOptions {
  /** How far a webhook's time may be from now, in seconds; 300 when left out. */
  tolerance?: number
  /** The time now, in milliseconds since 1970; for tests. */
  now?: () => number
}

const text = new TextEncoder()
const algorithm = { name: 'HMAC', hash: 'SHA-256' } as const

/** Verifies what the server posts to a platform's `url` (Standard Webhooks). */
export class Webhook {
  private readonly keys: Promise<CryptoKey>[]
  private readonly tolerance: number
  private readonly now: () => number

  /**
   * Takes the `whsec_…` secret of the platform config; two while one replaces
   * the other. Refuses what is no secret with a `TypeError`.
   */
  constructor(secret: string | readonly string[], options: WebhookOptions = {}) {
    const secrets = typeof secret === 'string' ? [secret] : secret
    if (secrets.length === 0) {
      throw new TypeError('a Webhook needs a secret')
    }
    this.keys = secrets.map(bytesOf).map((bytes) => {
      const key = crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign', 'verify'])
      key.catch(() => undefined) // verify and sign reject with it
      return key
    })
    this.tolerance = options.tolerance ?? 300
    this.now = options.now ?? Date.now
  }

  /**
   * The event of a webhook that is genuine and fresh. `body` must be as it
   * came, before any parsing. Rejects with `webhook_unverified`: answer 401.
   * What was verified may still come twice; `id` tells. At the webhook of one
   * number say `verify<NumberEvent>`: there `eventId` tells.
   */
  async verify<Event extends OmnichannelEvent | NumberEvent = OmnichannelEvent>(
    body: string | Uint8Array,
    headers: WebhookHeaders,
  ): Promise<Event> {
    const id = header(headers, 'webhook-id')
    const timestamp = header(headers, 'webhook-timestamp')
    const signatures = header(headers, 'webhook-signature')
    const seconds = /^\d+$/.test(timestamp) ? Number(timestamp) : Number.NaN
    if (!(Math.abs(this.now() / 1000 - seconds) <= this.tolerance)) {
      throw refused(`its time ${timestamp} is more than ${this.tolerance} s from now`)
    }
    const raw = typeof body === 'string' ? text.encode(body) : body
    if (!(await this.matches(signed(id, timestamp, raw), signatures))) {
      throw refused('no signature of it is made with the secret')
    }
    try {
      return JSON.parse(new TextDecoder().decode(raw)) as Event
    } catch (cause) {
      throw refused('its body is not JSON', cause)
    }
  }

  /** The `webhook-signature` that the server would send: for tests of your own handler. `timestamp` is in seconds. */
  async sign(id: string, timestamp: number, body: string | Uint8Array): Promise<string> {
    const content = signed(id, String(timestamp), typeof body === 'string' ? text.encode(body) : body)
    const signatures = await Promise.all(
      this.keys.map(async (key) => new Uint8Array(await crypto.subtle.sign(algorithm, await key, content))),
    )
    return signatures.map((bytes) => `v1,${btoa(String.fromCharCode(...bytes))}`).join(' ')
  }

  private async matches(content: Uint8Array<ArrayBuffer>, signatures: string): Promise<boolean> {
    for (const [, encoded = ''] of signatures.matchAll(/(?:^| )v1,(\S+)/g)) {
      const signature = decoded(encoded)
      for (const key of signature ? this.keys : []) {
        // verify compares in constant time
        if (signature && (await crypto.subtle.verify(algorithm, await key, signature, content))) {
          return true
        }
      }
    }
    return false
  }
}

function header(headers: WebhookHeaders, name: string): string {
  const value = isGetter(headers) ? headers.get(name) : named(headers, name)
  const first = Array.isArray(value) ? value[0] : value
  if (typeof first !== 'string' || first === '') {
    throw refused(`it has no ${name}`)
  }
  return first
}

/** The header of this name in whichever case; some frameworks keep that in which it came. */
function named(headers: Readonly<Record<string, string | readonly string[] | undefined>>, name: string) {
  return headers[name] ?? Object.entries(headers).find(([other]) => other.toLowerCase() === name)?.[1]
}

function isGetter(headers: WebhookHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function'
}

function signed(id: string, timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = text.encode(`${id}.${timestamp}.`)
  const whole = new Uint8Array(head.length + body.length)
  whole.set(head)
  whole.set(body, head.length)
  return whole
}

function bytesOf(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = decoded(secret.replace(/^whsec_/, ''))
  if (!bytes?.length) {
    throw new TypeError('a webhook secret is `whsec_` and base64')
  }
  return bytes
}

function decoded(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  } catch {
    return undefined
  }
}

function refused(why: string, cause?: unknown): OmnichannelError {
  return new OmnichannelError({ code: 'webhook_unverified', message: `The webhook is refused: ${why}`, cause })
}
