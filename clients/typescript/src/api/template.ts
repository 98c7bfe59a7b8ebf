import { Api, walk } from '../core/api.js'
import type { RequestOptions } from '../core/options.js'
import type { Dto } from '../core/types.js'
import type { Page, Template } from '../types.js'

/** Which channel's templates, and which page of them. */
export type GetTemplatesDto = Dto<'listChannelTemplates'>

/** The approved templates of a channel. */
export class TemplateApi extends Api {
  /** One page of the templates. */
  get(dto: GetTemplatesDto, options?: RequestOptions): Promise<Page<Template>> {
    return this.call('listChannelTemplates', dto, options)
  }

  /** Every template, page after page. */
  iterate(dto: GetTemplatesDto, options?: RequestOptions): AsyncGenerator<Template, void, undefined> {
    return walk((page) => this.get(page, options), dto)
  }
}
