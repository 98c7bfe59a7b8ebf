import { Api, walk } from '../core/api.js'
import type { RequestOptions } from '../core/options.js'
import type { Dto } from '../core/types.js'
import type { FinishedSession, Page, ReadOfSession, Session, TypedInSession } from '../types.js'

/** Which sessions, and which page of them. */
export type GetSessionsDto = Dto<'listSessions'>
/** One session. */
export type GetSessionDto = Dto<'getSession'>
/** Where a session goes. */
export type TransferSessionDto = Dto<'transferSession'>
/** The session to finish. */
export type FinishSessionDto = Dto<'finishSession'>
/** The session that was read. */
export type ReadSessionDto = Dto<'readSession'>
/** What the contact is to see going on. */
export type TypeInSessionDto = Dto<'typeInSession'>

/** Conversations: each is between one contact and the platform that answers it. */
export class SessionApi extends Api {
  /** One page of the sessions. */
  get(dto: GetSessionsDto, options?: RequestOptions): Promise<Page<Session>> {
    return this.call('listSessions', dto, options)
  }

  /** Every session that `get` would list, page after page. */
  iterate(dto: GetSessionsDto, options?: RequestOptions): AsyncGenerator<Session, void, undefined> {
    return walk((page) => this.get(page, options), dto)
  }

  /** One session. */
  getById(dto: GetSessionDto, options?: RequestOptions): Promise<Session> {
    return this.call('getSession', dto, options)
  }

  /** Gives a session to another platform or agent. When `transferMessage` could not go, `transferMessageError` says why. */
  transfer(dto: TransferSessionDto, options?: RequestOptions): Promise<Session> {
    return this.call('transferSession', dto, options)
  }

  /** Finishes a session; again, it answers the same. The contact's next message opens another. */
  finish(dto: FinishSessionDto, options?: RequestOptions): Promise<FinishedSession> {
    return this.call('finishSession', dto, options)
  }

  /** Marks what the contact wrote as read. */
  read(dto: ReadSessionDto, options?: RequestOptions): Promise<ReadOfSession> {
    return this.call('readSession', dto, options)
  }

  /** Shows the contact that somebody types or records. */
  typing(dto: TypeInSessionDto, options?: RequestOptions): Promise<TypedInSession> {
    return this.call('typeInSession', dto, options)
  }
}
