package chats

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers"
)

// meanwhile does something; what it gives is closed when that is over.
func (b *bench) meanwhile(do func(ctx context.Context) error) (over <-chan struct{}) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := do(context.WithoutCancel(b.t.Context())); err != nil {
			b.t.Error(err)
		}
	}()
	return ended
}

// busy keeps the lane of the channel busy until what it returns is called.
func (b *bench) busy() (free func()) {
	began, end := make(chan struct{}), make(chan struct{})
	over := b.meanwhile(func(ctx context.Context) error {
		return b.between(ctx, b.channel.ID, func(context.Context) error {
			close(began)
			<-end
			return nil
		})
	})
	<-began
	return func() {
		close(end)
		<-over
	}
}

// begin hands one delivery in, and leaves it to the caller to wait.
func (b *bench) begin(payloads ...providers.InboundPayload) (kept func() error) {
	in := make([]providers.Inbound, 0, len(payloads))
	for _, p := range payloads {
		in = append(in, providers.Inbound{Channel: b.channel.ID, ReceivedAt: b.at, Payload: p})
	}
	return b.Take(b.t.Context(), in...)
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// waiting waits until so many orders wait in the channel's lane, or over is closed.
func (b *bench) waiting(n int, over <-chan struct{}) {
	late := time.After(20 * time.Second)
	for len(b.lane(b.channel.ID)) < n {
		select {
		case <-over:
			return
		case <-late:
			b.t.Errorf("not even %d orders wait", n)
			return
		default:
			runtime.Gosched()
		}
	}
}

// Two deliveries in one batch, of which one can never be written: the other is,
// and counts once.
func TestWhatCannotBeWrittenIsLeftOutAlone(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	ana := number("5521988887777")
	free := b.busy()
	good, bad := b.begin(b.says("um", ana)), b.begin(b.says(strings.Repeat("x", 17<<20), ana))
	free()
	b.must(good())
	b.must(bad())
	b.want("messages", b.texts(ana), []string{"um"})
	b.want("unread", b.list()[0].Unread, 1)
}

// What was added and could not be counted then is counted when it comes again,
// once.
func TestWhatFailedHalfwayIsCountedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	ana := number("5521988887777")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(mongotest.URI(t)).SetMonitor(&event.CommandMonitor{Succeeded: func(_ context.Context, e *event.CommandSucceededEvent) {
		if e.CommandName == "update" { // of the messages, which are first
			cancel()
		}
	}}))
	b.must(err)
	t.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	b.messages = client.Database(b.db.Name()).Collection(MessagesCollection)
	one := []*order{{in: []providers.Inbound{{Channel: b.channel.ID, ReceivedAt: b.at, Payload: b.says("um", ana)}}}}
	if err := b.write(ctx, one); err == nil || len(b.list()) != 0 {
		t.Fatalf("it was written whole: %v, %+v", err, b.list())
	}
	for range 3 {
		b.must(b.write(t.Context(), one))
		b.want("unread", b.list()[0].Unread, 1)
	}
}

// What is done to a chat takes its effect between the messages that it was done
// between, also where all is written at once.
func TestABatchHasAnOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	ana := number("5521988887777")
	change := func(c providers.ChatChanged) providers.ChatChanged {
		c.Addresses, c.Timestamp = []providers.Address{ana}, b.at
		return c
	}
	unread := func() (n int64, marked bool) { return b.list()[0].Unread, b.list()[0].MarkedUnread }
	b.take(b.Service, b.says("um", ana), b.says("dois", ana), change(providers.ChatChanged{Read: providers.Bool(true), Archived: providers.Bool(true)}), b.says("três", ana))
	if n, marked := unread(); n != 1 || marked || !b.list()[0].Archived {
		t.Errorf("read, then a message: %+v", b.list()[0])
	}
	b.take(b.Service, b.says("quatro", ana), change(providers.ChatChanged{Read: providers.Bool(true)}), change(providers.ChatChanged{Read: providers.Bool(false)}))
	if n, marked := unread(); n != 0 || !marked {
		t.Errorf("a message, read, then marked: %d, %v", n, marked)
	}
	cleared := change(providers.ChatChanged{Cleared: true})
	b.at = b.at.Add(time.Minute)
	said := b.says("cinco", ana)
	b.take(b.Service, cleared, said, providers.MessageEdited{Target: said.ID, By: providers.By{Addresses: said.From.Addresses}, Timestamp: b.at, Content: providers.Content{Type: providers.TypeText, Text: "seis"}})
	b.want("left", b.texts(ana), []string{"seis"})
	if n, _ := unread(); n != 1 {
		t.Errorf("cleared, then a message: %d", n)
	}
	b.take(b.Service, providers.ChatChanged{Addresses: []providers.Address{number("5521911112222")}, Read: providers.Bool(true), Pinned: providers.Bool(true)})
	b.want("chats, with one of which nothing is known", len(b.list()), 1)
}

// Nothing that was delivered before an erasure, or before a device was unlinked,
// is written behind it.
func TestADeletionIsBehindWhatWasDelivered(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(ctx context.Context, b *bench, of providers.Address) error{
		"an erasure": func(ctx context.Context, b *bench, of providers.Address) error {
			return b.Erase(ctx, b.channel.ID, []providers.Address{of})
		},
		"a logout": func(ctx context.Context, b *bench, _ providers.Address) error { return b.Forget(ctx, b.channel.ID) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, 100)
			ana := number("5521988887777")
			free := b.busy()
			kept := b.begin(b.says("um", ana))
			over := b.meanwhile(func(ctx context.Context) error { return remove(ctx, b, ana) })
			b.waiting(2, over)
			free()
			<-over
			b.must(kept())
			b.want("chats", len(b.list()), 0)
			b.want("messages", b.texts(ana), []string{})
			b.take(b.Service, b.says("dois", ana))
			b.want("what is said later", b.texts(ana), []string{"dois"})
		})
	}
}

// A history that is being written when somebody is erased does not bring them
// back, nor what they wrote or is quoted of them in groups.
func TestAHistoryBringsNobodyBack(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	ana, rui, room := number("5521988887777"), number("5521911112222"), group("1203634")
	in := func(m providers.MessageReceived) providers.ChatMessage {
		m.Group = &providers.Group{Address: room}
		return providers.ChatMessage{Message: m}
	}
	quoting := in(b.says("de Rui", rui))
	quoting.Message.Quote = &providers.Quote{Author: ana, Text: "de Ana"}
	told := []providers.Chat{
		{Addresses: []providers.Address{ana}, Messages: []providers.ChatMessage{{Message: b.says("antes", ana)}}},
		{Addresses: []providers.Address{room}, Messages: []providers.ChatMessage{quoting, in(b.says("de Ana", ana))}},
	}
	free := b.busy()
	erased := b.meanwhile(func(ctx context.Context) error { return b.Erase(ctx, b.channel.ID, []providers.Address{ana}) })
	b.waiting(1, erased)
	synced := b.meanwhile(func(ctx context.Context) error { return b.Sync(ctx, b.channel.ID, told) })
	b.waiting(2, synced)
	free()
	<-erased
	<-synced
	b.want("hers", b.texts(ana), []string{})
	b.want("in the room", b.texts(room), []string{"de Rui"})
	quotes, err := b.messages.CountDocuments(t.Context(), bson.D{{Key: "quotedMessage", Value: bson.D{{Key: "$exists", Value: true}}}})
	b.must(err)
	b.want("quotes of her", quotes, 0)
	b.want("chats", len(b.list()), 1)
}

// An erasure that another server does cannot wait for what this one is writing,
// and knows nothing of it: the history brings the person back, until the same is
// done here, as it is at last.
func TestAnErasureElsewhereIsFinishedHere(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	ana, other := number("5521988887777"), b.open(100)
	heard := b.says("agora", ana)
	told := fromHistory(ana, b.says("antes", ana))
	free := b.busy()
	kept := b.begin(heard)
	synced := b.meanwhile(func(ctx context.Context) error { return b.Sync(ctx, b.channel.ID, told.Chats) })
	b.waiting(2, synced)
	b.must(other.Erased(t.Context(), b.channel.ID, []messages.ErasedMessage{{ID: heard.ID}}))
	b.must(other.Erase(t.Context(), b.channel.ID, []providers.Address{ana}))
	here := b.meanwhile(func(ctx context.Context) error { return b.Erase(ctx, b.channel.ID, []providers.Address{ana}) })
	b.waiting(3, here)
	free()
	b.must(kept())
	<-synced
	<-here
	b.want("chats", len(b.list()), 0)
	b.want("messages", b.texts(ana), []string{})
}
