package whatsapp

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// PhoneConfig is somebody on WhatsApp, with a phone.
type PhoneConfig struct {
	// Phone is the number in digits, exactly as it is registered: in Brazil with
	// the ninth digit or without it. Whoever looks for the other one finds it.
	Phone string `json:"phone"`
	// LID is the user part of the hidden address; made from the number when empty.
	LID   string `json:"lid,omitempty"`
	Name  string `json:"name,omitempty"`
	About string `json:"about,omitempty"`
	// Platform is what linked devices are told of the phone: "android" when empty.
	Platform string    `json:"platform,omitempty"`
	Business *Business `json:"business,omitempty"`
	// Off is a phone that is switched off: what is sent to it waits, and a linked
	// device that asks it for history gets no answer.
	Off bool `json:"off,omitempty"`
	// AutoRead reads every message as it comes.
	AutoRead  bool       `json:"autoRead,omitempty"`
	AutoReply *AutoReply `json:"autoReply,omitempty"`
	// AutoScan lets the phone scan the codes that are handed to ScanAny.
	AutoScan bool `json:"autoScan,omitempty"`
	// Passkey makes every pairing ask for a passkey.
	Passkey bool `json:"passkey,omitempty"`
	// HideReads sends no read receipts; ContactsOnly lets only people that this one
	// wrote to add it to groups.
	HideReads    bool `json:"hideReads,omitempty"`
	ContactsOnly bool `json:"contactsOnly,omitempty"`
}

// AutoReply makes a phone answer by itself what others write to it, outside of
// groups. Phones that answer by themselves do not answer each other.
type AutoReply struct {
	// Mode is "echo" (the text comes back behind Prefix) or "script" (Replies in
	// turn, then silence).
	Mode    string   `json:"mode"`
	Prefix  string   `json:"prefix,omitempty"`
	Replies []string `json:"replies,omitempty"`
	// DelayMS passes before; the phone shows that it types meanwhile.
	DelayMS int `json:"delayMs,omitempty"`
}

func (c PhoneConfig) check() error {
	if n := len(c.Phone); digitsOf(c.Phone) != c.Phone || n < 5 || n > 15 || c.Phone[0] == '0' {
		return fmt.Errorf("phone %q must be 5 to 15 digits, beginning with a country code", c.Phone)
	}
	if digitsOf(c.LID) != c.LID {
		return fmt.Errorf("lid %q of phone %s must be digits", c.LID, c.Phone)
	}
	if r := c.AutoReply; r != nil {
		switch {
		case r.Mode != "echo" && r.Mode != "script":
			return fmt.Errorf("autoReply.mode of phone %s is %q: must be echo or script", c.Phone, r.Mode)
		case r.Mode == "script" && len(r.Replies) == 0:
			return fmt.Errorf("autoReply.replies of phone %s is empty: a script needs at least one reply", c.Phone)
		case r.DelayMS < 0:
			return fmt.Errorf("autoReply.delayMs of phone %s is %d: must not be negative", c.Phone, r.DelayMS)
		}
	}
	return nil
}

// hiddenAddress makes a LID that stays the same for a number.
func hiddenAddress(number string) string {
	sum := sha256.Sum256([]byte("lid " + number))
	return fmt.Sprintf("1%014d", binary.BigEndian.Uint64(sum[:])%1e14)
}

// AddPhone registers somebody, with a new identity. A number that exists already,
// with or without the ninth digit, is refused.
func (s *Server) AddPhone(c PhoneConfig) (PhoneInfo, error) {
	if err := c.check(); err != nil {
		return PhoneInfo{}, err
	}
	c.LID = cmp.Or(c.LID, hiddenAddress(c.Phone))
	c.Name, c.About = cmp.Or(c.Name, c.Phone), cmp.Or(c.About, "Hey there! I am using WhatsApp.")
	c.Platform = cmp.Or(c.Platform, "android")
	a := &account{
		number: c.Phone, lid: c.LID, name: c.Name, about: c.About, aboutAt: s.now(), platform: c.Platform, business: c.Business,
		identity: keys.NewKeyPair(), devices: map[uint16]*device{}, nextDevice: 1, collections: map[string][][]byte{}, privacy: map[string]string{},
		blocked: map[*account]bool{}, watchers: map[*account]string{}, listeners: map[*device]bool{}, heardFrom: map[*account]bool{},
	}
	for name, value := range privacyDefaults {
		a.privacy[name] = value
	}
	p := newPhone(s, a, c)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byNumber(c.Phone) != nil || s.byLID[c.LID] != nil {
		return PhoneInfo{}, fmt.Errorf("phone %s exists already, or its hidden address does", c.Phone)
	}
	if len(s.accounts) >= s.limits.Phones {
		return PhoneInfo{}, fmt.Errorf("there are %d phones already, and no more fit: reset, or raise Limits.Phones", len(s.accounts))
	}
	if err := p.applyConfig(c); err != nil {
		return PhoneInfo{}, err
	}
	s.accounts[a.number], s.byLID[a.lid] = a, a
	s.news.ring()
	return p.info(), nil
}

// applyConfig puts a changed configuration into force. The caller holds s.mu.
func (p *phone) applyConfig(c PhoneConfig) error {
	a := p.account
	switch {
	case !c.Passkey:
		a.passkey = nil
	case a.passkey == nil:
		key, err := newPasskey()
		if err != nil {
			return err
		}
		a.passkey = key
	}
	a.privacy["readreceipts"], a.privacy["groupadd"] = "all", "all"
	if c.HideReads {
		a.privacy["readreceipts"] = "none"
	}
	if c.ContactsOnly {
		a.privacy["groupadd"] = "contacts"
	}
	if c.Off != p.config.Off {
		p.mailbox.switchOff(c.Off)
	}
	a.business, a.platform = c.Business, c.Platform
	p.config = c
	return nil
}

// PhonePatch changes somebody; nil fields stay.
type PhonePatch struct {
	Name         *string    `json:"name"`
	About        *string    `json:"about"`
	Business     *Business  `json:"business"`
	Off          *bool      `json:"off"`
	AutoRead     *bool      `json:"autoRead"`
	AutoReply    *AutoReply `json:"autoReply"` // mode "off" ends it
	AutoScan     *bool      `json:"autoScan"`
	Passkey      *bool      `json:"passkey"`
	HideReads    *bool      `json:"hideReads"`
	ContactsOnly *bool      `json:"contactsOnly"`
}

func (p PhonePatch) over(c PhoneConfig) PhoneConfig {
	for _, f := range []struct{ from, to *bool }{
		{p.Off, &c.Off}, {p.AutoRead, &c.AutoRead}, {p.AutoScan, &c.AutoScan}, {p.Passkey, &c.Passkey},
		{p.HideReads, &c.HideReads}, {p.ContactsOnly, &c.ContactsOnly},
	} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if p.Name != nil {
		c.Name = *p.Name
	}
	if p.About != nil {
		c.About = *p.About
	}
	if p.Business != nil {
		c.Business = p.Business
	}
	if p.AutoReply != nil {
		c.AutoReply = p.AutoReply
		if p.AutoReply.Mode == "off" {
			c.AutoReply = nil
		}
	}
	return c
}

// PatchPhone lets somebody change themselves, or how their phone behaves. Linked
// devices and acquaintances are told of a new name or about text.
func (s *Server) PatchPhone(ref string, patch PhonePatch) (PhoneInfo, error) {
	s.mu.Lock()
	a, err := s.find(ref)
	if err != nil {
		s.mu.Unlock()
		return PhoneInfo{}, err
	}
	changed := patch.over(a.phone.config)
	if err = changed.check(); err == nil {
		err = a.phone.applyConfig(changed)
	}
	if err != nil {
		s.mu.Unlock()
		return PhoneInfo{}, err
	}
	if patch.AutoReply != nil {
		a.phone.replied = 0
	}
	if patch.About != nil {
		s.setAbout(a, *patch.About)
	}
	renamed := patch.Name != nil && *patch.Name != a.name
	if renamed {
		a.name = *patch.Name
	}
	info := a.phone.info()
	s.mu.Unlock()
	s.news.ring()
	if renamed {
		return info, a.phone.patchIfSeeded(appstate.BuildSettingPushName(*patch.Name))
	}
	return info, nil
}

// RemovePhone takes somebody off WhatsApp: their devices are logged out, and they
// leave their groups without a word.
func (s *Server) RemovePhone(ref string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return err
	}
	for _, d := range a.list() {
		if d.id != 0 {
			s.unlink(d)
		}
	}
	for _, g := range s.groups {
		g.members = slices.DeleteFunc(g.members, func(m *member) bool { return m.account == a })
	}
	delete(s.accounts, a.number)
	delete(s.byLID, a.lid)
	for _, other := range s.accounts {
		delete(other.heardFrom, a)
		delete(other.watchers, a)
		delete(other.blocked, a)
	}
	a.phone.mailbox.stop()
	s.news.ring()
	return nil
}

// SetPicture changes somebody's profile picture; no bytes remove it.
func (s *Server) SetPicture(ref string, image []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return err
	}
	s.setPicture(a, image, a.phone.self)
	return nil
}

// SetPresence shows somebody online, or not.
func (s *Server) SetPresence(ref string, online bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return err
	}
	s.setOnline(a, online)
	return nil
}

// find gives the account that a number, an address or a hidden user stands for.
// The caller holds s.mu.
func (s *Server) find(ref string) (*account, error) {
	user, server, addressed := strings.Cut(ref, "@")
	if addressed && server == types.HiddenUserServer {
		if a := s.byLID[user]; a != nil {
			return a, nil
		}
		return nil, noPhone(ref)
	}
	if a := s.byNumber(user); a != nil {
		return a, nil
	}
	if a := s.byLID[user]; a != nil {
		return a, nil
	}
	return nil, noPhone(ref)
}
