package whatsappweb

import (
	"sync"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// standing is what the linked account may do in a group, as far as it was told.
type standing struct {
	role     Role  // RoleNone: not told
	announce *bool // whether only admins may write; nil: not told
	joined   bool  // the sink has heard that it is in the group
	// addressing is how the group calls its members; empty: not told.
	addressing types.AddressingMode
	timer      *uint32 // after how many seconds messages disappear; nil: not told
}

// standings are those of all groups that were told of since the connection was
// made.
type standings struct {
	mu sync.Mutex
	of map[types.JID]standing
}

func (s *standings) change(group types.JID, change func(*standing)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of = map[types.JID]standing{}
	}
	now := s.of[group]
	change(&now)
	s.of[group] = now
}

func (s *standings) forget(group types.JID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.of, group)
}

func (s *standings) get(group types.JID) standing {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.of[group]
}

// learnGroup keeps what a full description of a group tells of our place in it.
func (c *Conn) learnGroup(g *types.GroupInfo) {
	now := c.readGroup(g)
	c.learnAddressing(g.JID, g.AddressingMode)
	c.standings.change(g.JID, func(s *standing) { s.timer = &g.DisappearingTimer })
	if now.Role != RoleNone {
		c.meet(g.JID)
		c.standings.change(g.JID, func(s *standing) { s.role, s.announce = now.Role, &now.AnnounceOnly })
	}
}

// learnAddressing keeps how a group calls its members, where it was said.
func (c *Conn) learnAddressing(group types.JID, mode types.AddressingMode) {
	if mode != "" {
		c.standings.change(group, func(s *standing) { s.addressing = mode })
	}
}

// learnNews keeps what an event tells of our place in its group. It is for events
// that the sink has taken in: what it refused comes again, and is news then.
func (c *Conn) learnNews(e any) {
	switch e := e.(type) {
	case *events.Message:
		c.learnTimer(e)
		if e.Info.Chat.Server == types.GroupServer {
			c.learnAddressing(e.Info.Chat, e.Info.AddressingMode)
		}
	case *events.JoinedGroup:
		c.learnGroup(&e.GroupInfo)
		c.standings.change(e.JID, func(s *standing) { s.joined = true })
	case *events.GroupInfo:
		if c.hasOwn(e.Leave) {
			c.standings.forget(e.JID)
			return
		}
		if e.Ephemeral != nil {
			timer := e.Ephemeral.DisappearingTimer
			c.standings.change(e.JID, func(s *standing) { s.timer = &timer })
		}
		if now := c.standingAfter(e); now.role != RoleNone {
			c.standings.change(e.JID, func(s *standing) { *s = now })
		}
	}
}

// standingAfter is our place in a group once that happened to it.
func (c *Conn) standingAfter(e *events.GroupInfo) standing {
	now := c.standings.get(e.JID)
	if c.hasOwn(e.Join) {
		now.joined = true
		if now.role == RoleNone {
			now.role = RoleMember
		}
	}
	switch {
	case c.hasOwn(e.Promote):
		now.role = RoleAdmin
	case c.hasOwn(e.Demote):
		now.role = RoleMember
	}
	if e.Announce != nil {
		now.announce = &e.Announce.IsAnnounce
	}
	return now
}
