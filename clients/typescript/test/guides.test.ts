import type { ServerResponse } from 'node:http'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { parse } from 'yaml'
import { ContactApi, type Message, MessageApi, PlatformApi, type Session, Webhook } from '../src/index.js'
import { startBackend } from './backend.js'
import { compilePrograms, start } from './consumer.js'
import { control, writes } from './customer.js'
import { examples } from './markdown.js'
import { consumers } from './pack.js'
import { problem } from './server.js'

const sandbox = inject('sandbox')
const { clientIdentifier } = sandbox
const options = { baseUrl: sandbox.url, apiKey: sandbox.apiKey }
const guide = (name: string) => fileURLToPath(new URL(`../../../docs/${name}.md`, import.meta.url))

beforeAll(async () => {
  const console = [...(await examples(guide('console'))).values()].join('\n')
  const webhooks = [...(await examples(guide('webhooks'))).values()].join('\n')
  await compilePrograms('guides', [
    ['console.ts', console],
    ['webhooks.ts', webhooks],
  ])
})

describe('the guide to webhooks', () => {
  it('tells of every type of event, and shows JSON that is some', async () => {
    const text = await readFile(guide('webhooks'), 'utf8')
    const document = parse(await readFile(new URL('../../../openapi.yaml', import.meta.url), 'utf8'))
    const gateway = await readFile(guide('gateway'), 'utf8')
    const missing = Object.keys(document.webhooks).filter((type) => {
      const told = /^[A-Z_]+$/.test(type) ? gateway : text // the types of a number's own webhook are in capitals
      return !told.includes(`\`${type}\``)
    })
    expect(missing).toEqual([])
    const shown = [...text.matchAll(/^```json\n(.*?)^```/gms)].map(([, json]) => JSON.parse(json as string))
    expect(shown.map(({ type }) => type)).toEqual(['message.received'])
  })

  it('has a receiver that takes what is signed, once', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const program = start('guides', 'webhooks.js', { PORT: '0', OMNI_WEBHOOK_SECRET: secret })
    const [, port] = await program.printed(/port: (\d+)/)
    const post = async (id: string, signed = true) => {
      const body = JSON.stringify({ id, type: 'message.received', sessionId: 's1', sequence: 4, data: {} })
      const seconds = Math.floor(Date.now() / 1000)
      const signature = await new Webhook(secret).sign(id, seconds, signed ? body : 'another')
      const headers = { 'webhook-id': id, 'webhook-timestamp': `${seconds}`, 'webhook-signature': signature }
      return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers })).status
    }
    expect([await post('evt_1'), await post('evt_1'), await post('evt_2', false), await post('evt_3')]).toEqual([
      204, 204, 401, 204,
    ])
    const [printed] = await program.printed(/(to be worked on: message\.received s1 4\s+){2}/)
    expect(printed).toBeTruthy()
    await program.end()
  })
})

/** What the console of the guide exports. */
interface Console {
  numbers(): Promise<{ trouble: string | undefined }[]>
  Inbox: new (platformSlug: string) => { rows(): Session[] }
  follow(inbox: object, signal: AbortSignal, changed: () => void): Promise<void>
  conversation(sessionId: string): Promise<{ items: Message[] }>
  words(message: Message): string
  opened(sessionId: string): Promise<void>
  answer(draft: object): Promise<{ _id: string; sessionId: string }>
  typing(sessionId: string): Promise<void>
  mayWrite(session: Session, now?: number): boolean
  templates(channelId: string): Promise<string[]>
  reopen(session: Session, template: string, companyName: string, id: string): Promise<{ sessionId: string }>
  handOver(sessionId: string, platformSlug: string): Promise<string | undefined>
  finish(sessionId: string): Promise<void>
  toForget(event: object): object | undefined
}

/** The stream of events as a test tells it, one listener at a time. */
function teller() {
  const positions: (string | undefined)[] = []
  let listener: ServerResponse | undefined
  let expired = false
  return {
    positions,
    events: (request: { headers: Record<string, unknown> }, response: ServerResponse) => {
      positions.push(request.headers['last-event-id'] as string | undefined)
      if (expired) {
        expired = false
        const headers = { 'Content-Type': 'application/problem+json' }
        response.writeHead(410, headers).end(JSON.stringify(problem('cursor_expired', 410)))
        return
      }
      listener = response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      listener.write('retry: 1\n\n')
    },
    tell: (position: number, event: { type: string }) =>
      listener?.write(`id: ${position}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
    expire: () => {
      expired = true
      listener?.end()
    },
  }
}

describe('the guide to a console', () => {
  it('has a console that works', async () => {
    const stream = teller()
    const backend = await startBackend(sandbox, { events: stream.events as never })
    vi.stubEnv('OMNI_URL', backend.url)
    vi.stubEnv('OMNI_KEY', sandbox.apiKey)
    vi.stubEnv('OMNI_ACCOUNT', clientIdentifier)
    const path = join(consumers, 'guides', 'dist', 'console.js')
    const app = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Console

    const session = await writes(sandbox, '5521944440002', 'Otto Reis', 'Bom dia')
    const sessionId = session._id
    expect((await app.numbers()).map(({ trouble }) => trouble)).toContain(undefined)

    const ended = new AbortController()
    const inbox = new app.Inbox(session.platform?.slug ?? '')
    const followed = app.follow(inbox, ended.signal, () => {})
    const row = () => inbox.rows().find((one) => one._id === sessionId)
    await vi.waitFor(() => expect(row()?.lastMessage?.text).toBe('Bom dia'), 20_000)
    expect(row()?.unreadCount).toBe(1)

    const draft = { id: `draft-${sessionId}`, sessionId, agentName: 'Maria', text: 'Bom dia, Otto!' }
    await app.typing(sessionId)
    const [sent, again] = [await app.answer(draft), await app.answer(draft)]
    expect(again).toEqual(sent)
    await app.opened(sessionId)
    const message = await new MessageApi(options).getById({ messageId: sent._id })
    stream.tell(5, { type: 'message.sent', sessionId, data: { message, contact: {} } } as never)
    await vi.waitFor(() => expect(row()?.lastMessage?._id).toBe(sent._id), 20_000)
    expect(row()?.unreadCount).toBe(0)
    const contact = { clientIdentifier, contactId: session.contactId, customName: 'Otto (Mercearia)' }
    const renamed = await new ContactApi(options).update(contact)
    stream.tell(6, { type: 'contact.updated', data: { contact: renamed } } as never)
    await vi.waitFor(() => expect(row()?.client.name).toBe('Otto (Mercearia)'), 20_000)
    const talk = await app.conversation(sessionId)
    expect(talk.items.map(app.words)).toEqual(['Bom dia, Otto!', 'Bom dia'])
    const file = new File(['a;b\n'], 'lista.csv', { type: 'text/csv' })
    await app.answer({ ...draft, id: `file-${sessionId}`, text: 'A lista', file, quoted: sent._id })
    expect(app.words((await app.conversation(sessionId)).items[0] as Message)).toBe('lista.csv: A lista')

    expect([app.mayWrite(session), app.mayWrite(session, Date.now() + 25 * 3_600_000)]).toEqual([true, false])
    expect(await app.templates(session.channelId)).toContain('contato_cliente')
    expect(await app.reopen(session, 'contato_cliente', 'Mercearia', `template-${sessionId}`)).toMatchObject({
      sessionId,
    })

    await control(sandbox, 'POST', '/customers/5521944440002/messages', { type: 'text', text: 'Obrigado' })
    await vi.waitFor(async () => expect((await app.conversation(sessionId)).items).toHaveLength(5), 20_000)
    stream.expire()
    await vi.waitFor(() => expect(row()?.lastMessage?.text).toBe('Obrigado'), 20_000)
    expect(stream.positions).toEqual([undefined, '6', undefined])

    const platformSlug = 'guide-crm'
    await new PlatformApi(options).create({ clientIdentifier, platformSlug })
    expect(await app.handOver(sessionId, platformSlug)).toBeUndefined()
    stream.tell(9, { type: 'session.transferred', sessionId, data: {} } as never)
    await vi.waitFor(() => expect(row()).toBeUndefined(), 20_000)
    await app.finish(sessionId)
    expect(app.toForget({ type: 'contact.erased', data: { contactId: 'c1' } })).toEqual({ contactId: 'c1' })
    expect(app.toForget({ type: 'message.sent', sessionId, data: { erased: true } })).toEqual({ sessionId })

    ended.abort()
    await followed
    vi.unstubAllEnvs()
    await backend.close()
  })
})
