import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import * as client from '../src/index.js'

/** Operations without a method, and why. */
const without: Record<string, string> = {
  receiveD360: 'providers post here, not callers',
  receiveWhatsAppWeb: 'gateways post here, not callers',
  getHealth: 'for what watches the process; no key, no account',
  getReadiness: 'for what watches the process; no key, no account',
  getOpenAPI: 'the reference itself',
  getDocs: 'the reference itself, for a browser',
}

/** Methods that are no operation of their own: they walk or go on. */
const composed = /^(iterate|constructor$)/
/** Methods whose route is not in openapi.yaml yet. */
const ahead = ['EventApi.stream']

const document = parse(await readFile(new URL('../../../openapi.yaml', import.meta.url), 'utf8'))
const operations = Object.entries(document.paths as Record<string, Record<string, { operationId?: string }>>).flatMap(
  ([path, item]) =>
    Object.entries(item).flatMap(([method, { operationId }]) =>
      operationId ? [{ operationId, method: method.toUpperCase(), path }] : [],
    ),
)

/** A value for everything that a path may name. */
const ids = new Proxy({}, { get: (_, name) => `{${String(name)}}` }) as Record<string, string>
const names = [...JSON.stringify(document.paths).matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
const dto = Object.fromEntries(names.map((name) => [name, ids[name]]))

type Call = (dto: object) => Promise<unknown>

/** What a method asks for: the operation whose method and path it is. */
async function asks(api: object, method: string): Promise<string | undefined> {
  const call = (api as Record<string, Call>)[method] as Call
  await call.call(api, { ...dto, file: new Uint8Array() })
  const { verb, url } = last
  const path = decodeURIComponent(new URL(url).pathname)
  return operations.find((operation) => operation.method === verb && operation.path === path)?.operationId
}

let last = { verb: '', url: '' }
const fetch: typeof globalThis.fetch = (input, init) => {
  last = { verb: init?.method ?? '', url: String(input) }
  return Promise.resolve(new Response('{}', { status: 200 }))
}

const apis = Object.entries(client).filter(([name]) => name.endsWith('Api')) as [
  string,
  new (options: client.ClientOptions) => object,
][]
const methods = apis.flatMap(([name, Api]) =>
  Object.getOwnPropertyNames(Api.prototype)
    .filter((method) => !composed.test(method) && !ahead.includes(`${name}.${method}`))
    .map((method) => ({
      name: `${name}.${method}`,
      method,
      api: new Api({ baseUrl: 'http://localhost', apiKey: 'k', fetch }),
    })),
)

describe('each operation of openapi.yaml', () => {
  it('has exactly one method, and each method an operation', async () => {
    const found: Record<string, string[]> = {}
    for (const { name, method, api } of methods) {
      const operation = (await asks(api, method)) ?? 'none'
      found[operation] = [...(found[operation] ?? []), name]
    }
    expect(found.none ?? []).toEqual([])
    expect(Object.values(found).filter((several) => several.length > 1)).toEqual([])
    const expected = operations.map(({ operationId }) => operationId).filter((id) => !(id in without))
    expect(Object.keys(found).sort()).toEqual(expected.sort())
  })

  it('that has no method exists', () => {
    const known = operations.map(({ operationId }) => operationId)
    expect(Object.keys(without).filter((id) => !known.includes(id))).toEqual([])
  })

  it('which is ahead of openapi.yaml is not in it', () => {
    expect(operations.filter(({ path }) => path.endsWith('/events'))).toEqual([])
  })

  it('that lists has an iterator beside it', () => {
    const lists = operations.filter(({ operationId }) => operationId.startsWith('list')).length
    const iterators = apis
      .flatMap(([, Api]) => Object.getOwnPropertyNames(Api.prototype))
      .filter((m) => m.startsWith('iterate'))
    expect(iterators).toHaveLength(lists)
  })
})
