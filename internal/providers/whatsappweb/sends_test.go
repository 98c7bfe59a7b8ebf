package whatsappweb

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// TestSends holds the adapter to what every one promises of its sends.
func TestSends(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.pair(w.person())
	providertest.RunSends(t, providertest.Stage{
		Adapter: w.adapter,
		Conn:    l.Conn,
		Phones:  &phones{link: l},
		// Send waits for WhatsApp's acknowledgement: the receipt is "sent".
		Ladder: []providers.MessageStatus{providers.MessageDelivered, providers.MessageRead},
	})
}

// phones are those of everybody in a link's world.
type phones struct {
	*link
	people atomic.Int64
}

// as is the world for another test's goroutine.
func (p *phones) as(t *testing.T) *world {
	w := *p.w
	w.T = t
	return &w
}

func (p *phones) Somebody(t *testing.T) providers.Address {
	t.Helper()
	c := whatsapp.PhoneConfig{Phone: fmt.Sprintf("552197000%04d", p.people.Add(1))}
	return phoneOf(one(p.w.s.AddPhone(c))(p.as(t)))
}

func (p *phones) Nobody(*testing.T) providers.Address {
	return providers.Address{Kind: providers.KindPhone, Value: fmt.Sprintf("552196000%04d", p.people.Add(1))}
}

func (p *phones) Write(t *testing.T, who providers.Address, text string) providers.MessageReceived {
	t.Helper()
	w := p.as(t)
	id := one(p.w.s.Write(who.Value, whatsapp.Draft{To: p.owner.Phone, Text: text}))(w)
	return toldTo(w, p.sink, text, func(m providers.MessageReceived) bool { return string(m.ID) == id })
}

func (p *phones) Slow(t *testing.T, who providers.Address) {
	t.Helper()
	p.as(t).fault(whatsapp.Rule{Match: whatsapp.Match{Phone: p.owner.Phone, Peer: who.Value}, Times: 1, Fault: whatsapp.Fault{Kind: "slow_ack", DelayMS: 5000}})
}

func (p *phones) Read(t *testing.T, who providers.Address, id ids.ProviderMessage) {
	t.Helper()
	if n := one(p.w.s.Read(who.Value, p.owner.Phone, string(id)))(p.as(t)); n != 1 {
		t.Errorf("%d messages were read", n)
	}
}

func (p *phones) Typing(_ *testing.T, who providers.Address) bool {
	chat, err := p.w.s.Chat(who.Value, p.owner.Phone)
	return err == nil && chat.Typing[p.owner.Phone] != ""
}

func (p *phones) Told(id ids.ProviderMessage) (list []providers.StatusChanged) {
	p.sink.mu.Lock()
	defer p.sink.mu.Unlock()
	for _, payload := range p.sink.all {
		if s, is := payload.(providers.StatusChanged); is && s.ID == id {
			list = append(list, s)
		}
	}
	return list
}

func (p *phones) Shown(t *testing.T, who providers.Address) (list []providertest.Shown) {
	t.Helper()
	if _, err := p.w.s.Phone(who.Value); err != nil {
		return nil
	}
	w := p.as(t)
	for _, m := range one(p.w.s.Messages(who.Value, p.owner.Phone))(w) {
		list = append(list, p.shown(w, who, m))
	}
	return list
}

func (p *phones) shown(w *world, who providers.Address, m whatsapp.PhoneMessage) providertest.Shown {
	w.Helper()
	s := providertest.Shown{
		ID: ids.ProviderMessage(m.ID), Mine: m.From == p.owner.Phone, Type: providers.ContentType(m.Type), Text: m.Text,
		Quote: ids.ProviderMessage(m.Quote), Reaction: m.Reactions[p.owner.Phone], Deleted: m.Deleted,
	}
	s.Read = !s.Mine && m.Status == "read"
	if m.Type == "voice" {
		s.Type, s.Voice = providers.TypeAudio, true
	}
	if m.Media != nil {
		content, mimetype, err := p.w.s.File(who.Value, m.ID)
		w.must(err)
		mimetype, _, _ = strings.Cut(mimetype, ";")
		s.File = &providertest.File{Name: m.Media.FileName, Mimetype: mimetype, Bytes: content}
	}
	var all drawn
	w.must(json.Unmarshal(m.Content, &all))
	all.into(&s, m.Phones)
	return s
}

// drawn is what of a message's protobuf phones draw otherwise than as text.
type drawn struct {
	Location *struct {
		Latitude  float64 `json:"degreesLatitude"`
		Longitude float64 `json:"degreesLongitude"`
		Name      string  `json:"name"`
		Address   string  `json:"address"`
	} `json:"locationMessage"`
	Contact  *drawnCard `json:"contactMessage"`
	Contacts struct {
		All []drawnCard `json:"contacts"`
	} `json:"contactsArrayMessage"`
}

type drawnCard struct {
	Name  string `json:"displayName"`
	VCard string `json:"vcard"`
}

// into gives each card the phones that the simulator read in it.
func (d drawn) into(s *providertest.Shown, phones []string) {
	if l := d.Location; l != nil {
		s.Text, s.Place = "", &providertest.Place{Latitude: l.Latitude, Longitude: l.Longitude, Name: l.Name, Address: l.Address}
	}
	cards := d.Contacts.All
	if d.Contact != nil {
		cards = []drawnCard{*d.Contact}
	}
	for _, c := range cards {
		s.Text = ""
		s.Cards = append(s.Cards, providertest.Card{Name: c.Name, Phones: slices.DeleteFunc(slices.Clone(phones), func(phone string) bool {
			return !strings.Contains(c.VCard, phone)
		})})
	}
}
