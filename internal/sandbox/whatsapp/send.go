package whatsapp

import (
	"maps"
	"slices"

	"go.mau.fi/whatsmeow/types"
)

// reachoutTimelock is the error of a message to somebody who never wrote, while
// the account is held back from such.
const reachoutTimelock = 463

// sendMessage takes a message from a linked device, passes it on and acknowledges
// it, unless a fault says otherwise.
func (s *Server) sendMessage(c *conn, n *node) {
	d, to := c.device, jidAttr(n, "to")
	ack := attrs{"class": "message", "id": n.Attrs["id"], "from": to, "t": s.now().Unix()}
	if code := s.heldBack(d.account, to); code != 0 {
		ack["error"] = code
		c.send(node{Tag: "ack", Attrs: ack})
		return
	}
	f := s.pick(atSend, d, to, strAttr(n, "type"))
	kind := ""
	if f != nil {
		kind = f.Kind
	}
	switch kind {
	case "ack_error":
		ack["error"] = codeOr(f, 479)
	case "reachout_timelock":
		ack["error"] = reachoutTimelock
		s.hold(d.account, max(f.Seconds, 1))
	case "lost_unacked":
		return
	case "cut_before":
		c.cut()
		return
	case "lost_send":
	default:
		maps.Copy(ack, s.route(d, n))
	}
	switch kind {
	case "no_ack":
	case "cut_after":
		c.cut()
	case "slow_ack":
		s.after(f.delay(), func() { c.send(node{Tag: "ack", Attrs: ack}) })
	default:
		c.send(node{Tag: "ack", Attrs: ack})
	}
}

// heldBack is the error that a message meets because its recipient never wrote to
// the account while it may not reach out, or zero.
func (s *Server) heldBack(a *account, to types.JID) int {
	other := s.account(to)
	if other == nil || other == a || a.heardFrom[other] || !s.now().Before(a.holdUntil) {
		return 0
	}
	return reachoutTimelock
}

// parcel is a message taken apart: who gets which ciphertext.
type parcel struct {
	each   map[*device]node
	direct []node // for one device: a retry, or a message among own devices
	group  []node // by sender key, for every member
	extra  []node // goes to everybody
}

func (s *Server) unpack(n *node) parcel {
	p := parcel{each: map[*device]node{}}
	for _, child := range n.GetChildren() {
		switch child.Tag {
		case "participants":
			for _, to := range child.GetChildren() {
				if d := s.device(jidAttr(&to, "jid")); d != nil {
					p.each[d] = firstChild(&to)
				}
			}
		case "enc":
			if strAttr(&child, "type") == "skmsg" {
				p.group = append(p.group, child)
			} else {
				p.direct = append(p.direct, child)
			}
		case "meta", "multicast", "biz", "reporting", "device-identity":
			p.extra = append(p.extra, child)
		}
	}
	return p
}

// with is what a device gets of the message: its own ciphertexts and what goes to
// everybody. Who begins a session must know that the sender's account vouches for
// the device.
func (p parcel) with(ciphertexts ...node) []node {
	begins := slices.ContainsFunc(ciphertexts, func(e node) bool { return strAttr(&e, "type") == "pkmsg" })
	out := slices.Clone(ciphertexts)
	for _, e := range p.extra {
		if e.Tag != "device-identity" || begins {
			out = append(out, e)
		}
	}
	return out
}

// route passes a message on to every device that it is for, and returns what the
// acknowledgement adds: an error, or the hash of the devices that the server
// knows. The caller holds s.mu.
func (s *Server) route(from *device, n *node) attrs {
	base := attrs{"id": n.Attrs["id"], "type": n.Attrs["type"], "t": s.now().Unix()}
	for _, name := range []string{"edit", "category"} {
		if v, there := n.Attrs[name]; there {
			base[name] = v
		}
	}
	p := s.unpack(n)
	to := jidAttr(n, "to")
	switch to.Server {
	case types.GroupServer:
		return s.routeToGroup(from, n, base, p)
	case types.BroadcastServer:
		s.routeStory(from, to, base, p)
		return nil
	case types.DefaultUserServer, types.HiddenUserServer:
		return s.routeToPerson(from, n, base, p)
	}
	return attrs{"error": 400}
}

func (s *Server) routeToGroup(from *device, n *node, base attrs, p parcel) attrs {
	to := jidAttr(n, "to")
	g := s.groups[to.User]
	if g == nil || !g.mayWrite(from.account) {
		return attrs{"error": 403}
	}
	about := merged(base, attrs{"from": to, "participant": from.in(g.server()), "addressing_mode": g.mode, "notify": from.account.name})
	if g.mode == "lid" {
		about["participant_pn"] = from.in(types.DefaultUserServer)
	} else {
		about["participant_lid"] = from.in(types.HiddenUserServer)
	}
	if one := jidAttr(n, "participant"); !one.IsEmpty() {
		if d := s.device(one); d != nil {
			s.deliver(d, node{Tag: "message", Attrs: about, Content: p.with(p.direct...)})
		}
		return nil
	}
	for _, m := range g.members {
		for _, d := range m.account.list() {
			if d == from {
				continue
			}
			var ciphertexts []node
			if own, there := p.each[d]; there {
				ciphertexts = append(ciphertexts, own)
			}
			s.deliver(d, node{Tag: "message", Attrs: about, Content: p.with(append(ciphertexts, p.group...)...)})
		}
	}
	return nil
}

// routeStory passes on a status update to whoever got a key for it.
func (s *Server) routeStory(from *device, to types.JID, base attrs, p parcel) {
	about := merged(base, attrs{
		"from": to, "participant": from.in(types.DefaultUserServer), "participant_lid": from.in(types.HiddenUserServer), "notify": from.account.name,
	})
	for d, own := range p.each {
		if d != from {
			s.deliver(d, node{Tag: "message", Attrs: about, Content: p.with(append([]node{own}, p.group...)...)})
		}
	}
}

func (s *Server) routeToPerson(from *device, n *node, base attrs, p parcel) attrs {
	to := jidAttr(n, "to")
	other := s.account(to)
	if other == nil {
		return attrs{"error": 404}
	}
	// What own devices get, and what the others get.
	own := merged(base, attrs{"from": from.in(to.Server), "recipient": to.ToNonAD()})
	theirs := merged(base, attrs{"from": from.in(to.Server), "notify": from.account.name})
	if to.Server == types.HiddenUserServer {
		own["peer_recipient_pn"], theirs["sender_pn"] = other.pn(), from.account.pn()
	} else {
		own["peer_recipient_lid"], theirs["sender_lid"] = other.lidJID(), from.account.lidJID()
	}
	if strAttr(n, "category") == "peer" {
		for _, name := range []string{"recipient", "peer_recipient_pn", "peer_recipient_lid"} {
			delete(own, name)
		}
	}
	if len(p.direct) > 0 {
		s.routeDirect(from, n, own, theirs, p)
		return nil
	}
	for d, ciphertext := range p.each {
		switch {
		case d.account == from.account:
			s.deliver(d, node{Tag: "message", Attrs: own, Content: p.with(ciphertext)})
		case !other.blocked[from.account]:
			s.deliver(d, node{Tag: "message", Attrs: theirs, Content: p.with(ciphertext)})
		}
	}
	if other == from.account {
		return nil
	}
	other.heardFrom[from.account] = true
	return attrs{"phash": deviceHash(append(other.list(), from.account.list()...), to.Server)}
}

// routeDirect passes on what is for one device only.
func (s *Server) routeDirect(from *device, n *node, own, theirs attrs, p parcel) {
	d := s.device(jidAttr(n, "to"))
	if d == nil {
		return
	}
	about := theirs
	if d.account == from.account {
		about = own
		if chat := jidAttr(n, "recipient"); !chat.IsEmpty() {
			about["recipient"] = chat
		}
	}
	s.deliver(d, node{Tag: "message", Attrs: about, Content: p.with(p.direct...)})
}
