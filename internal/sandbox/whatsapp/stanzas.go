package whatsapp

import (
	"strings"
	"time"
)

// StanzaEntry is a line of the log of stanzas.
type StanzaEntry struct {
	At time.Time `json:"at"`
	// Phone and Device are whose connection it was; empty before the login.
	Phone  string `json:"phone,omitempty"`
	Device int    `json:"device,omitempty"`
	// FromClient tells the direction.
	FromClient bool   `json:"fromClient"`
	Tag        string `json:"tag"`
	ID         string `json:"id,omitempty"`
	Type       string `json:"type,omitempty"`
	// XML is the stanza as text, cut where it is long.
	XML string `json:"xml"`
}

const maxStanzaText = 2000

// record keeps a line about a stanza.
func (s *Server) record(c *conn, fromClient bool, n *node) {
	e := StanzaEntry{At: s.now().UTC(), FromClient: fromClient, Tag: n.Tag, ID: strAttr(n, "id"), Type: strAttr(n, "type")}
	if c.device != nil {
		e.Phone, e.Device = c.device.account.number, int(c.device.id)
	}
	if n.Tag != "iq" || strAttr(n, "xmlns") != "encrypt" { // hundreds of keys
		e.XML = brief(n.String())
	}
	s.logMu.Lock()
	s.stanzas.add(e)
	s.logMu.Unlock()
	if s.onStanza != nil {
		s.onStanza(e)
	}
}

func brief(xml string) string {
	if len(xml) > maxStanzaText {
		xml = xml[:maxStanzaText] + "…"
	}
	return strings.ToValidUTF8(xml, "�")
}

// Stanzas is the log of stanzas, oldest first.
func (s *Server) Stanzas() []StanzaEntry {
	s.logMu.Lock()
	defer s.logMu.Unlock()
	return s.stanzas.all()
}
