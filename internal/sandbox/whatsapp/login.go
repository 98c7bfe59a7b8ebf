package whatsapp

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"go.mau.fi/whatsmeow/types"
)

// socket serves one websocket from its handshake to its end.
func (s *Server) socket(w http.ResponseWriter, r *http.Request) {
	if f := s.meet(atSocket, event{}); f != nil {
		http.Error(w, "not now", statusOr(f, http.StatusServiceUnavailable))
		return
	}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // Accept has answered
	}
	ws.SetReadLimit(maxFrame)
	done := make(chan struct{})
	if !s.start(func() { defer close(done); s.serve(ws) }) {
		_ = ws.CloseNow()
		return
	}
	<-done
}

func (s *Server) serve(ws *websocket.Conn) {
	c := newConn(s.ctx, s, ws)
	defer func() { _ = ws.CloseNow() }()
	defer c.cancel()
	if err := c.handshake(); err != nil {
		s.log.Debug("a handshake failed", "error", err)
		return
	}
	s.mu.Lock()
	s.conns[c] = true
	s.mu.Unlock()
	defer s.gone(c)
	if !s.start(c.writeLoop) {
		return
	}
	if c.hello.GetDevicePairingData() != nil {
		s.offerPairing(c)
	} else {
		s.login(c)
	}
	for {
		n, err := c.readNode()
		if err != nil {
			return
		}
		s.record(c, true, n)
		s.handle(c, n)
	}
}

// login lets a linked device in: its Noise key is its credential.
func (s *Server) login(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.device(types.JID{User: fmt.Sprint(c.hello.GetUsername()), Device: uint16(c.hello.GetDevice()), Server: types.DefaultUserServer})
	if d == nil || d.noisePub != c.noisePub {
		c.sendLast(failure(reasonLoggedOut, nil))
		return
	}
	if refusal := s.refusal(d); refusal != nil {
		c.sendLast(*refusal)
		return
	}
	if old := d.conn; old != nil {
		old.sendLast(node{Tag: "stream:error", Content: []node{{Tag: "conflict", Attrs: attrs{"type": "replaced"}}}})
	}
	d.conn, d.active, c.device = c, false, d
	now := s.now().Unix()
	c.send(node{Tag: "success", Attrs: attrs{
		"t": now, "props": 28, "companion_enc_static": base64.StdEncoding.EncodeToString(randomBytes(32)),
		"location": "sandbox", "creation": d.linkedAt.Unix(), "lid": d.in(types.HiddenUserServer),
	}})
	s.news.ring()
}

// Reasons of a refused login.
const (
	reasonLoggedOut   = 401
	reasonTempBanned  = 402
	reasonBanned      = 406
	reasonUnavailable = 503
)

// refusal is the <failure> that a device meets at its login, or nil. The caller
// holds s.mu.
func (s *Server) refusal(d *device) *node {
	if f := s.pick(atLogin, d, types.EmptyJID, ""); f != nil {
		code := f.Code
		if code == 0 {
			code = reasonUnavailable
		}
		n := failure(code, nil)
		if code == reasonTempBanned {
			n = (&Ban{Reason: 101, Seconds: cmp.Or(f.Seconds, 3600)}).failure(s.now())
		}
		return &n
	}
	if ban := d.account.ban; ban != nil && ban.holds(s.now()) {
		n := ban.failure(s.now())
		return &n
	}
	return nil
}

func failure(reason int, more attrs) node {
	return node{Tag: "failure", Attrs: merged(attrs{"reason": reason, "location": "sandbox"}, more)}
}

// Ban keeps an account's linked devices out.
type Ban struct {
	// Reason is WhatsApp's number for it: 101 wrote to too many people, 102 blocked
	// by too many, 103 made too many groups, 104 sent the same too often, 106
	// broadcast too much.
	Reason int `json:"reason,omitempty"`
	// Seconds is how long it lasts from now; zero is for good, and then linked
	// devices are logged out by it.
	Seconds int `json:"seconds,omitempty"`

	until time.Time
}

func (b *Ban) holds(now time.Time) bool { return b.Seconds == 0 || now.Before(b.until) }

func (b *Ban) failure(now time.Time) node {
	if b.Seconds == 0 {
		return failure(reasonBanned, nil)
	}
	left := b.Seconds
	if !b.until.IsZero() {
		left = int(b.until.Sub(now).Seconds()) + 1
	}
	return failure(reasonTempBanned, attrs{"code": b.Reason, "expire": left})
}

// gone cleans up behind a connection.
func (s *Server) gone(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
	for _, ref := range c.pairing.refs {
		delete(s.refs, ref)
	}
	if d := c.device; d != nil && d.conn == c {
		d.conn, d.active = nil, false
		if d.account.online {
			s.setOnline(d.account, false)
		}
	}
	s.news.ring()
}

func statusOr(f *Fault, status int) int {
	if f.Status != 0 {
		return f.Status
	}
	return status
}
