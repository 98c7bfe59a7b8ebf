import type { components, operations, webhooks } from '../generated/openapi.js'

/** One plain object type in place of an intersection, for people to read. */
export type Flat<T> = { [K in keyof T]: T[K] }

/** A schema of openapi.yaml by its name. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name]

/** The name of an operation of openapi.yaml. */
export type OperationId = keyof operations

type Parameters<Op extends OperationId, In extends 'path' | 'query'> = operations[Op] extends {
  parameters: { [K in In]?: infer P }
}
  ? [Exclude<P, undefined>] extends [never]
    ? unknown
    : Exclude<P, undefined>
  : unknown

type Body<Op extends OperationId> = operations[Op] extends {
  requestBody?: { content: { 'application/json': infer B } }
}
  ? B
  : unknown

/**
 * What an operation takes, as one flat object: what its path names, its query
 * parameters, and the fields of its body.
 */
export type Dto<Op extends OperationId> = Flat<
  Parameters<Op, 'path'> & Parameters<Op, 'query'> & Omit<Body<Op>, keyof Parameters<Op, 'path'>>
>

type Answers<Responses> = { [Status in keyof Responses]: Content<Responses[Status]> }[keyof Responses]
type Content<Response> = Response extends { content: { 'application/json': infer A } } ? A : undefined

/** What an operation answers; `undefined` where it answers nothing. */
export type Answer<Op extends OperationId> = operations[Op] extends { responses: infer R } ? Answers<R> : never

type Posted<Type extends keyof webhooks> = webhooks[Type] extends {
  post: { requestBody: { content: { 'application/json': infer E } } }
}
  ? Extract<E, { type: Type }>
  : never

type InCapitals<Type extends string> = Type extends Uppercase<Type> ? Type : never
type NumberWebhook = InCapitals<keyof webhooks>

/** Each type of event with its event. `platform.status` comes by the stream only. */
export type EventByType = Flat<
  { [Type in Exclude<keyof webhooks, NumberWebhook>]: Posted<Type> } & {
    'platform.status': Schema<'PlatformStatusEvent'>
  }
>

/** Each type of event that the webhook of one number gets, with its event. */
export type NumberEventByType = Flat<{ [Type in NumberWebhook]: Posted<Type> }>
