import { Api, walk } from '../core/api.js'
import type { RequestOptions } from '../core/options.js'
import { prepare } from '../core/request.js'
import type { Dto } from '../core/types.js'
import type {
  AccessCode,
  Conversation,
  ConversationMessage,
  ConversationMessages,
  Group,
  GroupAdminOutcomes,
  GroupDetail,
  GroupInvite,
  GroupJoined,
  GroupMade,
  GroupOutcomes,
  KnownContact,
  LinkedNumber,
  NewAccessCode,
  NumberAccount,
  NumberContact,
  NumberPlatform,
  NumberQR,
  NumberSendAnswer,
  NumberStatus,
  NumberValidation,
  NumberVersion,
  NumberWebhook,
  Page,
  PairingCode,
} from '../types.js'

/** One number on WhatsApp Web: that of a channel, with its country code. */
export type NumberDto = Dto<'getNumberStatus'>
/** The number, and whose phone is to be linked; left out, its own. */
export type PairNumberDto = Dto<'pairNumber'>
/** The number, and what the authenticator of the account's owner answered. */
export type AnswerPasskeyDto = Dto<'answerNumberPasskey'>
/** The number, and whom to look for: another number, or a WhatsApp address. */
export type ValidateNumberDto = Dto<'validateNumber'>
/** The number, and which page of its device's contacts. */
export type GetNumberContactsDto = Dto<'listNumberContacts'>
/** The number, and whom to look at. */
export type NumberContactDto = Dto<'getNumberContact'>
/** The number, and which page of its groups. */
export type GetGroupsDto = Dto<'listGroups'>
/** The number, and the group to make. */
export type CreateGroupDto = Dto<'createGroup'>
/** The number, and the link that it is to follow. */
export type JoinGroupDto = Dto<'joinGroup'>
/** The number, and one of its groups. */
export type GroupDto = Dto<'getGroup'>
/** One of the number's groups, and its new name. */
export type GroupSubjectDto = Dto<'setGroupSubject'>
/** One of the number's groups, and its new description. */
export type GroupDescriptionDto = Dto<'setGroupDescription'>
/** One of the number's groups, and whom of it to change. */
export type GroupParticipantsDto = Dto<'addGroupParticipants'>
/** One of the number's groups, and who becomes an admin or is one no longer. */
export type GroupAdminsDto = Dto<'setGroupAdmins'>
/** The number, and its new status text. */
export type NumberAboutDto = Dto<'setNumberAbout'>
/** The number, and its new public name. */
export type NumberNameDto = Dto<'setNumberName'>
/** The number, and whether it shows itself online. */
export type NumberPresenceDto = Dto<'setNumberPresence'>
/** One of the number's groups, and its new picture. */
export type GroupPhotoDto = Dto<'setGroupPhoto'>
/** The number, and which page of its phone's chats. */
export type GetChatsDto = Dto<'listChats'>
/** The number, one of its chats, and which of its messages. */
export type GetChatMessagesDto = Dto<'listChatMessages'>
/** The number, one of its groups, and which of its messages. */
export type GetGroupMessagesDto = Dto<'listGroupMessages'>
/** The number, and one of its chats: with a person, or of a group. */
export type ChatDto = Dto<'archiveChat'>
/** One of the number's chats, and until when to mute it; left out, for good. */
export type MuteChatDto = Dto<'muteChat'>
/** One of the number's groups, and until when to mute it; left out, for good. */
export type MuteGroupDto = Dto<'muteGroup'>
/** The number, and where its events are to be posted. */
export type SetNumberWebhookDto = Dto<'setNumberWebhook'>
/** The number, and where its events are to be posted, whichever they are. */
export type PointNumberWebhookDto = Dto<'setNumberWebhookByQuery'>
/** The number that sends, to whom, and what. */
export type SendFromNumberDto = Dto<'sendFromNumber'>
/** The number that sends, to which group, and what. */
export type SendToGroupDto = Dto<'sendToGroup'>

/** Longer than the server itself waits for WhatsApp. */
const patience = 60_000

/**
 * One number on WhatsApp Web: link it to its phone, connect it, look how it is.
 * An API key of the account opens it; so does the channel's access code, with
 * `apiKey: null` and `headers: { 'X-Access-Code': code }`.
 */
export class GatewayApi extends Api {
  /** How the number is connected; `detail` says what to do. */
  status(dto: NumberDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('getNumberStatus', dto, options)
  }

  /** What the phone can scan now, as text. Begins to link the number, where that was not begun. */
  qr(dto: NumberDto, options?: RequestOptions): Promise<NumberQR> {
    return this.call('getNumberQR', dto, patient(options))
  }

  /**
   * The same as an image (PNG). `null` where WhatsApp asks for a passkey
   * instead: `qr` has its request.
   */
  async qrImage(dto: NumberDto, options?: RequestOptions): Promise<Uint8Array | null> {
    const request = { ...prepare('getNumberQR', dto), headers: { Accept: 'image/png' } }
    return this.transport.bytes(request, 'image/png', patient(options))
  }

  /** A code of eight characters to type on the phone, in place of scanning. */
  pair(dto: PairNumberDto, options?: RequestOptions): Promise<PairingCode> {
    return this.call('pairNumber', dto, patient(options))
  }

  /** Hands in what `navigator.credentials.get` gave for the `passkey` of `qr`. */
  answerPasskey(dto: AnswerPasskeyDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('answerNumberPasskey', dto, patient(options))
  }

  /** Says that the `code` of `qr` is the one on the phone. */
  confirmPasskey(dto: NumberDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('confirmNumberPasskey', dto, patient(options))
  }

  /** Connects the number and waits for what comes of it. */
  connect(dto: NumberDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('connectNumber', dto, patient(options))
  }

  /** Ends the connection; the device stays linked. */
  disconnect(dto: NumberDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('disconnectNumber', dto, options)
  }

  /** Closes the connection and opens it anew. */
  reset(dto: NumberDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('resetNumber', dto, patient(options))
  }

  /** Unlinks the number from its phone. */
  logout(dto: NumberDto, options?: RequestOptions): Promise<NumberStatus> {
    return this.call('logoutNumber', dto, patient(options))
  }

  /** Whether a number is on WhatsApp, and under which addresses. */
  validate(dto: ValidateNumberDto, options?: RequestOptions): Promise<NumberValidation> {
    return this.call('validateNumber', dto, patient(options))
  }

  /** One page of whom the number's device knows by a name. */
  contacts(dto: GetNumberContactsDto, options?: RequestOptions): Promise<Page<KnownContact>> {
    return this.call('listNumberContacts', dto, patient(options))
  }

  /** Everybody whom `contacts` would list, page after page. */
  iterateContacts(dto: GetNumberContactsDto, options?: RequestOptions): AsyncGenerator<KnownContact, void, undefined> {
    return walk((page) => this.contacts(page, options), dto)
  }

  /** What is known of somebody on WhatsApp, and what they show to the number. */
  contact(dto: NumberContactDto, options?: RequestOptions): Promise<NumberContact> {
    return this.call('getNumberContact', dto, patient(options))
  }

  /** Somebody's profile picture. Where there is none, or it is hidden, that is `not_found`. */
  async contactPhoto(dto: NumberContactDto, options?: RequestOptions): Promise<Uint8Array> {
    const request = { ...prepare('getNumberContactPhoto', dto), headers: { Accept: 'image/*' } }
    return (await this.transport.bytes(request, '', patient(options))) ?? new Uint8Array()
  }

  /** One page of the groups that the number is in. */
  groups(dto: GetGroupsDto, options?: RequestOptions): Promise<Page<Group>> {
    return this.call('listGroups', dto, patient(options))
  }

  /** Every group that `groups` would list, page after page. */
  iterateGroups(dto: GetGroupsDto, options?: RequestOptions): AsyncGenerator<Group, void, undefined> {
    return walk((page) => this.groups(page, options), dto)
  }

  /** One group with its members. */
  group(dto: GroupDto, options?: RequestOptions): Promise<GroupDetail> {
    return this.call('getGroup', dto, patient(options))
  }

  /** Makes a group; `results` tells who is not in it, and why. */
  createGroup(dto: CreateGroupDto, options?: RequestOptions): Promise<GroupMade> {
    return this.call('createGroup', dto, patient(options))
  }

  /** Follows a link into a group. */
  joinGroup(dto: JoinGroupDto, options?: RequestOptions): Promise<GroupJoined> {
    return this.call('joinGroup', dto, patient(options))
  }

  /** Names a group anew. */
  setGroupSubject(dto: GroupSubjectDto, options?: RequestOptions): Promise<GroupDetail> {
    return this.call('setGroupSubject', dto, patient(options))
  }

  /** Describes a group anew; an empty description takes the old one away. */
  setGroupDescription(dto: GroupDescriptionDto, options?: RequestOptions): Promise<GroupDetail> {
    return this.call('setGroupDescription', dto, patient(options))
  }

  /** Adds people to a group, each with a result of their own. */
  addParticipants(dto: GroupParticipantsDto, options?: RequestOptions): Promise<GroupOutcomes> {
    return this.call('addGroupParticipants', dto, patient(options))
  }

  /** Removes people from a group, each with a result of their own. */
  removeParticipants(dto: GroupParticipantsDto, options?: RequestOptions): Promise<GroupOutcomes> {
    return this.call('removeGroupParticipants', dto, patient(options))
  }

  /** Makes members of a group admins, and admins members. */
  setAdmins(dto: GroupAdminsDto, options?: RequestOptions): Promise<GroupAdminOutcomes> {
    return this.call('setGroupAdmins', dto, patient(options))
  }

  /** The link into a group. */
  groupInvite(dto: GroupDto, options?: RequestOptions): Promise<GroupInvite> {
    return this.call('getGroupInvite', dto, patient(options))
  }

  /** Ends the link into a group, and gives the new one. */
  revokeGroupInvite(dto: GroupDto, options?: RequestOptions): Promise<GroupInvite> {
    return this.call('revokeGroupInvite', dto, patient(options))
  }

  /** Leaves a group. */
  leaveGroup(dto: GroupDto, options?: RequestOptions): Promise<void> {
    return this.call('leaveGroup', dto, patient(options))
  }

  /**
   * Posts what happens to the number to a URL from now on; `secret` verifies it
   * (`Webhook`), and is there only where the webhook is new.
   */
  setWebhook(dto: SetNumberWebhookDto, options?: RequestOptions): Promise<NumberWebhook> {
    return this.call('setNumberWebhook', dto, options)
  }

  /** Posts them to another URL: the types of event that it hears stay as they are. */
  pointWebhook(dto: PointNumberWebhookDto, options?: RequestOptions): Promise<NumberWebhook> {
    return this.call('setNumberWebhookByQuery', dto, options)
  }

  /** Where the number's events are posted, and whether the URL takes them. */
  webhook(dto: NumberDto, options?: RequestOptions): Promise<NumberWebhook> {
    return this.call('getNumberWebhook', dto, options)
  }

  /** Posts nothing any more. */
  removeWebhook(dto: NumberDto, options?: RequestOptions): Promise<void> {
    return this.call('deleteNumberWebhook', dto, options)
  }

  /** Gives a group another picture. */
  setGroupPhoto(dto: GroupPhotoDto, options?: RequestOptions): Promise<void> {
    return this.call('setGroupPhoto', dto, patient(options))
  }

  /** Takes a group's picture away. */
  removeGroupPhoto(dto: GroupDto, options?: RequestOptions): Promise<void> {
    return this.call('removeGroupPhoto', dto, patient(options))
  }

  /** Archives the chat of a group, on the phone too. */
  archiveGroup(dto: GroupDto, options?: RequestOptions): Promise<void> {
    return this.call('archiveGroup', dto, patient(options))
  }

  /** Takes the chat of a group out of the archive. */
  unarchiveGroup(dto: GroupDto, options?: RequestOptions): Promise<void> {
    return this.call('unarchiveGroup', dto, patient(options))
  }

  /** Mutes a group, until a time or for good. */
  muteGroup(dto: MuteGroupDto, options?: RequestOptions): Promise<void> {
    return this.call('muteGroup', dto, patient(options))
  }

  /** Unmutes a group. */
  unmuteGroup(dto: GroupDto, options?: RequestOptions): Promise<void> {
    return this.call('unmuteGroup', dto, patient(options))
  }

  /** Marks what is unread in a group as read, also for who wrote it. */
  readGroup(dto: GroupDto, options?: RequestOptions): Promise<void> {
    return this.call('readGroup', dto, patient(options))
  }

  /** Empties the chat of a group on the number's phone. */
  clearGroup(dto: GroupDto, options?: RequestOptions): Promise<void> {
    return this.call('clearGroup', dto, patient(options))
  }

  /** One page of the chats of the number's phone, the latest first. */
  chats(dto: GetChatsDto, options?: RequestOptions): Promise<Page<Conversation>> {
    return this.call('listChats', dto, options)
  }

  /** All chats that `chats` would list, page after page. */
  iterateChats(dto: GetChatsDto, options?: RequestOptions): AsyncGenerator<Conversation, void, undefined> {
    return walk((page) => this.chats(page, options), dto)
  }

  /** Messages of a chat, the newest first; with `older` the phone is asked for what is missing. */
  chatMessages(dto: GetChatMessagesDto, options?: RequestOptions): Promise<ConversationMessages> {
    return this.call('listChatMessages', dto, patient(options))
  }

  /** All messages of a chat, from the newest back; with `older` as far as the phone has them. */
  iterateChatMessages(
    dto: GetChatMessagesDto,
    options?: RequestOptions,
  ): AsyncGenerator<ConversationMessage, void, undefined> {
    return back((page) => this.chatMessages(page, options), dto)
  }

  /** Messages of a group, the newest first; with `older` the phone is asked for what is missing. */
  groupMessages(dto: GetGroupMessagesDto, options?: RequestOptions): Promise<ConversationMessages> {
    return this.call('listGroupMessages', dto, patient(options))
  }

  /** All messages of a group, from the newest back; with `older` as far as the phone has them. */
  iterateGroupMessages(
    dto: GetGroupMessagesDto,
    options?: RequestOptions,
  ): AsyncGenerator<ConversationMessage, void, undefined> {
    return back((page) => this.groupMessages(page, options), dto)
  }

  /** Archives a chat, on the phone too. */
  archiveChat(dto: ChatDto, options?: RequestOptions): Promise<void> {
    return this.call('archiveChat', dto, patient(options))
  }

  /** Takes a chat out of the archive. */
  unarchiveChat(dto: ChatDto, options?: RequestOptions): Promise<void> {
    return this.call('unarchiveChat', dto, patient(options))
  }

  /** Mutes a chat, until a time or for good. */
  muteChat(dto: MuteChatDto, options?: RequestOptions): Promise<void> {
    return this.call('muteChat', dto, patient(options))
  }

  /** Unmutes a chat. */
  unmuteChat(dto: ChatDto, options?: RequestOptions): Promise<void> {
    return this.call('unmuteChat', dto, patient(options))
  }

  /** Marks what is unread in a chat as read, also for who wrote it. */
  readChat(dto: ChatDto, options?: RequestOptions): Promise<void> {
    return this.call('readChat', dto, patient(options))
  }

  /** Empties a chat on the number's phone. */
  clearChat(dto: ChatDto, options?: RequestOptions): Promise<void> {
    return this.call('clearChat', dto, patient(options))
  }

  /** What WhatsApp shows of the number's own account. */
  account(dto: NumberDto, options?: RequestOptions): Promise<NumberAccount> {
    return this.call('getNumberAccount', dto, patient(options))
  }

  /** Changes the number's status text; an empty one takes it away. */
  setAbout(dto: NumberAboutDto, options?: RequestOptions): Promise<void> {
    return this.call('setNumberAbout', dto, patient(options))
  }

  /** Changes the number's public name. */
  setName(dto: NumberNameDto, options?: RequestOptions): Promise<void> {
    return this.call('setNumberName', dto, patient(options))
  }

  /** Shows the number online, or not. */
  setPresence(dto: NumberPresenceDto, options?: RequestOptions): Promise<void> {
    return this.call('setNumberPresence', dto, patient(options))
  }

  /** The number whose phone the channel is linked to, connected or not. */
  linkedNumber(dto: NumberDto, options?: RequestOptions): Promise<LinkedNumber> {
    return this.call('getLinkedNumber', dto, options)
  }

  /** What kind of phone the number is on. */
  platform(dto: NumberDto, options?: RequestOptions): Promise<NumberPlatform> {
    return this.call('getNumberPlatform', dto, patient(options))
  }

  /** The versions of what runs behind the number. */
  version(dto: NumberDto, options?: RequestOptions): Promise<NumberVersion> {
    return this.call('getNumberVersion', dto, options)
  }

  /** Whether the channel has an access code; opened by one, that it is right. A wrong one is `unauthenticated`. */
  checkAccessCode(dto: NumberDto, options?: RequestOptions): Promise<AccessCode> {
    return this.call('checkAccessCode', dto, options)
  }

  /** Makes a new access code, shown once; the one before opens nothing any more. */
  renewAccessCode(dto: NumberDto, options?: RequestOptions): Promise<NewAccessCode> {
    return this.call('renewAccessCode', dto, options)
  }

  /** Sends to a person or a group over this number. */
  send(dto: SendFromNumberDto, options?: RequestOptions): Promise<NumberSendAnswer> {
    return this.call('sendFromNumber', dto, options)
  }

  /** Sends to one of the number's groups. */
  sendToGroup(dto: SendToGroupDto, options?: RequestOptions): Promise<NumberSendAnswer> {
    return this.call('sendToGroup', dto, options)
  }
}

/** What waits for WhatsApp may take longer than other calls. */
function patient(options?: RequestOptions): RequestOptions {
  return { timeout: patience, ...options }
}

/** Every message of a chat, page after page; a page is asked for when it is needed. */
async function* back<D extends object>(
  page: (dto: D & { before?: string }) => Promise<ConversationMessages>,
  dto: D,
): AsyncGenerator<ConversationMessage, void, undefined> {
  let before: string | null = null
  do {
    const { items, nextBefore }: ConversationMessages = await page(before === null ? dto : { ...dto, before })
    yield* items
    before = nextBefore
  } while (before !== null)
}
