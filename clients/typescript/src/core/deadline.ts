/**
 * A signal that follows the caller's and also fires after a time. `end` lets
 * both go; until then they hold the request.
 */
export class Deadline {
  readonly signal: AbortSignal
  /** Whether the time ran out, rather than the caller's signal. */
  passed = false
  /** Whether what follows a call, rather than the call, ends it. */
  handedOn = false
  private readonly controller = new AbortController()
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly follow: () => void

  /** Fires after `milliseconds`, 0 for never. */
  constructor(
    milliseconds: number,
    private readonly outer?: AbortSignal,
  ) {
    this.signal = this.controller.signal
    this.follow = () => this.controller.abort(outer?.reason)
    if (outer?.aborted) {
      this.follow()
    }
    outer?.addEventListener('abort', this.follow, { once: true })
    this.restart(milliseconds)
  }

  /** Counts from now on anew. */
  restart(milliseconds: number): void {
    clearTimeout(this.timer)
    if (milliseconds > 0) {
      this.timer = setTimeout(() => {
        this.passed = true
        this.controller.abort(new DOMException('The time is over', 'TimeoutError'))
      }, milliseconds)
    }
  }

  /** Lets the time go; the caller's signal still counts. */
  untime(): void {
    clearTimeout(this.timer)
  }

  /** Lets the time go, and leaves the caller's signal to what follows the call. */
  handOn(): void {
    this.untime()
    this.handedOn = true
  }

  /** Lets the time and the caller's signal go. */
  end(): void {
    this.untime()
    this.outer?.removeEventListener('abort', this.follow)
  }
}
