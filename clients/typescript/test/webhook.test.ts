import { createHmac } from 'node:crypto'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  type Contact,
  EventRouter,
  isEvent,
  isNumberEvent,
  type Message,
  type NumberEvent,
  type OmnichannelEvent,
  Webhook,
  type WebhookHeaders,
} from '../src/index.js'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const other = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'
const now = Date.parse('2026-01-02T03:04:05Z')
const id = 'evt_64cbbd9596429dbccd7841a3'
const body = JSON.stringify({ id, type: 'message.received', data: { message: { content: { text: 'Olá 👋' } } } })

/** The signature as Standard Webhooks writes it down, made by other code than ours. */
function signature(key: string, content: string, at = now): string {
  const bytes = Buffer.from(key.replace('whsec_', ''), 'base64')
  return `v1,${createHmac('sha256', bytes)
    .update(`${id}.${at / 1000}.${content}`)
    .digest('base64')}`
}

function headers(signed: string, at = now): Record<string, string> {
  return { 'webhook-id': id, 'webhook-timestamp': String(at / 1000), 'webhook-signature': signed }
}

const webhook = new Webhook(secret, { now: () => now })
const refusal = (content: string, given: WebhookHeaders) =>
  expect(webhook.verify(content, given)).rejects.toMatchObject({ code: 'webhook_unverified' })

describe('a webhook', () => {
  it('that is genuine is its event', async () => {
    const good = headers(signature(secret, body))
    expect(await webhook.verify(body, good)).toEqual(JSON.parse(body))
    expect(await webhook.verify(new TextEncoder().encode(body), new Headers(good))).toEqual(JSON.parse(body))
    expect(await webhook.verify(Buffer.from(body), { ...good, host: undefined, 'x-list': ['a'] })).toEqual(
      JSON.parse(body),
    )
  })

  it('is known whichever case its headers are in', async () => {
    const good = Object.entries(headers(signature(secret, body)))
    const title = (name: string) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
    expect(await webhook.verify(body, Object.fromEntries(good.map(([name, value]) => [title(name), value])))).toEqual(
      JSON.parse(body),
    )
    const upper = good.map(([name, value]) => [name.toUpperCase(), [value]])
    expect(await webhook.verify(body, Object.fromEntries(upper))).toEqual(JSON.parse(body))
  })

  it('is known by either secret while one replaces the other', async () => {
    const both = new Webhook([other, secret], { now: () => now })
    expect(await both.verify(body, headers(signature(secret, body)))).toEqual(JSON.parse(body))
    const twice = `${signature(other, body)} ${signature(secret, body)}`
    expect(await webhook.verify(body, headers(twice))).toEqual(JSON.parse(body))
    expect(await webhook.verify(body, headers(`v1a,xyz v1,*** ${signature(secret, body)}`))).toEqual(JSON.parse(body))
  })

  it('is refused when a byte of it, its id, its time or its secret is another', async () => {
    const good = headers(signature(secret, body))
    await refusal(`${body} `, good)
    await refusal(body, { ...good, 'webhook-id': 'evt_other' })
    await refusal(body, { ...good, 'webhook-timestamp': String(now / 1000 + 1) })
    await refusal(body, headers(signature(other, body)))
    await refusal(body, headers(signature(secret, body).replace('v1,', 'v2,')))
    await refusal('not JSON', headers(signature(secret, 'not JSON')))
  })

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('is refused without %s', async (name) => {
    const good = headers(signature(secret, body))
    await refusal(body, { ...good, [name]: undefined })
    await refusal(body, { ...good, [name]: '' })
  })

  it.each([-301, 301])('is refused when its time is %i s from now', async (seconds) => {
    const at = now + seconds * 1000
    await refusal(body, headers(signature(secret, body, at), at))
    const patient = new Webhook(secret, { now: () => now, tolerance: 400 })
    expect(await patient.verify(body, headers(signature(secret, body, at), at))).toEqual(JSON.parse(body))
  })

  it('is refused when its time is no number', async () => {
    await refusal(body, { ...headers(signature(secret, body)), 'webhook-timestamp': 'NaN' })
    await refusal(body, { ...headers(signature(secret, body)), 'webhook-timestamp': '1e9' })
  })

  it('can be signed for the tests of a handler', async () => {
    expect(await webhook.sign(id, now / 1000, body)).toBe(signature(secret, body))
    const two = await new Webhook([secret, other]).sign(id, now / 1000, body)
    expect(two).toBe(`${signature(secret, body)} ${signature(other, body)}`)
  })

  it.each(['', 'whsec_', 'whsec_***'])('cannot be known by the secret %j', (bad) => {
    expect(() => new Webhook(bad)).toThrow(TypeError)
    expect(() => new Webhook([])).toThrow(TypeError)
  })
})

describe('a router', () => {
  const event = (type: string) => ({ id, type, data: {} }) as unknown as OmnichannelEvent

  it('hands an event to the handlers of its type, one after the other', async () => {
    const seen: string[] = []
    const router = new EventRouter()
      .on('message.received', async () => {
        await Promise.resolve()
        seen.push('first')
      })
      .on('message.received', () => {
        seen.push('second')
      })
      .on('session.created', () => {
        seen.push('session')
      })
      .otherwise(({ type }) => {
        seen.push(type)
      })
    await router.dispatch(event('message.received'))
    await router.dispatch(event('contact.erased'))
    await router.dispatch(event('of.tomorrow'))
    expect(seen).toEqual(['first', 'second', 'contact.erased', 'of.tomorrow'])
  })

  it('rejects with the error of a handler, and runs no other', async () => {
    const seen: string[] = []
    const router = new EventRouter()
      .on('channel.qr', () => {
        throw new Error('no printer')
      })
      .on('channel.qr', () => {
        seen.push('second')
      })
    await expect(router.dispatch(event('channel.qr'))).rejects.toThrow('no printer')
    expect(seen).toEqual([])
  })

  it('keeps what is erased or passed on from the handlers of a type', async () => {
    const seen: string[] = []
    const router = new EventRouter()
      .on('message.received', () => {
        seen.push('whole')
      })
      .onErased(({ data }) => {
        seen.push(`erased ${data.erased}`)
      })
      .onPassedOn(({ data }) => {
        seen.push(`passed on ${data.kind}`)
      })
    const received = (data: object) => ({ ...event('message.received'), data }) as OmnichannelEvent
    const events = [{ message: {}, contact: {} }, { erased: true }, { kind: 'message', payload: {} }].map(received)
    for (const one of events) {
      await router.dispatch(one)
    }
    expect(seen).toEqual(['whole', 'erased true', 'passed on message'])
    expect(events.map((one) => isEvent(one, 'message.received'))).toEqual([true, false, false])
    expect(events.map((one) => isEvent(one, 'message.sent'))).toEqual([false, false, false])
  })

  it('hands the events of one number to those who asked for them', async () => {
    const seen: string[] = []
    const router = new EventRouter()
      .onNumber('MESSAGE', ({ from, body }) => {
        seen.push(`${from} ${String(body.content)}`)
      })
      .onNumber('QRCODE', ({ qr }) => {
        seen.push(String(qr))
      })
      .onErasedNumber(({ eventId, erased }) => {
        seen.push(`${eventId} ${erased}`)
      })
      .otherwise(({ type }) => {
        seen.push(type)
      })
    const head = { id, eventId: id, timestamp: 1659518400, clientNumber: '5521977776666' }
    const message = {
      ...head,
      type: 'MESSAGE',
      from: '5521988887777',
      to: 'web5521977776666',
      body: { type: 'text', content: 'Olá' },
    }
    const events = [
      message,
      { ...head, type: 'QRCODE', qr: '2@wB1', expiresAt: 1659518420 },
      { ...head, type: 'GROUP_MESSAGE', erased: true },
      { ...head, type: 'LOGGED_IN', status: 'open' },
    ] as NumberEvent[]
    for (const one of events) {
      await router.dispatch(one)
    }
    expect(seen).toEqual(['5521988887777 Olá', '2@wB1', `${id} true`, 'LOGGED_IN'])
    expect(events.map((one) => isNumberEvent(one, 'MESSAGE'))).toEqual([true, false, false, false])
    const body = JSON.stringify(message)
    const verified = await webhook.verify<NumberEvent>(body, headers(signature(secret, body)))
    expect(verified.clientNumber).toBe('5521977776666')
  })

  it('knows what each type holds', () => {
    new EventRouter()
      .on('message.received', ({ data, sessionId }) => {
        expectTypeOf(data).toEqualTypeOf<{ message: Message; contact: Contact }>()
        expectTypeOf(sessionId).toEqualTypeOf<string>()
      })
      .on('channel.qr', ({ data }) => {
        expectTypeOf(data.qr).toEqualTypeOf<string | null>()
      })
    const told = (given: OmnichannelEvent) => (isEvent(given, 'contact.merged') ? given.data.into : undefined)
    expectTypeOf(told).returns.toEqualTypeOf<string | undefined>()
  })
})
