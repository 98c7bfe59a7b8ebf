/** @typedef {{ operationId: string, verb: string, path: string }} Operation an operation of openapi.yaml */
/** @typedef {{ class: string, method: string }} Method a method of the client */
/** @typedef {Record<string, new (options: object) => object>} Client the client's exports, its API classes among them */

/** The methods of HTTP that operations have. */
export const verbs = ['get', 'post', 'put', 'patch', 'delete']

/**
 * Every operation of the document, in its order.
 * @param {{ paths: Record<string, Record<string, { operationId?: string }>> }} document
 * @returns {Operation[]}
 */
export function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    verbs.flatMap((verb) => {
      const operationId = item[verb]?.operationId
      return operationId ? [{ operationId, verb: verb.toUpperCase(), path }] : []
    }),
  )
}

/**
 * Each method of the client with the operation that it asks for, found by
 * calling it with a `fetch` that only takes note. Methods that walk page after
 * page are left out.
 * @param {object} client
 * @param {Operation[]} operations
 * @returns {Promise<(Method & { operationId: string | undefined })[]>}
 */
export async function methodsOf(client, operations) {
  const placeholders = operations.flatMap(({ path }) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
  const dto = { ...Object.fromEntries(placeholders.map((name) => [name, `{${name}}`])), file: new Uint8Array() }
  const found = []
  for (const [name, Api] of Object.entries(/** @type {Client} */ (client))) {
    for (const method of name.endsWith('Api') ? Object.getOwnPropertyNames(Api.prototype) : []) {
      if (method !== 'constructor' && !method.startsWith('iterate')) {
        const { verb, path } = await asked(Api, method, dto)
        const operation = operations.find((one) => one.verb === verb && one.path === path)
        found.push({ class: name, method, operationId: operation?.operationId })
      }
    }
  }
  return found
}

/**
 * What a method asks for.
 * @param {new (options: object) => object} Api
 * @param {string} method
 * @param {object} dto
 */
async function asked(Api, method, dto) {
  let last = { verb: '', path: '' }
  /** @type {(input: string, init: { method: string }) => Promise<Response>} */
  const fetch = (input, { method: verb }) => {
    last = { verb, path: decodeURIComponent(new URL(input).pathname) }
    return Promise.resolve(new Response('{}'))
  }
  const api = /** @type {Record<string, (dto: object) => unknown>} */ (
    new Api({ baseUrl: 'http://localhost', apiKey: 'k', fetch })
  )
  const answer = /** @type {AsyncIterable<unknown>} */ (await api[method]?.(dto))
  // A stream asks when it is looped over; it then says that this answer is none.
  await answer?.[Symbol.asyncIterator]?.()
    .next()
    .catch(() => undefined)
  return last
}
