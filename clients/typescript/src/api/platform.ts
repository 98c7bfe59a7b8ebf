import { Api, walk } from '../core/api.js'
import type { RequestOptions } from '../core/options.js'
import type { Dto } from '../core/types.js'
import type { Page, PlatformConfig, TestStarted } from '../types.js'

/** A platform config to make. */
export type CreatePlatformConfigDto = Dto<'createPlatformConfig'>
/** Which page of the platform configs. */
export type GetPlatformConfigsDto = Dto<'listPlatformConfigs'>
/** One platform config. */
export type GetPlatformConfigDto = Dto<'getPlatformConfig'>
/** What of a platform config is to change. */
export type UpdatePlatformConfigDto = Dto<'updatePlatformConfig'>
/** The platform config to delete. */
export type DeletePlatformConfigDto = Dto<'deletePlatformConfig'>
/** The platform config that gets another secret. */
export type RotatePlatformSecretDto = Dto<'rotatePlatformSecret'>
/** The platform config that gets a test event. */
export type TestPlatformConfigDto = Dto<'testPlatformConfig'>

/** Where events go: the consoles, CRMs and bots of an account. */
export class PlatformApi extends Api {
  /** Makes a platform config. Its signing secret is shown in this answer only. */
  create(dto: CreatePlatformConfigDto, options?: RequestOptions): Promise<PlatformConfig> {
    return this.call('createPlatformConfig', dto, options)
  }

  /** One page of the platform configs. */
  get(dto: GetPlatformConfigsDto, options?: RequestOptions): Promise<Page<PlatformConfig>> {
    return this.call('listPlatformConfigs', dto, options)
  }

  /** Every platform config, page after page. */
  iterate(dto: GetPlatformConfigsDto, options?: RequestOptions): AsyncGenerator<PlatformConfig, void, undefined> {
    return walk((page) => this.get(page, options), dto)
  }

  /** One platform config. */
  getById(dto: GetPlatformConfigDto, options?: RequestOptions): Promise<PlatformConfig> {
    return this.call('getPlatformConfig', dto, options)
  }

  /** Changes what is given of a platform config. */
  update(dto: UpdatePlatformConfigDto, options?: RequestOptions): Promise<PlatformConfig> {
    return this.call('updatePlatformConfig', dto, options)
  }

  /** Deletes a platform config that nothing uses. */
  delete(dto: DeletePlatformConfigDto, options?: RequestOptions): Promise<void> {
    return this.call('deletePlatformConfig', dto, options)
  }

  /** Makes another signing secret, shown in this answer only; the one before signs beside it for a while. */
  rotateSecret(dto: RotatePlatformSecretDto, options?: RequestOptions): Promise<PlatformConfig> {
    return this.call('rotatePlatformSecret', dto, options)
  }

  /** Sends a `platform.test` event, in its turn; {@link EventApi.getDeliveries} shows what becomes of it. */
  test(dto: TestPlatformConfigDto, options?: RequestOptions): Promise<TestStarted> {
    return this.call('testPlatformConfig', dto, options)
  }
}
