package whatsapp

import (
	"slices"

	"go.mau.fi/whatsmeow/types"
)

// deliver hands a stanza to a device: into the phone's mailbox, onto the
// connection, or into the queue for its next login. Whatever wants an answer
// stays queued until the device acknowledged it. The caller holds s.mu.
func (s *Server) deliver(d *device, n node) {
	if d.id == 0 {
		d.account.phone.mailbox.put(n)
		return
	}
	switch n.Tag {
	case "message":
		s.deliverMessage(d, n)
	case "receipt":
		f := s.pick(atReceipt, d, peerOf(&n), strAttr(&n, "type"))
		if f != nil && f.Kind == "swallow_receipts" {
			return
		}
		s.push(d, n)
	default:
		s.push(d, n)
	}
}

// push queues a stanza and sends it when the device is there. The caller holds
// s.mu.
func (s *Server) push(d *device, n node) {
	if n.Tag != "presence" && n.Tag != "chatstate" {
		if len(d.pending) >= s.limits.Pending {
			d.pending = d.pending[1:]
			d.lost++
		}
		d.pending = append(d.pending, n)
	}
	if !d.active {
		return
	}
	f := s.pick(atWire, d, peerOf(&n), n.Tag)
	if f == nil || f.Kind != "deaf" {
		s.transmit(d, n, f)
	}
}

// transmit puts a stanza onto the device's connection, late when a fault says so.
// The caller holds s.mu.
func (s *Server) transmit(d *device, n node, f *Fault) {
	out := outgoing{node: n}
	if f != nil && f.Kind == "slow" {
		out.delay = f.delay()
	}
	d.conn.enqueue(out)
}

// deliverMessage is where the faults of arriving messages happen. The caller
// holds s.mu.
func (s *Server) deliverMessage(d *device, n node) {
	kind := ""
	if f := s.pick(atDelivery, d, peerOf(&n), strAttr(&n, "type")); f != nil {
		kind = f.Kind
	}
	before := d.held
	d.held = nil
	switch kind {
	case "lose_message":
	case "bad_mac":
		s.push(d, garbled(n))
	case "no_sender_key":
		s.push(d, withoutKeys(n))
	case "unavailable":
		s.push(d, placeholder(n, "fanout"))
	case "view_once":
		s.push(d, placeholder(n, "view_once"))
	case "duplicate":
		s.push(d, n)
		s.push(d, n)
	case "reorder":
		d.held = &n
	default:
		s.push(d, n)
	}
	if before != nil {
		s.push(d, *before)
	}
}

// goActive sends what waited, between the two marks by which a client knows that
// it is catching up. Who was deaf hears again. The caller holds s.mu.
func (s *Server) goActive(c *conn) {
	d := c.device
	if d.conn != c || d.active {
		return
	}
	if d.held != nil {
		d.pending = append(d.pending, *d.held)
		d.held = nil
	}
	d.active = true
	count := map[string]int{}
	for _, n := range d.pending {
		count[n.Tag]++
	}
	c.send(node{Tag: "ib", Attrs: attrs{"from": types.ServerJID}, Content: []node{{Tag: "offline_preview", Attrs: attrs{
		"count": len(d.pending), "message": count["message"], "notification": count["notification"],
		"receipt": count["receipt"], "appdata": 0, "call": count["call"],
	}}}})
	for i, n := range d.pending {
		n.Attrs = merged(n.Attrs, attrs{"offline": i})
		s.transmit(d, n, s.pick(atWire, d, peerOf(&n), n.Tag))
	}
	c.send(node{Tag: "ib", Attrs: attrs{"from": types.ServerJID}, Content: []node{{Tag: "offline", Attrs: attrs{"count": len(d.pending)}}}})
}

// settle forgets a stanza that the device acknowledged. The caller holds s.mu.
func (s *Server) settle(d *device, tag, id string) {
	same := func(n node) bool { return n.Tag == tag && strAttr(&n, "id") == id }
	if len(d.pending) > 0 && same(d.pending[0]) { // the usual case: in order
		d.pending[0] = node{}
		d.pending = d.pending[1:]
		return
	}
	if i := slices.IndexFunc(d.pending, same); i >= 0 {
		d.pending = slices.Delete(d.pending, i, i+1)
	}
}

// peerOf is whom a stanza comes from, as faults name them: a group, or else the
// person.
func peerOf(n *node) types.JID { return jidAttr(n, "from") }

// garbled breaks the ciphertexts of a message.
func garbled(n node) node {
	return reworked(n, func(child node) (node, bool) {
		raw, encrypted := child.Content.([]byte)
		if child.Tag == "enc" && encrypted && len(raw) > 0 {
			raw = slices.Clone(raw)
			raw[len(raw)/2] ^= 0xff
			child.Content = raw
		}
		return child, true
	})
}

// withoutKeys takes out of a group message what tells its sender key.
func withoutKeys(n node) node {
	return reworked(n, func(child node) (node, bool) {
		return child, child.Tag != "enc" || strAttr(&child, "type") == "skmsg"
	})
}

// placeholder is what arrives in place of a message that the sender could not
// encrypt for a device, or, of type view_once, did not want linked devices to have.
func placeholder(n node, kind string) node {
	n.Content = []node{{Tag: "unavailable", Attrs: attrs{"type": kind}}}
	return n
}

func reworked(n node, change func(node) (node, bool)) node {
	var kept []node
	for _, child := range n.GetChildren() {
		if child, keep := change(child); keep {
			kept = append(kept, child)
		}
	}
	n.Content = kept
	return n
}
