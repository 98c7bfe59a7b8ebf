import { routes } from '../generated/routes.js'

/** One request as it goes to `fetch`, made once for all its tries. */
export interface Prepared {
  /** The operation's name, for messages. */
  name: string
  method: string
  path: string
  /** Whether the server knows a repetition by its Idempotency-Key. */
  keyed: boolean
  headers: Record<string, string>
  body?: string | Blob | Uint8Array | ReadableStream<Uint8Array>
}

/** The name of an operation that the package asks for. */
export type RouteName = keyof typeof routes

type Fields = Readonly<Record<string, unknown>>

/**
 * Lays a flat DTO out: what the path names goes into the path, the rest into
 * the body, or into the query where the operation has no body.
 */
export function prepare(name: RouteName, dto: object): Prepared {
  const { method, path, keyed, json } = routes[name]
  const rest: Record<string, unknown> = { ...dto }
  const filled = path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = segment(name, field, rest[field])
    delete rest[field]
    return value
  })
  if (json) {
    const headers = { 'Content-Type': 'application/json' }
    return { name, method, path: filled, keyed, headers, body: JSON.stringify(rest) }
  }
  return { name, method, path: filled + query(rest), keyed, headers: {} }
}

/** Query parameters; lists are repeated, what is `undefined` or `null` is left out. */
export function query(fields: Fields): string {
  const search = new URLSearchParams()
  for (const [field, value] of Object.entries(fields)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null) {
        search.append(field, String(item))
      }
    }
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

/** One segment of a path; what would lead to another path is refused. */
export function segment(name: string, field: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..') {
    throw new TypeError(`${name} needs ${field}, and got ${JSON.stringify(value)}`)
  }
  return encodeURIComponent(value)
}
