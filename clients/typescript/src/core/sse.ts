/** One event of a Server-Sent Events stream. */
export interface ServerSentEvent {
  /** The last `id` that the stream told. */
  id: string
  /** Its `event`, `message` where it has none. */
  event: string
  /** Its `data`, lines joined by line feeds. */
  data: string
}

/**
 * Reads a stream of Server-Sent Events as the WHATWG writes it down: any line
 * ends, comments, several `data` lines, ids that stay until the next one.
 */
export class EventParser {
  /** The pause before a reconnect that the server asked for, in milliseconds. */
  retry: number | undefined
  private readonly decoder = new TextDecoder()
  private rest = ''
  private id = ''
  private event = ''
  private lines: string[] = []

  /** Takes the next bytes in, and gives the events that they complete. */
  push(bytes: Uint8Array): ServerSentEvent[] {
    this.rest += this.decoder.decode(bytes, { stream: true })
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/)
    this.rest = lines.pop() ?? ''
    return lines.flatMap((line) => this.line(line) ?? [])
  }

  private line(line: string): ServerSentEvent | undefined {
    if (line === '') {
      return this.complete()
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (field === 'data') {
      this.lines.push(value)
    } else if (field === 'event') {
      this.event = value
    } else if (field === 'id' && !value.includes('\0')) {
      this.id = value
    } else if (field === 'retry' && /^\d+$/.test(value)) {
      this.retry = Number(value)
    }
    return undefined
  }

  private complete(): ServerSentEvent | undefined {
    const { lines, event } = this
    this.lines = []
    this.event = ''
    return lines.length === 0 ? undefined : { id: this.id, event: event || 'message', data: lines.join('\n') }
  }
}
