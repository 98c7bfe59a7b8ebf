package whatsapp

import (
	"fmt"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// Write lets somebody write with their phone, and gives the message's id.
func (s *Server) Write(ref string, d Draft) (string, error) {
	s.mu.Lock()
	a, err := s.find(ref)
	s.mu.Unlock()
	if err != nil {
		return "", err
	}
	file, err := s.sealDraft(&d, a.number)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	to, err := s.destination(d.To)
	var l letter
	if err == nil {
		l, err = a.phone.compose(d, to, file)
	}
	s.mu.Unlock()
	if err != nil {
		return "", err
	}
	return l.id, a.phone.send(l)
}

// destination finds the address that a draft names. The caller holds s.mu.
func (s *Server) destination(ref string) (types.JID, error) {
	if ref == storyChat {
		return types.StatusBroadcastJID, nil
	}
	if g := s.groups[strings.TrimSuffix(ref, "@"+types.GroupServer)]; g != nil {
		return g.jid(), nil
	}
	a, err := s.find(ref)
	if err != nil {
		return types.EmptyJID, err
	}
	if s.Settings().Addressing.Chats == "pn" {
		return a.pn(), nil
	}
	return a.lidJID(), nil
}

// Read lets somebody read a message, or all of a chat when id is empty, and gives
// how many there were to read. The chat is a phone, a group's id or "status".
func (s *Server) Read(ref, chat, id string) (int, error) {
	return s.mark(ref, chat, id, "read", func(r *record) bool { return !r.read })
}

// Play lets somebody listen to a voice message, or to all of a chat.
func (s *Server) Play(ref, chat, id string) (int, error) {
	return s.mark(ref, chat, id, "played", func(r *record) bool {
		kind := contentOf(r.msg)
		return !r.played && (kind == "voice" || kind == "video" || r.once)
	})
}

func (s *Server) mark(ref, chat, id, kind string, open func(*record) bool) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return 0, err
	}
	p := a.phone
	c := p.chatNamed(chat)
	if c == nil {
		return 0, fmt.Errorf("%w: phone %s has no chat %q", control.ErrNotFound, ref, chat)
	}
	if r := p.find(c.key, id); id != "" && r == nil {
		return 0, fmt.Errorf("%w: phone %s shows no message %q in this chat", control.ErrNotFound, ref, id)
	}
	// One receipt for each sender, as phones do it.
	marked, bySender := 0, map[*account][]*record{}
	for _, r := range p.messages.all() {
		if r.chat == c.key && !r.mine && (id == "" || r.id == id) && open(r) {
			bySender[r.sender] = append(bySender[r.sender], r)
			r.read, r.played = true, r.played || kind == "played"
			marked++
		}
	}
	for _, records := range bySender {
		s.routeReceipt(p.self, receiptOf(kind, records))
	}
	c.unread = p.countUnread(c.key)
	c.markedAs = c.markedAs && id != ""
	s.news.ring()
	return marked, nil
}

func (p *phone) countUnread(key string) (n int) {
	for _, r := range p.messages.all() {
		if r.chat == key && !r.mine && !r.read {
			n++
		}
	}
	return n
}

// receiptOf is the receipt of messages of one sender in one chat.
func receiptOf(kind string, records []*record) *node {
	about := attrs{"id": records[0].id, "to": records[0].chatJID, "type": kind}
	if records[0].group() || records[0].chat == storyChat {
		about["participant"] = records[0].address
	}
	n := &node{Tag: "receipt", Attrs: about}
	var items []node
	for _, r := range slices.Backward(records[1:]) {
		items = append(items, node{Tag: "item", Attrs: attrs{"id": r.id}})
	}
	if len(items) > 0 {
		n.Content = []node{{Tag: "list", Content: items}}
	}
	return n
}

// Type shows that somebody types to a phone or a group: state is composing,
// recording or paused.
func (s *Server) Type(ref, to, state string) error {
	shown := node{Tag: "composing"}
	switch state {
	case "composing":
	case "recording":
		shown.Attrs = attrs{"media": "audio"}
	case "paused":
		shown.Tag = "paused"
	default:
		return fmt.Errorf("state %q must be composing, recording or paused", state)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return err
	}
	j, err := s.destination(to)
	if err != nil {
		return err
	}
	s.chatState(a.phone.self, j, shown)
	return nil
}
