import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { EventParser, type Frame } from '../src/core/sse.js'
import { EventApi, type EventStream, type OmnichannelEvent, type StreamOptions } from '../src/index.js'
import { json, problem, serve, type TestServer } from './server.js'

const clientIdentifier = '9a92ea44-244c-4cda-86be-6a9e32ba8f34'
const bytes = (text: string) => new TextEncoder().encode(text)

/** A `fetch` whose answers a test writes, to the newest connection. */
function pipe() {
  let controller: ReadableStreamDefaultController<Uint8Array>
  const made = {
    connections: 0,
    write: (text: string) => controller.enqueue(bytes(text)),
    fetch: ((_, init) => {
      made.connections++
      const body = new ReadableStream<Uint8Array>({
        start: (its) => {
          controller = its
          init?.signal?.addEventListener('abort', () => its.error(init.signal?.reason))
        },
      })
      return Promise.resolve(new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }))
    }) as typeof fetch,
  }
  return made
}

describe('a parser of events', () => {
  const text =
    '\uFEFF: hello\r\nretry: 20\nid: 7\nevent: message.received\ndata: {"a":\ndata:1}\r\rdata\n\nid: é\ndata: x: y\r\n\r\nevent: named\r\ndata: z\r\n\r\nevent: none\n\nid: 9\n\n: only a comment\n\nretry: 30\n\nid: 10\ndata: unfinished\n'
  const events: Frame[] = [
    { id: '7', event: 'message.received', data: '{"a":\n1}' },
    { id: '7', event: 'message', data: '' },
    { id: 'é', event: 'message', data: 'x: y' },
    { id: 'é', event: 'named', data: 'z' },
    { id: '9', event: 'message', data: undefined },
  ]

  it.each([1, 2, 3, 5, 1000])('reads them in pieces of %i bytes', (size) => {
    const parser = new EventParser()
    const all = bytes(text)
    const seen: Frame[] = []
    for (let at = 0; at < all.length; at += size) {
      seen.push(...parser.push(all.subarray(at, at + size)))
    }
    expect(seen).toEqual(events)
    expect(parser.retry).toBe(30)
  })

  it('gives an event as soon as its empty line is there', () => {
    const parser = new EventParser()
    expect(parser.push(bytes('data: 1\n'))).toEqual([])
    expect(parser.push(bytes('\n'))).toHaveLength(1)
  })
})

describe('a stream', () => {
  let server: TestServer
  afterEach(() => server.close())

  const stream = (options: StreamOptions = {}): EventStream =>
    new EventApi({ baseUrl: server.url, apiKey: 'omk_test' }).stream({ clientIdentifier }, options)

  const open = (response: ServerResponse, ...ids: number[]) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('retry: 1\n\n')
    for (const id of ids) {
      response.write(`id: ${id}\nevent: session.finished\ndata: {"id":"evt_${id}","type":"session.finished"}\n\n`)
    }
  }

  /** The first events of a stream; the loop then ends it. */
  async function first(events: AsyncIterable<OmnichannelEvent>, count: number): Promise<string[]> {
    const seen: string[] = []
    for await (const event of events) {
      seen.push(event.id)
      if (seen.length === count) {
        break
      }
    }
    return seen
  }

  it('asks for what it was told, and lets the connection go at the end of the loop', async () => {
    let closing = () => {}
    const closed = new Promise<void>((resolve) => {
      closing = resolve
    })
    server = await serve((response) => {
      response.on('close', closing)
      open(response, 1, 2)
    })
    const api = new EventApi({ baseUrl: server.url, apiKey: 'omk_test' })
    const events = api.stream({
      clientIdentifier,
      type: ['message.received', 'session.finished'],
      platformSlug: 'crm',
      sessionId: ['s1', 's2'],
    })
    expect(await first(events, 2)).toEqual(['evt_1', 'evt_2'])
    await closed
    expect(server.asked).toHaveLength(1)
    expect(server.asked[0]).toMatchObject({
      path: `/api/accounts/${clientIdentifier}/events?type=message.received&type=session.finished&platformSlug=crm&sessionId=s1&sessionId=s2`,
      headers: { accept: 'text/event-stream', authorization: 'Bearer omk_test' },
    })
    expect(server.asked[0]?.headers).not.toHaveProperty('last-event-id')
  })

  it('goes on behind the last event after an end, a break and a failure of the server', async () => {
    server = await serve((response, _, nth) => {
      if (nth === 0) {
        open(response, 1, 2)
        response.end()
      } else if (nth === 1) {
        open(response, 3)
        response.write('id: 4\ndata: {"id"')
        setImmediate(() => response.destroy())
      } else if (nth === 2) {
        json(response, 500, problem('internal', 500))
      } else if (nth === 3) {
        json(response, 429, problem('rate_limited', 429), { 'Retry-After': '0' })
      } else {
        open(response, 4, 5)
      }
    })
    const reasons: (string | undefined)[] = []
    const onConnect = vi.fn()
    const events = stream({ lastEventId: '0', onConnect, onReconnect: (reason) => reasons.push(reason?.code) })
    expect(await first(events, 5)).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_4', 'evt_5'])
    expect(server.asked.map(({ headers }) => headers['last-event-id'])).toEqual(['0', '2', '3', '3', '3'])
    expect(reasons).toEqual([undefined, 'connection_failed', 'internal', 'rate_limited'])
    expect(onConnect).toHaveBeenCalledTimes(3)
  })

  it('knows the position of what the loop has seen, not of what has come', async () => {
    server = await serve((response) => open(response, 1, 2, 3))
    const events = stream()
    const positions: (string | undefined)[] = []
    for await (const _ of events) {
      positions.push(events.lastEventId)
      if (positions.length === 2) {
        break
      }
    }
    expect(positions).toEqual(['1', '2'])
    expect(events.lastEventId).toBe('2')
  })

  it('moves on by a frame that has only an id, once the loop has got what was before it', async () => {
    server = await serve((response, _, nth) => {
      if (nth === 0) {
        open(response)
        response.end('id: 7\n\n')
      } else if (nth === 1) {
        open(response, 8)
        response.end('id: 12\n\nid: 13\n\n')
      } else {
        open(response, 14)
      }
    })
    const events = stream()
    const positions: [string, string | undefined][] = []
    for await (const { id } of events) {
      positions.push([id, events.lastEventId])
      if (positions.length === 2) {
        break
      }
    }
    expect(positions).toEqual([
      ['evt_8', '8'],
      ['evt_14', '14'],
    ])
    expect(server.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '7', '13'])
  })

  it.each([
    ['a hint of the server', { hint: 'retry: 70\n\n', least: 70, most: 70 + 250 }],
    ['no hint', { hint: '', least: 125, most: 250 }],
  ])('rests by %s, and no longer each time while connections bring something', async (_, { hint, least, most }) => {
    server = await serve((response, _, nth) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.end(nth < 3 ? `${hint}: heartbeat\n\n` : 'id: 1\ndata: {"id":"evt_1"}\n\n')
    })
    const delays: number[] = []
    expect(await first(stream({ onReconnect: (_, delay) => delays.push(delay) }), 1)).toEqual(['evt_1'])
    expect(delays).toHaveLength(3)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(least)
    expect(Math.max(...delays)).toBeLessThanOrEqual(most)
  })

  it('never rests less than the server hinted, and longer each time while nothing comes', async () => {
    server = await serve((response, _, nth) => {
      if (nth === 0) {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('retry: 300\n\n')
      } else if (nth < 4) {
        response.destroy()
      } else {
        open(response, 1)
      }
    })
    const delays: number[] = []
    const options: StreamOptions = { maxReconnectDelay: 320, onReconnect: (_, delay) => delays.push(delay) }
    expect(await first(stream(options), 1)).toEqual(['evt_1'])
    expect(delays).toHaveLength(4)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(300)
    expect(delays[3]).toBe(320)
  })

  it('is taken up again by another loop', async () => {
    server = await serve((response, _, nth) => open(response, nth * 2 + 1, nth * 2 + 2))
    const events = stream()
    expect(await first(events, 1)).toEqual(['evt_1'])
    expect(await first(events, 1)).toEqual(['evt_3'])
    expect(server.asked[1]?.headers['last-event-id']).toBe('1')
  })

  it('connects anew when nothing comes any more', async () => {
    server = await serve((response, _, nth) => (nth === 0 ? open(response) : open(response, 1)))
    const reasons: (string | undefined)[] = []
    expect(await first(stream({ idleTimeout: 50, onReconnect: (reason) => reasons.push(reason?.code) }), 1)).toEqual([
      'evt_1',
    ])
    expect(reasons).toEqual(['timed_out'])
  })

  it('stays connected while anything comes, and while its loop is busy', async () => {
    server = await serve(() => {})
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const reasons: (string | undefined)[] = []
    const line = pipe()
    const options = { baseUrl: server.url, apiKey: 'omk_test', fetch: line.fetch }
    const events = new EventApi(options).stream(
      { clientIdentifier },
      { idleTimeout: 1000, onReconnect: (reason) => reasons.push(reason?.code) },
    )
    const loop = events[Symbol.asyncIterator]()
    const next = loop.next()
    for (let nth = 0; nth < 3; nth++) {
      await vi.advanceTimersByTimeAsync(900)
      line.write(': still here\n\n')
    }
    await vi.advanceTimersByTimeAsync(900)
    line.write('data: {"id":"evt_1"}\n\ndata: {"id":"evt_2"}\n\n')
    expect((await next).value?.id).toBe('evt_1')
    await vi.advanceTimersByTimeAsync(5000)
    expect((await loop.next()).value?.id).toBe('evt_2')
    expect([line.connections, reasons]).toEqual([1, []])
    const silent = loop.next()
    await vi.advanceTimersByTimeAsync(1400)
    line.write('data: {"id":"evt_3"}\n\n')
    expect((await silent).value?.id).toBe('evt_3')
    expect([line.connections, reasons]).toEqual([2, ['timed_out']])
    await loop.return()
  })

  it('waits 45 seconds for a sign of life when nothing else was said', async () => {
    server = await serve(() => {})
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const line = pipe()
    const abort = new AbortController()
    const reasons: (string | undefined)[] = []
    const onReconnect = (reason?: { code: string }) => {
      reasons.push(reason?.code)
      abort.abort()
    }
    const api = new EventApi({ baseUrl: server.url, apiKey: 'omk_test', fetch: line.fetch })
    const loop = api.stream({ clientIdentifier }, { signal: abort.signal, onReconnect })[Symbol.asyncIterator]()
    const next = loop.next()
    await vi.advanceTimersByTimeAsync(44_900)
    line.write(': heartbeat\n\n')
    await vi.advanceTimersByTimeAsync(44_900)
    expect(reasons).toEqual([])
    await vi.advanceTimersByTimeAsync(200)
    expect(await next).toEqual({ done: true, value: undefined })
    expect(reasons).toEqual(['timed_out'])
  })

  it('ends without an error by its signal, while it waits for events', async () => {
    const abort = new AbortController()
    server = await serve((response) => open(response, 1))
    const seen: string[] = []
    for await (const { id } of stream({ signal: abort.signal })) {
      seen.push(id)
      setImmediate(() => abort.abort())
    }
    expect(seen).toEqual(['evt_1'])
    expect(server.asked).toHaveLength(1)
  })

  it('gives nothing more once its signal came, though more is there, and can go on behind what it gave', async () => {
    const abort = new AbortController()
    const onReconnect = vi.fn()
    server = await serve(() => {})
    const line = pipe()
    const api = new EventApi({ baseUrl: server.url, apiKey: 'omk_test', fetch: line.fetch })
    const events = api.stream({ clientIdentifier }, { signal: abort.signal, onReconnect })
    const loop = events[Symbol.asyncIterator]()
    const next = loop.next()
    await vi.waitFor(() => expect(line.connections).toBe(1))
    line.write([1, 2, 3].map((id) => `id: ${id}\ndata: {"id":"evt_${id}"}\n\n`).join('') + 'id: 9\n\n')
    expect((await next).value?.id).toBe('evt_1')
    abort.abort()
    expect(await loop.next()).toEqual({ done: true, value: undefined })
    expect(events.lastEventId).toBe('1')
    expect(onReconnect).not.toHaveBeenCalled()
  })

  it.each([
    ['Retry-After is longer than its own longest pause', '2', 2000, 2250],
    ['Retry-After is shorter than its own pause', '0', 125, 250],
    ['no timer lasts as long as Retry-After', '9999999999', 2 ** 31 - 1, 2 ** 31 - 1],
  ])('rests as the server asks where %s', async (_, seconds, least, most) => {
    const abort = new AbortController()
    server = await serve((response) => json(response, 429, problem('rate_limited', 429), { 'Retry-After': seconds }))
    const delays: number[] = []
    const onReconnect = (_: unknown, delay: number) => {
      delays.push(delay)
      abort.abort()
    }
    expect(await first(stream({ signal: abort.signal, maxReconnectDelay: 1000, onReconnect }), 1)).toEqual([])
    expect(delays).toHaveLength(1)
    expect(delays[0]).toBeGreaterThanOrEqual(least)
    expect(delays[0]).toBeLessThanOrEqual(most)
  })

  it('ends without an error by its signal, while it rests', async () => {
    const abort = new AbortController()
    server = await serve((response) => json(response, 503, problem('internal', 503), { 'Retry-After': '20' }))
    expect(await first(stream({ signal: abort.signal, onReconnect: () => abort.abort() }), 1)).toEqual([])
    expect(server.asked).toHaveLength(1)
  })

  it.each([
    ['cursor_expired', 410],
    ['unauthenticated', 401],
    ['not_found', 404],
  ])('rejects with %s, which another connection does not mend', async (code, status) => {
    server = await serve((response) => json(response, status, problem(code, status)))
    await expect(first(stream(), 1)).rejects.toMatchObject({ code, status })
    expect(server.asked).toHaveLength(1)
  })

  it('rejects when the answer is no event stream', async () => {
    server = await serve((response) => json(response, 200, {}))
    await expect(first(stream(), 1)).rejects.toMatchObject({ code: 'unexpected_answer', status: 200 })
  })
})
