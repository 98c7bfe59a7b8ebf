package whatsapp

import (
	"go.mau.fi/whatsmeow/types"
)

// handleReceipt acknowledges a linked device's receipt, forgets the message that
// it is for, and passes it on.
func (s *Server) handleReceipt(c *conn, n *node) {
	ack := attrs{"class": "receipt", "id": n.Attrs["id"], "from": n.Attrs["to"]}
	for _, name := range []string{"type", "participant"} {
		if v, there := n.Attrs[name]; there {
			ack[name] = v
		}
	}
	c.send(node{Tag: "ack", Attrs: ack})
	s.settle(c.device, "message", strAttr(n, "id"))
	s.routeReceipt(c.device, n)
}

// routeReceipt passes a receipt on. The caller holds s.mu.
func (s *Server) routeReceipt(from *device, n *node) {
	kind := strAttr(n, "type")
	base := attrs{"id": n.Attrs["id"], "t": s.now().Unix()}
	if kind != "" {
		base["type"] = kind
	}
	receipt := func(more attrs) node { return node{Tag: "receipt", Attrs: merged(base, more), Content: n.Content} }
	to := jidAttr(n, "to")
	group := to.Server == types.GroupServer
	author := to // whose message it is for
	if group || to.Server == types.BroadcastServer {
		author = jidAttr(n, "participant")
	}
	writer := s.account(author)
	if g := s.groups[to.User]; group && g != nil && author.Server != g.server() {
		writer = nil // the group knows nobody by such an address
	}
	switch {
	case kind == "sender":
	case kind == "peer_msg" || kind == "hist_sync" || kind == "server-error":
		s.deliver(from.account.devices[0], receipt(attrs{"from": from.in(types.DefaultUserServer)}))
	case writer == nil:
	case kind == "retry":
		s.routeRetry(from, author, n, receipt)
	default:
		if kind != "read-self" && writer != from.account && s.maySee(from.account, kind) {
			s.tellWriter(from, writer, author, n, receipt)
		}
		if kind == "read" || kind == "read-self" || kind == "played" {
			s.tellOwn(from, author, n, receipt)
		}
	}
}

// maySee is false for a read receipt of somebody who does not want to give any.
func (s *Server) maySee(a *account, kind string) bool {
	return kind != "read" || a.privacy["readreceipts"] != "none"
}

// routeRetry asks the one device that sent a message to encrypt it again.
func (s *Server) routeRetry(from *device, author types.JID, n *node, receipt func(attrs) node) {
	d := s.device(author)
	if d == nil {
		return
	}
	about := attrs{"from": from.in(author.Server)}
	if to := jidAttr(n, "to"); to.Server == types.GroupServer {
		about = attrs{"from": to, "participant": from.in(author.Server)}
	} else if chat, there := n.Attrs["recipient"]; there {
		about["recipient"] = chat
	}
	s.deliver(d, receipt(about))
}

func (s *Server) tellWriter(from *device, writer *account, author types.JID, n *node, receipt func(attrs) node) {
	to, kind := jidAttr(n, "to"), strAttr(n, "type")
	about := attrs{"from": from.in(author.Server)}
	if kind == "read" || kind == "played" {
		about["from"] = from.in(author.Server).ToNonAD()
	}
	if to.Server == types.GroupServer || to.Server == types.BroadcastServer {
		about = attrs{"from": to, "participant": about["from"]}
	}
	for _, d := range writer.list() {
		s.deliver(d, receipt(about))
	}
}

// tellOwn lets the other devices of the reader know that it was read.
func (s *Server) tellOwn(from *device, author types.JID, n *node, receipt func(attrs) node) {
	to := jidAttr(n, "to")
	about := attrs{"from": from.account.in(to.Server), "recipient": to}
	if to.Server == types.GroupServer {
		about = attrs{"from": to, "participant": from.account.in(author.Server), "recipient": author}
	}
	for _, d := range from.account.list() {
		if d != from {
			s.deliver(d, receipt(about))
		}
	}
}
