package whatsapp

import (
	"go.mau.fi/whatsmeow/types"
)

// fewKeys is how many one-time keys may be left before the device is told to
// upload more.
const fewKeys = 5

func (k preKey) node(tag string) node {
	children := []node{{Tag: "id", Content: k.id}, {Tag: "value", Content: k.public}}
	if k.signature != nil {
		children = append(children, node{Tag: "signature", Content: k.signature})
	}
	return node{Tag: tag, Content: children}
}

func parsePreKey(n node) preKey {
	k := preKey{id: content(n.GetChildByTag("id")), public: content(n.GetChildByTag("value"))}
	if signed, there := n.GetOptionalChildByTag("signature"); there {
		k.signature = content(signed)
	}
	return k
}

// iqEncrypt counts, stores and hands out the keys from which sessions begin.
func (s *Server) iqEncrypt(c *conn, n *node, child node) {
	d := c.device
	switch {
	case child.Tag == "count":
		c.result(n, node{Tag: "count", Attrs: attrs{"value": len(d.oneTimeKeys)}})
	case child.Tag == "key":
		var users []node
		for _, u := range child.GetChildren() {
			users = append(users, s.bundleNode(jidAttr(&u, "jid")))
		}
		c.result(n, node{Tag: "list", Content: users})
	case strAttr(n, "type") == "set":
		d.registration = content(n.GetChildByTag("registration"))
		d.identity = content(n.GetChildByTag("identity"))
		d.signedKey = parsePreKey(n.GetChildByTag("skey"))
		list := n.GetChildByTag("list")
		for _, k := range list.GetChildren() {
			d.oneTimeKeys = append(d.oneTimeKeys, parsePreKey(k))
		}
		c.result(n)
	default:
		c.refuse(n, 400, "bad-request")
	}
}

// bundleNode answers for one address, which it repeats exactly.
func (s *Server) bundleNode(j types.JID) node {
	d := s.device(j)
	if d == nil {
		return node{Tag: "user", Attrs: attrs{"jid": j}, Content: []node{{Tag: "error", Attrs: attrs{"code": 406, "text": "not-acceptable"}}}}
	}
	b := s.takeBundle(d)
	children := []node{
		{Tag: "registration", Content: b.registration}, {Tag: "type", Content: []byte{5}},
		{Tag: "identity", Content: b.identity}, b.signed.node("skey"),
	}
	if b.oneTime != nil {
		children = append(children, b.oneTime.node("key"))
	}
	return node{Tag: "user", Attrs: attrs{"jid": j, "t": s.now().Unix()}, Content: children}
}

// bundle is what somebody needs to begin a session with a device.
type bundle struct {
	registration, identity []byte
	signed                 preKey
	oneTime                *preKey
}

// takeBundle hands out a device's keys and uses up one of the one-time ones. The
// caller holds s.mu.
func (s *Server) takeBundle(d *device) bundle {
	if d.id == 0 && len(d.oneTimeKeys) == 0 {
		d.oneTimeKeys = d.account.phone.moreKeys()
	}
	b := bundle{registration: d.registration, identity: d.identity, signed: d.signedKey}
	if len(d.oneTimeKeys) == 0 {
		return b
	}
	b.oneTime = &d.oneTimeKeys[0]
	d.oneTimeKeys = d.oneTimeKeys[1:]
	if left := len(d.oneTimeKeys); left < fewKeys && d.id != 0 {
		s.deliver(d, s.notification("encrypt", nil, node{Tag: "count", Attrs: attrs{"value": left}}))
	}
	return b
}
