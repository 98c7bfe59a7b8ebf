package whatsappweb

import (
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

const day, week = 86400, 7 * 86400

// disappears sends a text and tells after how many seconds it disappears, and
// whether it says when that was set.
func (l *link) disappears(to providers.Address, shown whatsapp.PhoneInfo) (seconds uint32, dated bool) {
	l.w.Helper()
	out := l.text(to, "vai sumir?")
	l.send(out)
	m := l.w.shows(shown, "the message", func(m whatsapp.PhoneMessage) bool { return m.ID == string(out.ProviderID) })
	return m.Disappears, strings.Contains(string(m.Content), "ephemeralSettingTimestamp")
}

func (l *link) expect(what string, to providers.Address, shown whatsapp.PhoneInfo, seconds uint32, dated bool) {
	l.w.Helper()
	if got, saysWhen := l.disappears(to, shown); got != seconds || saysWhen != dated {
		l.w.Errorf("%s: it disappears after %d s, dated %t, want %d, %t", what, got, saysWhen, seconds, dated)
	}
}

// What goes to a chat with a timer has it, whoever set it and wherever the device
// is by then.
func TestMessagesDisappearAsTheirChatHasIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend, third, fourth := w.person(), w.person(), w.person(), w.person()
	w.write(fourth, whatsapp.Draft{To: owner.Phone, Text: "antes"})
	w.write(fourth, whatsapp.Draft{To: owner.Phone, Type: "timer", Seconds: day})
	w.until("the timer of before", func() bool {
		c, err := w.s.Chat(owner.Phone, fourth.Phone)
		return err == nil && c.Disappearing == day
	})
	l := w.pair(owner)
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "oi"}))
	l.expect("a chat without", phoneOf(friend), friend, 0, false)

	w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "timer", Seconds: day})
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "com timer"}))
	l.expect("set by the other one", phoneOf(friend), friend, day, true)
	photo := providers.Outbound{ProviderID: w.adapter.NewMessageID(), To: phoneOf(friend), Content: providers.Content{Type: providers.TypeDocument, Text: "veja"}, Media: file("application/pdf", "a.pdf", []byte("%PDF-1.4\n%%EOF"))}
	l.send(photo)
	w.shows(friend, "a file that disappears", func(m whatsapp.PhoneMessage) bool {
		return m.ID == string(photo.ProviderID) && m.Disappears == day && m.Text == "veja"
	})

	w.write(owner, whatsapp.Draft{To: third.Phone, Type: "timer", Seconds: week})
	l.message(w.write(owner, whatsapp.Draft{To: third.Phone, Text: "do celular"}))
	l.expect("set on the phone", phoneOf(third), third, week, true)

	group := one(w.s.CreateGroup(friend.Phone, whatsapp.GroupDraft{Subject: "grupo", Members: []string{owner.Phone}}))(w)
	in := providers.Address{Kind: providers.KindGroup, Value: group.ID}
	disappearing := func(seconds int) {
		one(w.s.PatchGroup(friend.Phone, group.ID, whatsapp.GroupPatch{Disappearing: &seconds}))(w)
		l.settled()
	}
	disappearing(week)
	l.expect("a group", in, friend, week, false)

	w.must(l.Close(t.Context()))
	other := w.options
	other.Devices = w.store()
	next := w.reopen(New(other), l.channel.ID, owner, 2, newSink())
	next.waitOpen()
	next.expect("by the next owner", phoneOf(friend), friend, day, true)
	next.expect("a group, by the next owner", in, friend, week, false)
	l = next
	disappearing(0)
	next.expect("a group without again", in, friend, 0, false)
	w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "timer", Seconds: 0})
	next.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "sem timer"}))
	next.expect("a chat without again", phoneOf(friend), friend, 0, false)
	next.expect("what the history told", phoneOf(fourth), fourth, day, true)
}
