package gateway

import (
	"context"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
	"github.com/cirrus/omnichannel/internal/web"
)

// commandChat does something to a chat.
const commandChat = "chat"

func chatActionCommands(s *channels.Service) {
	answer(s, commandChat, func(ctx context.Context, c *whatsappweb.Conn, change whatsappweb.ChatChange) (none, error) {
		return none{}, c.ChangeChat(ctx, change)
	})
}

type chatRequest struct {
	Number string `path:"clientNumber"`
	Chat   string `path:"chat" validate:"max=128"`
}

type muteChatRequest struct {
	Number string    `path:"clientNumber" json:"-"`
	Chat   string    `path:"chat" json:"-" validate:"max=128"`
	Until  *web.Time `json:"until"`
}

type muteGroupRequest struct {
	Number string    `path:"clientNumber" json:"-"`
	Group  string    `path:"group" json:"-" validate:"max=128"`
	Until  *web.Time `json:"until"`
}

// onChat does something to the chat with a person, or of a group.
func (s *Service) onChat(action whatsappweb.ChatAction) func(context.Context, *chatRequest) (web.None, error) {
	return func(ctx context.Context, req *chatRequest) (web.None, error) {
		return s.changeChat(ctx, req.Chat, whatsappweb.ChatChange{Action: action})
	}
}

// onGroup does something to the chat of a group.
func (s *Service) onGroup(action whatsappweb.ChatAction) func(context.Context, *groupRequest) (web.None, error) {
	return func(ctx context.Context, req *groupRequest) (web.None, error) {
		return s.changeGroupChat(ctx, req.Group, whatsappweb.ChatChange{Action: action})
	}
}

// muteChat silences the chat with a person, or of a group.
func (s *Service) muteChat(ctx context.Context, req *muteChatRequest) (web.None, error) {
	until, err := s.muteEnd(req.Until)
	if err != nil {
		return web.None{}, err
	}
	return s.changeChat(ctx, req.Chat, whatsappweb.ChatChange{Action: whatsappweb.MuteChat, Until: until})
}

// muteGroup silences the chat of a group.
func (s *Service) muteGroup(ctx context.Context, req *muteGroupRequest) (web.None, error) {
	until, err := s.muteEnd(req.Until)
	if err != nil {
		return web.None{}, err
	}
	return s.changeGroupChat(ctx, req.Group, whatsappweb.ChatChange{Action: whatsappweb.MuteChat, Until: until})
}

// muteEnd is when a mute ends; zero: never.
func (s *Service) muteEnd(until *web.Time) (time.Time, error) {
	switch {
	case until == nil:
		return time.Time{}, nil
	case !until.After(s.now()):
		return time.Time{}, fault.Invalid("until", "range", "must lie in the future; leave it out to mute for good.")
	default:
		return until.UTC(), nil
	}
}

func (s *Service) changeGroupChat(ctx context.Context, group string, change whatsappweb.ChatChange) (web.None, error) {
	id, err := groupOf(group)
	if err != nil {
		return web.None{}, err
	}
	change.Chat = providers.Address{Kind: providers.KindGroup, Value: id}
	return web.None{}, inGroup(group, s.doToChat(ctx, change))
}

func (s *Service) changeChat(ctx context.Context, chat string, change whatsappweb.ChatChange) (web.None, error) {
	of, err := providers.ParseRecipient(chat)
	switch {
	case err != nil:
		return web.None{}, fault.New(fault.InvalidNumber, "%.40q is no number with its country code, no WhatsApp address of a person, and no group.", chat)
	case of.Kind == providers.KindGroup:
		return s.changeGroupChat(ctx, chat, change)
	}
	change.Chat = of
	return web.None{}, s.doToChat(ctx, change)
}

// doToChat says what is kept of the chat here, lets the device do it, and follows
// where it is our matter too.
func (s *Service) doToChat(ctx context.Context, change whatsappweb.ChatChange) error {
	channel := channelOf(ctx)
	ch, err := s.open(ctx, channel)
	if err != nil {
		return err
	}
	marks, err := s.messages.Marks(ctx, channel, change.Chat)
	if err != nil {
		return err
	}
	if change.Newest, err = s.newestOf(ctx, ch, change.Chat, marks); err != nil {
		return err
	}
	if change.Met = marks.Met; !change.Met && change.Chat.Kind == providers.KindGroup {
		if change.Met, err = s.chats.Has(ctx, ch, change.Chat); err != nil {
			return err
		}
	}
	reads := change.Action == whatsappweb.ReadChat
	if reads {
		for _, mark := range marks.Unread {
			change.Unread = append(change.Unread, chatMark(mark))
		}
	}
	if err := s.ask(ctx, channel, commandChat, change, nil); err != nil || !reads {
		return err
	}
	return s.messages.SetRead(ctx, marks)
}

// newestOf is the newest message of a chat; nil where more may have come than is
// known here, so that the action is for all that there is now.
func (s *Service) newestOf(ctx context.Context, ch channels.Channel, of providers.Address, marks messages.Marks) (*whatsappweb.ChatMark, error) {
	last, followed, err := s.chats.Last(ctx, ch, of)
	if err != nil || !followed {
		return nil, err
	}
	newest := whatsappweb.ChatMark{ID: last.ProviderID, FromMe: last.FromMe, Author: last.Author, At: last.Timestamp}
	if m := marks.Newest; m != nil && m.At.After(newest.At) { // sent just now
		newest = chatMark(*m)
	}
	return &newest, nil
}

func chatMark(m messages.Mark) whatsappweb.ChatMark {
	return whatsappweb.ChatMark{ID: m.ID, FromMe: m.FromMe, Author: m.Author, At: m.At}
}
