package whatsapp

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waVnameCert"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// mexSetAbout is the query id by which linked devices change their about text.
const mexSetAbout = "9152604461510864"

// iqPicture sets and tells profile pictures, of people and of groups.
func (s *Server) iqPicture(c *conn, n *node, child node) {
	target := jidAttr(n, "target")
	if strAttr(n, "type") == "set" {
		if image := content(child); len(image) == 0 || isJPEG(image) {
			s.changePicture(c, n, target, image)
		} else {
			c.refuse(n, 406, "not-acceptable")
		}
		return
	}
	shown := s.pictureOf(target)
	switch {
	case shown.id == "":
		c.refuse(n, 404, "item-not-found")
	case strAttr(&child, "id") == shown.id:
		c.result(n) // as the client has it
	default:
		path := s.media.put(shown.bytes, "")
		c.result(n, node{Tag: "picture", Attrs: attrs{
			"id": shown.id, "type": strAttr(&child, "type"), "url": "https://pps.whatsapp.net" + path, "direct_path": path,
		}})
	}
}

func (s *Server) changePicture(c *conn, n *node, target types.JID, image []byte) {
	if target.Server != types.GroupServer {
		id := s.setPicture(c.device.account, image, c.device)
		c.result(n, pictureAnswer(id)...)
		return
	}
	g := s.groups[target.User]
	if g == nil {
		c.refuse(n, 404, "item-not-found")
		return
	}
	if code := g.mayEdit(c.device.account); code != 0 {
		c.refuse(n, code, "forbidden")
		return
	}
	id := s.setGroupPicture(g, c.device, image)
	c.result(n, pictureAnswer(id)...)
}

// isJPEG tells whether bytes begin as those of the only format that WhatsApp takes
// for pictures.
func isJPEG(image []byte) bool { return bytes.HasPrefix(image, []byte("\xff\xd8")) }

func pictureAnswer(id string) []node {
	if id == "" {
		return nil
	}
	return []node{{Tag: "picture", Attrs: attrs{"id": id}}}
}

func (s *Server) pictureOf(target types.JID) picture {
	if a := s.account(target); a != nil {
		return a.picture
	}
	if g := s.groups[target.User]; g != nil && target.Server == types.GroupServer {
		return g.picture
	}
	return picture{}
}

// setPicture changes somebody's picture, no bytes remove it, and tells all who
// know them. The caller holds s.mu.
func (s *Server) setPicture(a *account, image []byte, by *device) (id string) {
	a.picture = picture{}
	if len(image) > 0 {
		id = s.nextID()
		a.picture = picture{id: id, bytes: slices.Clone(image)}
	}
	told := s.acquaintances(a)
	told = append(told, a)
	for _, other := range told {
		for _, d := range other.list() {
			if d != by {
				s.deliver(d, s.notification("picture", attrs{"from": a.pn()}, pictureChange(a.pn(), id, a.pn())))
			}
		}
	}
	return id
}

func pictureChange(of types.JID, id string, author types.JID) node {
	if id == "" {
		return node{Tag: "delete", Attrs: attrs{"jid": of, "author": author}}
	}
	return node{Tag: "set", Attrs: attrs{"jid": of, "id": id, "author": author}}
}

// acquaintances are those who have a chat or a group with somebody, or who asked
// for their devices: whom the server tells about changes.
func (s *Server) acquaintances(a *account) []*account {
	found := map[*account]bool{}
	for other := range a.heardFrom {
		found[other] = true
	}
	for d := range a.listeners {
		found[d.account] = true
	}
	for other := range a.watchers {
		found[other] = true
	}
	for _, g := range s.groups {
		if g.member(a) == nil {
			continue
		}
		for _, m := range g.members {
			found[m.account] = true
		}
	}
	delete(found, a)
	out := make([]*account, 0, len(found))
	for other := range found {
		out = append(out, other)
	}
	return out
}

func (s *Server) iqStatus(c *conn, n *node, child node) {
	if strAttr(n, "type") == "get" { // who sees stories: without an answer clients take all contacts
		c.refuse(n, 404, "item-not-found")
		return
	}
	s.setAbout(c.device.account, text(child))
	c.result(n)
}

// setAbout changes somebody's about text. The caller holds s.mu.
func (s *Server) setAbout(a *account, about string) {
	a.about, a.aboutAt = about, s.now()
	for _, other := range s.acquaintances(a) {
		for _, d := range other.list() {
			s.deliver(d, s.notification("status", attrs{"from": a.pn()}, node{Tag: "set", Content: []byte(about)}))
		}
	}
}

// iqMex answers the GraphQL queries of which the sandbox knows one.
func (s *Server) iqMex(c *conn, n *node, child node) {
	var query struct {
		Variables struct {
			Input struct {
				Text string `json:"text"`
			} `json:"input"`
		} `json:"variables"`
	}
	if err := json.Unmarshal(content(child), &query); err != nil || strAttr(&child, "query_id") != mexSetAbout {
		c.result(n, node{Tag: "result", Content: []byte(`{"data":null,"errors":[{"message":"Not Found","extensions":{"error_code":404,"severity":"CRITICAL"}}]}`)})
		return
	}
	s.setAbout(c.device.account, query.Variables.Input.Text)
	c.result(n, node{Tag: "result", Content: []byte(`{"data":{"xwa2_update_text_status":{"result":"SUCCESS"}}}`)})
}

var privacyDefaults = map[string]string{
	"readreceipts": "all", "last": "all", "profile": "all", "status": "all", "groupadd": "all", "online": "all", "calladd": "all",
}

func (s *Server) iqPrivacy(c *conn, n *node, child node) {
	a := c.device.account
	if child.Tag == "tokens" {
		s.handTokens(a, child)
		c.result(n)
		return
	}
	if strAttr(n, "type") == "set" {
		for _, category := range child.GetChildren() {
			a.privacy[strAttr(&category, "name")] = strAttr(&category, "value")
		}
	}
	var categories []node
	for name, value := range a.privacy {
		categories = append(categories, node{Tag: "category", Attrs: attrs{"name": name, "value": value}})
	}
	c.result(n, node{Tag: "privacy", Content: categories})
}

// handTokens gives contacts the token that shows that from trusts them.
func (s *Server) handTokens(from *account, tokens node) {
	for _, t := range tokens.GetChildren() {
		to := s.account(jidAttr(&t, "jid"))
		if to == nil {
			continue
		}
		token := node{Tag: "token", Attrs: attrs{"jid": to.lidJID(), "t": strAttr(&t, "t"), "type": "trusted_contact"}, Content: randomBytes(16)}
		for _, d := range to.list() {
			s.deliver(d, s.notification("privacy_token", attrs{"from": from.pn(), "sender_lid": from.lidJID()}, node{Tag: "tokens", Content: []node{token}}))
		}
	}
}

func (s *Server) iqBlocklist(c *conn, n *node, child node) {
	a := c.device.account
	if strAttr(n, "type") == "set" {
		other := s.account(jidAttr(&child, "jid"))
		switch {
		case other == nil:
			c.refuse(n, 404, "item-not-found")
			return
		case strAttr(&child, "action") == "block":
			a.blocked[other] = true
		default:
			delete(a.blocked, other)
		}
	}
	var items []node
	for other := range a.blocked {
		items = append(items, node{Tag: "item", Attrs: attrs{"jid": other.pn()}})
	}
	c.result(n, node{Tag: "list", Attrs: attrs{"dhash": s.nextID()}, Content: items})
}

// Business is the profile of a WhatsApp Business account.
type Business struct {
	// Name is the verified name.
	Name        string `json:"name"`
	Address     string `json:"address,omitempty"`
	Email       string `json:"email,omitempty"`
	Category    string `json:"category,omitempty"`
	Description string `json:"description,omitempty"`
	Website     string `json:"website,omitempty"`
}

func (s *Server) iqBusiness(c *conn, n *node, child node) {
	asked := firstChild(&child)
	profile := node{Tag: "profile", Attrs: attrs{"jid": asked.Attrs["jid"]}}
	a := s.account(jidAttr(&asked, "jid"))
	if a == nil || a.business == nil {
		c.refuse(n, 404, "item-not-found")
		return
	}
	b := a.business
	profile.Content = []node{
		{Tag: "address", Content: []byte(b.Address)}, {Tag: "email", Content: []byte(b.Email)},
		{Tag: "description", Content: []byte(b.Description)}, {Tag: "website", Content: []byte(b.Website)},
		{Tag: "categories", Content: []node{{Tag: "category", Attrs: attrs{"id": "1"}, Content: []byte(b.Category)}}},
		{Tag: "business_hours", Attrs: attrs{"timezone": "America/Sao_Paulo"}, Content: businessHours()},
	}
	c.result(n, node{Tag: "business_profile", Content: []node{profile}})
}

// businessHours are nine to six on weekdays, in minutes since midnight.
func businessHours() []node {
	var days []node
	for _, day := range strings.Fields("mon tue wed thu fri") {
		days = append(days, node{Tag: "business_hours_config", Attrs: waBinary.Attrs{
			"day_of_week": day, "mode": "specific_hours", "open_time": "540", "close_time": "1080",
		}})
	}
	return days
}

// verifiedName is the certificate that names a business.
func verifiedName(a *account) []byte {
	details, err := proto.Marshal(&waVnameCert.VerifiedNameCertificate_Details{
		Issuer: proto.String("smb:wa"), VerifiedName: proto.String(a.business.Name), Serial: proto.Uint64(1),
	})
	if err != nil {
		return nil
	}
	out, err := proto.Marshal(&waVnameCert.VerifiedNameCertificate{Details: details})
	if err != nil {
		return nil
	}
	return out
}
