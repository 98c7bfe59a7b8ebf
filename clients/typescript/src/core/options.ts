/** How a client reaches the server. */
export interface ClientOptions {
  /** Where the API is, such as `https://omni.example.com`. */
  baseUrl: string
  /**
   * A key of one account, or an admin key. It must never reach a browser:
   * there, `null` sends none, and the page's own server adds it on the way.
   */
  apiKey: string | null
  /** Asks instead of the global `fetch`. */
  fetch?: typeof globalThis.fetch
  /** How long one try may take, in milliseconds; 30,000 when left out, 0 for ever. */
  timeout?: number
  /**
   * How often a request that may be repeated is tried again: a GET, or a POST
   * that carries an Idempotency-Key. 2 when left out.
   */
  maxRetries?: number
  /**
   * The longest pause before another try, in milliseconds; 20,000 when left
   * out. Where the server asks for a longer one, the error comes at once.
   */
  maxRetryDelay?: number
  /** The language of a problem's `title`: `pt-BR` (the server's default) or `en`. */
  language?: 'pt-BR' | 'en'
  /** Headers of every request. */
  headers?: Readonly<Record<string, string>>
}

/** What one call may want otherwise. */
export interface RequestOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  signal?: AbortSignal
  /** Instead of the client's `timeout`. */
  timeout?: number
  /** Instead of the client's `maxRetries`. */
  maxRetries?: number
  /**
   * The Idempotency-Key of a POST that takes one. Left out, one is made
   * before the first try. Give your own to be safe beyond this process:
   * the same key and body get the first answer again, for 24 hours at least.
   */
  idempotencyKey?: string
  /** The X-Request-Id, for the server's logs. */
  requestId?: string
  /** Headers of this request. */
  headers?: Readonly<Record<string, string>>
}
