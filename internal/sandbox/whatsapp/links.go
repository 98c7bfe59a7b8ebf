package whatsapp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// PhoneInfo is somebody as they are now.
type PhoneInfo struct {
	PhoneConfig
	Online  bool         `json:"online"`
	Devices []DeviceInfo `json:"devices"`
	// Picture tells whether there is one.
	Picture bool `json:"picture"`
	// Banned and HeldUntil are what Ban and HoldBack did.
	Banned    bool       `json:"banned"`
	HeldUntil *time.Time `json:"heldUntil,omitempty"`
	// PasskeyCode is what the phone shows during a pairing with passkey.
	PasskeyCode string `json:"passkeyCode,omitempty"`
}

// DeviceInfo is a linked device.
type DeviceInfo struct {
	ID       int       `json:"id"`
	Name     string    `json:"name"`
	LinkedAt time.Time `json:"linkedAt"`
	// Connected tells that it has a connection, Active that it has caught up on it.
	Connected bool `json:"connected"`
	Active    bool `json:"active"`
	// Pending are stanzas that it has not acknowledged, Lost those that did not fit.
	Pending int `json:"pending"`
	Lost    int `json:"lost,omitempty"`
	// Collections are those of what the account's devices share that it has asked
	// for, in the order of the first time.
	Collections []string `json:"collections,omitempty"`
	// OneTimeKeys are left on the server.
	OneTimeKeys int `json:"oneTimeKeys"`
}

// info describes somebody. The caller holds s.mu.
func (p *phone) info() PhoneInfo {
	a := p.account
	info := PhoneInfo{PhoneConfig: p.config, Online: a.online, Picture: a.picture.id != "", PasskeyCode: p.shownCode, Devices: []DeviceInfo{}}
	info.Name, info.About = a.name, a.about
	info.Banned = a.ban != nil && a.ban.holds(p.srv.now())
	if p.srv.now().Before(a.holdUntil) {
		until := a.holdUntil
		info.HeldUntil = &until
	}
	for _, d := range a.list() {
		if d.id != 0 {
			info.Devices = append(info.Devices, DeviceInfo{
				ID: int(d.id), Name: d.name, LinkedAt: d.linkedAt, Connected: d.conn != nil, Active: d.active,
				Pending: len(d.pending), Lost: d.lost, Collections: slices.Clone(d.read), OneTimeKeys: len(d.oneTimeKeys),
			})
		}
	}
	return info
}

// Phone returns somebody, by number or hidden address.
func (s *Server) Phone(ref string) (PhoneInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return PhoneInfo{}, err
	}
	return a.phone.info(), nil
}

// Phones lists everybody, by number.
func (s *Server) Phones() []PhoneInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]PhoneInfo, 0, len(s.accounts))
	for _, a := range s.accounts {
		out = append(out, a.phone.info())
	}
	slices.SortFunc(out, func(x, y PhoneInfo) int { return cmp.Compare(x.Phone, y.Phone) })
	return out
}

func clientName(props []byte) string {
	var p waCompanionReg.DeviceProps
	if err := proto.Unmarshal(props, &p); err != nil {
		return ""
	}
	return p.GetOs()
}

// linked finds a linked device; 0 stands for the only one. The caller holds s.mu.
func (s *Server) linked(ref string, id int) (*device, error) {
	a, err := s.find(ref)
	if err != nil {
		return nil, err
	}
	devices := a.list()[1:]
	if id == 0 && len(devices) == 1 {
		return devices[0], nil
	}
	for _, d := range devices {
		if int(d.id) == id {
			return d, nil
		}
	}
	return nil, fmt.Errorf("%w: phone %s has no linked device %d among its %d", control.ErrNotFound, ref, id, len(devices))
}

// Unlink removes a linked device from the list on the phone; 0 stands for the
// only one. It is logged out, at once or when it comes back.
func (s *Server) Unlink(ref string, id int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.linked(ref, id)
	if err != nil {
		return err
	}
	s.unlink(d)
	s.news.ring()
	return nil
}

func (s *Server) unlink(d *device) {
	if d.conn != nil {
		d.conn.sendLast(node{Tag: "stream:error", Attrs: attrs{"code": "401"}, Content: []node{{Tag: "conflict", Attrs: attrs{"type": "device_removed"}}}})
	}
	s.forget(d)
}

// forget takes a device off its account. The caller holds s.mu.
func (s *Server) forget(d *device) {
	d.conn, d.active, d.pending = nil, false, nil
	delete(d.account.devices, d.id)
	s.announceDevice(d, "remove")
	for _, a := range s.accounts {
		delete(a.listeners, d)
	}
}

// iqDevice lets a linked device log itself out.
func (s *Server) iqDevice(c *conn, n *node, child node) {
	if child.Tag != "remove-companion-device" {
		c.refuse(n, 501, "feature-not-implemented")
		return
	}
	c.result(n)
	s.forget(c.device)
}

// Cut ends the connection of a linked device; 0 stands for the only one. How is
// empty for no word at all, or the code of a stream error: 503, 515, or
// "replaced", as when the device connects a second time.
func (s *Server) Cut(ref string, id int, how string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.linked(ref, id)
	if err != nil {
		return err
	}
	if d.conn == nil {
		return fmt.Errorf("%w: device %d of phone %s is not connected", control.ErrNotFound, d.id, ref)
	}
	code, wrong := strconv.Atoi(how)
	switch {
	case how == "":
		d.conn.cut()
	case how == "replaced":
		d.conn.sendLast(node{Tag: "stream:error", Content: []node{{Tag: "conflict", Attrs: attrs{"type": "replaced"}}}})
	case wrong == nil && code >= 300 && code <= 999:
		d.conn.sendLast(node{Tag: "stream:error", Attrs: attrs{"code": how}})
	default:
		return fmt.Errorf("a connection is cut by \"\", \"replaced\" or a code between 300 and 999, not %q", how)
	}
	return nil
}

// CutAll ends every connection without a word.
func (s *Server) CutAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.cut()
	}
}

// Ban keeps an account's linked devices out and cuts their connections. Seconds
// of zero ban for good, which logs them out.
func (s *Server) Ban(ref string, b Ban) error {
	if b.Seconds < 0 || b.Reason < 0 {
		return fmt.Errorf("seconds and reason of a ban must not be negative")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return err
	}
	b.Reason = cmp.Or(b.Reason, 101)
	b.until = s.now().Add(time.Duration(b.Seconds) * time.Second)
	a.ban = &b
	for _, d := range a.list() {
		if d.conn != nil {
			d.conn.cut()
		}
	}
	return nil
}

// Unban ends a ban.
func (s *Server) Unban(ref string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return err
	}
	a.ban = nil
	return nil
}

// HoldBack is the reach-out timelock: for that many seconds the account may not
// write to people who never wrote to it, which fails with 463. Zero ends it.
// Linked devices are told.
func (s *Server) HoldBack(ref string, seconds int) error {
	if seconds < 0 {
		return fmt.Errorf("seconds must not be negative, %d is", seconds)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return err
	}
	s.hold(a, seconds)
	return nil
}

// timelock is the payload by which devices are told.
type timelock struct {
	EnforcementType string `json:"enforcement_type"`
	IsActive        bool   `json:"is_active"`
	Ends            string `json:"time_enforcement_ends"`
}

func (s *Server) hold(a *account, seconds int) {
	a.holdUntil = s.now().Add(time.Duration(seconds) * time.Second)
	payload, err := json.Marshal(map[string]any{"data": map[string]any{"xwa2_notify_account_reachout_timelock": timelock{
		EnforcementType: "REACHOUT_TIMELOCK", IsActive: seconds > 0, Ends: fmt.Sprint(a.holdUntil.Unix()),
	}}})
	if err != nil {
		return
	}
	for _, d := range a.list() {
		if d.id != 0 {
			s.deliver(d, s.notification("mex", nil, node{Tag: "update", Attrs: attrs{"op_name": "NotificationAccountReachoutTimelockUpdate"}, Content: payload}))
		}
	}
}
