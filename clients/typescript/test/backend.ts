import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { Sandbox } from './sandbox.js'

/** What a backend answers by itself, and does not pass on. */
export interface BackendOptions {
  /** Pages by their paths. */
  pages?: Record<string, string>
  /** Answers the stream of events. */
  events?: (request: IncomingMessage, response: ServerResponse) => void
}

/** A page's own server: it gives the page, and passes /api on with the key that only it knows. */
export async function startBackend({ url, apiKey }: Sandbox, { pages = {}, events }: BackendOptions) {
  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = new Headers({ Authorization: `Bearer ${apiKey}` })
    for (const name of ['content-type', 'idempotency-key', 'last-event-id', 'accept']) {
      const value = request.headers[name]
      if (typeof value === 'string') {
        headers.set(name, value)
      }
    }
    const { method = 'GET' } = request
    const body = method === 'GET' ? {} : { body: Readable.toWeb(request) as BodyInit, duplex: 'half' as const }
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const answer = await fetch(url + request.url, { method, headers, signal: gone.signal, ...body })
    response.writeHead(answer.status, { 'Content-Type': answer.headers.get('Content-Type') ?? 'text/plain' })
    response.flushHeaders()
    await pipeline(Readable.fromWeb(answer.body as ReadableStream<Uint8Array>), response).catch(() => undefined)
  }
  const server = createServer((request, response) => {
    const page = pages[request.url ?? '']
    if (events && /\/events(\?|$)/.test(request.url ?? '')) {
      events(request, response)
    } else if (request.url?.startsWith('/api/')) {
      passOn(request, response).catch((error: Error) => response.writeHead(502).end(error.message))
    } else if (page === undefined) {
      response.writeHead(404).end()
    } else {
      const type = request.url?.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8'
      response.writeHead(200, { 'Content-Type': type }).end(page)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
