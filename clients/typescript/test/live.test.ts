import { beforeAll, describe, expect, inject, it, vi } from 'vitest'
import {
  AccountApi,
  type Channel,
  ChannelApi,
  type ClientOptions,
  ContactApi,
  EventApi,
  EventRouter,
  isEvent,
  isOmnichannelError,
  MessageApi,
  type OmnichannelEvent,
  PlatformApi,
  SessionApi,
  TemplateApi,
  Webhook,
} from '../src/index.js'
import { control, writes } from './customer.js'
import { serve } from './server.js'

const sandbox = inject('sandbox')
const { url, apiKey, adminKey, clientIdentifier } = sandbox
const options: ClientOptions = { baseUrl: url, apiKey }
const contacts = new ContactApi(options)
const sessions = new SessionApi(options)
const messages = new MessageApi(options)
const channels = new ChannelApi(options)

let d360: Channel
beforeAll(async () => {
  const { items } = await channels.get({ clientIdentifier })
  d360 = items.find(({ provider }) => provider === 'd360') as Channel
})

const contact = (contactIdentifier: string, name: string) =>
  contacts.create({
    clientIdentifier,
    channelId: d360._id,
    contactIdentifier,
    name,
    type: 'individual',
    channelType: 'whatsapp',
  })

describe('contacts', () => {
  it('are made, read, changed, tagged, exported and erased', async () => {
    const tag = await contacts.createTag({ clientIdentifier, name: 'cliente', color: '#0a0' })
    const made = await contact('5521991110001', 'Ana Lima')
    expect(made).toMatchObject({ contactIdentifier: '5521991110001', name: 'Ana Lima', tagIds: [] })
    const contactId = made._id
    const changed = await contacts.update({
      clientIdentifier,
      contactId,
      customName: 'Ana (Mercearia)',
      tagIds: [tag._id],
    })
    expect(changed).toMatchObject({ customName: 'Ana (Mercearia)', tagIds: [tag._id] })
    expect((await contacts.get({ clientIdentifier, tagIds: [tag._id] })).items.map(({ _id }) => _id)).toEqual([
      contactId,
    ])
    const cleared = await contacts.replace({ clientIdentifier, contactId, customName: null })
    expect(cleared).not.toHaveProperty('customName')
    expect(await contacts.getById({ clientIdentifier, contactId })).toEqual(cleared)
    expect((await contacts.export({ clientIdentifier, contactId })).contact).toEqual(cleared)
    expect(await contacts.deleteTag({ clientIdentifier, tagId: tag._id })).toBeUndefined()
    expect(await contacts.erase({ clientIdentifier, contactId })).toMatchObject({
      erased: { contacts: 1, messages: 0 },
    })
    const gone = contacts.getById({ clientIdentifier, contactId })
    await expect(gone).rejects.toMatchObject({ code: 'not_found', status: 404 })
  })

  it('are walked page after page, each once', async () => {
    const names = Array.from({ length: 7 }, (_, nth) => `Walk ${nth}`)
    const made = await Promise.all(names.map((name, nth) => contact(`552199222000${nth}`, name)))
    const seen: string[] = []
    for await (const { _id } of contacts.iterate({
      clientIdentifier,
      name: 'walk',
      limit: 3,
      sort: 'name',
      order: 'asc',
    })) {
      seen.push(_id)
    }
    expect(seen).toEqual(made.map(({ _id }) => _id))
    const page = await contacts.get({ clientIdentifier, name: 'walk', limit: 3 })
    expect(page).toMatchObject({ page: 1, limit: 3, total: 7, totalIsExact: true })
    expect(page.items).toHaveLength(3)
  })

  it('that are there already name the one that is', async () => {
    const made = await contact('5521991110002', 'Bia')
    const error = await contact('5521991110002', 'Bia').catch((reason: unknown) => reason)
    expect(isOmnichannelError(error, 'contact_exists') && error.problem?.contactId).toBe(made._id)
  })

  it('are made once by one key, however often they are asked for', async () => {
    const dto = { clientIdentifier, channelId: d360._id, contactIdentifier: '5521991110003', name: 'Caio' } as const
    const create = () =>
      contacts.create({ ...dto, type: 'individual', channelType: 'whatsapp' }, { idempotencyKey: 'caio-1' })
    expect(await create()).toEqual(await create())
    const other = contacts.create({ ...dto, type: 'group', channelType: 'whatsapp' }, { idempotencyKey: 'caio-1' })
    await expect(other).rejects.toMatchObject({ code: 'idempotency_key_reused' })
  })

  it('are made once when the answer gets lost on the way', async () => {
    let lost = 0
    const proxy: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      if (lost++ === 0) {
        await response.text()
        throw new TypeError('the connection broke')
      }
      return response
    }
    const flaky = new ContactApi({ ...options, fetch: proxy })
    const made = await flaky.create({
      clientIdentifier,
      channelId: d360._id,
      contactIdentifier: '5521991110004',
      name: 'Davi',
      type: 'individual',
      channelType: 'whatsapp',
    })
    expect(made.name).toBe('Davi')
    expect(lost).toBe(2)
  })
})

describe('a conversation', () => {
  it('goes from the first message to the end', async () => {
    const phone = '5521993330001'
    const session = await writes(sandbox, phone, 'Eva Souza', 'Olá, preciso de ajuda')
    const sessionId = session._id
    expect(session).toMatchObject({ type: 'd360', status: 'active', channelId: d360._id })
    expect(await sessions.typing({ sessionId, state: 'typing' })).toMatchObject({ sessionId })
    const sent = await messages.send({ sessionId, text: 'Como posso ajudar?', agentName: 'Atendente Maria' })
    expect(sent).toMatchObject({ sessionId, status: 'sent' })
    await vi.waitFor(async () => expect((await messages.getById({ messageId: sent._id })).status).toBe('read'), 20_000)
    const byProvider = await messages.getById({ messageId: sent.messageId as string, channelId: d360._id })
    expect(byProvider._id).toBe(sent._id)
    const talk: string[] = []
    for await (const message of messages.iterate({ sessionId, limit: 1, order: 'asc' })) {
      talk.push(message.type === 'text' ? `${message.direction}: ${message.content.text}` : message.type)
    }
    expect(talk).toEqual(['inbound: Olá, preciso de ajuda', 'outbound: Como posso ajudar?'])
    expect(await sessions.read({ sessionId })).toEqual({ sessionId, unreadCount: 0 })
    const refused = messages.delete({ messageId: sent._id, senderId: d360.identifier, channelSlug: 'd360' })
    await expect(refused).rejects.toMatchObject({ code: 'capability_unsupported', problem: { provider: 'd360' } })
    expect(await sessions.finish({ sessionId })).toMatchObject({ sessionId })
    await expect(messages.send({ sessionId, text: 'x' })).rejects.toMatchObject({
      code: 'session_finished',
      status: 409,
    })
    expect((await sessions.getById({ sessionId })).status).toBe('finished')
  })

  it('carries a file, from bytes and from a stream', async () => {
    const { _id: sessionId } = await writes(sandbox, '5521993330002', 'Fábio', 'A nota, por favor')
    const pdf = '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'
    const blob = new Blob([pdf], { type: 'application/pdf' })
    const stored = await messages.uploadMedia({ clientIdentifier, file: blob, fileName: 'nota.pdf' })
    expect(stored).toMatchObject({ mimetype: 'application/pdf', fileName: 'nota.pdf', size: pdf.length })
    const streamed = await messages.uploadMedia({ clientIdentifier, file: blob.stream(), fileName: 'nota.pdf' })
    expect(streamed.sha256).toBe(stored.sha256)
    const sent = await messages.send({ sessionId, mediaUri: stored._id, text: 'A nota' })
    expect(await messages.getById({ messageId: sent._id })).toMatchObject({
      type: 'document',
      content: { text: 'A nota' },
    })
    const file = await messages.getMedia({ mediaId: stored._id })
    expect(await file.text()).toBe(pdf)
    const part = await messages.getMedia({ mediaId: stored._id }, { headers: { Range: 'bytes=0-3' } })
    expect([part.status, await part.text()]).toEqual([206, '%PDF'])
  })

  it('starts by a template, and goes to another platform', async () => {
    const platforms = new PlatformApi(options)
    const crm = await platforms.create({ clientIdentifier, platformSlug: 'crm' })
    const { items } = await new TemplateApi(options).get({ clientIdentifier, channelId: d360._id })
    expect(items.map(({ name }) => name)).toContain('contato_cliente')
    const phone = '5521993330003'
    await control(sandbox, 'PUT', `/customers/${phone}`, { name: 'Gil' })
    const { sessionId } = await messages.startD360({
      to: phone,
      userName: 'Gil',
      companyName: 'Alterdata',
      template: 'contato_cliente',
      templateVariables: ['Gil', 'Alterdata'],
    })
    const moved = await sessions.transfer({ sessionId, params: { platformSlug: 'crm', agentId: 'a-1' } })
    expect(moved.platform).toEqual({ slug: 'crm', configId: crm._id })
  })

  it('tells by code why a message cannot go', async () => {
    const phone = '5521993330004'
    const { _id: sessionId } = await writes(sandbox, phone, 'Hugo', 'Oi')
    await control(sandbox, 'POST', '/faults', {
      match: { endpoint: 'messages', recipient: phone },
      times: 1,
      fault: { kind: 'error', code: 131026 },
    })
    const unknown = messages.send({ sessionId, text: 'x' })
    await expect(unknown).rejects.toMatchObject({ code: 'number_not_on_whatsapp', problem: { providerCode: '131026' } })
    const empty = await messages.send({ sessionId }).catch((reason: unknown) => reason)
    expect(isOmnichannelError(empty, 'validation_failed') && empty.errors.length).toBeGreaterThan(0)
  })
})

describe('a platform', () => {
  it('gets its events signed, and again when it asks', async () => {
    const platforms = new PlatformApi(options)
    const events = new EventApi(options)
    const server = await serve((response) => response.writeHead(204).end())
    const { _id, secret } = await platforms.create({ clientIdentifier, platformSlug: 'bot', url: server.url })
    const { eventId } = await platforms.test({ clientIdentifier, platformConfigId: _id })
    const webhook = new Webhook(secret as string)
    const got = async (nth: number) => {
      const asked = await vi.waitUntil(() => server.asked[nth], { timeout: 20_000 })
      return webhook.verify(asked.body, asked.headers)
    }
    const event = await got(0)
    expect(event).toMatchObject({ id: eventId, type: 'platform.test', clientIdentifier })
    expect(isEvent(event, 'platform.test') && event.data.platformSlug).toBe('bot')
    const delivered = await vi.waitUntil(
      async () => {
        const dto = { clientIdentifier, platformSlug: 'bot', status: 'delivered' } as const
        return (await events.getDeliveries(dto)).items[0]
      },
      { timeout: 20_000 },
    )
    expect(delivered).toMatchObject({ eventId, type: 'platform.test', attempts: [{ status: 204 }] })
    const again = await events.replayDelivery({ clientIdentifier, deliveryId: delivered._id })
    expect(again._id).toBe(delivered._id)
    expect(await got(1)).toEqual(event)
    expect((await events.getDeliveryById({ clientIdentifier, deliveryId: delivered._id })).eventId).toBe(eventId)
    const past = { from: '2020-01-01T00:00:00.000Z', to: '2020-01-02T00:00:00.000Z' }
    expect(await events.replayDeliveries({ clientIdentifier, ...past })).toEqual({ replayed: 0 })
    await server.close()
  })
})

describe('a bot', () => {
  it('hears of a conversation by webhook, in order, and answers by the API', async () => {
    const server = await serve((response) => response.writeHead(204).end())
    const platformSlug = 'answering-bot'
    const { secret } = await new PlatformApi(options).create({ clientIdentifier, platformSlug, url: server.url })
    const phone = '5521993330005'
    const { _id: contactId } = await contact(phone, 'Iara')
    await contacts.update({ clientIdentifier, contactId, platform: platformSlug })
    await writes(sandbox, phone, 'Iara', 'Que horas abre?')
    const heard: string[] = []
    const router = new EventRouter()
      .on('session.created', ({ data, sequence }) => {
        heard.push(`${sequence} opened for ${data.session.client.name}`)
      })
      .on('message.received', async ({ data: { message, contact: who }, sessionId, sequence }) => {
        heard.push(`${sequence} ${who.name}: ${message.type === 'text' ? message.content.text : message.type}`)
        await messages.send({ sessionId, text: 'Às nove.' })
      })
      .on('message.sent', ({ data: { message }, sequence }) => {
        heard.push(`${sequence} ${message.type === 'text' ? message.content.text : message.type}`)
      })
    const webhook = new Webhook(secret as string)
    for (let nth = 0; heard.length < 3; nth++) {
      const asked = await vi.waitUntil(() => server.asked[nth], { timeout: 20_000 })
      await router.dispatch(await webhook.verify(asked.body, asked.headers))
    }
    expect(heard).toEqual(['1 opened for Iara', '2 Iara: Que horas abre?', expect.stringMatching(/^\d Às nove\.$/)])
    await server.close()
  })
})

describe('the stream of events', () => {
  const events = new EventApi(options)
  const text = (event: OmnichannelEvent) =>
    isEvent(event, 'message.received') && event.data.message.type === 'text' ? event.data.message.content.text : ''

  it('tells what happens, in order, and goes on where it was without a gap or a repetition', async () => {
    const phone = '5521993330006'
    const platformSlug = 'listening-console' // without a URL
    await new PlatformApi(options).create({ clientIdentifier, platformSlug })
    const { _id: contactId } = await contact(phone, 'Júlia')
    await contacts.update({ clientIdentifier, contactId, platform: platformSlug })
    const connected = vi.fn()
    const filter = { type: ['message.received', 'message.sent'], platformSlug } as const
    const stream = events.stream({ clientIdentifier, ...filter }, { onConnect: connected })
    const loop = stream[Symbol.asyncIterator]()
    const first = loop.next()
    await vi.waitFor(() => expect(connected).toHaveBeenCalled(), 20_000)
    for (const [nth, word] of ['um', 'dois', 'três'].entries()) {
      const { _id: sessionId } = await writes(sandbox, phone, 'Júlia', word)
      await vi.waitFor(async () => expect((await messages.get({ sessionId })).items).toHaveLength(nth + 1), 20_000)
    }
    expect(text((await first).value as OmnichannelEvent)).toBe('um')
    await loop.return()
    const heard: string[] = []
    for await (const event of stream) {
      heard.push(text(event) ?? '')
      if (heard.length === 2) {
        break
      }
    }
    expect(heard).toEqual(['dois', 'três'])
    expect(Number(stream.lastEventId)).toBeGreaterThan(0)
  })

  it('refuses a position that never was, and a type that there is not', async () => {
    const next = (dto: object, lastEventId?: string) =>
      events
        .stream({ clientIdentifier, ...dto }, lastEventId ? { lastEventId } : {})
        [Symbol.asyncIterator]()
        .next()
    await expect(next({}, '999999999')).rejects.toMatchObject({ code: 'cursor_expired' })
    await expect(next({ type: 'message.eaten' })).rejects.toMatchObject({ code: 'validation_failed' })
  })
})

describe('the server', () => {
  it('knows keys and languages', async () => {
    const stranger = new ContactApi({ ...options, apiKey: 'omk_wrong', language: 'en' })
    await expect(stranger.get({ clientIdentifier })).rejects.toMatchObject({ code: 'unauthenticated', status: 401 })
    const admin = new AccountApi({ ...options, apiKey: adminKey })
    const account = await admin.create({ name: 'Another' })
    const { key } = await admin.createApiKey({ clientIdentifier: account.clientIdentifier, name: 'console' })
    const other = new ContactApi({ ...options, apiKey: key })
    expect((await other.get({ clientIdentifier: account.clientIdentifier })).items).toEqual([])
    await expect(other.get({ clientIdentifier })).rejects.toMatchObject({ code: 'not_found' })
    const names: string[] = []
    for await (const { name } of admin.iterate({ limit: 1 })) {
      names.push(name)
    }
    expect(names).toContain('Another')
    await expect(new AccountApi(options).get()).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('refuses a query parameter that it does not know', async () => {
    const typo = { clientIdentifier, limite: 3 } as { clientIdentifier: string }
    const error = await contacts.get(typo).catch((reason: unknown) => reason)
    expect(isOmnichannelError(error, 'validation_failed') && error.errors[0]).toMatchObject({
      field: 'limite',
      code: 'unknown',
    })
  })

  it('tells what a channel can send', async () => {
    expect(await channels.getCapabilities({ clientIdentifier, channelId: d360._id })).toMatchObject({
      text: true,
      delete: false,
    })
  })

  it('stops to be waited for when the caller leaves', async () => {
    const abort = new AbortController()
    const gate = await serve(() => abort.abort(new Error('left')))
    const slow = new ContactApi({ ...options, baseUrl: gate.url })
    await expect(slow.get({ clientIdentifier }, { signal: abort.signal })).rejects.toThrow('left')
    await gate.close()
  })
})
