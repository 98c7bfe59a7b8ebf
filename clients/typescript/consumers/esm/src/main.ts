import { type Contact, ContactApi, isOmnichannelError, type Message, Webhook } from '@cirrus/omnichannel_api'

const { OMNI_URL = '', OMNI_KEY = '', OMNI_ACCOUNT = '' } = process.env
const contactApi = new ContactApi({ baseUrl: OMNI_URL, apiKey: OMNI_KEY })

const page = await contactApi.get({ clientIdentifier: OMNI_ACCOUNT, limit: 1 })
const names: string[] = page.items.map((contact: Contact) => contact.name)

let code = ''
try {
  await contactApi.getById({ clientIdentifier: OMNI_ACCOUNT, contactId: '68e54649a3744412be5cc107' })
} catch (error) {
  if (!isOmnichannelError(error)) {
    throw error
  }
  code = error.code
}

/** A message is told apart by its type. */
export function text(message: Message): string {
  switch (message.type) {
    case 'text':
      return message.content.text ?? ''
    case 'location':
      return `${message.content.latitude},${message.content.longitude}`
    default:
      return message.type
  }
}

const signature = await new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw').sign('evt_1', 1, '{}')
console.log(JSON.stringify({ names, code, signed: signature.startsWith('v1,') }))
