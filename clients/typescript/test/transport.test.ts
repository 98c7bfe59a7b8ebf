import { getEventListeners } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { ContactApi, isOmnichannelError, MessageApi, OmnichannelError, SessionApi } from '../src/index.js'
import { json, problem, serve, type TestServer } from './server.js'

const clientIdentifier = '9a92ea44-244c-4cda-86be-6a9e32ba8f34'
const sessionId = '64cbbd9596429dbccd7841e5'
const page = { items: [], page: 1, limit: 20, total: 0, totalIsExact: true }
const sent = { sessionId, messageId: 'wamid.1', _id: '64cbbd9596429dbccd7841e6', status: 'sent' }

let server: TestServer
afterEach(() => server.close())

const options = () => ({ baseUrl: `${server.url}/`, apiKey: 'omk_test' })
const contacts = () => new ContactApi(options())
const messages = () => new MessageApi(options())

/** What a promise rejects with. */
async function failure(promise: Promise<unknown>): Promise<OmnichannelError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(OmnichannelError)
  return error as OmnichannelError
}

describe('a request', () => {
  it('lays a flat object out in path, query and body', async () => {
    server = await serve((response, asked) => json(response, 200, asked.method === 'GET' ? page : {}))
    await contacts().get({ clientIdentifier, page: 2, limit: 5, tagIds: ['a', 'b'], name: 'joão & cia' })
    await contacts().update({ clientIdentifier, contactId: 'c/1', customName: null })
    expect(server.asked.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['GET', `/api/accounts/${clientIdentifier}/contacts?page=2&limit=5&tagIds=a&tagIds=b&name=jo%C3%A3o+%26+cia`, ''],
      ['PATCH', `/api/accounts/${clientIdentifier}/contacts/c%2F1`, '{"customName":null}'],
    ])
  })

  it('carries the key, the language and what else was asked for', async () => {
    server = await serve((response) => json(response, 200, page))
    const api = new ContactApi({ ...options(), language: 'en', headers: { 'X-Team': 'a' } })
    await api.get({ clientIdentifier }, { requestId: 'r-7', headers: { 'X-Team': 'b' } })
    expect(server.asked[0]?.headers).toMatchObject({
      authorization: 'Bearer omk_test',
      'accept-language': 'en',
      'x-request-id': 'r-7',
      'x-team': 'b',
    })
  })

  it('carries no key where a server of its own adds it', async () => {
    server = await serve((response) => json(response, 200, page))
    await new ContactApi({ baseUrl: server.url, apiKey: null }).get({ clientIdentifier })
    expect(server.asked[0]?.headers).not.toHaveProperty('authorization')
  })

  it('asks by the fetch that it was given', async () => {
    server = await serve((response) => json(response, 200, page))
    const urls: string[] = []
    const fetch: typeof globalThis.fetch = (input, init) => {
      urls.push(String(input))
      return globalThis.fetch(input, init)
    }
    await new ContactApi({ ...options(), fetch }).get({ clientIdentifier })
    expect(urls).toEqual([`${server.url}/api/accounts/${clientIdentifier}/contacts`])
  })

  it.each(['', '.', '..', undefined])('is not made when a part of its path is %j', async (contactId) => {
    server = await serve((response) => json(response, 200, {}))
    await expect(contacts().getById({ clientIdentifier, contactId: contactId as string })).rejects.toThrow(
      'getContact needs contactId',
    )
    expect(server.asked).toEqual([])
  })

  it('is not made with options that cannot work', async () => {
    server = await serve((response) => json(response, 200, {}))
    expect(() => new ContactApi({ baseUrl: 'localhost:8080', apiKey: 'k' })).toThrow('baseUrl must be an http(s) URL')
    expect(() => new ContactApi({ baseUrl: server.url, apiKey: '' })).toThrow('apiKey must be')
    await expect(contacts().getById({ clientIdentifier, contactId: 'c' }, { idempotencyKey: 'k' })).rejects.toThrow(
      'getContact takes no idempotencyKey',
    )
  })
})

describe('a failure', () => {
  it('is told by its code, with all that the server says', async () => {
    const errors = [{ field: 'name', code: 'required', message: 'name is required' }]
    const body = problem('validation_failed', 422, { errors })
    server = await serve((response) => json(response, 422, body, { 'X-Request-Id': 'req-9' }))
    const error = await failure(contacts().getById({ clientIdentifier, contactId: 'c' }))
    expect(error).toMatchObject({
      code: 'validation_failed',
      status: 422,
      requestId: 'req-9',
      errors,
      body,
      problem: body,
    })
    expect(error.message).toBe('getContact: It is validation_failed (validation_failed)')
    expect(isOmnichannelError(error, 'validation_failed', 'conflict')).toBe(true)
    expect(isOmnichannelError(error, 'conflict')).toBe(false)
    expect(isOmnichannelError(new Error('another'))).toBe(false)
  })

  it('of a stranger between is unexpected_answer', async () => {
    server = await serve((response) => response.writeHead(404).end('<h1>nginx</h1>'))
    const error = await failure(contacts().getById({ clientIdentifier, contactId: 'c' }))
    expect(error).toMatchObject({
      code: 'unexpected_answer',
      status: 404,
      body: '<h1>nginx</h1>',
      problem: undefined,
      errors: [],
    })
  })

  it('is also an answer of 200 that is not JSON', async () => {
    server = await serve((response) => response.writeHead(200).end('<h1>welcome</h1>'))
    const error = await failure(contacts().getById({ clientIdentifier, contactId: 'c' }))
    expect(error).toMatchObject({ code: 'unexpected_answer', status: 200 })
    expect(server.asked).toHaveLength(1)
  })

  it('is a redirect, which would make another request of it', async () => {
    server = await serve((response) => response.writeHead(301, { Location: `${server.url}/elsewhere` }).end())
    expect(await failure(messages().send({ sessionId, text: 'Oi' }))).toMatchObject({
      code: 'unexpected_answer',
      status: 301,
    })
    expect(server.asked).toHaveLength(1)
  })

  it('of the connection has its cause', async () => {
    server = await serve((response) => response.destroy())
    const api = new ContactApi({ ...options(), maxRetries: 0 })
    const error = await failure(api.getById({ clientIdentifier, contactId: 'c' }))
    expect(error).toMatchObject({ code: 'connection_failed', status: undefined })
    expect(error.cause).toBeInstanceOf(Error)
  })
})

describe('another try', () => {
  it.each([502, 503, 504])('is made of a GET that got %i', async (status) => {
    server = await serve((response, _, nth) =>
      nth < 2 ? response.writeHead(status).end('busy') : json(response, 200, page),
    )
    expect(await contacts().get({ clientIdentifier })).toEqual(page)
    expect(server.asked).toHaveLength(3)
  })

  it('is made of a POST with the same key and body, which was made once', async () => {
    server = await serve((response, _, nth) => (nth === 0 ? response.destroy() : json(response, 200, sent)))
    expect(await messages().send({ sessionId, text: 'Oi' })).toEqual(sent)
    const [first, second] = server.asked
    expect(first?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/)
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key'])
    expect(second?.body).toBe('{"sessionId":"64cbbd9596429dbccd7841e5","text":"Oi"}')
  })

  it('gets a new key for a new call, and the one that was given', async () => {
    server = await serve((response) => json(response, 200, sent))
    await messages().send({ sessionId, text: 'Oi' })
    await messages().send({ sessionId, text: 'Oi' })
    await messages().send({ sessionId, text: 'Oi' }, { idempotencyKey: 'order-4711' })
    const keys = server.asked.map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(3)
    expect(keys[2]).toBe('order-4711')
  })

  it.each([
    ['PATCH', () => contacts().update({ clientIdentifier, contactId: 'c', name: 'A' })],
    ['DELETE', () => contacts().erase({ clientIdentifier, contactId: 'c' })],
    ['POST without a key', () => new SessionApi(options()).read({ sessionId })],
  ])('is not made of a %s', async (_, call) => {
    server = await serve((response) => json(response, 503, problem('provider_unavailable', 503)))
    expect(await failure(call())).toMatchObject({ code: 'provider_unavailable' })
    expect(server.asked).toHaveLength(1)
  })

  it.each([
    ['provider_timeout', 504],
    ['d360_internal_error', 500],
    ['internal', 500],
    ['contact_exists', 409],
  ])('is not made of %s, which stays so', async (code, status) => {
    server = await serve((response) => json(response, status, problem(code, status)))
    expect(await failure(messages().send({ sessionId, text: 'Oi' }))).toMatchObject({ code, status })
    expect(server.asked).toHaveLength(1)
  })

  it('waits as long as the server asks', async () => {
    const at: number[] = []
    server = await serve((response, _, nth) => {
      at.push(performance.now())
      if (nth === 0) {
        json(response, 429, problem('rate_limited', 429), { 'Retry-After': '1' })
      } else {
        json(response, 200, page)
      }
    })
    expect(await contacts().get({ clientIdentifier })).toEqual(page)
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(990)
  })

  it('is left to the caller when the server asks for a long pause', async () => {
    server = await serve((response) => json(response, 429, problem('rate_limited', 429), { 'Retry-After': '3600' }))
    expect(await failure(contacts().get({ clientIdentifier }))).toMatchObject({
      code: 'rate_limited',
      retryAfter: 3600,
    })
    expect(server.asked).toHaveLength(1)
  })

  it('is made as often as the options say', async () => {
    server = await serve((response) => response.destroy())
    await failure(new ContactApi({ ...options(), maxRetries: 1 }).get({ clientIdentifier }))
    expect(server.asked).toHaveLength(2)
    await failure(contacts().get({ clientIdentifier }, { maxRetries: 0 }))
    expect(server.asked).toHaveLength(3)
  })
})

describe('time and abort', () => {
  it('ends a try that takes too long', async () => {
    server = await serve((response, _, nth) => {
      if (nth > 0) {
        json(response, 200, page)
      }
    })
    expect(await failure(contacts().get({ clientIdentifier }, { timeout: 50, maxRetries: 0 }))).toMatchObject({
      code: 'timed_out',
    })
    expect(await contacts().get({ clientIdentifier })).toEqual(page)
  })

  it('ends a body that stops coming', async () => {
    server = await serve((response) => response.writeHead(200).write('{"items":'))
    expect(await failure(contacts().get({ clientIdentifier }, { timeout: 50, maxRetries: 0 }))).toMatchObject({
      code: 'timed_out',
    })
  })

  it('rejects with the reason of the signal, during a request', async () => {
    const abort = new AbortController()
    const reason = new Error('the user left')
    server = await serve(() => abort.abort(reason))
    await expect(contacts().get({ clientIdentifier }, { signal: abort.signal })).rejects.toBe(reason)
    expect(server.asked).toHaveLength(1)
  })

  it('rejects with the reason of the signal, during a pause', async () => {
    const abort = new AbortController()
    server = await serve((response) => {
      response.on('close', () => setImmediate(() => abort.abort('enough')))
      json(response, 429, problem('rate_limited', 429), { 'Retry-After': '15', Connection: 'close' })
    })
    await expect(contacts().get({ clientIdentifier }, { signal: abort.signal })).rejects.toBe('enough')
    expect(server.asked).toHaveLength(1)
  })

  it('lets the signal go when the call is over', async () => {
    const { signal } = new AbortController()
    server = await serve((response, _, nth) => (nth === 0 ? response.destroy() : json(response, 200, page)))
    await contacts().get({ clientIdentifier }, { signal })
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it.each<[string, (body: ReadableStream<Uint8Array>) => Promise<unknown>]>([
    ['has been read', (body) => new Response(body).text()],
    ['is cancelled', (body) => body.cancel()],
    ['breaks', (body) => expect(new Response(body).text()).rejects.toThrow()],
  ])('lets the signal go when the body of a file %s', async (end, over) => {
    const { signal } = new AbortController()
    server = await serve((response) => {
      response.writeHead(206, { 'Content-Type': 'text/plain', 'Content-Length': 6 }).write('abc')
      if (end === 'has been read') {
        response.end('def')
      } else if (end === 'breaks') {
        setTimeout(() => response.destroy(), 20)
      }
    })
    const file = await messages().getMedia({ mediaId: 'm1' }, { signal })
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    expect([file.status, file.ok, file.headers.get('Content-Type')]).toEqual([206, true, 'text/plain'])
    expect(file.url).toBe(`${server.url}/api/media/m1`)
    await over(file.body as ReadableStream<Uint8Array>)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('ends the body of a file by its signal', async () => {
    const abort = new AbortController()
    server = await serve((response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain' }).write('abc')
    })
    const file = await messages().getMedia({ mediaId: 'm1' }, { signal: abort.signal })
    const read = file.text()
    abort.abort('enough')
    await expect(read).rejects.toBe('enough')
  })

  it('asks nothing when the signal has fired already', async () => {
    server = await serve((response) => json(response, 200, page))
    await expect(contacts().get({ clientIdentifier }, { signal: AbortSignal.abort('gone') })).rejects.toBe('gone')
    expect(server.asked).toEqual([])
  })
})

describe('a list', () => {
  it('is walked page after page, as far as the loop goes', async () => {
    server = await serve((response, _, nth) =>
      json(response, 200, { ...page, items: [{ _id: `${nth}a` }, { _id: `${nth}b` }], nextCursor: `c${nth + 1}` }),
    )
    const seen: string[] = []
    for await (const contact of contacts().iterate({ clientIdentifier, type: 'group', limit: 2 })) {
      seen.push(contact._id)
      if (seen.length === 3) {
        break
      }
    }
    expect(seen).toEqual(['0a', '0b', '1a'])
    expect(server.asked.map(({ path }) => path.split('?')[1])).toEqual([
      'type=group&limit=2',
      'type=group&limit=2&cursor=c1',
    ])
  })

  it('ends where there is no next cursor', async () => {
    server = await serve((response) => json(response, 200, { ...page, items: [{ _id: 'a' }] }))
    const seen: unknown[] = []
    for await (const contact of contacts().iterate({ clientIdentifier })) {
      seen.push(contact)
    }
    expect(seen).toEqual([{ _id: 'a' }])
  })
})

describe('an upload', () => {
  const stored = { _id: '64cbbd9596429dbccd7841e7', url: '/api/media/x', mimetype: 'text/plain', size: 3, sha256: 'ab' }

  it('of a blob is tried again with its key', async () => {
    server = await serve((response, _, nth) => (nth === 0 ? response.destroy() : json(response, 201, stored)))
    const file = new Blob(['abc'], { type: 'text/plain' })
    expect(await messages().uploadMedia({ clientIdentifier, file, fileName: 'a b.txt' })).toEqual(stored)
    const [first, second] = server.asked
    expect(second).toMatchObject({ body: 'abc', path: `/api/accounts/${clientIdentifier}/media?fileName=a+b.txt` })
    expect(second?.headers['content-type']).toBe('text/plain')
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key'])
  })

  it('of a stream is tried once', async () => {
    server = await serve((response) => json(response, 503, problem('internal', 503)))
    const file = new Blob(['abc']).stream()
    expect(await failure(messages().uploadMedia({ clientIdentifier, file, contentType: 'text/csv' }))).toMatchObject({
      status: 503,
    })
    expect(server.asked).toHaveLength(1)
    expect(server.asked[0]).toMatchObject({ body: 'abc', headers: { 'content-type': 'text/csv' } })
  })
})
