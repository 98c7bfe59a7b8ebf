package whatsapp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// Draft is what somebody writes with their phone.
type Draft struct {
	// To is a phone, a hidden address or the id of a group; "status" writes a
	// status update.
	To string `json:"to"`
	// Type is text (what it is when empty), image, video, audio, voice, document,
	// sticker, location, contacts, poll, or what is done to another message:
	// reaction, edit, delete, vote; or timer, which sets after how many Seconds
	// messages disappear; or raw, which has nothing but Content.
	Type string `json:"type,omitempty"`
	// Text is the text, the caption, the question of a poll, the emoji of a
	// reaction (none takes it back), or the new text of an edit.
	Text string `json:"text,omitempty"`
	// Message is the id of the message to react to, to edit, to delete, to vote in.
	Message string `json:"message,omitempty"`
	// Quote is the id of the message that this one answers.
	Quote     string   `json:"quote,omitempty"`
	Mentions  []string `json:"mentions,omitempty"` // phones
	Forwarded bool     `json:"forwarded,omitempty"`
	ViewOnce  bool     `json:"viewOnce,omitempty"`
	// Bare edits a caption without repeating the file, as newer phones do.
	Bare     bool   `json:"bare,omitempty"`
	Seconds  int    `json:"seconds,omitempty"`
	Media    *Media `json:"media,omitempty"`
	Location *Place `json:"location,omitempty"`
	Contacts []Card `json:"contacts,omitempty"`
	// Options are those of a poll, or those voted for; Choices is how many may be.
	Options []string `json:"options,omitempty"`
	Choices int      `json:"choices,omitempty"`
	// Content is merged into the message at last: protobuf in JSON, of the type
	// waE2E.Message.
	Content json.RawMessage `json:"content,omitempty"`
	// ID is the message's id; one is made when it is empty.
	ID string `json:"id,omitempty"`
}

// Media is a file. Without Bytes a small one of the type is made.
type Media struct {
	MimeType string `json:"mimeType,omitempty"`
	FileName string `json:"fileName,omitempty"`
	Bytes    []byte `json:"bytes,omitempty"` // base64 in JSON
	Seconds  int    `json:"seconds,omitempty"`
	// Gif plays a video without end; Animated is of stickers.
	Gif      bool `json:"gif,omitempty"`
	Animated bool `json:"animated,omitempty"`
}

// Place is a location.
type Place struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
	Live      bool    `json:"live,omitempty"`
}

// Card is a contact; VCard is made from the others when empty.
type Card struct {
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
	VCard string `json:"vcard,omitempty"`
}

func (c Card) vcard() string {
	if c.VCard != "" {
		return c.VCard
	}
	return fmt.Sprintf("BEGIN:VCARD\nVERSION:3.0\nN:;%s;;;\nFN:%s\nTEL;type=CELL;type=VOICE;waid=%s:+%s\nEND:VCARD", c.Name, c.Name, c.Phone, c.Phone)
}

// compose makes the message that a draft stands for; file is what sealDraft made of
// it. The caller holds s.mu.
func (p *phone) compose(d Draft, to types.JID, file *sealed) (letter, error) {
	l := letter{id: cmp.Or(d.ID, messageID()), to: to}
	target, err := p.targetOf(d, to)
	if err != nil {
		return letter{}, err
	}
	info, err := p.context(d, to)
	if err != nil {
		return letter{}, err
	}
	switch d.Type {
	case "", "text":
		if l.msg = textMessage(d.Text, info); d.Text == "" {
			err = fmt.Errorf("a text message of phone %s needs a text", p.account.number)
		}
	case "raw":
		l.msg = &waE2E.Message{}
	case "reaction":
		l.msg = &waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{Key: target.keyOf(), Text: &d.Text, SenderTimestampMS: proto.Int64(p.srv.now().UnixMilli())}}
	case "delete":
		l.edit = string(types.EditAttributeSenderRevoke)
		if !target.mine {
			l.edit = string(types.EditAttributeAdminRevoke)
		}
		l.msg = &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_REVOKE.Enum(), Key: target.keyOf()}}
	case "edit":
		l.edit, l.msg, err = p.editing(target, d)
	case "vote":
		l.msg, err = p.vote(target, d.Options)
	case "timer":
		l.msg = &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
			Type: waE2E.ProtocolMessage_EPHEMERAL_SETTING.Enum(), EphemeralExpiration: proto.Uint32(uint32(max(d.Seconds, 0))), EphemeralSettingTimestamp: proto.Int64(p.srv.now().Unix()),
		}}
	case "location", "contacts", "poll":
		l.msg, err = structured(d, info)
	default:
		l.msg, err = mediaMessage(d, file, info, p.srv.now().Unix())
	}
	if err != nil {
		return letter{}, err
	}
	if len(d.Content) > 0 {
		more := &waE2E.Message{}
		if err := protojson.Unmarshal(d.Content, more); err != nil {
			return letter{}, fmt.Errorf("content is not a message in protobuf's JSON: %w", err)
		}
		proto.Merge(l.msg, more)
	}
	if contentOf(l.msg) == "" {
		return letter{}, fmt.Errorf("a message of type %q without content says nothing", d.Type)
	}
	withSecret(l.msg)
	return l, nil
}

// withSecret gives a message the secret under which others may vote on it or
// edit it: phones do so with all that stands for itself.
func withSecret(m *waE2E.Message) {
	switch contentOf(m) {
	case "protocol", "reaction", "vote":
		return
	}
	if m.MessageContextInfo == nil {
		m.MessageContextInfo = &waE2E.MessageContextInfo{}
	}
	if m.MessageContextInfo.MessageSecret == nil {
		m.MessageContextInfo.MessageSecret = randomBytes(32)
	}
}

// withoutSecret is a message as another one repeats it.
func withoutSecret(m *waE2E.Message) *waE2E.Message {
	copied := proto.Clone(m).(*waE2E.Message)
	copied.MessageContextInfo = nil
	return copied
}

// targetOf finds the message that a draft does something to.
func (p *phone) targetOf(d Draft, to types.JID) (*record, error) {
	switch d.Type {
	case "reaction", "delete", "edit", "vote":
	default:
		return nil, nil
	}
	r := p.find(p.key(to), d.Message)
	if r == nil {
		return nil, fmt.Errorf("%w: phone %s shows no message %q in this chat", control.ErrNotFound, p.account.number, d.Message)
	}
	return r, nil
}

// captioned is a picture, film or document with another caption; bare: with
// nothing but that. It is nil for other messages.
func captioned(m *waE2E.Message, text string, bare bool) *waE2E.Message {
	m = withoutSecret(m)
	switch {
	case m.ImageMessage != nil && bare:
		m.ImageMessage = &waE2E.ImageMessage{Caption: &text}
	case m.VideoMessage != nil && bare:
		m.VideoMessage = &waE2E.VideoMessage{Caption: &text}
	case m.DocumentMessage != nil && bare:
		m.DocumentMessage = &waE2E.DocumentMessage{Caption: &text}
	case m.ImageMessage != nil:
		m.ImageMessage.Caption = &text
	case m.VideoMessage != nil:
		m.VideoMessage.Caption = &text
	case m.DocumentMessage != nil:
		m.DocumentMessage.Caption = &text
	default:
		return nil
	}
	return m
}

// editing makes the message that puts a draft's text in place of another.
func (p *phone) editing(target *record, d Draft) (string, *waE2E.Message, error) {
	text := d.Text
	if !target.mine {
		return "", nil, fmt.Errorf("phone %s did not write message %s and cannot edit it", p.account.number, target.id)
	}
	edited := captioned(target.msg, text, d.Bare)
	if edited == nil {
		edited = &waE2E.Message{Conversation: &text}
	}
	return string(types.EditAttributeMessageEdit), &waE2E.Message{EditedMessage: &waE2E.FutureProofMessage{Message: &waE2E.Message{
		ProtocolMessage: &waE2E.ProtocolMessage{
			Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(), Key: target.keyOf(), EditedMessage: edited, TimestampMS: proto.Int64(p.srv.now().UnixMilli()),
		},
	}}}, nil
}

// context is what a message says about its place, or nil when it says nothing.
func (p *phone) context(d Draft, to types.JID) (*waE2E.ContextInfo, error) {
	info, used := &waE2E.ContextInfo{}, false
	if d.Quote != "" {
		r := p.find(p.key(to), d.Quote)
		if r == nil {
			return nil, fmt.Errorf("%w: phone %s shows no message %q to quote in this chat", control.ErrNotFound, p.account.number, d.Quote)
		}
		info.StanzaID, info.Participant, info.QuotedMessage = &r.id, proto.String(r.address.String()), withoutSecret(r.msg)
		used = true
	}
	for _, ref := range d.Mentions {
		a, err := p.srv.find(ref)
		if err != nil {
			return nil, err
		}
		info.MentionedJID = append(info.MentionedJID, a.in(p.srv.spaceOf(to)).String())
		used = true
	}
	if d.Forwarded {
		info.IsForwarded, info.ForwardingScore = proto.Bool(true), proto.Uint32(1)
		used = true
	}
	expiration, setAt := p.timer(to)
	if expiration > 0 {
		info.Expiration = &expiration
		used = true
	}
	if expiration > 0 && setAt > 0 {
		info.EphemeralSettingTimestamp = &setAt
	}
	if !used {
		return nil, nil
	}
	return info, nil
}

// timer is after how many seconds messages of a chat disappear, and when that was
// set, 0 where nobody said. The caller holds s.mu.
func (p *phone) timer(to types.JID) (seconds uint32, setAt int64) {
	if g := p.srv.groups[to.User]; g != nil && to.Server == types.GroupServer {
		n, _ := strconv.ParseUint(g.expiration, 10, 32) // none is 0
		return uint32(n), 0
	}
	c := p.chat(to)
	return c.expiration, c.expirationAt
}

func textMessage(text string, info *waE2E.ContextInfo) *waE2E.Message {
	if info == nil {
		return &waE2E.Message{Conversation: &text}
	}
	return &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: &text, ContextInfo: info}}
}

// structured makes what has fields instead of a file.
func structured(d Draft, info *waE2E.ContextInfo) (*waE2E.Message, error) {
	switch {
	case d.Type == "location" && d.Location != nil:
		at := d.Location
		if at.Live {
			return &waE2E.Message{LiveLocationMessage: &waE2E.LiveLocationMessage{
				DegreesLatitude: &at.Latitude, DegreesLongitude: &at.Longitude, Caption: proto.String(d.Text), ContextInfo: info,
			}}, nil
		}
		return &waE2E.Message{LocationMessage: &waE2E.LocationMessage{
			DegreesLatitude: &at.Latitude, DegreesLongitude: &at.Longitude, Name: &at.Name, Address: &at.Address, ContextInfo: info,
		}}, nil
	case d.Type == "contacts" && len(d.Contacts) == 1:
		c := d.Contacts[0]
		return &waE2E.Message{ContactMessage: &waE2E.ContactMessage{DisplayName: &c.Name, Vcard: proto.String(c.vcard()), ContextInfo: info}}, nil
	case d.Type == "contacts" && len(d.Contacts) > 1:
		all := &waE2E.ContactsArrayMessage{DisplayName: proto.String(fmt.Sprintf("%d contacts", len(d.Contacts))), ContextInfo: info}
		for _, c := range d.Contacts {
			all.Contacts = append(all.Contacts, &waE2E.ContactMessage{DisplayName: &c.Name, Vcard: proto.String(c.vcard())})
		}
		return &waE2E.Message{ContactsArrayMessage: all}, nil
	case d.Type == "poll" && len(d.Options) > 1:
		poll := &waE2E.PollCreationMessage{Name: &d.Text, SelectableOptionsCount: proto.Uint32(uint32(max(d.Choices, 0))), ContextInfo: info}
		for _, o := range d.Options {
			poll.Options = append(poll.Options, &waE2E.PollCreationMessage_Option{OptionName: proto.String(o)})
		}
		if d.Choices == 1 {
			return &waE2E.Message{PollCreationMessageV3: poll}, nil
		}
		return &waE2E.Message{PollCreationMessage: poll}, nil
	}
	return nil, fmt.Errorf("a message of type %q needs %s", d.Type, map[string]string{"location": "location", "contacts": "contacts", "poll": "at least two options"}[d.Type])
}

// vcardPhones are the numbers that a card names.
func vcardPhones(card string) []string {
	var out []string
	for _, line := range strings.Split(card, "\n") {
		if name, number, found := strings.Cut(line, ":"); found && strings.HasPrefix(name, "TEL") {
			out = append(out, digitsOf(number))
		}
	}
	return out
}
