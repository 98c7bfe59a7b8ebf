import { Api, walk } from '../core/api.js'
import type { RequestOptions } from '../core/options.js'
import type { Dto } from '../core/types.js'
import type { Account, ApiKey, NewApiKey, Page } from '../types.js'

/** An account to make. */
export type CreateAccountDto = Dto<'createAccount'>
/** Which page of the accounts. */
export type GetAccountsDto = Dto<'listAccounts'>
/** One account. */
export type GetAccountDto = Dto<'getAccount'>
/** The new name of an account. */
export type UpdateAccountDto = Dto<'updateAccount'>
/** The account to delete. */
export type DeleteAccountDto = Dto<'deleteAccount'>
/** A key to make. */
export type CreateApiKeyDto = Dto<'createApiKey'>
/** Which page of the keys. */
export type GetApiKeysDto = Dto<'listApiKeys'>
/** One key. */
export type GetApiKeyDto = Dto<'getApiKey'>
/** The new name of a key. */
export type UpdateApiKeyDto = Dto<'updateApiKey'>
/** The key to revoke. */
export type DeleteApiKeyDto = Dto<'deleteApiKey'>

/** Tenants and their API keys. Accounts need an admin key. */
export class AccountApi extends Api {
  /** Makes an account. */
  create(dto: CreateAccountDto, options?: RequestOptions): Promise<Account> {
    return this.call('createAccount', dto, options)
  }

  /** One page of the accounts. */
  get(dto: GetAccountsDto = {}, options?: RequestOptions): Promise<Page<Account>> {
    return this.call('listAccounts', dto, options)
  }

  /** Every account, page after page. */
  iterate(dto: GetAccountsDto = {}, options?: RequestOptions): AsyncGenerator<Account, void, undefined> {
    return walk((page) => this.get(page, options), dto)
  }

  /** One account. */
  getById(dto: GetAccountDto, options?: RequestOptions): Promise<Account> {
    return this.call('getAccount', dto, options)
  }

  /** Renames an account. */
  update(dto: UpdateAccountDto, options?: RequestOptions): Promise<Account> {
    return this.call('updateAccount', dto, options)
  }

  /** Deletes an account that has no channels left. */
  delete(dto: DeleteAccountDto, options?: RequestOptions): Promise<void> {
    return this.call('deleteAccount', dto, options)
  }

  /** Makes a key. It is shown in this answer only. */
  createApiKey(dto: CreateApiKeyDto, options?: RequestOptions): Promise<NewApiKey> {
    return this.call('createApiKey', dto, options)
  }

  /** One page of the keys, without the keys themselves. */
  getApiKeys(dto: GetApiKeysDto, options?: RequestOptions): Promise<Page<ApiKey>> {
    return this.call('listApiKeys', dto, options)
  }

  /** Every key, page after page. */
  iterateApiKeys(dto: GetApiKeysDto, options?: RequestOptions): AsyncGenerator<ApiKey, void, undefined> {
    return walk((page) => this.getApiKeys(page, options), dto)
  }

  /** One key, without the key itself. */
  getApiKeyById(dto: GetApiKeyDto, options?: RequestOptions): Promise<ApiKey> {
    return this.call('getApiKey', dto, options)
  }

  /** Renames a key. */
  updateApiKey(dto: UpdateApiKeyDto, options?: RequestOptions): Promise<ApiKey> {
    return this.call('updateApiKey', dto, options)
  }

  /** Revokes a key. */
  deleteApiKey(dto: DeleteApiKeyDto, options?: RequestOptions): Promise<void> {
    return this.call('deleteApiKey', dto, options)
  }
}
