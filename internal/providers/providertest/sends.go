package providertest

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Stage is an adapter's Conn, open at a simulator of its provider.
type Stage struct {
	Adapter providers.Adapter
	// Conn is closed by RunSends; the test may close it once more.
	Conn   providers.Conn
	Phones Phones
	// Ladder has the statuses that the sink is told of a message that arrives and
	// is read, from the lowest. Providers differ: where Send waits for the
	// provider's word the receipt says "sent", and no status does.
	Ladder []providers.MessageStatus
	// Template is one that the simulator has, filled in, and TemplateText what
	// phones show of it: no other provider knows its name. Nil where the
	// capability is not listed.
	Template     *providers.Content
	TemplateText string
}

// Phones are the simulated people, whom RunSends calls by the address that it
// writes to. Methods may be called concurrently, each from the goroutine of its t.
type Phones interface {
	// Somebody is a person with a phone, another one each time, to whom the
	// channel may send anything now.
	Somebody(t *testing.T) providers.Address
	// Nobody is a number that is not on WhatsApp, another one each time.
	Nobody(t *testing.T) providers.Address
	// Write lets a person write a text to the channel, and gives it as the sink
	// was told of it.
	Write(t *testing.T, who providers.Address, text string) providers.MessageReceived
	// Slow lets the provider take the next message to a person as ever, and say so
	// some seconds late.
	Slow(t *testing.T, who providers.Address)
	// Read lets a person read a message of the channel's.
	Read(t *testing.T, who providers.Address, id ids.ProviderMessage)
	// Shown is what the phone shows of the chat with the channel, oldest first;
	// none where there is no phone. What a phone shows in the order in which it
	// was sent to it must be in that order.
	Shown(t *testing.T, who providers.Address) []Shown
	// Typing tells whether the phone shows that the channel types.
	Typing(t *testing.T, who providers.Address) bool
	// Told are the statuses that the sink was told of a message, in their order.
	Told(id ids.ProviderMessage) []providers.StatusChanged
}

// Shown is a message as a phone shows it, in no provider's words.
type Shown struct {
	ID   ids.ProviderMessage
	Mine bool // the channel wrote it
	// Type is empty once the message was deleted.
	Type providers.ContentType
	// Text is what one reads: a text, a caption, the body above buttons, a template
	// filled in. Places and contacts have none: their names stand in Place and Cards.
	Text  string
	Voice bool
	Place *Place
	Cards []Card
	// Choices are the ids of what can be tapped.
	Choices  []string
	File     *File
	Quote    ids.ProviderMessage // only where the phone finds the message
	Reaction string              // the channel's
	Read     bool                // one of the person's: the channel has read it
	Deleted  bool
}

// Place is a location as a phone shows it.
type Place struct {
	Latitude, Longitude float64
	Name, Address       string
}

// Card is a contact as a phone shows it; Phones are digits only.
type Card struct {
	Name   string
	Phones []string
}

// File is a file as a phone has it. Name is only of documents: of other files
// phones show none. Mimetype has no parameters.
type File struct {
	Name, Mimetype string
	Bytes          []byte
}

// RunSends holds an adapter to what every Conn promises of what it sends: each
// kind that its capabilities list is shown as it was sent, each other one is
// refused, and an error says truly whether the message went out. It looks at the
// phones and at what the sink is told, never at requests. In the end it closes the
// Conn.
func RunSends(t *testing.T, s Stage) {
	t.Helper()
	r := sending{s, &atomic.Bool{}}
	t.Run("open", func(t *testing.T) {
		for name, promise := range r.promises() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				promise(t)
			})
		}
	})
	t.Run("closed", r.refusesOnceClosed)
}

// sending is a run of RunSends.
type sending struct {
	Stage
	// tired is set once something did not happen: the run has failed, and need not
	// wait so long for more.
	tired *atomic.Bool
}

// promises are what holds while the Conn is open: of all adapters, and of those
// that have an ability.
func (r sending) promises() map[string]func(*testing.T) {
	all := map[string]func(*testing.T){
		"quotes":                  r.showsQuotes,
		"reactions":               r.showsReactions,
		"nobody there":            r.saysWhoIsNotThere,
		"a context that ended":    r.saysWhatAnEndedContextDid,
		"a late answer":           r.saysThatALateAnswerIsDoubt,
		"many at the same time":   r.keepsConcurrentSendsApart,
		"an address of no people": r.refusesAddresses,
		"malformed":               r.refusesTheMalformed,
		"every address":           r.answers,
	}
	for _, k := range r.kinds() {
		if k.carried {
			all["kind "+k.name] = func(t *testing.T) { r.shows(t, k) }
		} else {
			all["no kind "+k.name] = func(t *testing.T) { r.refuses(t, k) }
		}
	}
	if maker, ok := r.Adapter.(providers.IDMaker); ok {
		all["ids of ours"] = func(t *testing.T) { r.sendsUnderOurIDs(t, maker) }
	}
	if revoker, ok := r.Conn.(providers.Revoker); ok {
		all["revoking"] = func(t *testing.T) { r.revokes(t, revoker) }
	}
	if typer, ok := r.Conn.(providers.Typer); ok {
		all["typing"] = func(t *testing.T) { r.showsTyping(t, typer) }
	}
	if marker, ok := r.Conn.(providers.ReadMarker); ok {
		all["reading"] = func(t *testing.T) { r.marksRead(t, marker) }
	}
	return all
}

// patience is how long a run waits for what must happen, and for any one call.
const patience = 30 * time.Second

// limited is a context for one call, which must not hang.
func limited(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// Until waits for what simulators do in their own time, and fails the test when it
// does not happen.
func Until(t *testing.T, what string, happened func() bool) {
	t.Helper()
	if !within(patience, happened) {
		t.Fatalf("%s: it did not happen", what)
	}
}

func (r sending) until(t *testing.T, what string, happened func() bool) {
	t.Helper()
	long := patience
	if r.tired.Load() {
		long = time.Second
	}
	if !within(long, happened) {
		r.tired.Store(true)
		t.Fatalf("%s: it did not happen", what)
	}
}

func within(long time.Duration, happened func() bool) bool {
	for deadline := time.Now().Add(long); !happened(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}
