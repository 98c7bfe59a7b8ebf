package whatsapp

import (
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

func TestTextBothWays(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)

	id := c.say(pn(friend), "bom dia")
	got := b.showsText(friend, "bom dia")
	if got.From != owner.Phone || got.FromMe || got.Chat != owner.Phone || got.Status != "received" {
		t.Errorf("the friend's phone shows %+v", got)
	}
	own := b.showsText(owner, "bom dia")
	if !own.FromMe || own.Chat != friend.Phone || own.ID != id {
		t.Errorf("the owner's phone shows %+v", own)
	}
	c.receipt(id, types.ReceiptTypeDelivered)
	b.ticks(owner, id, "delivered")
	if n := one(b.s.Read(friend.Phone, owner.Phone, ""))(b); n != 1 {
		t.Errorf("%d messages were read", n)
	}
	c.receipt(id, types.ReceiptTypeRead)
	b.ticks(owner, id, "read")

	answer := one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "bom dia!", Quote: got.ID}))(b)
	m := c.message("bom dia!")
	if m.Info.ID != answer || !belongs(m.Info.Sender, friend) || !belongs(m.Info.SenderAlt, friend) || m.Info.PushName != friend.Name {
		t.Errorf("the client got %+v", m.Info)
	}
	if q := m.Message.GetExtendedTextMessage().GetContextInfo(); q.GetStanzaID() != id || q.GetQuotedMessage().GetConversation() != "bom dia" {
		t.Errorf("quote = %v", q)
	}
	b.must(c.MarkRead(b.ctx, []string{answer}, time.Now(), m.Info.Chat, m.Info.Sender))
	b.ticks(friend, answer, "read")
	b.chat(owner, friend.Phone, "read elsewhere", func(c PhoneChat) bool { return c.Unread == 0 })

	c.send(pn(friend), &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
		Text: proto.String("tudo bem?"), ContextInfo: &waE2E.ContextInfo{StanzaID: &answer, Participant: proto.String(lid(friend).String()), QuotedMessage: m.Message},
	}})
	if got := b.showsText(friend, "tudo bem?"); got.Quote != answer {
		t.Errorf("quote = %q, want %q", got.Quote, answer)
	}
}

func TestOwnersPhoneWrites(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	id := one(b.s.Write(owner.Phone, Draft{To: friend.Phone, Text: "do celular"}))(b)
	m := c.message("do celular")
	if !m.Info.IsFromMe || !belongs(m.Info.Chat, friend) || m.Info.ID != id {
		t.Errorf("the client got %+v", m.Info)
	}
	b.showsText(friend, "do celular")
	b.ticks(owner, id, "delivered")
	c.receipt(id, types.ReceiptTypeDelivered)
	// A note to oneself.
	one(b.s.Write(owner.Phone, Draft{To: owner.Phone, Text: "lembrete"}))(b)
	if m := c.message("lembrete"); !m.Info.IsFromMe || !belongs(m.Info.Chat, owner) {
		t.Errorf("the note came as %+v", m.Info)
	}
}

func TestReactionsEditsAndDeletions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	mine := c.say(pn(friend), "olha")
	b.showsText(friend, "olha")
	theirs := one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "legal"}))(b)
	got := c.message("legal")

	c.send(pn(friend), c.BuildReaction(got.Info.Chat, got.Info.Sender, theirs, "👍"))
	b.shows(friend, "the reaction", func(m PhoneMessage) bool { return m.ID == theirs && m.Reactions[owner.Phone] == "👍" })
	c.send(pn(friend), c.BuildReaction(got.Info.Chat, got.Info.Sender, theirs, ""))
	b.shows(friend, "no reaction", func(m PhoneMessage) bool { return m.ID == theirs && len(m.Reactions) == 0 })
	c.send(pn(friend), c.BuildEdit(got.Info.Chat, mine, &waE2E.Message{Conversation: proto.String("olha só")}))
	b.shows(friend, "the edit", func(m PhoneMessage) bool { return m.ID == mine && m.Text == "olha só" && m.Edited })
	c.send(pn(friend), c.BuildRevoke(got.Info.Chat, types.EmptyJID, mine))
	b.shows(friend, "the deletion", func(m PhoneMessage) bool { return m.ID == mine && m.Deleted && m.Text == "" })

	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Type: "reaction", Message: theirs, Text: "❤"}))(b)
	take(c, "reaction", func(m *events.Message) bool {
		return m.Message.GetReactionMessage().GetText() == "❤" && m.Message.GetReactionMessage().GetKey().GetID() == theirs
	})
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Type: "edit", Message: theirs, Text: "muito legal"}))(b)
	take(c, "edit", func(m *events.Message) bool {
		return m.IsEdit && m.Message.GetProtocolMessage().GetEditedMessage().GetConversation() == "muito legal"
	})
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Type: "delete", Message: theirs}))(b)
	gone := take(c, "deletion", func(m *events.Message) bool {
		return m.Message.GetProtocolMessage() != nil && m.Message.GetProtocolMessage().GetType() == waE2E.ProtocolMessage_REVOKE
	})
	if gone.Message.GetProtocolMessage().GetKey().GetID() != theirs || gone.Info.Edit != types.EditAttributeSenderRevoke {
		t.Errorf("deletion = %+v", gone.Info)
	}
	if _, err := b.s.Write(friend.Phone, Draft{To: owner.Phone, Type: "edit", Message: mine, Text: "x"}); err == nil {
		t.Error("somebody edited what somebody else wrote")
	}
}

func TestTypingAndPresence(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	c.synced()
	b.must(c.SubscribePresence(b.ctx, pn(friend)))
	take(c, "offline", func(p *events.Presence) bool { return p.From == pn(friend) && p.Unavailable })
	b.must(b.s.SetPresence(friend.Phone, true))
	take(c, "online", func(p *events.Presence) bool { return p.From == pn(friend) && !p.Unavailable })
	b.must(b.s.SetPresence(friend.Phone, false))
	if p := take(c, "gone", func(p *events.Presence) bool { return p.Unavailable }); p.LastSeen.IsZero() {
		t.Error("nobody said when")
	}
	b.must(c.SendPresence(b.ctx, types.PresenceAvailable)) // needs the name from the app state
	b.until("the owner is online", func() bool { return one(b.s.Phone(owner.Phone))(b).Online })

	b.must(b.s.Type(friend.Phone, owner.Phone, "composing"))
	if e := take[*events.ChatPresence](c, "typing", nil); e.State != types.ChatPresenceComposing || e.Media != "" || !belongs(e.Sender, friend) {
		t.Errorf("typing = %+v", e)
	}
	b.must(b.s.Type(friend.Phone, owner.Phone, "recording"))
	take(c, "recording", func(e *events.ChatPresence) bool { return e.Media == types.ChatPresenceMediaAudio })
	b.must(b.s.Type(friend.Phone, owner.Phone, "paused"))
	take(c, "paused", func(e *events.ChatPresence) bool { return e.State == types.ChatPresencePaused })
	b.must(c.SendChatPresence(b.ctx, pn(friend), types.ChatPresenceComposing, types.ChatPresenceMediaAudio))
	b.chat(friend, owner.Phone, "recording", func(c PhoneChat) bool { return c.Typing[owner.Phone] == "recording" })
	b.must(c.SendChatPresence(b.ctx, pn(friend), types.ChatPresencePaused, ""))
	b.chat(friend, owner.Phone, "paused", func(c PhoneChat) bool { return len(c.Typing) == 0 })
	if err := b.s.Type(friend.Phone, owner.Phone, "sleeping"); err == nil {
		t.Error("somebody sleeps visibly")
	}
}

func TestPolls(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	id := c.send(pn(friend), c.BuildPollCreation("Almoço?", []string{"pizza", "sopa"}, 1))
	poll := b.shows(friend, "the poll", func(m PhoneMessage) bool { return m.ID == id })
	if poll.Type != "poll" || poll.Text != "Almoço?" || len(poll.Options) != 2 {
		t.Errorf("poll = %+v", poll)
	}
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Type: "vote", Message: id, Options: []string{"sopa"}}))(b)
	vote := take(c, "vote", func(m *events.Message) bool { return m.Message.GetPollUpdateMessage() != nil })
	opened := one(c.DecryptPollVote(b.ctx, vote))(b)
	if len(opened.SelectedOptions) != 1 || string(opened.SelectedOptions[0]) != string(whatsmeow.HashPollOptions([]string{"sopa"})[0]) {
		t.Errorf("vote = %v", opened)
	}
	b.shows(owner, "the vote", func(m PhoneMessage) bool { return m.ID == id && len(m.Votes[friend.Phone]) == 1 })

	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Type: "poll", Text: "Quando?", Options: []string{"hoje", "amanhã"}, Choices: 1}))(b)
	asked := take(c, "poll", func(m *events.Message) bool { return pollOf(m.Message).GetName() == "Quando?" })
	ballot := one(c.BuildPollVote(b.ctx, &asked.Info, []string{"amanhã"}))(b)
	c.send(pn(friend), ballot)
	b.shows(friend, "the vote", func(m PhoneMessage) bool {
		return m.ID == asked.Info.ID && len(m.Votes[owner.Phone]) == 1 && m.Votes[owner.Phone][0] == "amanhã"
	})
	if _, err := b.s.Write(friend.Phone, Draft{To: owner.Phone, Type: "vote", Message: id, Options: []string{"salada"}}); err == nil {
		t.Error("a vote for what is no option")
	}
}

func TestKindsFromClient(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	cases := map[string]struct {
		m *waE2E.Message
		f func(PhoneMessage) bool
	}{
		"location": {
			&waE2E.Message{LocationMessage: &waE2E.LocationMessage{DegreesLatitude: proto.Float64(-22.9), DegreesLongitude: proto.Float64(-43.2), Name: proto.String("Centro")}},
			func(m PhoneMessage) bool { return m.Type == "location" && m.Text == "Centro" },
		},
		"contact": {
			&waE2E.Message{ContactMessage: &waE2E.ContactMessage{DisplayName: proto.String("Ana"), Vcard: proto.String("BEGIN:VCARD\nTEL:+55 21 99999-0000\nEND:VCARD")}},
			func(m PhoneMessage) bool {
				return m.Type == "contacts" && m.Text == "Ana" && m.Phones[0] == "5521999990000"
			},
		},
		"view once": {
			&waE2E.Message{ViewOnceMessageV2: &waE2E.FutureProofMessage{Message: &waE2E.Message{ImageMessage: &waE2E.ImageMessage{Caption: proto.String("uma vez")}}}},
			func(m PhoneMessage) bool { return m.ViewOnce && m.Type == "image" && m.Text == "uma vez" },
		},
		"disappearing": {
			&waE2E.Message{EphemeralMessage: &waE2E.FutureProofMessage{Message: &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
				Text: proto.String("some"), ContextInfo: &waE2E.ContextInfo{Expiration: proto.Uint32(86400)},
			}}}},
			func(m PhoneMessage) bool { return m.Text == "some" && m.Disappears == 86400 },
		},
		"sticker": {
			&waE2E.Message{StickerMessage: &waE2E.StickerMessage{Mimetype: proto.String("image/webp")}},
			func(m PhoneMessage) bool { return m.Type == "sticker" && m.Media.MimeType == "image/webp" },
		},
		"mention": {
			&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("@você"), ContextInfo: &waE2E.ContextInfo{MentionedJID: []string{lid(friend).String()}}}},
			func(m PhoneMessage) bool { return m.Text == "@você" && m.Mentions[0] == friend.Phone },
		},
	}
	for name, tc := range cases {
		id := c.send(pn(friend), tc.m)
		got := b.shows(friend, name, func(m PhoneMessage) bool { return m.ID == id })
		if !tc.f(got) {
			t.Errorf("%s: the phone shows %+v", name, got)
		}
	}
	b.must(c.SetDisappearingTimer(b.ctx, pn(friend), 24*time.Hour, time.Now()))
	b.chat(friend, owner.Phone, "timer", func(c PhoneChat) bool { return c.Disappearing == 86400 })
}

func TestKindsFromPhone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend, third := b.phone(), b.phone(), b.phone()
	c := b.link(owner)
	cases := map[string]struct {
		d Draft
		f func(*events.Message) bool
	}{
		"location": {Draft{Type: "location", Location: &Place{Latitude: -22.9, Longitude: -43.2, Name: "Centro"}}, func(m *events.Message) bool {
			return m.Message.GetLocationMessage().GetName() == "Centro"
		}},
		"live location": {Draft{Type: "location", Location: &Place{Latitude: 1, Longitude: 2, Live: true}}, func(m *events.Message) bool {
			return m.Message.GetLiveLocationMessage().GetDegreesLatitude() == 1
		}},
		"contact": {Draft{Type: "contacts", Contacts: []Card{{Name: "Ana", Phone: "5521999990000"}}}, func(m *events.Message) bool {
			return m.Message.GetContactMessage().GetDisplayName() == "Ana" && vcardPhones(m.Message.GetContactMessage().GetVcard())[0] == "5521999990000"
		}},
		"contacts": {Draft{Type: "contacts", Contacts: []Card{{Name: "Ana"}, {Name: "Bia", VCard: "BEGIN:VCARD\nEND:VCARD"}}}, func(m *events.Message) bool {
			return len(m.Message.GetContactsArrayMessage().GetContacts()) == 2
		}},
		"sticker": {Draft{Type: "sticker"}, func(m *events.Message) bool {
			return m.Message.GetStickerMessage() != nil && m.Info.MediaType == "sticker"
		}},
		"voice": {Draft{Type: "voice", Media: &Media{Seconds: 7}}, func(m *events.Message) bool {
			return m.Message.GetAudioMessage().GetPTT() && m.Info.MediaType == "ptt" && m.Message.GetAudioMessage().GetSeconds() == 7
		}},
		"gif": {Draft{Type: "video", Media: &Media{Gif: true}}, func(m *events.Message) bool {
			return m.Message.GetVideoMessage().GetGifPlayback() && m.Info.MediaType == "gif"
		}},
		"view once": {Draft{Type: "image", ViewOnce: true}, func(m *events.Message) bool { return m.IsViewOnce && m.Message.GetImageMessage() != nil }},
		"document": {Draft{Type: "document", Text: "leia", Media: &Media{FileName: "a.pdf"}}, func(m *events.Message) bool {
			return m.IsDocumentWithCaption && m.Message.GetDocumentMessage().GetFileName() == "a.pdf"
		}},
		"mention": {Draft{Text: "@ele", Mentions: []string{third.Phone}, Forwarded: true}, func(m *events.Message) bool {
			i := m.Message.GetExtendedTextMessage().GetContextInfo()
			return i.GetIsForwarded() && len(i.GetMentionedJID()) == 1 && i.GetMentionedJID()[0] == lid(third).String()
		}},
		"raw": {Draft{Type: "raw", Content: []byte(`{"groupInviteMessage":{"groupName":"Clube","inviteCode":"abc"}}`)}, func(m *events.Message) bool {
			return m.Message.GetGroupInviteMessage().GetGroupName() == "Clube"
		}},
		"timer": {Draft{Type: "timer", Seconds: 604800}, func(m *events.Message) bool { return m.Message.GetProtocolMessage().GetEphemeralExpiration() == 604800 }},
	}
	for name, tc := range cases {
		tc.d.To, tc.d.ID = owner.Phone, messageID()
		one(b.s.Write(friend.Phone, tc.d))(b)
		m := take(c, name, func(m *events.Message) bool { return m.Info.ID == tc.d.ID })
		if !tc.f(m) {
			t.Errorf("%s: the client got %v (%+v)", name, m.Message, m.Info)
		}
	}
	for name, bad := range map[string]Draft{
		"nothing": {}, "type": {Type: "dance"}, "place": {Type: "location"}, "cards": {Type: "contacts"}, "poll": {Type: "poll", Options: []string{"x"}},
		"content": {Type: "raw", Content: []byte(`{"nothing":1}`)}, "target": {Type: "reaction", Message: "none"}, "quote": {Text: "x", Quote: "none"}, "mention": {Text: "x", Mentions: []string{"1"}},
	} {
		bad.To = owner.Phone
		if _, err := b.s.Write(friend.Phone, bad); err == nil {
			t.Errorf("%s: it was written", name)
		}
	}
}

func TestAddressSpaces(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "por endereço"}))(b)
	if m := c.message("por endereço"); m.Info.Chat != lid(friend) || m.Info.SenderAlt.ToNonAD() != pn(friend) {
		t.Errorf("by hidden address: %+v", m.Info)
	}
	settings := b.s.Settings()
	settings.Addressing.Chats = "pn"
	b.must(b.s.Configure(settings))
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "por número"}))(b)
	m := c.message("por número")
	if m.Info.Chat != pn(friend) || m.Info.SenderAlt.ToNonAD() != lid(friend) {
		t.Errorf("by number: %+v", m.Info)
	}
	id := c.say(m.Info.Chat, "resposta")
	if got := b.showsText(friend, "resposta"); got.Chat != owner.Phone {
		t.Errorf("both addresses must be one chat: %+v", got)
	}
	c.receipt(id, types.ReceiptTypeDelivered)
	if _, err := c.SendMessage(b.ctx, types.NewJID("5521900000000", types.DefaultUserServer), &waE2E.Message{Conversation: proto.String("x")}); err == nil {
		t.Error("nobody got a message")
	}
	c.say(lid(friend), "direto")
	b.showsText(friend, "direto")
}

func TestPhonesAnswerByThemselves(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner := b.phone()
	echo := b.phone(func(c *PhoneConfig) {
		c.AutoReply = &AutoReply{Mode: "echo", Prefix: "Você disse: ", DelayMS: 1}
		c.AutoRead = true
	})
	script := b.phone(func(c *PhoneConfig) { c.AutoReply = &AutoReply{Mode: "script", Replies: []string{"um", "dois"}} })
	c := b.link(owner)
	id := c.say(pn(echo), "oi")
	c.receipt(id, types.ReceiptTypeRead)
	c.message("Você disse: oi")
	for _, want := range []string{"um", "dois"} {
		c.say(pn(script), "?")
		c.message(want)
	}
	c.say(pn(script), "???")
	b.showsText(script, "???")
	// They leave each other alone.
	one(b.s.Write(echo.Phone, Draft{To: script.Phone, Text: "a gente?"}))(b)
	b.showsText(script, "a gente?")
	if n := len(one(b.s.Messages(echo.Phone, script.Phone))(b)); n != 1 {
		t.Errorf("phones talked to each other by themselves: %d messages", n)
	}
}

func TestStories(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	b.must(b.s.SaveContact(friend.Phone, owner.Phone, "Dona Maria"))
	b.must(b.s.SaveContact(owner.Phone, friend.Phone, "Amigo"))
	c := b.link(owner)
	c.synced()
	one(b.s.Write(friend.Phone, Draft{To: "status", Text: "na praia"}))(b)
	if m := c.message("na praia"); m.Info.Chat != types.StatusBroadcastJID || !belongs(m.Info.Sender, friend) {
		t.Errorf("story = %+v", m.Info)
	}
	c.say(types.StatusBroadcastJID, "no trabalho")
	if m := b.showsText(friend, "no trabalho"); m.Chat != "status" || m.From != owner.Phone {
		t.Errorf("story = %+v", m)
	}
}
