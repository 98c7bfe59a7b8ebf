package whatsapp

import (
	"cmp"
	"time"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
)

// arrival is a decrypted message on its way to a phone's screen.
type arrival struct {
	id      string
	chat    types.JID
	sender  *account
	address types.JID
	at      time.Time
	msg     *waE2E.Message
}

// apply shows a message, or does to another one what it says: revoke, edit,
// react, vote. It returns the message if it is a new one. The caller holds s.mu.
func (p *phone) apply(in arrival) *record {
	m, once := unwrapped(in.msg)
	c := p.chat(in.chat)
	delete(c.typing, in.sender.number)
	switch {
	case m.GetProtocolMessage() != nil:
		p.applyProtocol(c, in, m.GetProtocolMessage())
		return nil
	case m.GetReactionMessage() != nil:
		p.applyReaction(c, in, m.GetReactionMessage())
		return nil
	case m.GetPollUpdateMessage() != nil:
		p.applyVote(c, in, m.GetPollUpdateMessage())
		return nil
	case contentOf(m) == "":
		return nil
	}
	if p.find(c.key, in.id) != nil {
		return nil
	}
	r := &record{
		id: in.id, chat: c.key, chatJID: in.chat.ToNonAD(), sender: in.sender, address: in.address.ToNonAD(),
		mine: in.sender == p.account, at: in.at, msg: m, secret: in.msg.GetMessageContextInfo().GetMessageSecret(), once: once,
		emojis: map[string]string{}, votes: map[string][]string{},
	}
	if r.secret == nil {
		r.secret = m.GetMessageContextInfo().GetMessageSecret()
	}
	if r.mine {
		r.status = p.recipients(in.chat)
	} else {
		c.unread++
	}
	c.lastMessage, c.deleted = in.at, false
	p.keep(r)
	return r
}

func (p *phone) applyProtocol(c *chat, in arrival, m *waE2E.ProtocolMessage) {
	switch m.GetType() {
	case waE2E.ProtocolMessage_REVOKE:
		r := p.find(c.key, m.GetKey().GetID())
		if r != nil && (r.sender == in.sender || p.rules(c, in.sender)) {
			r.revoked, r.msg = true, &waE2E.Message{}
		}
	case waE2E.ProtocolMessage_MESSAGE_EDIT:
		if r := p.find(c.key, m.GetKey().GetID()); r != nil && r.sender == in.sender && !r.revoked {
			now, _ := unwrapped(m.GetEditedMessage())
			if file := mediaOf(now); file != nil && file.DirectPath == "" {
				now = cmp.Or(captioned(r.msg, textOf(now), false), now) // of a file only the caption changes
			}
			r.msg, r.edited = now, true
		}
	case waE2E.ProtocolMessage_EPHEMERAL_SETTING:
		c.expiration, c.expirationAt = m.GetEphemeralExpiration(), m.GetEphemeralSettingTimestamp()
	}
}

// rules tells whether somebody is an admin of the group that a chat is.
func (p *phone) rules(c *chat, who *account) bool {
	g := p.srv.groups[c.key]
	return g != nil && g.mayRule(who) == 0
}

func (p *phone) applyReaction(c *chat, in arrival, m *waE2E.ReactionMessage) {
	r := p.find(c.key, m.GetKey().GetID())
	switch {
	case r == nil || !r.wroteAs(m.GetKey().GetFromMe(), m.GetKey().GetParticipant(), in.sender):
	case m.GetText() == "":
		delete(r.emojis, in.sender.number)
	default:
		r.emojis[in.sender.number] = m.GetText()
	}
}

// wroteAs tells whether a key that somebody made names the message's author: in a
// group by the very address that the message came from, which is how phones find
// the message. Others they show nothing of.
func (r *record) wroteAs(fromMe bool, participant string, by *account) bool {
	switch {
	case !r.group():
		return true
	case fromMe:
		return r.sender == by
	default:
		return participant == r.address.String()
	}
}

// unwrapped takes a message out of what says how it is to be shown: disappearing,
// once, with a caption, as an edit.
func unwrapped(m *waE2E.Message) (inner *waE2E.Message, once bool) {
	for range 8 {
		var next *waE2E.Message
		switch {
		case m.GetEphemeralMessage().GetMessage() != nil:
			next = m.GetEphemeralMessage().GetMessage()
		case m.GetViewOnceMessage().GetMessage() != nil:
			next, once = m.GetViewOnceMessage().GetMessage(), true
		case m.GetViewOnceMessageV2().GetMessage() != nil:
			next, once = m.GetViewOnceMessageV2().GetMessage(), true
		case m.GetViewOnceMessageV2Extension().GetMessage() != nil:
			next, once = m.GetViewOnceMessageV2Extension().GetMessage(), true
		case m.GetDocumentWithCaptionMessage().GetMessage() != nil:
			next = m.GetDocumentWithCaptionMessage().GetMessage()
		case m.GetEditedMessage().GetMessage() != nil:
			next = m.GetEditedMessage().GetMessage()
		case m.GetLottieStickerMessage().GetMessage() != nil:
			next = m.GetLottieStickerMessage().GetMessage()
		default:
			once = once || m.GetImageMessage().GetViewOnce() || m.GetVideoMessage().GetViewOnce() || m.GetAudioMessage().GetViewOnce()
			return m, once
		}
		m = next
	}
	return m, once
}

// keyOf names a message to others: as they are addressed in its chat.
func (r *record) keyOf() *waCommon.MessageKey {
	chat, id, mine := r.chatJID.String(), r.id, r.mine
	key := &waCommon.MessageKey{RemoteJID: &chat, FromMe: &mine, ID: &id}
	if r.group() {
		participant := r.address.String()
		key.Participant = &participant
	}
	return key
}
