package whatsapp

import (
	"errors"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

func TestOwnProfile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c, other := b.link(owner), b.link(friend)
	other.say(pn(owner), "oi") // now they know each other
	c.message("oi")
	if _, err := other.GetProfilePictureInfo(b.ctx, pn(owner), nil); !errors.Is(err, whatsmeow.ErrProfilePictureNotSet) {
		t.Errorf("a picture before there is one: %v", err)
	}
	id := one(c.SetGroupPhoto(b.ctx, types.EmptyJID, []byte("\xff\xd8me")))(b)
	take(other, "picture", func(e *events.Picture) bool { return e.JID == pn(owner) && e.PictureID == id })
	if p := one(other.GetProfilePictureInfo(b.ctx, pn(owner), &whatsmeow.GetProfilePictureParams{Preview: true}))(b); p.ID != id || p.Type != "preview" {
		t.Errorf("picture = %+v", p)
	}
	if p := one(other.GetProfilePictureInfo(b.ctx, pn(owner), &whatsmeow.GetProfilePictureParams{ExistingID: id}))(b); p != nil {
		t.Errorf("an unchanged picture = %+v", p)
	}
	if _, err := c.SetGroupPhoto(b.ctx, types.EmptyJID, nil); err != nil && !errors.Is(err, whatsmeow.ErrInvalidImageFormat) {
		t.Logf("removing answers %v", err) // the client wants an id in any case
	}
	take(other, "no picture", func(e *events.Picture) bool { return e.JID == pn(owner) && e.Remove })
	b.must(c.SetStatusMessage(b.ctx, types.SetStatusInput{Text: proto.String("ocupada")}))
	b.until("the about text", func() bool { return one(b.s.Phone(owner.Phone))(b).About == "ocupada" })
	take(other, "the about text", func(e *events.UserAbout) bool { return e.Status == "ocupada" })
}

func TestPrivacyAndBlocking(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	if p := c.GetPrivacySettings(b.ctx); p.ReadReceipts != types.PrivacySettingAll {
		t.Errorf("privacy = %+v", p)
	}
	hide := true
	one(b.s.PatchPhone(friend.Phone, PhonePatch{HideReads: &hide}))(b)
	id := c.say(pn(friend), "leu?")
	b.showsText(friend, "leu?")
	one(b.s.Read(friend.Phone, owner.Phone, ""))(b)
	c.receipt(id, types.ReceiptTypeDelivered)
	second := c.say(pn(friend), "e agora?")
	c.receipt(second, types.ReceiptTypeDelivered)
	if n := told(c, func(r *events.Receipt) bool { return r.Type == types.ReceiptTypeRead }); n != 0 {
		t.Errorf("somebody who hides it sent %d read receipts", n)
	}
	one(c.SetPrivacySetting(b.ctx, types.PrivacySettingTypeReadReceipts, types.PrivacySettingNone))(b)
	list := one(c.UpdateBlocklist(b.ctx, pn(friend), events.BlocklistChangeActionBlock))(b)
	if len(list.JIDs) != 1 || list.JIDs[0] != pn(friend) {
		t.Errorf("blocked = %+v", list)
	}
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "me bloqueou?"}))(b)
	if list = one(c.UpdateBlocklist(b.ctx, pn(friend), events.BlocklistChangeActionUnblock))(b); len(list.JIDs) != 0 {
		t.Errorf("blocked = %+v", list)
	}
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Text: "e agora?"}))(b)
	c.message("e agora?")
	if n := told(c, textIs("me bloqueou?")); n != 0 {
		t.Error("somebody blocked was heard")
	}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	id := one(b.s.Ring(friend.Phone, owner.Phone, false))(b)
	call := take[*events.CallOffer](c, "call", nil)
	if call.CallID != id || !belongs(call.From, friend) {
		t.Errorf("call = %+v", call)
	}
	b.must(c.RejectCall(b.ctx, call.From, call.CallID))
	b.until("rejected", func() bool { return len(one(b.s.Calls(owner.Phone))(b)) == 0 })
	id = one(b.s.Ring(friend.Phone, owner.Phone, true))(b)
	take(c, "another", func(e *events.CallOffer) bool { return e.CallID == id })
	b.must(b.s.HangUp(friend.Phone, owner.Phone, id))
	take(c, "its end", func(e *events.CallTerminate) bool { return e.CallID == id })
	if b.s.HangUp(friend.Phone, owner.Phone, id) == nil {
		t.Error("hung up twice")
	}
	if _, err := b.s.Ring(owner.Phone, owner.Phone, false); err == nil {
		t.Error("somebody called themselves")
	}
}

func TestUnknownQueriesAreRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := b.link(b.phone())
	if _, err := c.GetSubscribedNewsletters(b.ctx); err == nil {
		t.Error("there are no newsletters")
	}
	if _, err := c.ResolveContactQRLink(b.ctx, "abc"); err == nil {
		t.Error("there are no links of contacts")
	}
	if _, err := c.SendMessage(b.ctx, types.NewJID("1", types.NewsletterServer), &waE2E.Message{Conversation: proto.String("x")}); err == nil {
		t.Error("a message to a newsletter went out")
	}
}
