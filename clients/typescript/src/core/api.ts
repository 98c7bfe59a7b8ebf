import type { ClientOptions, RequestOptions } from './options.js'
import { prepare, type RouteName } from './request.js'
import { Transport } from './transport.js'
import type { Answer, Dto } from './types.js'

/** What a list answers: a page and where it goes on. */
export interface Listed<Item> {
  items: Item[]
  nextCursor?: string
}

/** What every part of the client is built on. */
export abstract class Api {
  /** Asks the server. */
  protected readonly transport: Transport

  /** Asks nothing yet; refuses a `baseUrl` or `apiKey` that cannot work. */
  constructor(options: ClientOptions) {
    this.transport = new Transport(options)
  }

  /** Asks for one operation. */
  protected async call<Op extends RouteName>(op: Op, dto: Dto<Op>, options?: RequestOptions): Promise<Answer<Op>> {
    return (await this.transport.json(prepare(op, dto as object), options)) as Answer<Op>
  }
}

/** Every row of a list, page after page; a page is asked for when it is needed. */
export async function* walk<D extends object, Item>(
  page: (dto: D & { cursor?: string }) => Promise<Listed<Item>>,
  dto: D,
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | undefined
  do {
    const { items, nextCursor } = await page(cursor === undefined ? dto : { ...dto, cursor })
    yield* items
    cursor = nextCursor
  } while (cursor !== undefined)
}
