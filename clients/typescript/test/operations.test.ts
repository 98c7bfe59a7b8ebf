import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { methodsOf, operationsOf } from '../scripts/methods.mjs'
import * as client from '../src/index.js'

type Named = { prototype: object }

/** Operations without a method, and why. */
const without: Record<string, string> = {
  receiveD360: 'providers post here, not callers',
  receiveWhatsAppWeb: 'gateways post here, not callers',
  getHealth: 'for what watches the process; no key, no account',
  getReadiness: 'for what watches the process; no key, no account',
  getOpenAPI: 'the reference itself',
  getDocs: 'the reference itself, for a browser',
}

/** Methods beside the one that an operation has, and why. */
const beside: Record<string, string> = {
  'GatewayApi.qrImage': 'the same answer as an image',
}

const document = parse(await readFile(new URL('../../../openapi.yaml', import.meta.url), 'utf8'))
const operations = operationsOf(document)
const methods = await methodsOf(client, operations)

describe('each operation of openapi.yaml', () => {
  it('has exactly one method, and each method an operation', () => {
    const strangers = methods.filter(({ operationId }) => operationId === undefined)
    expect(strangers.map((one) => `${one.class}.${one.method}`)).toEqual([])
    const found = methods.flatMap((one) => (`${one.class}.${one.method}` in beside ? [] : (one.operationId ?? [])))
    const expected = operations.map(({ operationId }) => operationId).filter((id) => !(id in without))
    expect(found.sort()).toEqual(expected.sort())
  })

  it('that has a second method has it for a reason', () => {
    const known = methods.map((one) => `${one.class}.${one.method}`)
    expect(Object.keys(beside).filter((name) => !known.includes(name))).toEqual([])
  })

  it('that has no method exists', () => {
    const known = operations.map(({ operationId }) => operationId)
    expect(Object.keys(without).filter((id) => !known.includes(id))).toEqual([])
  })

  it('that lists has an iterator beside it', () => {
    const lists = operations.filter(({ operationId }) => operationId.startsWith('list')).length
    const iterators = Object.entries(client)
      .flatMap(([name, Api]) => (name.endsWith('Api') ? Object.getOwnPropertyNames((Api as Named).prototype) : []))
      .filter((method) => method.startsWith('iterate'))
    expect(iterators).toHaveLength(lists)
  })
})
