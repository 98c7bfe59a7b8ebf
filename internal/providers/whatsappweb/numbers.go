package whatsappweb

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/phone"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

const (
	knownNumbers = 4096           // that one connection remembers
	trustNumber  = 24 * time.Hour // how long somebody found is believed to be there
	trustMiss    = 10 * time.Minute
)

// person is somebody as WhatsApp calls them; either name may be missing.
type person struct{ phone, lid types.JID }

// chat is the address to write to: the hidden one, where it is known.
func (p person) chat() types.JID {
	if !p.lid.IsEmpty() {
		return p.lid
	}
	return p.phone
}

func (p person) isNobody() bool { return p.phone.IsEmpty() && p.lid.IsEmpty() }

// directory remembers what WhatsApp said of numbers: nobody, a zero person, too.
type directory struct {
	now func() time.Time

	mu      sync.Mutex
	entries *simplelru.LRU[string, entry]
}

type entry struct {
	person person
	until  time.Time
}

func newDirectory(now func() time.Time) *directory {
	entries, err := simplelru.NewLRU[string, entry](knownNumbers, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &directory{now: now, entries: entries}
}

func (d *directory) get(digits string) (p person, known bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e, ok := d.entries.Get(digits)
	if !ok || d.now().After(e.until) {
		return person{}, false
	}
	return e.person, true
}

func (d *directory) put(digits string, p person) {
	trust := trustNumber
	if p.isNobody() {
		trust = trustMiss
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries.Add(digits, entry{person: p, until: d.now().Add(trust)})
}

// forget drops what was said of people, also that they are not there.
func (d *directory) forget(who []types.JID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, digits := range d.entries.Keys() {
		e, _ := d.entries.Peek(digits)
		if slices.Contains(who, types.NewJID(digits, types.DefaultUserServer)) || slices.Contains(who, e.person.phone) || slices.Contains(who, e.person.lid) {
			d.entries.Remove(digits)
		}
	}
}

// lookUp finds somebody without asking WhatsApp: known are those whom the device
// has met, by either way of writing their number. It does not know of anybody
// that they are not there, unless it was told lately.
func (c *Conn) lookUp(ctx context.Context, digits string) (p person, known bool) {
	if p, known = c.numbers.get(digits); known {
		return p, true
	}
	for _, form := range phone.Forms(digits) {
		jid := types.NewJID(form, types.DefaultUserServer)
		if lid, err := c.device.LIDs.GetLIDForPN(ctx, jid); err == nil && !lid.IsEmpty() {
			p = person{phone: jid, lid: lid.ToNonAD()}
			c.numbers.put(digits, p)
			return p, true
		}
	}
	return person{}, false
}

// find is lookUp that asks WhatsApp in the end, which knows both ways of writing
// a number. Nobody is a zero person.
func (c *Conn) find(ctx context.Context, digits string) (person, error) {
	if p, known := c.lookUp(ctx, digits); known {
		return p, nil
	}
	answers, err := c.client.IsOnWhatsApp(ctx, []string{phone.E164(digits)})
	if err != nil {
		return person{}, err
	}
	var p person
	for _, a := range answers {
		if !a.IsIn {
			continue
		}
		for _, jid := range []types.JID{a.JID.ToNonAD(), a.PhoneNumber.ToNonAD()} {
			switch jid.Server {
			case types.HiddenUserServer:
				p.lid = jid
			case types.DefaultUserServer:
				p.phone = jid
			}
		}
	}
	c.numbers.put(digits, p)
	return p, nil
}

// chatOf is the chat with somebody, or a group's, as far as it is known here:
// phones show typing and reading in the chat of the hidden address only.
func (c *Conn) chatOf(ctx context.Context, to providers.Address) types.JID {
	if to.Kind == providers.KindPhone {
		if p, known := c.lookUp(ctx, to.Value); known && !p.isNobody() {
			return p.chat()
		}
	}
	return wire.JIDOf(to)
}
