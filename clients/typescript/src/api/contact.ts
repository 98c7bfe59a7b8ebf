import { Api, walk } from '../core/api.js'
import type { RequestOptions } from '../core/options.js'
import type { Dto } from '../core/types.js'
import type { Contact, ContactExport, ErasedContact, Page, Tag } from '../types.js'

/** A contact to make. */
export type CreateContactDto = Dto<'createContact'>
/** Which contacts, and which page of them. */
export type GetContactsDto = Dto<'listContacts'>
/** One contact. */
export type GetContactDto = Dto<'getContact'>
/** What of a contact is to change: what is left out stays, `null` clears. */
export type UpdateContactDto = Dto<'updateContact'>
/** Whom to erase. */
export type EraseContactDto = Dto<'eraseContact'>
/** Whose file to make. */
export type ExportContactDto = Dto<'exportContact'>
/** A tag to make. */
export type CreateTagDto = Dto<'createTag'>
/** Which page of the tags. */
export type GetTagsDto = Dto<'listTags'>
/** One tag. */
export type GetTagDto = Dto<'getTag'>
/** What of a tag is to change. */
export type UpdateTagDto = Dto<'updateTag'>
/** The tag to delete. */
export type DeleteTagDto = Dto<'deleteTag'>

/** People and groups, one per channel, and the tags of an account. */
export class ContactApi extends Api {
  /** Makes a contact. One with the same identifier on the channel is `contact_exists`; `problem.contactId` names it. */
  create(dto: CreateContactDto, options?: RequestOptions): Promise<Contact> {
    return this.call('createContact', dto, options)
  }

  /** One page of the contacts, the newest first unless `sort` and `order` say otherwise. */
  get(dto: GetContactsDto, options?: RequestOptions): Promise<Page<Contact>> {
    return this.call('listContacts', dto, options)
  }

  /** Every contact that `get` would list, page after page. */
  iterate(dto: GetContactsDto, options?: RequestOptions): AsyncGenerator<Contact, void, undefined> {
    return walk((page) => this.get(page, options), dto)
  }

  /** One contact; one that was merged into another answers with that one. */
  getById(dto: GetContactDto, options?: RequestOptions): Promise<Contact> {
    return this.call('getContact', dto, options)
  }

  /** Changes what is given of a contact. */
  update(dto: UpdateContactDto, options?: RequestOptions): Promise<Contact> {
    return this.call('updateContact', dto, options)
  }

  /** The same as {@link update}, for callers who must use PUT. */
  replace(dto: UpdateContactDto, options?: RequestOptions): Promise<Contact> {
    return this.call('replaceContact', dto, options)
  }

  /** Erases a person with messages and files, and tells how much that was. It cannot be undone. */
  erase(dto: EraseContactDto, options?: RequestOptions): Promise<ErasedContact> {
    return this.call('eraseContact', dto, options)
  }

  /** All that is kept of a person. */
  export(dto: ExportContactDto, options?: RequestOptions): Promise<ContactExport> {
    return this.call('exportContact', dto, options)
  }

  /** Makes a tag. */
  createTag(dto: CreateTagDto, options?: RequestOptions): Promise<Tag> {
    return this.call('createTag', dto, options)
  }

  /** One page of the tags. */
  getTags(dto: GetTagsDto, options?: RequestOptions): Promise<Page<Tag>> {
    return this.call('listTags', dto, options)
  }

  /** Every tag, page after page. */
  iterateTags(dto: GetTagsDto, options?: RequestOptions): AsyncGenerator<Tag, void, undefined> {
    return walk((page) => this.getTags(page, options), dto)
  }

  /** One tag. */
  getTagById(dto: GetTagDto, options?: RequestOptions): Promise<Tag> {
    return this.call('getTag', dto, options)
  }

  /** Changes what is given of a tag. */
  updateTag(dto: UpdateTagDto, options?: RequestOptions): Promise<Tag> {
    return this.call('updateTag', dto, options)
  }

  /** Deletes a tag and takes it off every contact. */
  deleteTag(dto: DeleteTagDto, options?: RequestOptions): Promise<void> {
    return this.call('deleteTag', dto, options)
  }
}
