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
  since: '2023-08-03T10:30:00.000Z',
  number: clientNumber,
  channelId: '64cbbd9596429dbccd7841e2',
}
const toScan = { qr: '2@wB1cW5nqk0', expiresAt: '2023-08-03T10:31:00.000Z', passkey: null, code: null }
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
