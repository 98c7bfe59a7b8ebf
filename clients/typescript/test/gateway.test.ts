import { afterEach, describe, expect, it } from 'vitest'
import { GatewayApi, isOmnichannelError } from '../src/index.js'
import { json, problem, serve, type TestServer } from './server.js'

const clientNumber = '5521977776666'
const linked = {
  status: 'open',
  qr: null,
  battery: null,
  plugged: null,
  detail: '',
  since: 1691058600,
  number: clientNumber,
  channelId: '64cbbd9596429dbccd7841e2',
}
const toScan = { qr: '2@wB1cW5nqk0', expiresAt: 1691058660, passkey: null, code: null }
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47)

let server: TestServer
afterEach(() => server.close())

const gateway = () => new GatewayApi({ baseUrl: server.url, apiKey: 'omk_test' })

describe('the gateway', () => {
  it('asks for each step under the number', async () => {
    server = await serve((response) => json(response, 200, linked))
    const api = gateway()
    expect(await api.status({ clientNumber })).toEqual(linked)
    await api.connect({ clientNumber })
    await api.disconnect({ clientNumber })
    await api.reset({ clientNumber })
    await api.logout({ clientNumber })
    await api.confirmPasskey({ clientNumber })
    expect(server.asked.map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual([
      `GET /${clientNumber}/status `,
      `POST /${clientNumber}/connect `,
      `POST /${clientNumber}/disconnect `,
      `POST /${clientNumber}/reset `,
      `POST /${clientNumber}/logout `,
      `POST /${clientNumber}/pair/confirm `,
    ])
  })

  it('asks about people and groups, and sends, under the number', async () => {
    server = await serve((response) => json(response, 200, {}))
    const api = gateway()
    const group = '120363412345678901-group'
    const participants = ['5521988887777']
    await api.validate({ clientNumber, contact: '5521988887777@c.us' })
    await api.contacts({ clientNumber, limit: 5 })
    await api.contact({ clientNumber, contact: '5521988887777' })
    await api.groups({ clientNumber, limit: 5 })
    await api.createGroup({ clientNumber, subject: 'Vendas', participants })
    await api.joinGroup({ clientNumber, invite: 'Kk1Zq0vJ2mW5' })
    await api.group({ clientNumber, group })
    await api.removeParticipants({ clientNumber, group, participants })
    await api.revokeGroupInvite({ clientNumber, group })
    await api.send({ clientNumber, recipientNumber: '5521988887777', text: 'Olá!' })
    await api.sendToGroup({ clientNumber, group, text: 'Olá!' })
    expect(
      server.asked.map(({ method, path, body }) => `${method} ${decodeURIComponent(path)} ${body}`.trimEnd()),
    ).toEqual([
      `GET /${clientNumber}/validate/5521988887777@c.us`,
      `GET /${clientNumber}/contacts?limit=5`,
      `GET /${clientNumber}/contacts/5521988887777`,
      `GET /${clientNumber}/groups?limit=5`,
      `POST /${clientNumber}/groups {"subject":"Vendas","participants":["5521988887777"]}`,
      `POST /${clientNumber}/groups/join {"invite":"Kk1Zq0vJ2mW5"}`,
      `GET /${clientNumber}/groups/${group}`,
      `DELETE /${clientNumber}/groups/${group}/participants {"participants":["5521988887777"]}`,
      `DELETE /${clientNumber}/groups/${group}/invite`,
      `POST /${clientNumber}/messages {"recipientNumber":"5521988887777","text":"Olá!"}`,
      `POST /${clientNumber}/groups/${group}/messages {"text":"Olá!"}`,
    ])
  })

  it('asks about its own account, and changes it, under the number', async () => {
    server = await serve((response) => json(response, 200, {}))
    const api = gateway()
    await api.account({ clientNumber })
    await api.setAbout({ clientNumber, about: 'Aberta até as 18h' })
    await api.setName({ clientNumber, name: 'Minha Loja' })
    await api.setPresence({ clientNumber, presence: 'unavailable' })
    await api.linkedNumber({ clientNumber })
    await api.platform({ clientNumber })
    await api.version({ clientNumber })
    await api.checkAccessCode({ clientNumber })
    await api.renewAccessCode({ clientNumber })
    expect(server.asked.map(({ method, path, body }) => `${method} ${path} ${body}`.trimEnd())).toEqual([
      `GET /${clientNumber}/account`,
      `PUT /${clientNumber}/account/about {"about":"Aberta até as 18h"}`,
      `PUT /${clientNumber}/account/name {"name":"Minha Loja"}`,
      `PUT /${clientNumber}/presence {"presence":"unavailable"}`,
      `GET /${clientNumber}/number`,
      `GET /${clientNumber}/platform`,
      `GET /${clientNumber}/version`,
      `GET /${clientNumber}/access-code`,
      `PUT /${clientNumber}/access-code`,
    ])
  })

  it('does what is done to chats and groups under the number', async () => {
    server = await serve((response) => response.writeHead(204).end())
    const api = gateway()
    const chat = '5521988887777'
    const group = '120363412345678901-group'
    await api.archiveChat({ clientNumber, chat })
    await api.unarchiveChat({ clientNumber, chat })
    await api.muteChat({ clientNumber, chat, until: '2030-08-03T10:30:00Z' })
    await api.unmuteChat({ clientNumber, chat })
    await api.readChat({ clientNumber, chat })
    await api.clearChat({ clientNumber, chat })
    await api.archiveGroup({ clientNumber, group })
    await api.unarchiveGroup({ clientNumber, group })
    await api.muteGroup({ clientNumber, group })
    await api.unmuteGroup({ clientNumber, group })
    await api.readGroup({ clientNumber, group })
    await api.clearGroup({ clientNumber, group })
    await api.setGroupPhoto({ clientNumber, group, mediaUri: 'https://example.com/logo.png' })
    await api.removeGroupPhoto({ clientNumber, group })
    expect(server.asked.map(({ method, path, body }) => `${method} ${path} ${body}`.trimEnd())).toEqual([
      `POST /${clientNumber}/chats/${chat}/archive`,
      `POST /${clientNumber}/chats/${chat}/unarchive`,
      `POST /${clientNumber}/chats/${chat}/mute {"until":"2030-08-03T10:30:00Z"}`,
      `POST /${clientNumber}/chats/${chat}/unmute`,
      `POST /${clientNumber}/chats/${chat}/read`,
      `DELETE /${clientNumber}/chats/${chat}/messages`,
      `POST /${clientNumber}/groups/${group}/archive`,
      `POST /${clientNumber}/groups/${group}/unarchive`,
      `POST /${clientNumber}/groups/${group}/mute {}`,
      `POST /${clientNumber}/groups/${group}/unmute`,
      `POST /${clientNumber}/groups/${group}/read`,
      `DELETE /${clientNumber}/groups/${group}/messages`,
      `PUT /${clientNumber}/groups/${group}/photo {"mediaUri":"https://example.com/logo.png"}`,
      `DELETE /${clientNumber}/groups/${group}/photo`,
    ])
  })

  it('has the code to scan as text', async () => {
    server = await serve((response) => json(response, 200, toScan))
    expect(await gateway().qr({ clientNumber })).toEqual(toScan)
    expect(server.asked[0]?.headers.accept).toContain('application/json')
  })

  it('has it as an image, and none where a passkey is to be answered', async () => {
    server = await serve((response, _, nth) => {
      if (nth > 0) {
        return json(response, 200, { ...toScan, qr: null, passkey: {} })
      }
      response.writeHead(200, { 'Content-Type': 'image/png' }).end(png)
    })
    expect(await gateway().qrImage({ clientNumber })).toEqual(png)
    expect(await gateway().qrImage({ clientNumber })).toBeNull()
    expect(server.asked.map(({ headers }) => headers.accept)).toEqual(['image/png', 'image/png'])
  })

  it('tells why there is no image', async () => {
    server = await serve((response) => json(response, 409, problem('conflict', 409)))
    await expect(gateway().qrImage({ clientNumber })).rejects.toSatisfy((error) =>
      isOmnichannelError(error, 'conflict'),
    )
  })

  it('sends whose phone is meant, and what a passkey answered', async () => {
    server = await serve((response) => json(response, 200, linked))
    await gateway().pair({ clientNumber, phone: '+55 21 97777-6666' })
    const assertion = { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AQ', userHandle: null }
    const response = { id: 'AQ', rawId: 'AQ', type: 'public-key', response: assertion } as const
    await gateway().answerPasskey({ clientNumber, response })
    expect(server.asked.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      [`/${clientNumber}/pair`, { phone: '+55 21 97777-6666' }],
      [`/${clientNumber}/pair/passkey`, { response }],
    ])
  })

  it("has somebody's profile picture, and tells that there is none", async () => {
    server = await serve((response, _, nth) => {
      if (nth > 0) {
        return json(response, 404, problem('not_found', 404))
      }
      response.writeHead(200, { 'Content-Type': 'image/png' }).end(png)
    })
    const dto = { clientNumber, contact: '5521988887777' }
    expect(await gateway().contactPhoto(dto)).toEqual(png)
    await expect(gateway().contactPhoto(dto)).rejects.toSatisfy((error) => isOmnichannelError(error, 'not_found'))
    expect(server.asked.map(({ path }) => path)).toEqual(Array(2).fill(`/${clientNumber}/contacts/5521988887777/photo`))
  })

  it('lists chats, and walks their messages back to the first', async () => {
    const chat = '5521988887777'
    const group = '120363412345678901-group'
    const page = (id: string, nextBefore: string | null) => ({ items: [{ id }], nextBefore })
    server = await serve((response, { path }) => {
      if (path.includes('/chats?')) return json(response, 200, { items: [{ id: chat }], nextCursor: undefined })
      return json(response, 200, path.includes('before=') ? page('old', null) : page('new', 'MSAx'))
    })
    const api = gateway()
    const found: unknown[] = []
    for await (const one of api.iterateChats({ clientNumber, limit: 5 })) found.push(one.id)
    for await (const one of api.iterateChatMessages({ clientNumber, chat, older: true })) found.push(one.id)
    for await (const one of api.iterateGroupMessages({ clientNumber, group, limit: 1 })) found.push(one.id)
    expect(found).toEqual([chat, 'new', 'old', 'new', 'old'])
    expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /${clientNumber}/chats?limit=5`,
      `GET /${clientNumber}/chats/${chat}/messages?older=true`,
      `GET /${clientNumber}/chats/${chat}/messages?older=true&before=MSAx`,
      `GET /${clientNumber}/groups/${group}/messages?limit=1`,
      `GET /${clientNumber}/groups/${group}/messages?limit=1&before=MSAx`,
    ])
  })

  it('sets, shows and ends the webhook of the number', async () => {
    const hook = {
      url: 'https://loja.example.com/whatsapp',
      events: [],
      state: { status: 'active', since: 1691058600, detail: '' },
      platformConfigId: '64cbbd9596429dbccd7841ea',
      createdAt: 1691058600,
    }
    server = await serve((response, { method }) =>
      method === 'DELETE' ? response.writeHead(204).end() : json(response, 200, hook),
    )
    const api = gateway()
    expect(await api.setWebhook({ clientNumber, url: hook.url, events: ['MESSAGE'] })).toEqual(hook)
    expect(await api.pointWebhook({ clientNumber, url: hook.url })).toEqual(hook)
    expect(await api.webhook({ clientNumber })).toEqual(hook)
    await api.removeWebhook({ clientNumber })
    expect(server.asked.map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual([
      `PUT /${clientNumber}/webhook {"url":"${hook.url}","events":["MESSAGE"]}`,
      `GET /${clientNumber}/setWebhook?url=${encodeURIComponent(hook.url)} `,
      `GET /${clientNumber}/webhook `,
      `DELETE /${clientNumber}/webhook `,
    ])
  })

  it('is opened by an access code', async () => {
    server = await serve((response) => json(response, 200, linked))
    const api = new GatewayApi({ baseUrl: server.url, apiKey: null, headers: { 'X-Access-Code': 'c0de' } })
    await api.status({ clientNumber })
    expect(server.asked[0]?.headers).toMatchObject({ 'x-access-code': 'c0de' })
    expect(server.asked[0]?.headers).not.toHaveProperty('authorization')
  })

  it('is not asked again where nobody knows whether it was done', async () => {
    server = await serve((response) => json(response, 503, problem('provider_unavailable', 503)))
    await expect(gateway().logout({ clientNumber })).rejects.toSatisfy((error) =>
      isOmnichannelError(error, 'provider_unavailable'),
    )
    expect(server.asked).toHaveLength(1)
  })
})
