package whatsapp

import (
	"errors"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

func withGroups(mode string) func(*Options) {
	return func(o *Options) {
		s := DefaultSettings()
		s.Addressing.Groups = mode
		o.Settings = &s
	}
}

func TestGroupsByNumber(t *testing.T) {
	t.Parallel()
	testGroups(t, "pn")
}

func TestGroupsByHiddenAddress(t *testing.T) {
	t.Parallel()
	testGroups(t, "lid")
}

func testGroups(t *testing.T, mode string) {
	b := newBench(t, withGroups(mode))
	owner, friend, third := b.phone(), b.phone(), b.phone()
	c, other := b.link(owner), b.link(friend)
	g := one(c.CreateGroup(b.ctx, whatsmeow.ReqCreateGroup{Name: "Equipe", Participants: []types.JID{pn(friend)}}))(b)
	joined := take[*events.JoinedGroup](other, "joined", nil)
	if joined.JID != g.JID || len(joined.Participants) != 2 || string(joined.AddressingMode) != mode || joined.Name != "Equipe" {
		t.Errorf("joined = %+v", joined)
	}

	// Messages and ticks.
	id := c.say(g.JID, "oi, equipe")
	m := other.message("oi, equipe")
	if !m.Info.IsGroup || m.Info.Chat != g.JID || !belongs(m.Info.Sender, owner) || !belongs(m.Info.SenderAlt, owner) {
		t.Errorf("message = %+v", m.Info)
	}
	b.showsText(friend, "oi, equipe")
	b.must(other.MarkRead(b.ctx, []string{id}, time.Now(), g.JID, m.Info.Sender))
	if r := c.receipt(id, types.ReceiptTypeRead); !r.IsGroup || r.Chat != g.JID {
		t.Errorf("receipt = %+v", r)
	}
	b.ticks(owner, id, "read")
	other.say(g.JID, "oi!")
	c.message("oi!")
	one(b.s.Write(friend.Phone, Draft{To: g.JID.User, Text: "do celular"}))(b)
	c.message("do celular")
	if own := other.message("do celular"); !own.Info.IsFromMe {
		t.Errorf("the own phone's message = %+v", own.Info)
	}
	b.must(b.s.Type(friend.Phone, g.JID.User, "composing"))
	if e := take[*events.ChatPresence](c, "typing", nil); e.Chat != g.JID || !belongs(e.Sender, friend) {
		t.Errorf("typing = %+v", e)
	}

	// Members.
	changed := one(c.UpdateGroupParticipants(b.ctx, g.JID, []types.JID{pn(third)}, whatsmeow.ParticipantChangeAdd))(b)
	if len(changed) != 1 || changed[0].Error != 0 {
		t.Errorf("added = %+v", changed)
	}
	if e := take(other, "a new member", func(e *events.GroupInfo) bool { return len(e.Join) == 1 }); !belongs(e.Join[0], third) || !belongs(*e.Sender, owner) {
		t.Errorf("join = %+v", e)
	}
	other.say(g.JID, "bem-vindo")
	b.showsText(third, "bem-vindo")
	one(c.UpdateGroupParticipants(b.ctx, g.JID, []types.JID{pn(third)}, whatsmeow.ParticipantChangePromote))(b)
	take(other, "an admin", func(e *events.GroupInfo) bool { return len(e.Promote) == 1 })
	one(c.UpdateGroupParticipants(b.ctx, g.JID, []types.JID{pn(third)}, whatsmeow.ParticipantChangeDemote))(b)
	take(other, "no admin", func(e *events.GroupInfo) bool { return len(e.Demote) == 1 })
	again := one(c.UpdateGroupParticipants(b.ctx, g.JID, []types.JID{pn(third)}, whatsmeow.ParticipantChangeAdd))(b)
	if again[0].Error != 409 {
		t.Errorf("added twice = %+v", again)
	}
	if _, err := other.UpdateGroupParticipants(b.ctx, g.JID, []types.JID{pn(third)}, whatsmeow.ParticipantChangeRemove); !errors.Is(err, whatsmeow.ErrIQForbidden) {
		t.Errorf("a member who is no admin removed somebody: %v", err)
	}
	editGroup(b, c, other, g.JID)
	leaveAndJoin(b, c, other, g.JID, friend)
}

func editGroup(b *bench, c, other *client, group types.JID) {
	b.t.Helper()
	b.must(other.SetGroupName(b.ctx, group, "Equipe 2"))
	take(c, "name", func(e *events.GroupInfo) bool { return e.Name != nil && e.Name.Name == "Equipe 2" })
	b.must(c.SetGroupTopic(b.ctx, group, "", "", "sobre nós"))
	take(other, "description", func(e *events.GroupInfo) bool { return e.Topic != nil && e.Topic.Topic == "sobre nós" })
	id := one(c.SetGroupPhoto(b.ctx, group, []byte("\xff\xd8jpg")))(b)
	take(other, "picture", func(e *events.Picture) bool { return e.JID == group && e.PictureID == id })
	if _, err := c.SetGroupPhoto(b.ctx, group, []byte("\x89PNG")); !errors.Is(err, whatsmeow.ErrInvalidImageFormat) {
		b.t.Errorf("a picture that is no JPEG: %v", err)
	}
	if got := one(b.s.GroupPicture(group.User))(b); string(got) != "\xff\xd8jpg" {
		b.t.Errorf("the picture is %q", got)
	}
	b.must(c.SetGroupLocked(b.ctx, group, true))
	take(other, "locked", func(e *events.GroupInfo) bool { return e.Locked != nil && e.Locked.IsLocked })
	if err := other.SetGroupName(b.ctx, group, "x"); !errors.Is(err, whatsmeow.ErrIQForbidden) {
		b.t.Errorf("somebody who is no admin renamed a locked group: %v", err)
	}
	b.must(c.SetGroupAnnounce(b.ctx, group, true))
	take(other, "announce", func(e *events.GroupInfo) bool { return e.Announce != nil && e.Announce.IsAnnounce })
	if _, err := other.SendMessage(b.ctx, group, textMessage("x", nil)); !errors.Is(err, whatsmeow.ErrServerReturnedError) {
		b.t.Errorf("somebody who is no admin announced: %v", err)
	}
	b.must(c.SetDisappearingTimer(b.ctx, group, 24*time.Hour, time.Now()))
	take(other, "timer", func(e *events.GroupInfo) bool { return e.Ephemeral != nil && e.Ephemeral.DisappearingTimer == 86400 })
	info := one(c.GetGroupInfo(b.ctx, group))(b)
	if info.Name != "Equipe 2" || info.Topic != "sobre nós" || !info.IsAnnounce || !info.IsLocked || info.DisappearingTimer != 86400 || len(info.Participants) != 3 {
		b.t.Errorf("group = %+v", info)
	}
	picture := one(other.GetProfilePictureInfo(b.ctx, group, nil))(b)
	if picture.ID != id {
		b.t.Errorf("picture = %+v", picture)
	}
}

func leaveAndJoin(b *bench, c, other *client, group types.JID, friend PhoneInfo) {
	b.t.Helper()
	link := one(c.GetGroupInviteLink(b.ctx, group, false))(b)
	if _, err := other.GetGroupInviteLink(b.ctx, group, false); !errors.Is(err, whatsmeow.ErrGroupInviteLinkUnauthorized) {
		b.t.Errorf("somebody who is no admin has the link: %v", err)
	}
	one(c.UpdateGroupParticipants(b.ctx, group, []types.JID{pn(friend)}, whatsmeow.ParticipantChangeRemove))(b)
	take(other, "removed", func(e *events.GroupInfo) bool { return len(e.Leave) == 1 })
	if _, err := other.GetGroupInfo(b.ctx, group); !errors.Is(err, whatsmeow.ErrNotInGroup) {
		b.t.Errorf("a group that one is not in: %v", err)
	}
	if info := one(other.GetGroupInfoFromLink(b.ctx, link))(b); info.Name != "Equipe 2" {
		b.t.Errorf("by link = %+v", info)
	}
	if j := one(other.JoinGroupWithLink(b.ctx, link))(b); j != group {
		b.t.Errorf("joined %s", j)
	}
	take(c, "joined", func(e *events.GroupInfo) bool { return len(e.Join) == 1 && e.JoinReason == "invite" })
	if groups := one(other.GetJoinedGroups(b.ctx))(b); len(groups) != 1 || len(groups[0].Participants) != 3 {
		b.t.Errorf("groups = %+v", groups)
	}
	b.must(other.LeaveGroup(b.ctx, group))
	take(c, "left", func(e *events.GroupInfo) bool { return len(e.Leave) == 1 && belongs(e.Leave[0], friend) })
	fresh := one(c.GetGroupInviteLink(b.ctx, group, true))(b)
	if fresh == link {
		b.t.Error("the link is still the old one")
	}
	if _, err := other.JoinGroupWithLink(b.ctx, link); err == nil {
		b.t.Error("the old link still works")
	}
}

// People make groups too, with their phones.
func TestPeoplesGroups(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend, shy := b.phone(), b.phone(), b.phone(func(c *PhoneConfig) { c.ContactsOnly = true })
	c := b.link(owner)
	g := one(b.s.CreateGroup(friend.Phone, GroupDraft{Subject: "Festa", Members: []string{owner.Phone}}))(b)
	joined := take[*events.JoinedGroup](c, "joined", nil)
	if joined.JID.User != g.ID || joined.Name != "Festa" || !belongs(*joined.Sender, friend) {
		t.Errorf("joined = %+v", joined)
	}
	one(b.s.Write(friend.Phone, Draft{To: g.ID, Text: "quem traz o bolo?"}))(b)
	m := c.message("quem traz o bolo?")
	c.say(m.Info.Chat, "eu")
	b.showsText(friend, "eu")
	if _, err := b.s.ChangeMembers(friend.Phone, g.ID, "add", []string{shy.Phone}); err == nil {
		t.Error("somebody who lets only contacts add them was added")
	}
	if r := one(c.CreateGroup(b.ctx, whatsmeow.ReqCreateGroup{Name: "Nós"}))(b); len(r.Participants) != 1 {
		t.Errorf("a group for oneself = %+v", r)
	}
	one(b.s.ChangeMembers(friend.Phone, g.ID, "promote", []string{owner.Phone}))(b)
	refused := one(c.UpdateGroupParticipants(b.ctx, m.Info.Chat, []types.JID{pn(shy)}, whatsmeow.ParticipantChangeAdd))(b)
	if refused[0].Error != 403 || refused[0].AddRequest == nil || refused[0].AddRequest.Code == "" {
		t.Errorf("added = %+v", refused)
	}
	subject, description, disappearing, yes, picture := "Festança", "sábado", 86400, true, []byte("\xff\xd8")
	info := one(b.s.PatchGroup(friend.Phone, g.ID, GroupPatch{
		Subject: &subject, Description: &description, Disappearing: &disappearing, Announce: &yes, Locked: &yes, Picture: &picture, NewLink: true,
	}))(b)
	if info.Subject != subject || info.Description != description || info.Disappearing != disappearing || !info.Announce || !info.Locked || !info.Picture || info.Link == g.Link {
		t.Errorf("group = %+v", info)
	}
	take(c, "subject", func(e *events.GroupInfo) bool { return e.Name != nil && e.Name.Name == subject })
	one(b.s.ChangeMembers(friend.Phone, g.ID, "demote", []string{owner.Phone}))(b)
	if _, err := b.s.PatchGroup(owner.Phone, g.ID, GroupPatch{Subject: &subject}); err == nil {
		t.Error("somebody who is no admin edited a locked group")
	}
	one(b.s.JoinGroup(shy.Phone, info.Link))(b)
	b.must(b.s.LeaveGroup(shy.Phone, g.ID))
	one(b.s.ChangeMembers(friend.Phone, g.ID, "remove", []string{owner.Phone}))(b)
	take(c, "removed", func(e *events.GroupInfo) bool { return len(e.Leave) == 1 && belongs(e.Leave[0], owner) })
	if _, err := b.s.Write(owner.Phone, Draft{To: g.ID, Text: "x"}); err == nil {
		t.Error("somebody who is out wrote to the group")
	}
}

// A reaction, a quote and a read mark that name the author by the address that the
// group does not use reach nobody.
func TestAuthorsAreFoundByTheGroupsAddress(t *testing.T) {
	t.Parallel()
	for mode, addresses := range map[string][2]func(PhoneInfo) types.JID{"lid": {lid, pn}, "pn": {pn, lid}} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			owner, friend := b.phone(), b.phone()
			c := b.link(owner)
			g := one(b.s.CreateGroup(friend.Phone, GroupDraft{Subject: "Equipe", Members: []string{owner.Phone}, Addressing: mode}))(b)
			group := types.NewJID(g.ID, types.GroupServer)
			for _, n := range []int{1, 0} {
				author := addresses[n](friend)
				id := one(b.s.Write(friend.Phone, Draft{To: g.ID, Text: "de quem?"}))(b)
				take(c, "the message", func(m *events.Message) bool { return m.Info.ID == id })
				b.must(c.MarkRead(b.ctx, []string{id}, time.Now(), group, author))
				one(c.SendMessage(b.ctx, group, c.BuildReaction(group, author, id, "👍")))(b)
				answer := one(c.SendMessage(b.ctx, group, &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
					Text: proto.String("a quem?"), ContextInfo: &waE2E.ContextInfo{StanzaID: &id, Participant: proto.String(author.String())},
				}}))(b)
				shown := b.shows(friend, "the answer", func(m PhoneMessage) bool { return m.ID == answer.ID })
				target := b.shows(friend, "its target", func(m PhoneMessage) bool { return m.ID == id })
				right := n == 0
				if quoted, reacted := shown.Quote == id, len(target.Reactions) == 1; quoted != right || reacted != right {
					t.Errorf("by %s: quoted %t, reacted %t", author, quoted, reacted)
				}
				if read := target.Recipients[owner.Phone] == "read"; read != right {
					t.Errorf("by %s: read %t", author, read)
				}
			}
		})
	}
	b := newBench(t)
	if _, err := b.s.CreateGroup(b.phone().Phone, GroupDraft{Subject: "x", Addressing: "x"}); err == nil {
		t.Error("a group with an addressing that does not exist")
	}
}
