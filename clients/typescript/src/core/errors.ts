import type { Schema } from './types.js'

/** The stable names that the server gives its failures. */
export type ProblemCode = Schema<'ProblemCode'>

/**
 * The failures that this package finds itself:
 * - `connection_failed`: no answer came, or it broke off. What was asked may have been done.
 * - `timed_out`: no answer came within `timeout`. What was asked may have been done.
 * - `unexpected_answer`: what answered is not this API: a proxy, or another address.
 * - `webhook_unverified`: a webhook without a good signature. Refuse it with 401.
 */
export type ClientCode = 'connection_failed' | 'timed_out' | 'unexpected_answer' | 'webhook_unverified'

/** Every value of {@link OmnichannelError.code}; a newer server may send others. */
export type ErrorCode = ProblemCode | ClientCode

/** What is wrong with one field. */
export type FieldError = Schema<'FieldError'>

/** The server's own account of a failure (RFC 9457). */
export type Problem = Omit<Schema<'Problem'>, 'code'> & { code: ProblemCode }

/** What an {@link OmnichannelError} is made of. */
export interface ErrorFacts {
  /** Its stable name. */
  code: ErrorCode
  /** For people: what happened, and what to do. */
  message: string
  /** The HTTP status of the answer. */
  status?: number
  /** The request's name in the server's logs. */
  requestId?: string
  /** Seconds to wait before the next try. */
  retryAfter?: number
  /** The body of the answer. */
  body?: unknown
  /** What it arose from. */
  cause?: unknown
}

const brand = Symbol.for('@cirrus/omnichannel_api/error')

/**
 * Every failure of this package but an abort, which rejects with the reason
 * of its `AbortSignal`. Tell them apart by `code`.
 */
export class OmnichannelError extends Error {
  override readonly name = 'OmnichannelError'
  /** What went wrong, by its stable name. */
  readonly code: ErrorCode
  /** The HTTP status of the answer; none when there was no answer. */
  readonly status: number | undefined
  /** Names the request in the server's logs. */
  readonly requestId: string | undefined
  /** How many seconds to wait before the next try, where the server says so. */
  readonly retryAfter: number | undefined
  /** What is wrong, field by field; empty where no field is to blame. */
  readonly errors: readonly FieldError[]
  /** The body of the answer: a {@link Problem}, or what a stranger answered. */
  readonly body: unknown

  /** For tests of your own error handling, too. */
  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = facts.code
    this.status = facts.status
    this.requestId = facts.requestId
    this.retryAfter = facts.retryAfter
    this.body = facts.body
    this.errors = this.problem?.errors ?? []
    Object.defineProperty(this, brand, { value: true })
  }

  /** The server's own account, where it gave one; it names what a code is about, such as `contactId`. */
  get problem(): Problem | undefined {
    return isProblem(this.body) ? this.body : undefined
  }
}

/**
 * Whether something caught is an {@link OmnichannelError}, and one of `codes`
 * where some are given. It also knows errors of another copy of this package.
 */
export function isOmnichannelError<Code extends ErrorCode = ErrorCode>(
  error: unknown,
  ...codes: Code[]
): error is OmnichannelError & { readonly code: Code } {
  if (!(error instanceof Error) || !(brand in error)) {
    return false
  }
  return codes.length === 0 || (codes as unknown[]).includes((error as { code?: unknown }).code)
}

/** Whether a body is a problem document of the server. */
export function isProblem(body: unknown): body is Problem {
  const fields = body as Partial<Problem> | null
  return typeof fields === 'object' && typeof fields?.code === 'string' && typeof fields.detail === 'string'
}
