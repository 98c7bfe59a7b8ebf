// What the types must refuse: each line marked so, and no other.
import { ContactApi, EventRouter, isOmnichannelError, MessageApi, SessionApi } from '@cirrus/omnichannel_api'

const contactApi = new ContactApi({ baseUrl: 'https://omni.example.com', apiKey: 'key' })
const messageApi = new MessageApi({ baseUrl: 'https://omni.example.com' }) // wrong: no key
const sessionApi = new SessionApi({ baseUrl: 'https://omni.example.com', apiKey: 'key' })
const clientIdentifier = '9a92ea44-244c-4cda-86be-6a9e32ba8f34'
const contactId = '68e54649a3744412be5cc107'

contactApi.get({ page: 1, limit: 20 }) // wrong: whose?
contactApi.get({ clientIdentifier, limite: 20 }) // wrong: a typo
contactApi.get({ clientIdentifier, channelType: 'sms' }) // wrong: no such network
contactApi.update({ clientIdentifier, contactId, name: 7 }) // wrong: a number
contactApi.update({ clientIdentifier, contactId, customName: null })
messageApi.send({ text: 'Oi' }) // wrong: where?
messageApi.send({ sessionId: 's', location: { latitude: 1 } }) // wrong: half a place
sessionApi.typing({ sessionId: 's', state: 'sleeping' }) // wrong: no such state
sessionApi.getById({ sessionId: 's' }).then((session) => session.contact) // wrong: it is contactId
messageApi.getById({ messageId: 'm' }).then((message) => message.content.text) // wrong: not each has one
messageApi.getById({ messageId: 'm' }).then((message) => message.type === 'text' && message.content.text)
new EventRouter().on('message.recieved', () => {}) // wrong: a typo
new EventRouter().on('channel.qr', (event) => event.data.message) // wrong: it has a qr
contactApi.getById({ clientIdentifier, contactId }).catch((error: unknown) => isOmnichannelError(error, 'gone')) // wrong: no such code
