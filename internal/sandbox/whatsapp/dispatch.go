package whatsapp

import (
	"cmp"

	"go.mau.fi/whatsmeow/types"
)

// handle answers one stanza. It runs in the goroutine that reads the connection,
// so a client's stanzas are handled in order.
func (s *Server) handle(c *conn, n *node) {
	if c.device == nil {
		s.handlePairing(c, n)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.news.ring()
	if c.device.conn != c { // replaced or removed: its stanzas count no more
		return
	}
	if s.spoilStanza(c, n) {
		return
	}
	switch n.Tag {
	case "iq":
		s.handleIQ(c, n)
	case "message":
		s.sendMessage(c, n)
	case "receipt":
		s.handleReceipt(c, n)
	case "ack":
		s.settle(c.device, strAttr(n, "class"), strAttr(n, "id"))
	case "presence":
		s.handlePresence(c, n)
	case "chatstate":
		s.chatState(c.device, jidAttr(n, "to"), firstChild(n))
	case "call":
		s.answerCall(c, n)
	}
}

// spoilStanza does what a fault says about anything that a device sends.
func (s *Server) spoilStanza(c *conn, n *node) bool {
	typ := n.Tag
	if n.Tag == "iq" {
		typ = strAttr(n, "xmlns")
	}
	to := jidAttr(n, "to")
	if typ == pings && s.pick(atPing, c.device, to, typ) != nil {
		return true // drop_pings
	}
	if s.pick(atStanza, c.device, to, typ) == nil {
		return false
	}
	c.cut() // cut_stanza
	return true
}

// pings is the namespace of keepalives.
const pings = "w:p"

// iqHandlers answer the queries of linked devices, by namespace. They hold s.mu.
var iqHandlers = map[string]func(*Server, *conn, *node, node){
	pings:                       func(_ *Server, c *conn, n *node, _ node) { c.result(n) },
	"passive":                   (*Server).iqPassive,
	"encrypt":                   (*Server).iqEncrypt,
	"usync":                     (*Server).iqUsync,
	"w:m":                       (*Server).iqMediaHosts,
	"w:profile:picture":         (*Server).iqPicture,
	"status":                    (*Server).iqStatus,
	"w:mex":                     (*Server).iqMex,
	"privacy":                   (*Server).iqPrivacy,
	"blocklist":                 (*Server).iqBlocklist,
	"w:g2":                      (*Server).iqGroup,
	"w:sync:app:state":          (*Server).iqAppState,
	"md":                        (*Server).iqDevice,
	"w:biz":                     (*Server).iqBusiness,
	"urn:xmpp:whatsapp:dirty":   func(_ *Server, c *conn, n *node, _ node) { c.result(n) },
	"urn:xmpp:whatsapp:push":    func(_ *Server, c *conn, n *node, _ node) { c.result(n) },
	"disappearing_mode":         func(_ *Server, c *conn, n *node, _ node) { c.result(n) },
	"urn:xmpp:whatsapp:account": func(_ *Server, c *conn, n *node, _ node) { c.result(n) },
}

// iqErrors are the texts that go with codes: clients compare both.
var iqErrors = map[int]string{
	400: "bad-request", 401: "not-authorized", 403: "forbidden", 404: "item-not-found", 405: "not-allowed", 406: "not-acceptable",
	410: "gone", 419: "resource-limit", 423: "locked", 429: "rate-overlimit", 503: "service-unavailable", 530: "partial-server-error",
}

func (s *Server) handleIQ(c *conn, n *node) {
	if kind := strAttr(n, "type"); kind == "result" || kind == "error" {
		return // the server asks linked devices nothing
	}
	namespace := strAttr(n, "xmlns")
	if f := s.pickQuery(c.device, n); f != nil {
		if f.Kind == "iq_error" {
			code := codeOr(f, 500)
			c.refuse(n, code, cmp.Or(iqErrors[code], "internal-server-error"))
		}
		return
	}
	handler, known := iqHandlers[namespace]
	if !known {
		c.refuse(n, 501, "feature-not-implemented")
		return
	}
	handler(s, c, n, firstChild(n))
}

// result answers an iq.
func (c *conn) result(n *node, children ...node) {
	from, addressed := n.Attrs["to"]
	if !addressed {
		from = types.ServerJID
	}
	answer := node{Tag: "iq", Attrs: attrs{"id": n.Attrs["id"], "type": "result", "from": from}}
	if len(children) > 0 {
		answer.Content = children
	}
	c.send(answer)
}

// refuse answers an iq with an error.
func (c *conn) refuse(n *node, code int, why string) {
	c.send(node{
		Tag: "iq", Attrs: attrs{"id": n.Attrs["id"], "type": "error", "from": types.ServerJID},
		Content: []node{{Tag: "error", Attrs: attrs{"code": code, "text": why}}},
	})
}

func (s *Server) iqPassive(c *conn, n *node, child node) {
	c.result(n)
	if child.Tag == "active" {
		s.goActive(c)
	}
}

func codeOr(f *Fault, code int) int {
	if f.Code != 0 {
		return f.Code
	}
	return code
}
