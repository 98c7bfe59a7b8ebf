package whatsapp

import (
	"fmt"

	"go.mau.fi/whatsmeow/proto/waWeb"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// Ring lets somebody call somebody else, and gives the call's id. A linked device
// can reject it; nobody can answer.
func (s *Server) Ring(from, to string, video bool) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	caller, err := s.find(from)
	if err != nil {
		return "", err
	}
	called, err := s.find(to)
	if err != nil {
		return "", err
	}
	if caller == called {
		return "", fmt.Errorf("phone %s cannot call itself", from)
	}
	id := messageID()
	media := []node{{Tag: "audio", Attrs: attrs{"enc": "opus", "rate": 16000}}}
	if video {
		media = append(media, node{Tag: "video", Attrs: attrs{"enc": "vp8"}})
	}
	s.passCall(caller, called, node{Tag: "offer", Attrs: attrs{"call-id": id, "call-creator": caller.lidJID(), "caller_pn": caller.pn()}, Content: media})
	called.phone.calls[id] = caller.number
	return id, nil
}

// HangUp ends a call that Ring began.
func (s *Server) HangUp(from, to, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	caller, err := s.find(from)
	if err != nil {
		return err
	}
	called, err := s.find(to)
	if err != nil {
		return err
	}
	if called.phone.calls[id] != caller.number {
		return fmt.Errorf("%w: phone %s is not called by %s with id %s", control.ErrNotFound, to, from, id)
	}
	delete(called.phone.calls, id)
	called.phone.note(caller.lidJID(), caller, waWeb.WebMessageInfo_CALL_MISSED_VOICE)
	s.passCall(caller, called, node{Tag: "terminate", Attrs: attrs{"call-id": id, "call-creator": caller.lidJID(), "reason": "timeout"}})
	return nil
}

func (s *Server) passCall(from, to *account, what node) {
	for _, d := range to.list() {
		if d.id != 0 {
			s.deliver(d, node{Tag: "call", Attrs: attrs{"from": from.lidJID(), "id": s.nextID(), "t": s.now().Unix(), "platform": from.platform, "version": "2.26"}, Content: []node{what}})
		}
	}
}

// answerCall notes that a linked device rejected a call.
func (s *Server) answerCall(c *conn, n *node) {
	what := firstChild(n)
	c.send(node{Tag: "ack", Attrs: attrs{"class": "call", "id": n.Attrs["id"], "from": n.Attrs["to"], "type": what.Tag}})
	if what.Tag == "reject" {
		delete(c.device.account.phone.calls, strAttr(&what, "call-id"))
		if caller := s.account(jidAttr(n, "to").ToNonAD()); caller != nil {
			s.passCall(c.device.account, caller, what)
		}
	}
}

// Calls are the calls that ring at somebody's, with who calls.
func (s *Server) Calls(ref string) (map[string]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(a.phone.calls))
	for id, from := range a.phone.calls {
		out[id] = from
	}
	return out, nil
}
