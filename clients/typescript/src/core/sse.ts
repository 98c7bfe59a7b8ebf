/** One frame of a Server-Sent Events stream: an event, or only a position. */
export interface Frame {
  /** The last `id` that the stream told. */
  id: string
  /** Its `event`, `message` where it has none. */
  event: string
  /** Its `data`, lines joined by line feeds; none in a frame that only tells an `id`. */
  data: string | undefined
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
  private moved = false
  private lines: string[] = []

  /** Takes the next bytes in, and gives the frames that they complete; comments are none. */
  push(bytes: Uint8Array): Frame[] {
    this.rest += this.decoder.decode(bytes, { stream: true })
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/)
    this.rest = lines.pop() ?? ''
    return lines.flatMap((line) => this.line(line) ?? [])
  }

  private line(line: string): Frame | undefined {
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
      this.moved = true
    } else if (field === 'retry' && /^\d+$/.test(value)) {
      this.retry = Number(value)
    }
    return undefined
  }

  private complete(): Frame | undefined {
    const { id, event, lines, moved } = this
    this.lines = []
    this.event = ''
    this.moved = false
    if (lines.length === 0) {
      return moved ? { id, event: event || 'message', data: undefined } : undefined
    }
    return { id, event: event || 'message', data: lines.join('\n') }
  }
}
