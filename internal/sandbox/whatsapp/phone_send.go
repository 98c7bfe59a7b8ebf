package whatsapp

import (
	"fmt"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// letter is a message that a phone is about to send.
type letter struct {
	id   string
	to   types.JID
	edit string // the edit attribute of edits and revocations
	msg  *waE2E.Message
}

// send encrypts a message for every device that it is for, hands it to the
// server, and shows it on the phone itself.
func (p *phone) send(l letter) error {
	p.crypto.Lock()
	defer p.crypto.Unlock()
	p.sent.add(l)
	plain, err := proto.Marshal(l.msg)
	if err != nil {
		return fmt.Errorf("encode a message of phone %s: %w", p.account.number, err)
	}
	own, err := proto.Marshal(&waE2E.Message{DeviceSentMessage: &waE2E.DeviceSentMessage{DestinationJID: proto.String(l.to.String()), Message: l.msg}})
	if err != nil {
		return err
	}
	targets, err := p.targets(l.to)
	if err != nil {
		return err
	}
	var group []node
	if l.to.Server == types.GroupServer || l.to.Server == types.BroadcastServer {
		enc, distribution, err := p.groupSeal(l.to, plain)
		if err != nil {
			return err
		}
		if plain, err = proto.Marshal(&waE2E.Message{SenderKeyDistributionMessage: distribution}); err != nil {
			return err
		}
		own, group = plain, []node{withMediaType(enc, l.msg)}
	}
	var each []node
	for _, d := range targets {
		body := plain
		if d.account == p.account {
			body = own
		}
		enc, err := p.encrypt(d, body)
		if err != nil {
			p.srv.log.Warn("a phone leaves out a device", "error", err, "phone", p.account.number)
			continue
		}
		each = append(each, node{Tag: "to", Attrs: attrs{"jid": d.in(addressSpace(l.to))}, Content: []node{withMediaType(enc, l.msg)}})
	}
	return p.post(l, append([]node{{Tag: "participants", Content: each}}, group...))
}

// post routes the stanza and keeps the message.
func (p *phone) post(l letter, content []node) error {
	about := attrs{"to": l.to, "id": l.id, "type": stanzaType(l.msg)}
	if l.edit != "" {
		about["edit"] = l.edit
	}
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	outcome := p.srv.route(p.self, &node{Tag: "message", Attrs: about, Content: content})
	if code, refused := outcome["error"]; refused {
		return fmt.Errorf("phone %s may not write to %s: error %v", p.account.number, l.to, code)
	}
	p.apply(arrival{id: l.id, chat: l.to, sender: p.account, address: p.account.in(p.srv.spaceOf(l.to)), at: p.srv.now(), msg: l.msg})
	p.srv.news.ring()
	return nil
}

// addressSpace is the one in which the devices of a chat are named.
func addressSpace(chat types.JID) string {
	if chat.Server == types.DefaultUserServer {
		return chat.Server
	}
	return types.HiddenUserServer
}

// spaceOf is addressSpace that knows which groups address their members by number.
// The caller holds s.mu.
func (s *Server) spaceOf(chat types.JID) string {
	if g := s.groups[chat.User]; g != nil && chat.Server == types.GroupServer {
		return g.server()
	}
	return addressSpace(chat)
}

// targets are the devices that a message is for, without the phone itself.
func (p *phone) targets(to types.JID) ([]*device, error) {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	people := []*account{p.account}
	switch to.Server {
	case types.GroupServer:
		g := p.srv.groups[to.User]
		if g == nil {
			return nil, fmt.Errorf("%w: no group %s", control.ErrNotFound, to.User)
		}
		people = nil
		for _, m := range g.members {
			people = append(people, m.account)
		}
	case types.BroadcastServer:
		for other := range p.account.heardFrom {
			people = append(people, other)
		}
		for number := range p.contacts {
			if a := p.srv.accounts[number]; a != nil && !p.account.heardFrom[a] {
				people = append(people, a)
			}
		}
	default:
		other := p.srv.account(to)
		if other == nil {
			return nil, fmt.Errorf("%w: nobody has the address %s", control.ErrNotFound, to)
		}
		if other != p.account {
			people = append(people, other)
		}
	}
	var out []*device
	for _, a := range people {
		for _, d := range a.list() {
			if d != p.self {
				out = append(out, d)
			}
		}
	}
	return out, nil
}

// toPeer sends a message of the protocol to a device of the own account, through
// the server but to that device alone.
func (p *phone) toPeer(to *device, m *waE2E.ProtocolMessage) error {
	plain, err := proto.Marshal(&waE2E.Message{ProtocolMessage: m})
	if err != nil {
		return err
	}
	p.crypto.Lock()
	defer p.crypto.Unlock()
	sent := peerMessage{id: messageID(), to: to, plain: plain}
	p.peerSent.add(sent)
	return p.sendPeer(sent)
}

// sendPeer sends it, or sends it again. The caller holds p.crypto.
func (p *phone) sendPeer(m peerMessage) error {
	enc, err := p.encrypt(m.to, m.plain)
	if err != nil {
		return err
	}
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	p.srv.route(p.self, &node{
		Tag: "message", Content: []node{enc},
		Attrs: attrs{"to": m.to.in(types.DefaultUserServer), "id": m.id, "type": "text", "category": "peer"},
	})
	return nil
}
