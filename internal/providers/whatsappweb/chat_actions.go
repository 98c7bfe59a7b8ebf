package whatsappweb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waSyncAction"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// ChatAction is what is done to a chat on all devices of the account; nobody else
// sees it.
type ChatAction string

// The actions there are.
const (
	ArchiveChat   ChatAction = "archive"
	UnarchiveChat ChatAction = "unarchive"
	MuteChat      ChatAction = "mute"
	UnmuteChat    ChatAction = "unmute"
	ReadChat      ChatAction = "read"  // and its authors see that, where the account shows such things
	ClearChat     ChatAction = "clear" // its messages go, the chat stays
)

// ChatMark points at a message of a chat.
type ChatMark struct {
	ID     ids.ProviderMessage `bson:"id"`
	FromMe bool                `bson:"fromMe,omitempty"`
	Author providers.Address   `bson:"author,omitempty"` // in a group, of somebody else's
	At     time.Time           `bson:"at"`
}

// ChatChange is one action on one chat.
type ChatChange struct {
	Chat   providers.Address `bson:"chat"`
	Action ChatAction        `bson:"action"`
	// Met: who asks has seen messages of the chat. Of a group that the number is not
	// in it shows that there is a chat: it was left.
	Met bool `bson:"met,omitempty"`
	// Until is when a mute ends; zero: never.
	Until time.Time `bson:"until,omitempty"`
	// Newest is the chat's newest message: phones take an action for what came up
	// to it. One without an id tells its time only. nil: it is not known, and the
	// action is for what came up to now.
	Newest *ChatMark `bson:"newest,omitempty"`
	// Unread are messages of others that ReadChat shows as read to who wrote them,
	// beside those that came while this connection was there.
	Unread []ChatMark `bson:"unread,omitempty"`
}

// ChangeChat does an action, and waits until WhatsApp has taken it; the phone
// follows by itself. Of what is asked at the same time for one chat, the last
// counts.
func (c *Conn) ChangeChat(ctx context.Context, change ChatChange) error {
	if err := c.online(ctx); err != nil {
		return err
	}
	chat, also, err := c.chatWith(ctx, change.Chat, change.Met)
	if err != nil {
		return err
	}
	if change.Action == ReadChat {
		if err := c.showRead(ctx, append(c.unread.of(chat, also), marksOf(chat, change.Unread)...)); err != nil {
			return c.askError(err)
		}
	}
	patch, err := change.patch(chat, c.options.Now())
	if err == nil {
		err = c.changeState(ctx, patch)
	}
	if err == nil && (change.Action == ReadChat || change.Action == ClearChat) {
		c.unread.read(chat, also)
	}
	return err
}

// patch is the change as the account's devices tell each other of it.
func (change ChatChange) patch(chat types.JID, now time.Time) (appstate.PatchInfo, error) {
	at, key := now, (*waCommon.MessageKey)(nil)
	if n := change.Newest; n != nil {
		if at = n.At; n.ID != "" {
			key = n.key(chat)
		}
	}
	switch change.Action {
	case ArchiveChat, UnarchiveChat:
		return appstate.BuildArchive(chat, change.Action == ArchiveChat, at, key), nil
	case MuteChat:
		if change.Until.IsZero() {
			return appstate.BuildMuteAbs(chat, true, nil), nil
		}
		return appstate.BuildMuteAbs(chat, true, proto.Int64(change.Until.UnixMilli())), nil
	case UnmuteChat:
		return appstate.BuildMuteAbs(chat, false, nil), nil
	case ReadChat:
		return appstate.BuildMarkChatAsRead(chat, true, at, key), nil
	case ClearChat:
		return clearing(chat, at, key), nil
	default:
		return appstate.PatchInfo{}, &providers.SendError{Reason: providers.ReasonCapabilityUnsupported, Detail: fmt.Sprintf("WhatsApp Web does not %q chats.", change.Action)}
	}
}

// clearing empties a chat, starred messages too, and leaves the files that the
// phone has saved. The client has no builder for it.
func clearing(chat types.JID, at time.Time, key *waCommon.MessageKey) appstate.PatchInfo {
	until := &waSyncAction.SyncActionMessageRange{LastMessageTimestamp: proto.Int64(at.Unix())}
	if key != nil {
		until.Messages = []*waSyncAction.SyncActionMessage{{Key: key, Timestamp: proto.Int64(at.Unix())}}
	}
	const starredToo, filesToo = "1", "0"
	return appstate.PatchInfo{Type: appstate.WAPatchRegularHigh, Mutations: []appstate.MutationInfo{{
		Index: []string{appstate.IndexClearChat, chat.String(), starredToo, filesToo}, Version: 6,
		Value: &waSyncAction.SyncActionValue{ClearChatAction: &waSyncAction.ClearChatAction{MessageRange: until}},
	}}}
}

// key names the message the way devices do among themselves.
func (m ChatMark) key(chat types.JID) *waCommon.MessageKey {
	key := &waCommon.MessageKey{RemoteJID: proto.String(chat.String()), FromMe: proto.Bool(m.FromMe), ID: proto.String(string(m.ID))}
	if author := authorOf(m); chat.Server == types.GroupServer && !m.FromMe && !author.IsEmpty() {
		key.Participant = proto.String(author.String())
	}
	return key
}

func authorOf(m ChatMark) types.JID {
	switch m.Author.Kind {
	case providers.KindPhone:
		return types.NewJID(m.Author.Value, types.DefaultUserServer)
	case providers.KindLID:
		return types.NewJID(m.Author.Value, types.HiddenUserServer)
	default:
		return types.EmptyJID
	}
}

// showRead tells those who wrote messages that they were read. Of a message that
// is named twice the first counts.
func (c *Conn) showRead(ctx context.Context, marks []mark) error {
	shown := map[types.MessageID]bool{}
	once := slices.DeleteFunc(marks, func(m mark) bool {
		again := shown[m.message]
		shown[m.message] = true
		return again
	})
	for in, messages := range byConversation(once) {
		if err := c.client.MarkRead(ctx, messages, c.options.Now(), in.chat, in.sender); err != nil {
			return fmt.Errorf("mark messages as read: %w", err)
		}
	}
	return nil
}

// marksOf are marks as receipts need them.
func marksOf(chat types.JID, of []ChatMark) []mark {
	marks := make([]mark, 0, len(of))
	for _, m := range of {
		sender := types.EmptyJID
		if chat.Server == types.GroupServer {
			if sender = authorOf(m); sender.IsEmpty() {
				continue // nobody to tell
			}
		}
		marks = append(marks, mark{in: conversation{chat: chat, sender: sender}, message: string(m.ID)})
	}
	return marks
}

// groupsMet bounds the groups that are remembered as known to WhatsApp.
const groupsMet = 4096

// chatWith finds the chat with somebody, or of a group, and sees to it that there
// is such a person or group: WhatsApp takes changes of chats that are none. also
// is its other name; empty: there is none, or it is not known. The chat of a group
// that was left is still there: met, and what the device knows, tell it from one of
// a group that the number never was in.
func (c *Conn) chatWith(ctx context.Context, of providers.Address, met bool) (chat, also types.JID, err error) {
	if of.Kind != providers.KindGroup {
		p, err := c.personOf(ctx, of)
		if err == nil && p.isNobody() {
			err = notOnWhatsApp(of)
		}
		return p.chat(), p.phone, err
	}
	jid := groupJID(of.Value)
	c.mu.Lock()
	known := c.met[jid]
	c.mu.Unlock()
	if known {
		return jid, types.EmptyJID, nil
	}
	_, err = c.client.GetGroupInfo(ctx, jid)
	if errors.Is(err, whatsmeow.ErrNotInGroup) {
		settings, lost := c.device.ChatSettings.GetChatSettings(ctx, jid)
		if lost != nil {
			return types.EmptyJID, types.EmptyJID, fmt.Errorf("look for the chat of group %s: %w", of.Value, lost)
		}
		if met || settings.Found {
			err = nil
		}
	}
	if err != nil {
		return types.EmptyJID, types.EmptyJID, c.askError(fmt.Errorf("ask for group %s: %w", of.Value, err))
	}
	c.meet(jid)
	return jid, types.EmptyJID, nil
}

// meet remembers that there is a chat of a group.
func (c *Conn) meet(group types.JID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.met == nil || len(c.met) >= groupsMet {
		c.met = map[types.JID]bool{}
	}
	c.met[group] = true
}
