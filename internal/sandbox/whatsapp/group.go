package whatsapp

import (
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
)

// group is what the server knows of a group. Server.mu guards it.
type group struct {
	id          string
	subject     string
	subjectAt   time.Time
	subjectBy   *account
	description string
	describedAs string // an id that changes with the description
	describedBy *account
	describedAt time.Time
	invite      string
	picture     picture
	creator     *account
	created     time.Time
	members     []*member
	mode        string // lid or pn: how members are addressed
	announce    bool   // only admins write
	locked      bool   // only admins edit
	expiration  string // of messages, in seconds; empty for never
}

type member struct {
	account *account
	role    string // "", admin or superadmin
}

func (m *member) admin() bool { return m.role != "" }

func (g *group) jid() types.JID { return types.NewJID(g.id, types.GroupServer) }

// server is the address space of the members.
func (g *group) server() string {
	if g.mode == "lid" {
		return types.HiddenUserServer
	}
	return types.DefaultUserServer
}

func (g *group) address(a *account) types.JID { return a.in(g.server()) }

func (g *group) member(a *account) *member {
	for _, m := range g.members {
		if m.account == a {
			return m
		}
	}
	return nil
}

func (g *group) mayWrite(a *account) bool {
	m := g.member(a)
	return m != nil && (!g.announce || m.admin())
}

// mayEdit gives the error of somebody who may not change subject, description or
// picture, or zero.
func (g *group) mayEdit(a *account) int {
	if m := g.member(a); m == nil || (g.locked && !m.admin()) {
		return 403
	}
	return 0
}

// mayRule is the same for what only admins do.
func (g *group) mayRule(a *account) int {
	if m := g.member(a); m == nil || !m.admin() {
		return 403
	}
	return 0
}

// participant names a member, in both address spaces.
func (g *group) participant(a *account, role string) node {
	about := attrs{"jid": g.address(a)}
	if role != "" {
		about["type"] = role
	}
	if g.mode == "lid" {
		about["phone_number"] = a.pn()
	} else {
		about["lid"] = a.lidJID()
	}
	return node{Tag: "participant", Attrs: about}
}

// node describes the whole group.
func (g *group) node() node {
	about := attrs{
		"id": g.id, "creation": g.created.Unix(), "creator": g.address(g.creator), "creator_pn": g.creator.pn(),
		"subject": g.subject, "s_t": g.subjectAt.Unix(), "s_o": g.address(g.subjectBy), "s_o_pn": g.subjectBy.pn(),
		"size": len(g.members), "addressing_mode": g.mode, "a_v_id": g.created.Unix(), "p_v_id": g.created.Unix(),
	}
	var children []node
	for _, m := range g.members {
		children = append(children, g.participant(m.account, m.role))
	}
	if g.description != "" {
		children = append(children, node{
			Tag: "description", Attrs: attrs{"id": g.describedAs, "t": g.describedAt.Unix(), "participant": g.address(g.describedBy), "participant_pn": g.describedBy.pn()},
			Content: []node{{Tag: "body", Content: []byte(g.description)}},
		})
	}
	if g.announce {
		children = append(children, node{Tag: "announcement"})
	}
	if g.locked {
		children = append(children, node{Tag: "locked"})
	}
	if g.expiration != "" {
		children = append(children, node{Tag: "ephemeral", Attrs: attrs{"expiration": g.expiration}})
	}
	return node{Tag: "group", Attrs: about, Content: children}
}

// newGroup makes a group and tells its members. The caller holds s.mu.
func (s *Server) newGroup(by *device, g *group, with []*account, key string) {
	now := s.now()
	if g.id == "" {
		g.id = fmt.Sprintf("1203634%011d", s.ids.Add(1))
	}
	g.invite = newInvite()
	if g.mode == "" {
		g.mode = s.Settings().Addressing.Groups
	}
	g.creator, g.created, g.subjectBy, g.subjectAt = by.account, now, by.account, now
	g.members = []*member{{account: by.account, role: "superadmin"}}
	for _, a := range with {
		if g.member(a) == nil {
			g.members = append(g.members, &member{account: a})
		}
	}
	s.groups[g.id] = g
	s.tellGroup(g, by, g.members, node{Tag: "create", Attrs: attrs{"type": "new", "key": key}, Content: []node{g.node()}})
}

func newInvite() string { return hex.EncodeToString(randomBytes(11)) }

// tellGroup notifies every device of some members. The caller holds s.mu.
func (s *Server) tellGroup(g *group, by *device, members []*member, what node) {
	about := attrs{
		"from": g.jid(), "participant": g.address(by.account), "participant_pn": by.account.pn(),
		"notify": by.account.name, "addressing_mode": g.mode,
	}
	for _, m := range members {
		for _, d := range m.account.list() {
			s.deliver(d, s.notification("w:gp2", about, what))
		}
	}
}

// changeMembers adds, removes, promotes or demotes, and returns what became of
// each. The caller holds s.mu.
func (s *Server) changeMembers(g *group, by *device, action string, who []*account) []node {
	told := slices.Clone(g.members)
	var changed []node
	for _, a := range who {
		m := g.member(a)
		switch {
		case action == "add" && m == nil:
			if code := s.mayAdd(by.account, a); code != 0 {
				refused := g.participant(a, "")
				refused.Attrs["error"] = code
				refused.Content = []node{{Tag: "add_request", Attrs: attrs{"code": newInvite(), "expiration": s.now().Add(72 * time.Hour).Unix()}}}
				changed = append(changed, refused)
				continue
			}
			m = &member{account: a}
			g.members, told = append(g.members, m), append(told, m)
		case m == nil:
			changed = append(changed, refusedParticipant(g.address(a), 404))
			continue
		case action == "add":
			changed = append(changed, refusedParticipant(g.address(a), 409))
			continue
		case action == "remove":
			g.members = slices.DeleteFunc(g.members, func(other *member) bool { return other == m })
		case action == "promote":
			m.role = "admin"
		case action == "demote":
			m.role = ""
		}
		changed = append(changed, g.participant(a, m.role))
	}
	if done := slices.DeleteFunc(slices.Clone(changed), func(n node) bool { return n.Attrs["error"] != nil }); len(done) > 0 {
		noteMembers(g, told, by.account, memberNotes[action])
		s.tellGroup(g, by, told, node{Tag: action, Content: done})
	}
	return changed
}

// memberNotes are the lines in a group's chat about its members.
var memberNotes = map[string]waWeb.WebMessageInfo_StubType{
	"add": waWeb.WebMessageInfo_GROUP_PARTICIPANT_ADD, "remove": waWeb.WebMessageInfo_GROUP_PARTICIPANT_REMOVE,
	"promote": waWeb.WebMessageInfo_GROUP_PARTICIPANT_PROMOTE, "demote": waWeb.WebMessageInfo_GROUP_PARTICIPANT_DEMOTE,
}

func noteMembers(g *group, members []*member, by *account, what waWeb.WebMessageInfo_StubType) {
	for _, m := range members {
		m.account.phone.note(g.jid(), by, what)
	}
}

func refusedParticipant(j types.JID, code int) node {
	return node{Tag: "participant", Attrs: attrs{"jid": j, "error": code}}
}

// mayAdd is the error for adding somebody who lets only contacts do that.
func (s *Server) mayAdd(by, who *account) int {
	if who.privacy["groupadd"] == "all" || by.heardFrom[who] {
		return 0
	}
	return 403
}

// leaveGroup takes a member out. The caller holds s.mu.
func (s *Server) leaveGroup(g *group, by *device) {
	told := slices.Clone(g.members)
	g.members = slices.DeleteFunc(g.members, func(m *member) bool { return m.account == by.account })
	noteMembers(g, told, by.account, waWeb.WebMessageInfo_GROUP_PARTICIPANT_LEAVE)
	s.tellGroup(g, by, told, node{Tag: "remove", Content: []node{g.participant(by.account, "")}})
}

// joinGroup lets somebody in who has the link. The caller holds s.mu.
func (s *Server) joinGroup(g *group, by *device) {
	if g.member(by.account) != nil {
		return
	}
	g.members = append(g.members, &member{account: by.account})
	noteMembers(g, g.members, by.account, waWeb.WebMessageInfo_GROUP_PARTICIPANT_INVITE)
	s.tellGroup(g, by, g.members, node{Tag: "add", Attrs: attrs{"reason": "invite"}, Content: []node{g.participant(by.account, "")}})
}

func (s *Server) groupByInvite(code string) *group {
	for _, g := range s.groups {
		if g.invite == code {
			return g
		}
	}
	return nil
}
