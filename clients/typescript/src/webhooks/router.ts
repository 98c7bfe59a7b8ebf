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
import { isErased, isPassedOn } from './kinds.js'

/** What a handler may answer; a promise is awaited. */
type Done = void | Promise<void>
type Handler = (event: never) => Done

const erased = ' erased'
const erasedNumber = ' erased number'
const passedOn = ' passed on'

/** Hands each event to those who asked for its type. */
export class EventRouter {
  private readonly handlers = new Map<string, Handler[]>()
  private readonly others: ((event: OmnichannelEvent | NumberEvent) => Done)[] = []

  /**
   * Adds a handler of one type; those of a type run in the order they were
   * added. It gets the events that have all that belongs to the type.
   */
  on<Name extends EventName>(type: Name, handler: (event: EventByType[Name]) => Done): this {
    return this.add(type, handler)
  }

  /** The same of what the webhook of one number gets. */
  onNumber<Name extends NumberEventName>(type: Name, handler: (event: NumberEventByType[Name]) => Done): this {
    return this.add(type, handler)
  }

  /** Adds a handler of events, of any type, that tell nothing any more since their person was erased. */
  onErased(handler: (event: ErasedEvent) => Done): this {
    return this.add(erased, handler)
  }

  /** The same of what the webhook of one number gets. */
  onErasedNumber(handler: (event: ErasedNumberEvent) => Done): this {
    return this.add(erasedNumber, handler)
  }

  /** Adds a handler of what channels in mode `gateway` pass on, of any type. */
  onPassedOn(handler: (event: PassedOnEvent) => Done): this {
    return this.add(passedOn, handler)
  }

  /** Adds a handler of every event that no other handler is for, also of types that are new. */
  otherwise(handler: (event: OmnichannelEvent | NumberEvent) => Done): this {
    this.others.push(handler)
    return this
  }

  /**
   * Runs the handlers of an event, one after the other. Rejects with the
   * first error of a handler: answer 500 then, and the event comes again.
   */
  async dispatch(event: OmnichannelEvent | NumberEvent): Promise<void> {
    const kind = kindOf(event)
    const handlers: Handler[] = this.handlers.get(kind) ?? this.others
    for (const handler of handlers) {
      await handler(event as never)
    }
  }

  private add(kind: string, handler: Handler): this {
    this.handlers.set(kind, [...(this.handlers.get(kind) ?? []), handler])
    return this
  }
}

function kindOf(event: OmnichannelEvent | NumberEvent): string {
  if (isErased(event)) {
    return 'data' in event ? erased : erasedNumber
  }
  return isPassedOn(event) ? passedOn : event.type
}
