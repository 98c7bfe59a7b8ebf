import { Deadline } from './deadline.js'
import { isProblem, OmnichannelError } from './errors.js'
import type { ClientOptions, RequestOptions } from './options.js'
import type { Prepared } from './request.js'
import { isPassing, pause, retryAfter, sleep } from './retry.js'

const defaults = { timeout: 30_000, maxRetries: 2, maxRetryDelay: 20_000 }

/** Asks the server: one place for keys, times, tries and errors. */
export class Transport {
  private readonly base: string
  private readonly options: ClientOptions

  constructor(options: ClientOptions) {
    if (!URL.canParse(options.baseUrl) || !/^https?:/.test(options.baseUrl)) {
      throw new TypeError(`baseUrl must be an http(s) URL, and is ${JSON.stringify(options.baseUrl)}`)
    }
    if (!options.apiKey && options.apiKey !== null) {
      throw new TypeError('apiKey must be a key of the Omnichannel API, or null where a server of yours adds it')
    }
    this.base = options.baseUrl.replace(/\/+$/, '')
    this.options = options
  }

  /** The answer's JSON; `undefined` where it has none. */
  json(request: Prepared, options: RequestOptions = {}): Promise<unknown> {
    return this.tries(request, options, async (response) => {
      const text = await response.text()
      if (text === '') {
        return undefined
      }
      const body = parsed(text)
      if (body === undefined) {
        throw this.unexpected(request, response, text)
      }
      return body
    })
  }

  /** The answer's bytes where it is of this type, else `null`. */
  bytes(request: Prepared, type: string, options: RequestOptions = {}): Promise<Uint8Array | null> {
    return this.tries(request, options, async (response) => {
      const bytes = new Uint8Array(await response.arrayBuffer())
      return response.headers.get('Content-Type')?.startsWith(type) ? bytes : null
    })
  }

  /** The answer as it begins; its body follows, and ends with `options.signal`. */
  open(request: Prepared, options: RequestOptions = {}): Promise<Response> {
    return this.tries(request, options, (response, deadline) => Promise.resolve(followed(response, deadline)))
  }

  private async tries<T>(request: Prepared, options: RequestOptions, read: Read<T>): Promise<T> {
    const headers = this.headers(request, options)
    const repeatable = request.method === 'GET' || (request.keyed && !(request.body instanceof ReadableStream))
    const most = repeatable ? (options.maxRetries ?? this.options.maxRetries ?? defaults.maxRetries) : 0
    for (let failed = 1; ; failed++) {
      try {
        return await this.once(request, headers, options, read)
      } catch (error) {
        if (failed > most || !isPassing(error)) {
          throw error
        }
        const longest = this.options.maxRetryDelay ?? defaults.maxRetryDelay
        if ((error.retryAfter ?? 0) * 1000 > longest) {
          throw error
        }
        await sleep(Math.min(pause(failed, error.retryAfter), longest), options.signal)
      }
    }
  }

  private async once<T>(request: Prepared, headers: Headers, options: RequestOptions, read: Read<T>): Promise<T> {
    options.signal?.throwIfAborted()
    const milliseconds = options.timeout ?? this.options.timeout ?? defaults.timeout
    const deadline = new Deadline(milliseconds, options.signal)
    try {
      const response = await this.ask(request, headers, deadline.signal)
      if (!response.ok && response.status !== 304) {
        throw this.failure(request, response, await response.text())
      }
      const answer = await read(response, deadline)
      if (!deadline.handedOn) {
        deadline.end()
      }
      return answer
    } catch (error) {
      deadline.end()
      options.signal?.throwIfAborted()
      throw error instanceof OmnichannelError ? error : broken(request, error, deadline.passed, milliseconds)
    }
  }

  private ask(request: Prepared, headers: Headers, signal: AbortSignal): Promise<Response> {
    // Followed, a redirect would make a GET of a POST, and its answer would look like one of ours.
    const init: RequestInit & { duplex?: 'half' } = { method: request.method, headers, signal, redirect: 'manual' }
    if (request.body !== undefined) {
      init.body = request.body as NonNullable<RequestInit['body']>
      if (request.body instanceof ReadableStream) {
        init.duplex = 'half'
      }
    }
    const fetch = this.options.fetch ?? globalThis.fetch
    return fetch(this.base + request.path, init)
  }

  private headers(request: Prepared, options: RequestOptions): Headers {
    const headers = new Headers({ Accept: 'application/json, application/problem+json' })
    const given = { ...this.options.headers, ...request.headers, ...options.headers }
    for (const [name, value] of Object.entries(given)) {
      headers.set(name, value)
    }
    if (this.options.apiKey !== null) {
      headers.set('Authorization', `Bearer ${this.options.apiKey}`)
    }
    if (this.options.language) {
      headers.set('Accept-Language', this.options.language)
    }
    if (options.requestId) {
      headers.set('X-Request-Id', options.requestId)
    }
    if (request.keyed) {
      headers.set('Idempotency-Key', options.idempotencyKey ?? newKey())
    } else if (options.idempotencyKey) {
      throw new TypeError(`${request.name} takes no idempotencyKey`)
    }
    return headers
  }

  private failure(request: Prepared, response: Response, text: string): OmnichannelError {
    const body = parsed(text)
    if (!isProblem(body)) {
      return this.unexpected(request, response, text)
    }
    return new OmnichannelError({
      code: body.code,
      message: `${request.name}: ${body.detail} (${body.code})`,
      body,
      ...about(response),
    })
  }

  private unexpected(request: Prepared, response: Response, body: string): OmnichannelError {
    const message = `${request.name}: ${response.status} from ${this.base} is no answer of the Omnichannel API: check baseUrl and what stands between`
    return new OmnichannelError({ code: 'unexpected_answer', message, body, ...about(response) })
  }
}

type Read<T> = (response: Response, deadline: Deadline) => Promise<T>

/** The answer whose body lets the deadline go at its end, be it read out, cancelled or broken. */
function followed(response: Response, deadline: Deadline): Response {
  const reader = response.body?.getReader()
  if (!reader) {
    return response
  }
  deadline.handOn()
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await reader.read().catch((error: unknown) => {
          deadline.end()
          throw error
        })
        if (done) {
          deadline.end()
          controller.close()
        } else {
          controller.enqueue(value)
        }
      },
      cancel: (reason) => {
        deadline.end()
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
  return Object.defineProperty(new Response(body, response), 'url', { value: response.url })
}

/** What an answer's head says of a failure. */
function about(response: Response) {
  const facts: { status: number; requestId?: string; retryAfter?: number } = { status: response.status }
  const requestId = response.headers.get('X-Request-Id')
  const wait = retryAfter(response.headers.get('Retry-After'))
  if (requestId !== null) {
    facts.requestId = requestId
  }
  if (wait !== undefined) {
    facts.retryAfter = wait
  }
  return facts
}

/** What kept an answer from coming. */
export function broken(request: Prepared, cause: unknown, late: boolean, milliseconds: number): OmnichannelError {
  const why = late ? `no answer within ${milliseconds} ms` : 'the connection failed'
  return new OmnichannelError({
    code: late ? 'timed_out' : 'connection_failed',
    message: `${request.name}: ${why}`,
    cause,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** 128 random bits; `crypto.randomUUID` is missing where a page is not served by HTTPS. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
