import { isOmnichannelError, type OmnichannelError } from './errors.js'

const firstPause = 250
const passing = [429, 502, 503, 504]

/** Whether the next try may end otherwise than this one. */
export function isPassing(error: unknown): error is OmnichannelError {
  if (isOmnichannelError(error, 'connection_failed', 'timed_out')) {
    return true
  }
  // A provider_timeout is kept under its Idempotency-Key: asked again, the server says the same.
  return isOmnichannelError(error) && error.code !== 'provider_timeout' && passing.includes(error.status ?? 0)
}

/**
 * How long to wait before another try, in milliseconds: what the server asks
 * for, or a pause that doubles each time; a part of it by chance, so that many
 * callers do not come back at once. `tries` counts those that failed.
 */
export function pause(tries: number, retryAfter: number | undefined, random = Math.random): number {
  if (retryAfter !== undefined) {
    return retryAfter * 1000 + random() * firstPause
  }
  return firstPause * 2 ** (tries - 1) * (0.5 + random() / 2)
}

/** The seconds of a Retry-After header, which holds seconds or a date. */
export function retryAfter(header: string | null, now = Date.now()): number | undefined {
  if (header === null || header.trim() === '') {
    return undefined
  }
  const seconds = Number(header)
  if (Number.isFinite(seconds)) {
    return Math.max(0, seconds)
  }
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000)
}

/** Waits, and rejects with the signal's reason when that comes first. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
