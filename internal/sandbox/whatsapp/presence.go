package whatsapp

import (
	"go.mau.fi/whatsmeow/types"
)

func (s *Server) handlePresence(c *conn, n *node) {
	a := c.device.account
	switch kind := strAttr(n, "type"); kind {
	case "subscribe":
		to := jidAttr(n, "to")
		if other := s.account(to); other != nil {
			other.watchers[a] = to.Server
			c.send(other.presence(to.Server))
		}
	case "available", "unavailable":
		if name := strAttr(n, "name"); name != "" {
			a.name = name
		}
		s.setOnline(a, kind == "available")
	}
}

// presence is what watchers are told.
func (a *account) presence(server string) node {
	about := attrs{"from": a.in(server)}
	if !a.online {
		about["type"], about["last"] = "unavailable", "deny"
		if !a.lastSeen.IsZero() {
			about["last"] = a.lastSeen.Unix()
		}
	}
	return node{Tag: "presence", Attrs: about}
}

// setOnline tells the watchers when it is a change. The caller holds s.mu.
func (s *Server) setOnline(a *account, online bool) {
	if a.online && !online {
		a.lastSeen = s.now()
	}
	a.online = online
	for watcher, server := range a.watchers {
		for _, d := range watcher.list() {
			if d.id != 0 {
				s.deliver(d, a.presence(server))
			}
		}
	}
}

// chatState passes on that somebody types, or stopped to. The caller holds s.mu.
func (s *Server) chatState(from *device, to types.JID, state node) {
	if to.Server == types.GroupServer {
		g := s.groups[to.User]
		if g == nil || g.member(from.account) == nil {
			return
		}
		for _, m := range g.members {
			if m.account == from.account {
				continue
			}
			for _, d := range m.account.list() {
				s.deliver(d, node{Tag: "chatstate", Attrs: attrs{"from": to, "participant": g.address(from.account)}, Content: []node{state}})
			}
		}
		return
	}
	other := s.account(to)
	if other == nil || other.blocked[from.account] {
		return
	}
	for _, d := range other.list() {
		s.deliver(d, node{Tag: "chatstate", Attrs: attrs{"from": from.account.in(to.Server)}, Content: []node{state}})
	}
}
