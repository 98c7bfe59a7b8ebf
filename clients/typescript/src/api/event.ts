import { Api, walk } from '../core/api.js'
import type { RequestOptions } from '../core/options.js'
import { query, segment } from '../core/request.js'
import { EventStream, type StreamOptions } from '../core/stream.js'
import type { Dto } from '../core/types.js'
import type { Delivery, EventName, Page, Replayed } from '../types.js'

/** Which events a stream is to have. */
export interface StreamEventsDto {
  /** The account. */
  clientIdentifier: string
  /** Only these types. */
  type?: EventName | readonly EventName[]
  /** Only what goes to these platforms. */
  platformSlug?: string | readonly string[]
  /** Only those of these sessions. */
  sessionId?: string | readonly string[]
}

/** Which deliveries, and which page of them. */
export type GetDeliveriesDto = Dto<'listDeliveries'>
/** One delivery. */
export type GetDeliveryDto = Dto<'getDelivery'>
/** The delivery to make again. */
export type ReplayDeliveryDto = Dto<'replayDelivery'>
/** Which deliveries to make again. */
export type ReplayDeliveriesDto = Dto<'replayDeliveries'>

/** What happens in an account, and how it reached the platforms. */
export class EventApi extends Api {
  /**
   * The events of an account as they happen:
   * `for await (const event of eventApi.stream({ clientIdentifier }))`.
   */
  stream(dto: StreamEventsDto, options?: StreamOptions): EventStream {
    const { clientIdentifier, ...filter } = dto
    const account = segment('stream', 'clientIdentifier', clientIdentifier)
    const path = `/api/accounts/${account}/events${query(filter)}`
    return new EventStream(this.transport, { name: 'stream', method: 'GET', path, keyed: false, headers: {} }, options)
  }

  /** One page of the deliveries, the newest first. */
  getDeliveries(dto: GetDeliveriesDto, options?: RequestOptions): Promise<Page<Delivery>> {
    return this.call('listDeliveries', dto, options)
  }

  /** Every delivery that `getDeliveries` would list, page after page. */
  iterateDeliveries(dto: GetDeliveriesDto, options?: RequestOptions): AsyncGenerator<Delivery, void, undefined> {
    return walk((page) => this.getDeliveries(page, options), dto)
  }

  /** One delivery and its last attempts. */
  getDeliveryById(dto: GetDeliveryDto, options?: RequestOptions): Promise<Delivery> {
    return this.call('getDelivery', dto, options)
  }

  /** Makes a delivery again: the platform gets the same event, with the same id, once more. */
  replayDelivery(dto: ReplayDeliveryDto, options?: RequestOptions): Promise<Delivery> {
    return this.call('replayDelivery', dto, options)
  }

  /** Makes the deliveries of a time again. */
  replayDeliveries(dto: ReplayDeliveriesDto, options?: RequestOptions): Promise<Replayed> {
    return this.call('replayDeliveries', dto, options)
  }
}
