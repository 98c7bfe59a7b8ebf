package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waServerSync"
	"go.mau.fi/whatsmeow/proto/waSyncAction"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// stateAttempts is how often a phone tries again when a linked device was faster.
const stateAttempts = 20

// forever is how long what is muted for good stays so.
var forever = store.MutedForever

// collections are all there are. None may stay at version 0 once a device is
// linked: clients take every sync from there as the first one and tell nobody
// about its content.
var collections = appstate.AllPatchNames

// seed fills the collections of an account that gets its first linked device. The
// caller holds p.state.
func (p *phone) seed() error {
	if p.seeded {
		return nil
	}
	p.seeded = true
	p.stateKey = append([]byte{0, 0}, randomBytes(4)...)
	key := store.AppStateSyncKey{Data: randomBytes(32), Timestamp: p.srv.now().UnixMilli(), Fingerprint: []byte{}}
	if err := p.store.AppStateKeys.PutAppStateSyncKey(context.Background(), p.stateKey, key); err != nil {
		return err
	}
	p.srv.mu.Lock()
	name := p.account.name
	p.srv.mu.Unlock()
	for _, c := range collections {
		first := appstate.PatchInfo{Type: c, Mutations: []appstate.MutationInfo{{
			Index: []string{appstate.IndexPrimaryFeature, string(c)}, Version: 1, Value: &waSyncAction.SyncActionValue{},
		}}}
		if c == appstate.WAPatchCriticalBlock {
			first = appstate.BuildSettingPushName(name)
		}
		if err := p.patchLocked(first); err != nil {
			return err
		}
	}
	return nil
}

// patch publishes a change that was made on the phone.
func (p *phone) patch(change appstate.PatchInfo) error {
	p.state.Lock()
	defer p.state.Unlock()
	if err := p.seed(); err != nil {
		return err
	}
	return p.patchLocked(change)
}

// patchIfSeeded does so if there was ever a linked device to tell.
func (p *phone) patchIfSeeded(change appstate.PatchInfo) error {
	p.state.Lock()
	defer p.state.Unlock()
	if !p.seeded {
		return nil
	}
	return p.patchLocked(change)
}

func (p *phone) patchLocked(change appstate.PatchInfo) error {
	ctx, name := context.Background(), string(change.Type)
	for range stateAttempts {
		if err := p.pullLocked(name); err != nil {
			return err
		}
		version, hash, err := p.store.AppState.GetAppStateVersion(ctx, name)
		if err != nil {
			return err
		}
		encoded, err := p.syncer.EncodePatch(ctx, p.stateKey, appstate.HashState{Version: version, Hash: hash}, change)
		if err != nil {
			return fmt.Errorf("encode a change of %s on phone %s: %w", name, p.account.number, err)
		}
		p.srv.mu.Lock()
		_, ok, err := p.srv.appendPatch(p.account, name, int(version), encoded, p.self)
		p.srv.mu.Unlock()
		if err != nil {
			return err
		}
		if ok {
			return p.pullLocked(name)
		}
	}
	return errors.New("linked devices change the app state without a pause")
}

// pull reads what linked devices changed.
func (p *phone) pull(name string) {
	p.state.Lock()
	defer p.state.Unlock()
	if err := p.pullLocked(name); err != nil {
		p.srv.log.Warn("a phone cannot read its app state", "error", err, "collection", name, "phone", p.account.number)
	}
}

func (p *phone) pullLocked(name string) error {
	ctx := context.Background()
	version, hash, err := p.store.AppState.GetAppStateVersion(ctx, name)
	if err != nil {
		return err
	}
	list := &appstate.PatchList{Name: appstate.WAPatchName(name)}
	for _, raw := range p.srv.patchesSince(p.account, name, version) {
		var patch waServerSync.SyncdPatch
		if err = proto.Unmarshal(raw, &patch); err != nil {
			return err
		}
		list.Patches = append(list.Patches, &patch)
	}
	if len(list.Patches) == 0 {
		return nil
	}
	mutations, _, err := p.syncer.DecodePatches(ctx, list, appstate.HashState{Version: version, Hash: hash}, true)
	if err != nil {
		return fmt.Errorf("decode the patches of %s: %w", name, err)
	}
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	for _, m := range mutations {
		if m.Operation == waServerSync.SyncdMutation_SET {
			p.mutate(m.Index, m.Action)
		}
	}
	p.srv.news.ring()
	return nil
}

// mutate does to the phone's chats what a change of the app state says. The
// caller holds s.mu.
func (p *phone) mutate(index []string, action *waSyncAction.SyncActionValue) {
	if index[0] == appstate.IndexSettingPushName {
		p.account.name = action.GetPushNameSetting().GetName()
		return
	}
	if len(index) < 2 {
		return
	}
	j, err := types.ParseJID(index[1])
	if err != nil {
		return
	}
	switch index[0] {
	case appstate.IndexContact, appstate.IndexLIDContact:
		if a := p.srv.account(j); a != nil {
			p.contacts[a.number] = action.GetContactAction().GetFullName()
		}
	case appstate.IndexStar, appstate.IndexDeleteMessageForMe:
		if len(index) > 2 {
			p.mutateMessage(index[0], p.key(j), index[2], action)
		}
	case appstate.IndexArchive, appstate.IndexPin, appstate.IndexMute, appstate.IndexMarkChatAsRead, appstate.IndexClearChat, appstate.IndexDeleteChat:
		p.mutateChat(p.chat(j), index[0], action)
	}
}

func (p *phone) mutateMessage(what, chatKey, id string, action *waSyncAction.SyncActionValue) {
	r := p.find(chatKey, id)
	switch {
	case r == nil:
	case what == appstate.IndexStar:
		r.starred = action.GetStarAction().GetStarred()
	default:
		p.forgetMessages(func(other *record) bool { return other == r })
	}
}

func (p *phone) mutateChat(c *chat, what string, action *waSyncAction.SyncActionValue) {
	switch what {
	case appstate.IndexArchive:
		c.archived = action.GetArchiveChatAction().GetArchived()
	case appstate.IndexPin:
		c.pinned = action.GetPinAction().GetPinned()
	case appstate.IndexMute:
		c.mutedUntil = muteEnd(action.GetMuteAction())
	case appstate.IndexMarkChatAsRead:
		if read := action.GetMarkChatAsReadAction(); read.GetRead() {
			p.markRead(c.key, p.until(read.GetMessageRange()))
		} else {
			c.markedAs = true
		}
	case appstate.IndexClearChat:
		c.clearedAt = p.srv.now()
		p.clearChat(c, p.until(action.GetClearChatAction().GetMessageRange()))
	case appstate.IndexDeleteChat:
		c.deleted = true
		p.clearChat(c, p.until(action.GetDeleteChatAction().GetMessageRange()))
	}
}

// until is when the last message came that an action on a chat is for; what came
// later it leaves alone.
func (p *phone) until(r *waSyncAction.SyncActionMessageRange) time.Time {
	if last := r.GetLastMessageTimestamp(); last > 0 {
		return time.Unix(last+1, 0)
	}
	return p.srv.now()
}

func (p *phone) clearChat(c *chat, until time.Time) {
	p.forgetMessages(func(r *record) bool { return r.chat == c.key && !r.at.After(until) })
	c.unread = p.countUnread(c.key)
}

func muteEnd(m *waSyncAction.MuteAction) time.Time {
	switch {
	case !m.GetMuted():
		return time.Time{}
	case m.GetMuteEndTimestamp() <= 0:
		return forever
	}
	return time.UnixMilli(m.GetMuteEndTimestamp())
}

// deleteChange takes a message off the account's own devices. The caller holds
// s.mu.
func deleteChange(r *record, at time.Time) appstate.PatchInfo {
	mine, author := "0", "0"
	if r.mine {
		mine = "1"
	} else if r.group() {
		author = r.address.String()
	}
	return appstate.PatchInfo{Type: appstate.WAPatchRegularHigh, Timestamp: at, Mutations: []appstate.MutationInfo{{
		Index: []string{appstate.IndexDeleteMessageForMe, r.chatJID.String(), r.id, mine, author}, Version: 3,
		Value: &waSyncAction.SyncActionValue{DeleteMessageForMeAction: &waSyncAction.DeleteMessageForMeAction{
			DeleteMedia: proto.Bool(false), MessageTimestamp: proto.Int64(r.at.Unix()),
		}},
	}}}
}

// contactChange puts somebody into the address book.
func contactChange(j types.JID, full string) appstate.PatchInfo {
	first, _, _ := strings.Cut(full, " ")
	return appstate.PatchInfo{Type: appstate.WAPatchCriticalUnblockLow, Mutations: []appstate.MutationInfo{{
		Index: []string{appstate.IndexContact, j.String()}, Version: 2,
		Value: &waSyncAction.SyncActionValue{ContactAction: &waSyncAction.ContactAction{
			FirstName: &first, FullName: &full, SaveOnPrimaryAddressbook: proto.Bool(true),
		}},
	}}}
}

// clearChange empties a chat and keeps it.
func clearChange(j types.JID, at time.Time) appstate.PatchInfo {
	return appstate.PatchInfo{Type: appstate.WAPatchRegularHigh, Mutations: []appstate.MutationInfo{{
		Index: []string{appstate.IndexClearChat, j.String(), "1", "0"}, Version: 6,
		Value: &waSyncAction.SyncActionValue{ClearChatAction: &waSyncAction.ClearChatAction{
			MessageRange: &waSyncAction.SyncActionMessageRange{LastMessageTimestamp: proto.Int64(at.Unix())},
		}},
	}}}
}
