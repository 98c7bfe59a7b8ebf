import type { OmnichannelEvent } from '../types.js'
import { Deadline } from './deadline.js'
import { OmnichannelError } from './errors.js'
import type { Prepared } from './request.js'
import { isPassing, pause, sleep } from './retry.js'
import { EventParser } from './sse.js'
import { broken, type Transport } from './transport.js'

/** How a stream is read. */
export interface StreamOptions {
  /** Ends the stream: its loop then ends without an error. */
  signal?: AbortSignal
  /** Goes on behind this {@link EventStream.lastEventId}; left out, begins with what happens next. */
  lastEventId?: string
  /**
   * How long nothing at all may come before the connection is taken for dead
   * and made anew, in milliseconds; 45,000 when left out, 0 for ever. The
   * server sends a heartbeat every 15 seconds.
   */
  idleTimeout?: number
  /**
   * The longest pause before a reconnect, in milliseconds; 30,000 when left out.
   * A server that asks for a longer one by `Retry-After` gets it.
   */
  maxReconnectDelay?: number
  /**
   * Hears of each connection that stands: from now on nothing is missed. What is
   * read of the API after the first one, and changed by the events, is complete.
   */
  onConnect?: () => void
  /** Hears of each reconnect: why, where it was not a plain end, and after how many milliseconds. */
  onReconnect?: (reason: OmnichannelError | undefined, delay: number) => void
}

const idle = 45_000
const longestPause = 30_000
/** A timer that is set for longer goes off at once. */
const longestTimer = 2 ** 31 - 1

/**
 * The events of an account as they happen. It reconnects by itself and goes on
 * where it was. A loop over it ends by `break` or `signal`; it rejects only
 * when reconnecting cannot help, such as `unauthenticated` or
 * `cursor_expired`. One loop at a time.
 */
export class EventStream implements AsyncIterable<OmnichannelEvent> {
  /**
   * The position up to which the loop has got everything: store it, to go on
   * there after a restart. It also moves past events that the filter leaves out.
   */
  lastEventId: string | undefined
  private delay: number | undefined
  /** Connections in a row that brought nothing. */
  private failed = 0

  /** Connects when it is looped over, not before. */
  constructor(
    private readonly transport: Transport,
    private readonly request: Prepared,
    private readonly options: StreamOptions = {},
  ) {
    this.lastEventId = options.lastEventId
  }

  /** The events from here on; each loop connects for itself. */
  async *[Symbol.asyncIterator](): AsyncGenerator<OmnichannelEvent, void, undefined> {
    const { signal } = this.options
    this.failed = 0
    while (!signal?.aborted) {
      let reason: OmnichannelError | undefined
      try {
        yield* this.connection()
      } catch (error) {
        if (signal?.aborted) {
          return
        }
        if (!mayPass(error)) {
          throw error
        }
        reason = error
      }
      if (signal?.aborted) {
        return
      }
      this.failed++
      await this.rest(reason)
    }
  }

  /** The events of one connection. */
  private async *connection(): AsyncGenerator<OmnichannelEvent, void, undefined> {
    const silence = this.options.idleTimeout ?? idle
    const deadline = new Deadline(silence, this.options.signal)
    try {
      const response = await this.transport.open(this.asked(), { signal: deadline.signal, timeout: 0, maxRetries: 0 })
      const reader = this.body(response).getReader()
      try {
        this.options.onConnect?.()
        const parser = new EventParser()
        for (let read = await reader.read(); !read.done; read = await reader.read()) {
          deadline.restart(silence)
          this.failed = 0
          const frames = parser.push(read.value)
          this.delay = parser.retry ?? this.delay
          for (const { id, data } of frames) {
            if (this.options.signal?.aborted) {
              return // what the loop has not got is behind its position
            }
            this.lastEventId = id || this.lastEventId
            if (data !== undefined) {
              deadline.untime()
              yield this.parsed(data)
            }
          }
          deadline.restart(silence)
        }
      } finally {
        await reader.cancel().catch(() => undefined) // it is broken already
      }
    } catch (error) {
      throw error instanceof OmnichannelError ? error : broken(this.request, error, deadline.passed, silence)
    } finally {
      deadline.end()
    }
  }

  private asked(): Prepared {
    const headers: Record<string, string> = { ...this.request.headers, Accept: 'text/event-stream' }
    if (this.lastEventId !== undefined) {
      headers['Last-Event-ID'] = this.lastEventId
    }
    return { ...this.request, headers }
  }

  private body(response: Response): ReadableStream<Uint8Array> {
    if (response.body && response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      return response.body
    }
    const message = `${this.request.name}: the answer is no event stream: check baseUrl and what stands between`
    throw new OmnichannelError({ code: 'unexpected_answer', message, status: response.status })
  }

  private parsed(text: string): OmnichannelEvent {
    try {
      return JSON.parse(text) as OmnichannelEvent
    } catch (cause) {
      const message = `${this.request.name}: an event that is not JSON`
      throw new OmnichannelError({ code: 'unexpected_answer', message, body: text, cause })
    }
  }

  /** Waits before the next connection, unless the signal comes first. */
  private async rest(reason: OmnichannelError | undefined): Promise<void> {
    const hint = this.delay ?? 0
    const hinted = this.failed === 1 && this.delay !== undefined ? hint / 1000 : undefined
    const own = Math.min(Math.max(pause(this.failed, hinted), hint), this.options.maxReconnectDelay ?? longestPause)
    const asked = reason?.retryAfter === undefined ? 0 : pause(this.failed, reason.retryAfter)
    const delay = Math.min(Math.max(asked, own), longestTimer)
    this.options.onReconnect?.(reason, delay)
    await sleep(delay, this.options.signal).catch(() => undefined) // the loop sees the signal
  }
}

/** Whether another connection may fare better; a stream asks for nothing, so that also a failed server may be asked again. */
function mayPass(error: unknown): error is OmnichannelError {
  return isPassing(error) || (error instanceof OmnichannelError && (error.status ?? 0) >= 500)
}
