import { Api, walk } from '../core/api.js'
import type { RequestOptions } from '../core/options.js'
import type { Dto } from '../core/types.js'
import type { Capabilities, Channel, Page } from '../types.js'

/** A channel to make. */
export type CreateChannelDto = Dto<'createChannel'>
/** Which page of the channels. */
export type GetChannelsDto = Dto<'listChannels'>
/** One channel. */
export type GetChannelDto = Dto<'getChannel'>
/** What of a channel is to change. */
export type UpdateChannelDto = Dto<'updateChannel'>
/** The channel to delete. */
export type DeleteChannelDto = Dto<'deleteChannel'>
/** The channel that is asked about. */
export type GetChannelCapabilitiesDto = Dto<'getChannelCapabilities'>
/** The channel whose provider is told. */
export type SetChannelWebhookDto = Dto<'setChannelWebhook'>

/** Numbers at their providers, and what those can do. */
export class ChannelApi extends Api {
  /** Makes a channel. A webhook secret that was made for it is shown in this answer only. */
  create(dto: CreateChannelDto, options?: RequestOptions): Promise<Channel> {
    return this.call('createChannel', dto, options)
  }

  /** One page of the channels. */
  get(dto: GetChannelsDto, options?: RequestOptions): Promise<Page<Channel>> {
    return this.call('listChannels', dto, options)
  }

  /** Every channel, page after page. */
  iterate(dto: GetChannelsDto, options?: RequestOptions): AsyncGenerator<Channel, void, undefined> {
    return walk((page) => this.get(page, options), dto)
  }

  /** One channel; `state` says whether it works, and what to do if not. */
  getById(dto: GetChannelDto, options?: RequestOptions): Promise<Channel> {
    return this.call('getChannel', dto, options)
  }

  /** Changes what is given of a channel. */
  update(dto: UpdateChannelDto, options?: RequestOptions): Promise<Channel> {
    return this.call('updateChannel', dto, options)
  }

  /** Deletes a channel. */
  delete(dto: DeleteChannelDto, options?: RequestOptions): Promise<void> {
    return this.call('deleteChannel', dto, options)
  }

  /** What the channel can send, and the limits of each type of content. */
  getCapabilities(dto: GetChannelCapabilitiesDto, options?: RequestOptions): Promise<Capabilities> {
    return this.call('getChannelCapabilities', dto, options)
  }

  /** Tells the provider again where to deliver. */
  setWebhook(dto: SetChannelWebhookDto, options?: RequestOptions): Promise<Channel> {
    return this.call('setChannelWebhook', dto, options)
  }
}
