package whatsappweb

import (
	"strconv"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// typing is who does what in the friend's chat with the owner.
func (l *link) typing(friend whatsapp.PhoneInfo) string {
	c, err := l.w.s.Chat(friend.Phone, l.owner.Phone)
	if err != nil {
		return ""
	}
	return c.Typing[l.owner.Phone]
}

func TestTypingBeforeAText(t *testing.T) {
	t.Parallel()
	for name, on := range map[string]bool{"on": true, "off": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			owner, friend := w.person(), w.person()
			l := w.pair(owner, func(ch *providers.Channel) { ch.TypingBeforeText = on })
			l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "oi"}))
			l.send(l.text(phoneOf(friend), "pois não"))
			w.showsText(friend, "pois não")
			if shown := l.stanza("chatstate", "composing"); shown != on {
				t.Errorf("it was shown: %t", shown)
			}
		})
	}
}

// stanza tells whether the device sent one.
func (l *link) stanza(tag, with string) bool {
	for _, s := range l.w.s.Stanzas() {
		if s.FromClient && s.Tag == tag && s.Phone == l.owner.Phone && strings.Contains(s.XML, with) {
			return true
		}
	}
	return false
}

func TestSendTyping(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "oi"}))
	for _, s := range []struct {
		state providers.TypingState
		shown string
	}{{providers.Typing, "composing"}, {providers.Recording, "recording"}, {providers.Paused, ""}} {
		w.must(l.SendTyping(t.Context(), phoneOf(friend), "", s.state))
		w.until(string(s.state), func() bool { return l.typing(friend) == s.shown })
	}
	if err := l.SendTyping(t.Context(), phoneOf(friend), "", "dancing"); providers.AsSendError(err).Reason != providers.ReasonInvalidMessage {
		t.Errorf("dancing: %v", err)
	}
	if err := l.SendTyping(t.Context(), providers.Address{Kind: providers.KindBSUID, Value: "BR.1"}, "", providers.Typing); providers.AsSendError(err).Reason != providers.ReasonInvalidNumber {
		t.Errorf("to nobody: %v", err)
	}
}

func TestMarkRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	id := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "leia"})
	l.message(id)
	w.shows(friend, "two ticks", func(m whatsapp.PhoneMessage) bool { return m.ID == string(id) && m.Status == "delivered" })
	w.must(l.MarkRead(t.Context(), phoneOf(friend), providers.ReadMark{ID: id}))
	w.shows(friend, "that it was read", func(m whatsapp.PhoneMessage) bool { return m.ID == string(id) && m.Status == "read" })

	group := one(w.s.CreateGroup(friend.Phone, whatsapp.GroupDraft{Subject: "grupo", Members: []string{owner.Phone}}))(w)
	inGroup := w.write(friend, whatsapp.Draft{To: group.ID, Text: "leiam"})
	l.message(inGroup)
	w.must(l.MarkRead(t.Context(), providers.Address{Kind: providers.KindGroup, Value: group.ID}, providers.ReadMark{ID: inGroup, Author: lidOf(friend)}))
	w.shows(friend, "that it was read in the group", func(m whatsapp.PhoneMessage) bool { return m.ID == string(inGroup) && m.Status == "read" })
}

// All that was unread is marked, in the chat by number that it came in, too; a
// receipt for each author.
func TestMarkReadMarksAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	settings := w.s.Settings()
	settings.Addressing.Chats = "pn"
	w.must(w.s.Configure(settings))
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	var marks []providers.ReadMark
	for _, text := range []string{"um", "dois", "três"} {
		id := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: text})
		l.message(id)
		marks = append([]providers.ReadMark{{ID: id}}, marks...)
	}
	w.must(l.MarkRead(t.Context(), phoneOf(friend), marks...))
	for _, m := range marks {
		w.shows(friend, "that it was read", func(p whatsapp.PhoneMessage) bool { return p.ID == string(m.ID) && p.Status == "read" })
	}
	if !l.stanza("receipt", `to="`+friend.Phone+`@s.whatsapp.net" type="read"`) {
		t.Error("what came from the number was marked in another chat")
	}
	w.must(l.MarkRead(t.Context(), phoneOf(friend)))
}

func TestMarkProcessed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend, third := w.person(), w.person(), w.person()
	l := w.pair(owner, func(ch *providers.Channel) { ch.MarkReadOnProcess = true })
	group := one(w.s.CreateGroup(friend.Phone, whatsapp.GroupDraft{Subject: "grupo", Members: []string{owner.Phone, third.Phone}}))(w)
	for _, m := range []struct {
		from whatsapp.PhoneInfo
		to   string
	}{{friend, owner.Phone}, {friend, owner.Phone}, {third, owner.Phone}, {third, group.ID}} {
		id := w.write(m.from, whatsapp.Draft{To: m.to, Text: "processe"})
		l.MarkProcessed(l.message(id))
		if m.to == owner.Phone {
			w.shows(m.from, "that it was read", func(p whatsapp.PhoneMessage) bool { return p.ID == string(id) && p.Status == "read" })
			continue
		}
		w.shows(m.from, "that we read it in the group", func(p whatsapp.PhoneMessage) bool {
			return p.ID == string(id) && p.Recipients[owner.Phone] == "read"
		})
	}
	mine := l.message(w.write(owner, whatsapp.Draft{To: friend.Phone, Text: "meu"}))
	l.MarkProcessed(mine)
}

// One receipt for what one person wrote in one chat; the channel may want none.
func TestMarksAreGathered(t *testing.T) {
	t.Parallel()
	c := newConn(Options{}.withDefaults(), providers.Channel{MarkReadOnProcess: true}, newSink())
	defer c.reportingCancel()
	group := &providers.Group{Address: providers.Address{Kind: providers.KindGroup, Value: "1"}}
	ana := providers.Party{Addresses: []providers.Address{{Kind: providers.KindPhone, Value: "5521980000001"}, {Kind: providers.KindLID, Value: "11"}}}
	bia := providers.Party{Addresses: []providers.Address{{Kind: providers.KindPhone, Value: "5521980000002"}}}
	byNumber := ana // whose message came from the number
	byNumber.As = ana.Addresses[0]
	for _, m := range []providers.MessageReceived{
		{ID: "1", From: ana}, {ID: "2", From: bia}, {ID: "3", From: ana}, {ID: "4", From: ana, Group: group}, {ID: "5", From: bia, Group: group},
		{ID: "6", From: ana, FromPhone: true}, {From: ana}, {ID: "7"},
		{ID: "8", From: byNumber}, {ID: "9", From: byNumber, Group: group},
	} {
		c.MarkProcessed(m)
	}
	by := byConversation(c.marks.takeAll())
	for who, want := range map[conversation]string{
		{chat: whatsmeowLID("11")}:                                         "1 3",
		{chat: whatsmeowJID("5521980000002")}:                              "2",
		{chat: whatsmeowGroup("1"), sender: whatsmeowLID("11")}:            "4",
		{chat: whatsmeowGroup("1"), sender: whatsmeowJID("5521980000002")}: "5",
		{chat: whatsmeowJID("5521980000001")}:                              "8",
		{chat: whatsmeowGroup("1"), sender: whatsmeowJID("5521980000001")}: "9",
	} {
		if got := strings.Join(by[who], " "); got != want {
			t.Errorf("%v: %q", who, got)
		}
	}
	if len(by) != 6 {
		t.Errorf("%d receipts: %v", len(by), by)
	}
	off := newConn(Options{}.withDefaults(), providers.Channel{}, newSink())
	defer off.reportingCancel()
	if off.MarkProcessed(providers.MessageReceived{ID: "1", From: bia}); len(off.marks.takeAll()) != 0 {
		t.Error("marked where the channel wants none")
	}
}

// While there is no connection, the newest marks wait for one.
func TestMarksDoNotPileUp(t *testing.T) {
	t.Parallel()
	c := newConn(Options{}.withDefaults(), providers.Channel{MarkReadOnProcess: true}, newSink())
	defer c.reportingCancel()
	from := providers.Party{Addresses: []providers.Address{{Kind: providers.KindPhone, Value: "5521980000002"}}}
	for i := range 3 * mostMarks {
		c.MarkProcessed(providers.MessageReceived{ID: ids.ProviderMessage(strconv.Itoa(i)), From: from})
		if n := len(c.marks.items); n > mostMarks {
			t.Fatalf("%d wait", n)
		}
	}
	waiting := c.marks.takeAll()
	if len(waiting) != mostMarks || waiting[0].message != strconv.Itoa(2*mostMarks) || waiting[mostMarks-1].message != strconv.Itoa(3*mostMarks-1) {
		t.Errorf("%d wait, from %s to %s", len(waiting), waiting[0].message, waiting[len(waiting)-1].message)
	}
}

// Shown online or not, the contact's phone shows that a message has arrived.
func TestPresence(t *testing.T) {
	t.Parallel()
	for name, on := range map[string]bool{"online": true, "offline": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			owner, friend := w.person(), w.person()
			l := w.pair(owner, func(ch *providers.Channel) { ch.SendPresence = on })
			w.until(name, func() bool {
				return l.stanza("presence", map[bool]string{true: `"available"`, false: `"unavailable"`}[on])
			})
			if info := one(w.s.Phone(owner.Phone))(w); info.Online != on {
				t.Errorf("online: %t", info.Online)
			}
			id := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "oi"})
			w.shows(friend, "two ticks", func(m whatsapp.PhoneMessage) bool { return m.ID == string(id) && m.Status == "delivered" })
		})
	}
}
