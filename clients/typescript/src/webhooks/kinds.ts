import type { ErasedEvent, EventByType, EventName, OmnichannelEvent, PassedOnEvent } from '../types.js'

/** Whether an event is of this type, and has all that belongs to it. */
export function isEvent<Name extends EventName>(event: OmnichannelEvent, type: Name): event is EventByType[Name] {
  return event.type === type && !isErased(event) && !isPassedOn(event)
}

/** Whether an event tells nothing any more, since its person was erased. */
export function isErased(event: OmnichannelEvent): event is ErasedEvent {
  return 'erased' in event.data && event.data.erased === true
}

/** Whether an event is a provider's notice, passed on by a channel in mode `gateway`. */
export function isPassedOn(event: OmnichannelEvent): event is PassedOnEvent {
  return 'payload' in event.data && 'kind' in event.data
}
