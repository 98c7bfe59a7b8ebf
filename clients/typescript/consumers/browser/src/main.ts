// A page of a console. It holds no key: its own server adds one to what goes to /api.
import { EventApi, isEvent, isOmnichannelError, MessageApi, type Session, SessionApi } from '@cirrus/omnichannel_api'

declare global {
  interface Window {
    /** Where a test finds the API itself, to see that the page cannot reach it. */
    elsewhere: string
    account: string
  }
}

const own = { baseUrl: location.origin, apiKey: null }
const sessionApi = new SessionApi(own)
const messageApi = new MessageApi(own)
const eventApi = new EventApi(own)

const list = document.querySelector('ul') as HTMLUListElement
const form = document.querySelector('form') as HTMLFormElement
const output = document.querySelector('output') as HTMLOutputElement
let chosen: Session | undefined

function say(what: string): void {
  output.textContent = what
}

async function show(): Promise<void> {
  for await (const session of sessionApi.iterate({ clientIdentifier: window.account, status: 'active' })) {
    const button = document.createElement('button')
    button.textContent = session.client.name
    button.addEventListener('click', () => {
      chosen = session
      say(`to ${session.client.name}`)
    })
    const row = document.createElement('li')
    row.append(button)
    list.append(row)
  }
}

/** Writes down what customers say, as they say it. */
async function listen(): Promise<void> {
  const log = document.querySelector('ol') as HTMLOListElement
  const onConnect = () => log.setAttribute('data-listening', '')
  for await (const event of eventApi.stream({ clientIdentifier: window.account }, { onConnect })) {
    if (isEvent(event, 'message.received') && event.data.message.type === 'text') {
      const row = document.createElement('li')
      row.textContent = `${event.data.contact.name}: ${event.data.message.content.text}`
      log.append(row)
    }
  }
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const text = String(new FormData(form).get('text'))
  try {
    const { status } = await messageApi.send({ sessionId: chosen?._id ?? '', text })
    say(status)
  } catch (error) {
    say(isOmnichannelError(error) ? error.code : String(error))
  }
})

/** Asks the API without the page's server. */
async function askElsewhere(): Promise<string> {
  const direct = new SessionApi({ baseUrl: window.elsewhere, apiKey: 'omk_none', maxRetries: 0 })
  return direct.get({ clientIdentifier: window.account }).then(
    () => 'it answered',
    (error: unknown) => (isOmnichannelError(error) ? error.code : String(error)),
  )
}

document.querySelector('#elsewhere')?.addEventListener('click', async () => say(await askElsewhere()))
Promise.all([show(), listen()]).catch((error: unknown) => say(String(error)))
