import type {
  ErasedEvent,
  ErasedNumberEvent,
  EventByType,
  EventName,
  NumberEvent,
  NumberEventByType,
  NumberEventName,
  OmnichannelEvent,
  PassedOnEvent,
} from '../types.js'

/** Whether an event is of this type, and has all that belongs to it. */
export function isEvent<Name extends EventName>(event: OmnichannelEvent, type: Name): event is EventByType[Name] {
  return event.type === type && !isErased(event) && !isPassedOn(event)
}

/** Whether an event of one number is of this type, and has all that belongs to it. */
export function isNumberEvent<Name extends NumberEventName>(
  event: OmnichannelEvent | NumberEvent,
  type: Name,
): event is NumberEventByType[Name] {
  return event.type === type && !isErased(event)
}

/** Whether an event tells nothing any more, since its person was erased. */
export function isErased(event: OmnichannelEvent): event is ErasedEvent
export function isErased(event: NumberEvent): event is ErasedNumberEvent
export function isErased(event: OmnichannelEvent | NumberEvent): boolean
export function isErased(event: OmnichannelEvent | NumberEvent): boolean {
  const told: object = 'data' in event ? event.data : event
  return 'erased' in told && told.erased === true
}

/** Whether an event is a provider's notice, passed on by a channel in mode `gateway`. */
export function isPassedOn(event: OmnichannelEvent | NumberEvent): event is PassedOnEvent {
  return 'data' in event && 'payload' in event.data && 'kind' in event.data
}
