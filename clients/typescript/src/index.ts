/**
 * The client of the Omnichannel API: contacts, sessions, messages and events
 * on WhatsApp. Each API class is made by `new ContactApi({ baseUrl, apiKey })`
 * and asks nothing before a method is called.
 *
 * An API key opens a whole account: never put one into a page.
 *
 * @packageDocumentation
 */
export * from './api/account.js'
export * from './api/channel.js'
export * from './api/contact.js'
export * from './api/event.js'
export * from './api/gateway.js'
export * from './api/message.js'
export * from './api/platform.js'
export * from './api/session.js'
export * from './api/template.js'
export {
  type ClientCode,
  type ErrorCode,
  type ErrorFacts,
  type FieldError,
  isOmnichannelError,
  OmnichannelError,
  type Problem,
  type ProblemCode,
} from './core/errors.js'
export type { ClientOptions, RequestOptions } from './core/options.js'
export { EventStream, type StreamOptions } from './core/stream.js'
export type * from './types.js'
export { isErased, isEvent, isNumberEvent, isPassedOn } from './webhooks/kinds.js'
export { EventRouter } from './webhooks/router.js'
export { Webhook, type WebhookHeaders, type WebhookOptions } from './webhooks/webhook.js'
