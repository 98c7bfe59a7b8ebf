import { expect, vi } from 'vitest'
import { ChannelApi, type Session, SessionApi } from '../src/index.js'
import type { Sandbox } from './sandbox.js'

/** Asks the control of the simulated 360dialog. */
export async function control(sandbox: Sandbox, method: string, path: string, body?: object): Promise<unknown> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await fetch(sandbox.control + path, { ...init, headers: { 'Content-Type': 'application/json' } })
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true)
  return response.status === 204 ? undefined : response.json()
}

/** The channel of the demo account at a provider. */
export async function channelAt(sandbox: Sandbox, provider: 'd360' | 'whatsappweb'): Promise<string> {
  const channelApi = new ChannelApi({ baseUrl: sandbox.url, apiKey: sandbox.apiKey })
  const { items } = await channelApi.get({ clientIdentifier: sandbox.clientIdentifier })
  return items.find((channel) => channel.provider === provider)?._id ?? ''
}

/** Lets a customer write, and gives the session that it came to. */
export async function writes(sandbox: Sandbox, phone: string, name: string, text: string): Promise<Session> {
  const sessionApi = new SessionApi({ baseUrl: sandbox.url, apiKey: sandbox.apiKey })
  const { clientIdentifier } = sandbox
  const channelId = await channelAt(sandbox, 'd360')
  await control(sandbox, 'PUT', `/customers/${phone}`, { name })
  await control(sandbox, 'POST', `/customers/${phone}/messages`, { type: 'text', text })
  return vi.waitFor(
    async () => {
      const { items } = await sessionApi.get({ clientIdentifier, channelId, status: 'active' })
      const session = items.find(({ client }) => client.name === name)
      if (!session) {
        throw new Error(`no session of ${name}`)
      }
      return session
    },
    { timeout: 20_000, interval: 50 },
  )
}
