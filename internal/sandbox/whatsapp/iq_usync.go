package whatsapp

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/types"
)

// iqUsync answers what is known of many people at once: whether a number is on
// WhatsApp, their devices, address, about text and picture.
func (s *Server) iqUsync(c *conn, n *node, child node) {
	query, list := child.GetChildByTag("query"), child.GetChildByTag("list")
	var users []node
	for _, u := range list.GetChildren() {
		users = append(users, s.usyncUser(c, query, u))
	}
	c.result(n, node{Tag: "usync", Attrs: child.Attrs, Content: []node{{Tag: "result"}, {Tag: "list", Content: users}}})
}

func (s *Server) usyncUser(c *conn, query, asked node) node {
	address := jidAttr(&asked, "jid")
	question, byNumber := asked.GetOptionalChildByTag("contact")
	var a *account
	if byNumber {
		a = s.byNumber(strings.TrimSuffix(text(question), "@"+types.LegacyUserServer))
		address = types.NewJID(digitsOf(strings.TrimSuffix(text(question), "@"+types.LegacyUserServer)), types.DefaultUserServer)
		if a != nil {
			address = a.pn()
		}
	} else {
		a = s.account(address)
	}
	user := node{Tag: "user", Attrs: attrs{"jid": address}}
	contact := query.GetChildByTag("contact")
	if byNumber && strAttr(&contact, "addressing_mode") == "lid" {
		user.Attrs = attrs{"pn_jid": address}
		if a != nil {
			user.Attrs["jid"] = a.lidJID()
		}
	}
	var children []node
	for _, protocol := range query.GetChildren() {
		if protocol.Tag == "contact" {
			children = append(children, contactAnswer(a, text(question)))
		} else if a != nil {
			children = append(children, s.usyncAnswer(c, a, protocol.Tag, address.Server)...)
		}
	}
	user.Content = children
	return user
}

func contactAnswer(a *account, question string) node {
	found := "out"
	if a != nil {
		found = "in"
	}
	return node{Tag: "contact", Attrs: attrs{"type": found}, Content: []byte(question)}
}

// usyncAnswer is what one protocol of the query says of somebody.
func (s *Server) usyncAnswer(c *conn, a *account, protocol, server string) []node {
	switch protocol {
	case "devices":
		a.listeners[c.device] = true
		return []node{{Tag: "devices", Content: []node{deviceList(a, server)}}}
	case "lid":
		return []node{{Tag: "lid", Attrs: attrs{"val": a.lidJID()}}}
	case "status":
		return []node{{Tag: "status", Attrs: attrs{"t": a.aboutAt.Unix()}, Content: []byte(a.about)}}
	case "picture":
		if a.picture.id != "" {
			return []node{{Tag: "picture", Attrs: attrs{"id": a.picture.id}}}
		}
	case "business":
		if a.business != nil {
			return []node{{Tag: "business", Content: []node{{Tag: "verified_name", Content: verifiedName(a)}}}}
		}
	}
	return nil
}

func deviceList(a *account, server string) node {
	var devices []node
	for _, d := range a.list() {
		about := attrs{"id": int(d.id), "is_hosted": false}
		if d.id > 0 {
			about["key-index"] = d.keyIndex
		}
		devices = append(devices, node{Tag: "device", Attrs: about})
	}
	return node{Tag: "device-list", Attrs: attrs{"hash": deviceHash(a.list(), server)}, Content: devices}
}

// deviceHash is how clients and server compare lists of devices without telling
// them.
func deviceHash(devices []*device, server string) string {
	names := make([]string, 0, len(devices))
	for _, d := range devices {
		names = append(names, d.in(server).ADString())
	}
	slices.Sort(names)
	sum := sha256.Sum256([]byte(strings.Join(names, "")))
	return "2:" + base64.RawStdEncoding.EncodeToString(sum[:6])
}
