import type { Listed } from './core/api.js'
import type { EventByType, Flat, NumberEventByType, Schema } from './core/types.js'

export type { EventByType, NumberEventByType } from './core/types.js'

/** One page of a list. */
export type Page<Item> = Flat<Schema<'Page'> & Listed<Item>>

/** One person, or one group, on one channel. */
export type Contact = Schema<'Contact'>
/** What was erased of a person, counted. */
export type ErasedContact = Schema<'ErasedContact'>
/** All that is kept of a person. */
export type ContactExport = Schema<'ContactExport'>
/** A label for contacts. */
export type Tag = Schema<'Tag'>
/** One conversation between one contact and the platform that answers it. */
export type Session = Schema<'Session'>
/** The answer of {@link SessionApi.finish}. */
export type FinishedSession = Schema<'FinishedSession'>
/** The answer of {@link SessionApi.read}. */
export type ReadOfSession = Schema<'ReadSession'>
/** The answer of {@link SessionApi.typing}. */
export type TypedInSession = Schema<'TypedInSession'>
/** One message of a session; `type` tells what its `content` is. */
export type Message = Schema<'Message'>
/** How far a message came. */
export type MessageStatus = Schema<'MessageStatus'>
/** What became of a message that was sent; `messageId` is `null` while it is queued. */
export type SendAnswer = Schema<'SendAnswer'>
/** The answer of {@link MessageApi.delete}. */
export type DeletedMessage = Schema<'DeletedMessage'>
/** Buttons, a list, contact cards, or another interactive message. */
export type Interactive = Schema<'Interactive'>
/** A stored file; its `_id` may be sent as `mediaUri`. */
export type StoredFile = Schema<'File'>
/** A number at its provider. */
export type Channel = Schema<'Channel'>
/** How a number on WhatsApp Web is connected. */
export type NumberStatus = Schema<'NumberStatus'>
/** What the owner of a number is to scan, answer or compare now. */
export type NumberQR = Schema<'NumberQR'>
/** A code to type on the phone. */
export type PairingCode = Schema<'PairingCode'>
/** Whether somebody is on WhatsApp. */
export type NumberValidation = Schema<'NumberValidation'>
/** Somebody whom a number's device knows. */
export type KnownContact = Schema<'KnownContact'>
/** Somebody on WhatsApp, as a number sees them. */
export type NumberContact = Schema<'NumberContact'>
/** A group that a number is in. */
export type Group = Schema<'Group'>
/** A group with its members. */
export type GroupDetail = Schema<'GroupDetail'>
/** A new group, and what came of inviting each. */
export type GroupMade = Schema<'GroupMade'>
/** Which group a link led into. */
export type GroupJoined = Schema<'GroupJoined'>
/** What came of a change for each of those named. */
export type GroupOutcomes = Schema<'GroupOutcomes'>
/** What came of each promotion and demotion. */
export type GroupAdminOutcomes = Schema<'GroupAdminOutcomes'>
/** The link into a group. */
export type GroupInvite = Schema<'GroupInvite'>
/** The account of a number, as WhatsApp shows it. */
export type NumberAccount = Schema<'NumberAccount'>
/** The number that a channel is linked to. */
export type LinkedNumber = Schema<'LinkedNumber'>
/** What kind of phone a number is on. */
export type NumberPlatform = Schema<'NumberPlatform'>
/** A chat of a number's phone. */
export type Conversation = Schema<'Conversation'>
/** A message of such a chat. */
export type ConversationMessage = Schema<'ConversationMessage'>
/** Messages of a chat, the newest first; `nextBefore` goes on behind them. */
export type ConversationMessages = Schema<'ConversationMessages'>
/** What runs behind a number. */
export type NumberVersion = Schema<'NumberVersion'>
/** How the access code of a channel is. */
export type AccessCode = Schema<'AccessCode'>
/** A new access code, which is not shown again. */
export type NewAccessCode = Schema<'NewAccessCode'>
/** What a channel can send. */
export type Capabilities = Schema<'Capabilities'>
/** Who carries a channel's messages. */
export type Provider = Schema<'Provider'>
/** An approved template of a channel. */
export type Template = Schema<'Template'>
/** A platform that answers contacts. */
export type PlatformConfig = Schema<'PlatformConfig'>
/** A tenant. */
export type Account = Schema<'Account'>
/** An API key without the key itself. */
export type ApiKey = Schema<'ApiKey'>
/** An API key with the key, which is not shown again. */
export type NewApiKey = Schema<'NewApiKey'>

/** An event on its way to a platform, and its last attempts. */
export type Delivery = Schema<'Delivery'>
/** How many deliveries are made again. */
export type Replayed = Schema<'Replayed'>
/** The answer of {@link PlatformApi.test}. */
export type TestStarted = Schema<'TestStarted'>

/** The types of event that a platform gets. */
export type EventName = keyof EventByType
/** An event of a person who was erased before it was delivered: it stands where the event would. */
export type ErasedEvent = Typed<Schema<'ErasedEvent'>>
/** An event of a channel in mode `gateway`, of which nothing is kept: what the provider told. */
export type PassedOnEvent = Typed<Schema<'PassedOnEvent'>>
/** An event with all that belongs to its `type`, which tells what its `data` is. */
export type WholeEvent = EventByType[EventName]
/** What a webhook or the stream may bring; {@link isEvent} tells. */
export type OmnichannelEvent = WholeEvent | ErasedEvent | PassedOnEvent

/** The types of event that the webhook of one number gets. */
export type NumberEventName = keyof NumberEventByType
/** An event of one number with all that belongs to its `type`. */
export type WholeNumberEvent = NumberEventByType[NumberEventName]
/** An event of one number that named a person who was erased before it was delivered. */
export type ErasedNumberEvent = Flat<Omit<Schema<'NumberErasedEvent'>, 'type'> & { type: NumberEventName }>
/** What the webhook of one number may bring; {@link isNumberEvent} tells. */
export type NumberEvent = WholeNumberEvent | ErasedNumberEvent
/** What became of a message that was sent under a number; without a session in mode `gateway`. */
export type NumberSendAnswer = Schema<'NumberSendAnswer'>
/** Where the events of one number are posted; `secret` is there where it is new. */
export type NumberWebhook = Schema<'NumberWebhook'>

type Typed<Event> = Flat<Omit<Event, 'type'> & { type: EventName }>
