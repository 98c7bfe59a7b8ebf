package whatsapp

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// world is all that Reset throws away. Server.mu guards it.
type world struct {
	accounts map[string]*account // by phone
	byLID    map[string]*account
	groups   map[string]*group // by the user part of their id
	refs     map[string]*conn  // connections that show a QR code, by its reference
	conns    map[*conn]bool
}

func newWorld() world {
	return world{
		accounts: map[string]*account{}, byLID: map[string]*account{}, groups: map[string]*group{},
		refs: map[string]*conn{}, conns: map[*conn]bool{},
	}
}

// end cuts the connections and stops the phones of a world that nobody can reach
// any more.
func (w world) end() {
	for c := range w.conns {
		c.cut()
	}
	for _, a := range w.accounts {
		a.phone.mailbox.stop()
	}
}

// account is what the server knows of somebody.
type account struct {
	number, lid string // the user parts of their two addresses
	name        string
	about       string
	aboutAt     time.Time
	platform    string
	business    *Business
	picture     picture
	identity    *keys.KeyPair // of the phone, which vouches for every device
	devices     map[uint16]*device
	nextDevice  uint16
	collections map[string][][]byte // of app state: the patches, each with its version
	privacy     map[string]string
	blocked     map[*account]bool

	online   bool
	lastSeen time.Time
	// watchers are told of online and offline; the value is the address space in
	// which they asked.
	watchers map[*account]string
	// listeners asked for the list of devices and may have kept it.
	listeners map[*device]bool
	// heardFrom are those who wrote to this account: no cold contacts.
	heardFrom map[*account]bool
	ban       *Ban
	holdUntil time.Time // the reach-out timelock
	passkey   *passkey

	phone *phone
}

// picture is a profile picture; without an id there is none.
type picture struct {
	id    string
	bytes []byte
}

// device is one end of an account: 0 is the phone, the others are linked.
type device struct {
	id       uint16
	account  *account
	name     string // what the client calls itself
	noisePub [32]byte
	keyIndex uint32
	linkedAt time.Time

	registration []byte
	identity     []byte
	signedKey    preKey
	oneTimeKeys  []preKey

	conn    *conn
	active  bool // logged in and past its offline queue
	pending []node
	held    *node    // a message that waits to be delivered behind the next one
	lost    int      // stanzas that Limits.Pending pushed out
	read    []string // collections of what the account's devices share, as first asked for
}

type preKey struct{ id, public, signature []byte }

func (a *account) pn() types.JID { return types.NewJID(a.number, types.DefaultUserServer) }

func (a *account) lidJID() types.JID { return types.NewJID(a.lid, types.HiddenUserServer) }

// in is the account's address in the address space of a server.
func (a *account) in(server string) types.JID {
	if server == types.HiddenUserServer {
		return a.lidJID()
	}
	return a.pn()
}

// in is the device's address in the address space of a server.
func (d *device) in(server string) types.JID {
	j := d.account.in(server)
	j.Device = d.id
	return j
}

// list is every device of the account in order, the phone first.
func (a *account) list() []*device {
	out := make([]*device, 0, len(a.devices))
	for _, d := range a.devices {
		out = append(out, d)
	}
	slices.SortFunc(out, func(x, y *device) int { return cmp.Compare(x.id, y.id) })
	return out
}

// account finds whom an address belongs to; nil when nobody has it. The caller
// holds s.mu.
func (s *Server) account(j types.JID) *account {
	switch j.Server {
	case types.HiddenUserServer:
		return s.byLID[j.User]
	case types.DefaultUserServer, types.LegacyUserServer:
		return s.accounts[j.User]
	}
	return nil
}

// device finds an end by its address. The caller holds s.mu.
func (s *Server) device(j types.JID) *device {
	if a := s.account(j); a != nil {
		return a.devices[j.Device]
	}
	return nil
}

// byNumber finds who has a number, written in any of the ways that WhatsApp
// understands: with or without a plus, and in Brazil with or without the ninth
// digit, whichever of the two is registered. The caller holds s.mu.
func (s *Server) byNumber(number string) *account {
	digits := digitsOf(number)
	if a := s.accounts[digits]; a != nil {
		return a
	}
	return s.accounts[otherBrazilian(digits)]
}

// otherBrazilian adds the ninth digit to a Brazilian mobile number, or takes it
// away; anything else gives "".
func otherBrazilian(digits string) string {
	switch {
	case !strings.HasPrefix(digits, "55"):
	case len(digits) == 13 && digits[4] == '9':
		return digits[:4] + digits[5:]
	case len(digits) == 12 && digits[4] >= '6':
		return digits[:4] + "9" + digits[4:]
	}
	return ""
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
