import { Api, walk } from '../core/api.js'
import type { RequestOptions } from '../core/options.js'
import { prepare } from '../core/request.js'
import type { Dto } from '../core/types.js'
import type { DeletedMessage, Message, Page, SendAnswer, StoredFile } from '../types.js'

/** A message into a session: exactly one of `text`, `mediaUri`, `interactive`, `location` and `reaction`. */
export type SendMessageDto = Dto<'sendMessage'>
/** A message to a number or a group. */
export type SendToNumberDto = Dto<'sendToNumber'>
/** A template to a number. */
export type StartConversationDto = Dto<'startD360'>
/** Which session's messages, and which page of them. */
export type GetMessagesDto = Dto<'listMessages'>
/** One message, by our `_id` or, with `channelId`, the provider's. */
export type GetMessageDto = Dto<'getMessage'>
/** The message to take back, and from which channel. */
export type DeleteMessageDto = Dto<'deleteMessage'>
/** One file. */
export type GetMediaDto = Dto<'getMedia'>

/** A file to store. */
export interface UploadMediaDto {
  /** The account. */
  clientIdentifier: string
  /** Its bytes. */
  file: Blob | Uint8Array | ReadableStream<Uint8Array>
  /** Its name, as the contact will see that of a document. */
  fileName?: string
  /** Its type; left out, a blob's own. The server looks at the bytes first. */
  contentType?: string
}

const uploadTimeout = 300_000

/** Messages and their files. */
export class MessageApi extends Api {
  /** Sends into a session. A repetition with the same `idempotencyKey` is not sent twice. */
  send(dto: SendMessageDto, options?: RequestOptions): Promise<SendAnswer> {
    return this.call('sendMessage', dto, options)
  }

  /** Sends to a number or a group, and opens the session when there is none. */
  sendToNumber(dto: SendToNumberDto, options?: RequestOptions): Promise<SendAnswer> {
    return this.call('sendToNumber', dto, options)
  }

  /** Opens, or finds, the session with a number and sends a template. */
  startD360(dto: StartConversationDto, options?: RequestOptions): Promise<SendAnswer> {
    return this.call('startD360', dto, options)
  }

  /** One page of the messages of a session, the newest first. */
  get(dto: GetMessagesDto, options?: RequestOptions): Promise<Page<Message>> {
    return this.call('listMessages', dto, options)
  }

  /** Every message of a session, page after page. */
  iterate(dto: GetMessagesDto, options?: RequestOptions): AsyncGenerator<Message, void, undefined> {
    return walk((page) => this.get(page, options), dto)
  }

  /** One message with the history of its status. */
  getById(dto: GetMessageDto, options?: RequestOptions): Promise<Message> {
    return this.call('getMessage', dto, options)
  }

  /** Takes a message back for everyone, where the provider can. */
  delete(dto: DeleteMessageDto, options?: RequestOptions): Promise<DeletedMessage> {
    return this.call('deleteMessage', dto, options)
  }

  /**
   * Stores a file, to be sent with its `_id` as `mediaUri`. A stream is sent
   * as it comes and tried once; bytes and blobs are tried again like any other
   * request with an Idempotency-Key. One try may take five minutes.
   */
  async uploadMedia(dto: UploadMediaDto, options?: RequestOptions): Promise<StoredFile> {
    const { file, contentType, ...fields } = dto
    const type = contentType ?? (file instanceof Blob && file.type !== '' ? file.type : 'application/octet-stream')
    const request = { ...prepare('uploadMedia', fields), headers: { 'Content-Type': type }, body: file }
    return (await this.transport.json(request, { timeout: uploadTimeout, ...options })) as StoredFile
  }

  /**
   * Opens a file. Its bytes are the answer's `body`, and follow until
   * `options.signal` ends them; a `Range` among `options.headers` asks for a part.
   */
  getMedia(dto: GetMediaDto, options?: RequestOptions): Promise<Response> {
    return this.transport.open(prepare('getMedia', dto), options)
  }
}
