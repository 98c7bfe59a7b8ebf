package d360_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
	sandbox "github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// TestSends holds the adapter to what every one promises of its sends.
func TestSends(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *sandbox.Settings) { s.Statuses.Read = false })
	w.conn = openWith(t, d360.Options{BaseURL: w.url, Client: providertest.LoopbackOnly(), Pace: d360.Pace{PerSecond: 70, Burst: 5}})
	providertest.RunSends(t, providertest.Stage{
		Adapter: d360.New(d360.Options{}),
		Conn:    w.conn,
		Phones:  &phones{world: w},
		Ladder:  []providers.MessageStatus{providers.MessageSent, providers.MessageDelivered, providers.MessageRead},
		Template: &providers.Content{Type: providers.TypeTemplate, Name: "contato_cliente", Language: "pt_BR", Components: providers.RawJSON(
			`[{"type":"body","parameters":[{"type":"text","text":"João"},{"type":"text","text":"Loja"}]}]`)},
		TemplateText: "Olá João, aqui é da Loja. Podemos conversar?",
	})
}

// phones are the customers of a world, and what its webhooks told.
type phones struct {
	*world
	mu     sync.Mutex
	people int
	all    []providers.InboundPayload
}

// next makes a number that nobody has yet.
func (p *phones) next() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.people++
	return fmt.Sprintf("55219700%05d", p.people)
}

// told is all that came by webhook so far.
func (p *phones) told() []providers.InboundPayload {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		select {
		case item := <-p.inbox:
			p.all = append(p.all, item.Payload)
		default:
			return slices.Clone(p.all)
		}
	}
}

// Somebody has written, which opens the reply window.
func (p *phones) Somebody(t *testing.T) providers.Address {
	t.Helper()
	who := phoneAddress(p.next())
	p.Write(t, who, "oi")
	return who
}

// Nobody is in the reply window, too: 360dialog takes messages to numbers that are
// not on WhatsApp, and tells later. Out of the window it would tell of that first.
func (p *phones) Nobody(t *testing.T) providers.Address {
	t.Helper()
	who, err := p.server.PutCustomer(sandbox.CustomerConfig{WaID: p.next(), NotOnWhatsApp: true})
	if err == nil {
		err = p.server.SetWindow("PN1", who.WaID, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	return phoneAddress(who.WaID)
}

func (p *phones) Write(t *testing.T, who providers.Address, text string) (got providers.MessageReceived) {
	t.Helper()
	id, err := p.server.CustomerWrite(who.Value, sandbox.InboundMessage{Type: "text", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	providertest.Until(t, "a message comes in", func() bool {
		return slices.ContainsFunc(p.told(), func(payload providers.InboundPayload) bool {
			m, is := payload.(providers.MessageReceived)
			if is && string(m.ID) == id {
				got = m
			}
			return got.ID != ""
		})
	})
	return got
}

func (p *phones) Slow(t *testing.T, who providers.Address) {
	t.Helper()
	if _, err := p.server.AddFault(sandbox.Rule{Match: sandbox.Match{Endpoint: "messages", Recipient: who.Value}, Times: 1,
		Fault: sandbox.Fault{Kind: "slow_after", DelayMS: 5000}}); err != nil {
		t.Fatal(err)
	}
}

func (p *phones) Read(t *testing.T, who providers.Address, id ids.ProviderMessage) {
	t.Helper()
	if n := p.server.CustomerReads(who.Value, string(id)); n != 1 {
		t.Errorf("%d messages were read", n)
	}
}

func (p *phones) Typing(_ *testing.T, who providers.Address) bool {
	return slices.ContainsFunc(p.server.CustomerMessages(who.Value), func(m sandbox.PhoneMessage) bool { return m.Typing })
}

func (p *phones) Told(id ids.ProviderMessage) (list []providers.StatusChanged) {
	for _, payload := range p.told() {
		if s, is := payload.(providers.StatusChanged); is && s.ID == id {
			list = append(list, s)
		}
	}
	return list
}

// Shown leaves out reactions, which phones show at their message.
func (p *phones) Shown(t *testing.T, who providers.Address) (list []providertest.Shown) {
	t.Helper()
	for _, m := range p.server.CustomerMessages(who.Value) {
		if m.Type != "reaction" {
			list = append(list, p.shown(t, m))
		}
	}
	return list
}

func (p *phones) shown(t *testing.T, m sandbox.PhoneMessage) providertest.Shown {
	t.Helper()
	s := providertest.Shown{
		ID: ids.ProviderMessage(m.ID), Mine: m.From == "business", Type: providers.ContentType(m.Type), Text: m.Text,
		Reaction: m.Reactions["business"], Read: m.ReadByBusiness, Deleted: m.Revoked,
	}
	if m.QuoteShown {
		s.Quote = ids.ProviderMessage(m.Quoted)
	}
	if !s.Mine {
		return s
	}
	var read payload
	if err := json.Unmarshal(m.Payload.(json.RawMessage), &read); err != nil {
		t.Fatalf("%s: %v", m.Payload, err)
	}
	read.into(&s)
	if s.Type.IsMedia() {
		s.File = p.file(t, read.ID)
		s.File.Name = read.Filename
		s.Voice = s.File.Mimetype == "audio/ogg" // which phones play as such
	}
	return s
}

// payload is the object of a message's type, as the sandbox took it.
type payload struct {
	ID, Filename, Name, Address string
	Latitude, Longitude         float64

	Contacts []struct {
		Name struct {
			Formatted string `json:"formatted_name"`
		}
		Phones []struct{ Phone string }
	}
	Action struct {
		Buttons  []struct{ Reply struct{ ID string } }
		Sections []struct{ Rows []struct{ ID string } }
	}
}

// into adds what phones draw otherwise than as text.
func (p payload) into(s *providertest.Shown) {
	if s.Type == providers.TypeLocation {
		s.Text, s.Place = "", &providertest.Place{Latitude: p.Latitude, Longitude: p.Longitude, Name: p.Name, Address: p.Address}
	}
	for _, b := range p.Action.Buttons {
		s.Choices = append(s.Choices, b.Reply.ID)
	}
	for _, section := range p.Action.Sections {
		for _, row := range section.Rows {
			s.Choices = append(s.Choices, row.ID)
		}
	}
	for _, c := range p.Contacts {
		card := providertest.Card{Name: c.Name.Formatted}
		for _, phone := range c.Phones {
			card.Phones = append(card.Phones, strings.TrimPrefix(phone.Phone, "+"))
		}
		s.Text, s.Cards = "", append(s.Cards, card)
	}
}

// file asks the sandbox for a file, as anybody with the key may.
func (p *phones) file(t *testing.T, id string) *providertest.File {
	t.Helper()
	var about struct {
		URL      string
		Mimetype string `json:"mime_type"`
	}
	if err := json.Unmarshal(p.get(t, "/"+id), &about); err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(about.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &providertest.File{Mimetype: about.Mimetype, Bytes: p.get(t, at.RequestURI())}
}

func (p *phones) get(t *testing.T, path string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("D360-API-KEY", testKey)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", path, resp.StatusCode, err)
	}
	return content
}
