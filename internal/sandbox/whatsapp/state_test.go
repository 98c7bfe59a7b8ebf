package whatsapp

import (
	"testing"
	"time"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

func TestChatStateFromClient(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	c.synced()
	id := one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "oi"}))(b)
	m := c.message("oi")
	chat := m.Info.Chat
	b.chat(owner, friend.Phone, "unread", func(c PhoneChat) bool { return c.Unread == 1 && c.Name == friend.Name })
	apply := func(change appstate.PatchInfo, what string, f func(PhoneChat) bool) {
		t.Helper()
		b.must(c.SendAppState(b.ctx, change))
		b.chat(owner, friend.Phone, what, f)
	}
	apply(appstate.BuildPin(chat, true), "pinned", func(c PhoneChat) bool { return c.Pinned })
	apply(appstate.BuildArchive(chat, true, time.Time{}, nil), "archived", func(c PhoneChat) bool { return c.Archived && !c.Pinned })
	apply(appstate.BuildMute(chat, true, time.Hour), "muted", func(c PhoneChat) bool { return c.Muted && c.MutedUntil != nil })
	apply(appstate.BuildMute(chat, true, 0), "muted for good", func(c PhoneChat) bool { return c.Muted && c.MutedUntil.Year() == 9999 })
	apply(appstate.BuildMute(chat, false, 0), "loud", func(c PhoneChat) bool { return !c.Muted })
	apply(appstate.BuildMarkChatAsRead(chat, true, m.Info.Timestamp, nil), "read", func(c PhoneChat) bool { return c.Unread == 0 && !c.MarkedUnread })
	apply(appstate.BuildMarkChatAsRead(chat, false, time.Time{}, nil), "unread by hand", func(c PhoneChat) bool { return c.MarkedUnread })
	b.must(c.SendAppState(b.ctx, appstate.BuildStar(chat, m.Info.Sender, id, false, true)))
	b.shows(owner, "the star", func(m PhoneMessage) bool { return m.ID == id && m.Starred })
	b.must(c.SendAppState(b.ctx, appstate.BuildSettingPushName("Nome Novo")))
	b.until("the new name", func() bool { return one(b.s.Phone(owner.Phone))(b).Name == "Nome Novo" })
	apply(clearChange(chat, m.Info.Timestamp.Add(-time.Hour)), "cleared of what was before", func(c PhoneChat) bool { return c.ClearedAt != nil })
	if n := len(one(b.s.Messages(owner.Phone, friend.Phone))(b)); n != 1 {
		t.Errorf("%d messages are left of what came later", n)
	}
	b.must(c.SendAppState(b.ctx, clearChange(chat, time.Now())))
	b.until("the chat to be empty", func() bool { return len(one(b.s.Messages(owner.Phone, friend.Phone))(b)) == 0 })
	b.chat(owner, friend.Phone, "cleared", func(c PhoneChat) bool { return c.ClearedAt != nil && !c.Deleted })
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "de novo"}))(b)
	b.showsText(owner, "de novo")
	apply(appstate.BuildDeleteChat(chat, time.Time{}, nil, true), "deleted", func(c PhoneChat) bool { return c.Deleted })
}

func TestChatStateFromPhone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	c.synced()
	id := one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "oi"}))(b)
	c.message("oi")
	b.showsText(owner, "oi")
	yes, no := true, false
	patch := func(p ChatPatch) PhoneChat {
		t.Helper()
		return one(b.s.PatchChat(owner.Phone, friend.Phone, p))(b)
	}
	if got := patch(ChatPatch{Archived: &yes, Pinned: &yes}); !got.Archived || !got.Pinned {
		t.Errorf("chat = %+v", got)
	}
	take(c, "archived", func(e *events.Archive) bool { return belongs(e.JID, friend) && e.Action.GetArchived() })
	take(c, "pinned", func(e *events.Pin) bool { return e.Action.GetPinned() })
	patch(ChatPatch{Muted: &yes, MutedSeconds: 3600})
	if e := take[*events.Mute](c, "muted", nil); !e.Action.GetMuted() || e.Action.GetMuteEndTimestamp() <= 0 {
		t.Errorf("mute = %v", e.Action)
	}
	patch(ChatPatch{Read: &no})
	take(c, "marked as unread", func(e *events.MarkChatAsRead) bool { return !e.Action.GetRead() })
	patch(ChatPatch{Read: &yes})
	take(c, "read", func(e *events.MarkChatAsRead) bool { return e.Action.GetRead() })
	b.must(b.s.Star(owner.Phone, id, true))
	take(c, "star", func(e *events.Star) bool { return e.MessageID == id && e.Action.GetStarred() })
	patch(ChatPatch{Cleared: true})
	take(c, "cleared", func(e *events.ClearChat) bool { return belongs(e.JID, friend) })
	patch(ChatPatch{Deleted: true})
	take(c, "deleted", func(e *events.DeleteChat) bool { return belongs(e.JID, friend) })
	b.must(b.s.SaveContact(owner.Phone, friend.Phone, "Ana Lima"))
	take(c, "contact", func(e *events.Contact) bool { return e.JID == pn(friend) && e.Action.GetFullName() == "Ana Lima" })
	name := "Outro Nome"
	one(b.s.PatchPhone(owner.Phone, PhonePatch{Name: &name}))(b)
	take(c, "name", func(e *events.PushNameSetting) bool { return e.Action.GetName() == name })
	if _, err := b.s.PatchChat(owner.Phone, friend.Phone, ChatPatch{Muted: &yes, MutedSeconds: -1}); err == nil {
		t.Error("muted for less than nothing")
	}
}

// Two devices that write at once: what comes second is refused and tries again.
func TestAppStateConflicts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	first, second := b.link(owner), b.link(owner)
	first.synced()
	second.synced()
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "oi"}))(b)
	first.message("oi")
	rule := b.fault(Rule{Match: Match{Phone: owner.Phone, Device: first.device(), Type: string(appstate.WAPatchRegularHigh)}, Times: 1, Fault: Fault{Kind: "state_conflict"}})
	mute := appstate.BuildMute(lid(friend), true, 0)
	if err := first.SendAppState(b.ctx, mute); err != nil {
		b.must(first.SendAppState(b.ctx, mute)) // the client tries once by itself, and may meet its own news
	}
	b.hits(rule, 1)
	b.chat(owner, friend.Phone, "muted", func(c PhoneChat) bool { return c.Muted })
	take(second, "muted", func(e *events.Mute) bool { return e.Action.GetMuted() })
}

func TestDirectory(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner := b.phone()
	without := b.phone(func(c *PhoneConfig) { c.Phone = "552187654321" })
	with := b.phone(func(c *PhoneConfig) { c.Phone = "5521976543210" })
	c := b.link(owner)
	found := one(c.IsOnWhatsApp(b.ctx, []string{"+5521987654321", "+552176543210", "+552187654321", "+5521900000000", "+15550000000"}))(b)
	for i, want := range []PhoneInfo{without, with, without} {
		if got := found[i]; !got.IsIn || got.JID != lid(want) || got.PhoneNumber != pn(want) {
			t.Errorf("number %d = %+v", i, got)
		}
	}
	if found[3].IsIn || found[4].IsIn || found[3].PhoneNumber.User != "5521900000000" {
		t.Errorf("nobody's numbers = %+v", found[3:])
	}
	if _, err := b.s.AddPhone(PhoneConfig{Phone: "5521987654321"}); err == nil {
		t.Error("a number exists twice, with the ninth digit and without")
	}
	about := "na padaria"
	one(b.s.PatchPhone(with.Phone, PhonePatch{About: &about, Business: &Business{Name: "Padaria", Address: "Rua A", Email: "a@b.c", Category: "Bakery"}}))(b)
	b.must(b.s.SetPicture(with.Phone, []byte("\xff\xd8me")))
	info := one(c.GetUserInfo(b.ctx, []types.JID{pn(with)}))(b)[pn(with)]
	if info.Status != about || info.LID != lid(with) || len(info.Devices) != 1 || info.PictureID == "" {
		t.Errorf("user info = %+v", info)
	}
	if known := one(c.IsOnWhatsApp(b.ctx, []string{"+" + with.Phone}))(b)[0]; known.VerifiedName == nil || known.VerifiedName.Details.GetVerifiedName() != "Padaria" {
		t.Errorf("verified name of %+v", known)
	}
	if p := one(c.GetBusinessProfile(b.ctx, pn(with)))(b); p.Address != "Rua A" || p.Email != "a@b.c" || p.Categories[0].Name != "Bakery" || len(p.BusinessHours) != 5 {
		t.Errorf("business = %+v", p)
	}
	if _, err := c.GetBusinessProfile(b.ctx, pn(without)); err == nil {
		t.Error("a person has a business profile")
	}
	picture := one(c.GetProfilePictureInfo(b.ctx, pn(with), nil))(b)
	answer := one(b.http.Get(picture.URL))(b)
	defer answer.Body.Close()
	if picture.ID != info.PictureID || answer.StatusCode != 200 {
		t.Errorf("picture = %+v, %d", picture, answer.StatusCode)
	}
}
