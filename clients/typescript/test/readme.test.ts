import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { Webhook } from '../src/index.js'
import { compilePrograms, output, start } from './consumer.js'
import { channelAt, writes } from './customer.js'
import { examples, fileOf } from './markdown.js'
import { root } from './pack.js'
import { serve } from './server.js'

const sandbox = inject('sandbox')
const { clientIdentifier } = sandbox
const env: Record<string, string> = {
  OMNI_URL: sandbox.url,
  OMNI_KEY: sandbox.apiKey,
  OMNI_ACCOUNT: clientIdentifier,
}

const runs = (heading: string, more: Record<string, string> = {}) =>
  output('readme', `${fileOf(heading)}.js`, { ...env, ...more })

/** What the test below runs; a heading with a program that is not here fails. */
const known = [
  'Quick start',
  'Walk a list',
  'Answer a customer',
  'Send a file',
  'Start a conversation by a template',
  'Tell failures apart',
  'Send once, whatever happens',
  'Set times, and leave early',
  'Receive webhooks',
  'Read the stream of events',
  'NestJS',
]

const readme = join(root, 'README.md')

beforeAll(async () => {
  const programs = [...(await examples(readme))].map(([heading, code]) => [`${fileOf(heading)}.ts`, code] as const)
  await compilePrograms('readme', programs)
  env.OMNI_CHANNEL = await channelAt(sandbox, 'd360')
  env.OMNI_SESSION = (await writes(sandbox, '5521955550000', 'Leitor', 'Olá'))._id
})

describe('the README', () => {
  it('has these examples and no others', async () => {
    const text = await readFile(readme, 'utf8')
    expect([...(await examples(readme)).keys()]).toEqual(known)
    expect(text.match(/^```/gm)).toHaveLength(known.length * 2)
    expect(text).toMatch(/Never put one into a page/)
  })

  it('makes a contact', async () => {
    // Another test file makes the same contact on the first channel.
    const made = await runs('Quick start', { OMNI_CHANNEL: await channelAt(sandbox, 'whatsappweb') })
    expect(made).toBe('João Silva João (Mercearia)\n')
  })

  it('walks a list', async () => {
    const lines = (await runs('Walk a list')).trim().split('\n')
    expect(lines[0]).toMatch(/^\d+ contacts$/)
    expect(lines.join('\n')).toContain('5521988887777 João Silva')
  })

  it('answers a customer', async () => {
    expect(await runs('Answer a customer')).toMatch(/^inbound .+\n[\s\S]*outbound Olá! Como posso ajudá-lo\?\n$/)
  })

  it('sends a file', async () => {
    expect(await runs('Send a file')).toMatch(/^preços\.csv (sent|delivered|read)\n$/)
  })

  it('starts by a template', async () => {
    expect(await runs('Start a conversation by a template')).toMatch(
      /template contato_cliente\n[\s\S]*(sent|delivered|read)\n$/,
    )
  })

  it('tells failures apart', async () => {
    expect(await runs('Tell failures apart')).toMatch(/^the same: true\nrefused: contactIdentifier \w+\n$/)
  })

  it('sends once', async () => {
    expect(await runs('Send once, whatever happens')).toBe('one message: true\n')
  })

  it('leaves early', async () => {
    expect(await runs('Set times, and leave early')).toBe('the page was closed\n')
  })

  it('receives webhooks', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const program = start('readme', `${fileOf('Receive webhooks')}.js`, {
      ...env,
      PORT: '0',
      OMNI_WEBHOOK_SECRET: secret,
    })
    const [, port] = await program.printed(/port: (\d+)/)
    const post = async (event: object, signed = true) => {
      const body = JSON.stringify(event)
      const seconds = Math.floor(Date.now() / 1000)
      const signature = await new Webhook(secret).sign('evt_1', seconds, signed ? body : 'another')
      const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': `${seconds}`, 'webhook-signature': signature }
      return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers })).status
    }
    const message = { type: 'text', content: { text: 'Bom dia' } }
    expect(await post({ type: 'message.received', data: { message, contact: { name: 'João' } } })).toBe(204)
    await program.printed(/João Bom dia/)
    expect(await post({ type: 'contact.erased', data: {} })).toBe(204)
    await program.printed(/not for us: contact\.erased/)
    expect(await post({ type: 'contact.erased', data: {} }, false)).toBe(401)
    expect(await post({ type: 'message.received', data: {} })).toBe(500)
    await program.end()
  })

  it('reads the stream of events', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write('id: 41\ndata: {"type":"message.received","data":{"contact":{"name":"João"}}}\n\n')
      response.write('id: 42\ndata: {"type":"session.finished","sessionId":"s1","data":{}}\n\n')
    })
    const said = await runs('Read the stream of events', { OMNI_URL: server.url, OMNI_POSITION: '40' })
    expect(said).toBe('João writes at 41\nfinished s1\n')
    expect(server.asked[0]?.headers['last-event-id']).toBe('40')
    await server.close()
  })

  it('is used by Nest', async () => {
    expect(await runs('NestJS')).toBe('there are customers\n')
  })
})
