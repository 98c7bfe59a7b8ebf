package channels_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

// lines is an adapter whose connections have a life of their own.
type lines struct {
	opened    chan *line
	forgot    chan told // by the adapter
	discarded chan told
	mu        sync.Mutex
	fails     error
}

// errPanics lets the adapter panic in the place of failing.
var errPanics = errors.New("the adapter panics")

// fail lets no connection be opened from now on.
func (l *lines) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fails = err
}

// told is what an adapter or a connection was to forget.
type told struct {
	as  providers.Channel
	who []providers.Address
}

func (l *lines) Forget(_ context.Context, ch providers.Channel, who []providers.Address) error {
	l.forgot <- told{ch, who}
	return nil
}

func (l *lines) Discard(_ context.Context, ch providers.Channel) error {
	l.discarded <- told{as: ch}
	return nil
}

func (l *lines) Name() providers.Name { return providers.WhatsAppWeb }

func (l *lines) Capabilities() providers.Capabilities { return providers.Capabilities{Version: "test"} }

func (l *lines) Open(_ context.Context, ch providers.Channel, sink providers.Sink) (providers.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if errors.Is(l.fails, errPanics) {
		panic("a row that nobody thought of")
	}
	if l.fails != nil {
		return nil, l.fails
	}
	one := &line{as: ch, sink: sink, done: make(chan struct{}), closed: make(chan struct{}), typed: make(chan providers.TypingState, 10), forgot: make(chan told, 10)}
	l.opened <- one
	return one, nil
}

// line is one of them.
type line struct {
	as     providers.Channel
	sink   providers.Sink
	done   chan struct{}
	ending providers.Ending
	closed chan struct{}
	once   sync.Once
	typed  chan providers.TypingState
	forgot chan told
}

func (l *line) Forget(_ context.Context, who []providers.Address) error {
	l.forgot <- told{l.as, who}
	return nil
}

func (l *line) Logout(context.Context) error {
	l.end(providers.Ending{State: providers.State{Status: providers.StatusLoggedOut, Detail: "unlinked here"}})
	return nil
}

func (l *line) Check(context.Context, providers.Outbound) error { return nil }

func (l *line) Send(context.Context, providers.Outbound) (providers.Receipt, error) {
	return providers.Receipt{}, errors.New("nothing is sent in this test")
}

func (l *line) State() providers.State { return providers.State{Status: providers.StatusOpen} }

func (l *line) Close(context.Context) error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *line) Done() <-chan struct{} { return l.done }

func (l *line) Ending() providers.Ending { return l.ending }

func (l *line) end(e providers.Ending) {
	l.ending = e
	close(l.done)
}

func (l *line) SendTyping(_ context.Context, to providers.Address, _ ids.ProviderMessage, state providers.TypingState) error {
	if to.Value == "5521900000000" {
		return &providers.SendError{Reason: providers.ReasonNotOnWhatsApp, ProviderCode: "404", Detail: "nobody is there"}
	}
	l.typed <- state
	return nil
}

// fleet is two servers on one store, with a channel that may be connected.
type fleet struct {
	*world
	lines   *lines
	servers [2]*channels.Service
	engines [2]*gin.Engine
	loops   [2]*jobs.Loop
	channel ids.Channel
}

func newFleet(t *testing.T, change ...func(*channels.Options)) *fleet {
	t.Helper()
	return newFleetApart(t, 0, change...)
}

// newFleetApart is a fleet of which the second server's clock is ahead.
func newFleetApart(t *testing.T, ahead time.Duration, change ...func(*channels.Options)) *fleet {
	t.Helper()
	return newFleetOn(t, alone, ahead, change...)
}

// newFleetOn is newFleetApart on a store that place gives the world.
func newFleetOn(t *testing.T, place func(*world), ahead time.Duration, change ...func(*channels.Options)) *fleet {
	t.Helper()
	f := &fleet{lines: &lines{opened: make(chan *line, 10), forgot: make(chan told, 10), discarded: make(chan told, 10)}}
	f.world = newWorld(t, place, func(w *world) {
		w.adapters = append(w.adapters, f.lines)
	})
	for i := range f.servers {
		bell := mongodb.NewBell(f.db)
		f.options = func(o *channels.Options) {
			o.Bell, o.Now = bell, func() time.Time { return f.clock.now().Add(time.Duration(i) * ahead) }
			for _, fn := range change {
				fn(o)
			}
		}
		service, engine := f.server(f.vault(f.master))
		service.SetSink(service)
		f.servers[i], f.engines[i] = service, engine
		hearing := &jobs.Loop{Name: "bell", Interval: time.Second, Run: bell.Listen}
		hearing.Start(context.Background())
		t.Cleanup(hearing.Stop)
		for _, l := range service.Loops() {
			loop := &jobs.Loop{Name: l.Name, Interval: 50 * time.Millisecond, Run: l.Run, Wake: l.Wake}
			switch l.Name {
			case "channel_devices":
				f.loops[i] = loop
				fallthrough
			case "channel_discards":
				loop.Start(context.Background())
				t.Cleanup(loop.Stop)
			}
		}
	}
	ch, _, err := f.servers[0].CreateChannel(t.Context(), channels.Spec{Account: f.account, Provider: providers.WhatsAppWeb, Identifier: otherNum})
	if err != nil {
		t.Fatal(err)
	}
	f.channel = ch.ID
	return f
}

// open waits for a connection that some server opens.
func (f *fleet) open() *line {
	f.t.Helper()
	select {
	case one := <-f.lines.opened:
		return one
	case <-time.After(30 * time.Second):
		f.t.Fatal("no server opened the connection")
		return nil
	}
}

// holder tells which server holds the connection.
func (f *fleet) holder() int {
	f.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		for i, s := range f.servers {
			if hold, err := s.HoldOf(f.t.Context(), f.channel); err == nil && hold.Here {
				return i
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	f.t.Fatal("no server holds the connection")
	return 0
}

func (f *fleet) want(wanted bool) {
	f.t.Helper()
	if err := f.servers[0].Want(f.t.Context(), f.channel, wanted); err != nil {
		f.t.Fatal(err)
	}
}

// report lets the connection say that it is open.
func (f *fleet) report(one *line, state providers.State) {
	f.t.Helper()
	err := one.sink.Accept(f.t.Context(), providers.Inbound{Channel: f.channel, Payload: providers.ConnectionChanged{State: state, Paired: providers.Address{Kind: providers.KindPhone, Value: otherNum}}})
	if err != nil {
		f.t.Fatal(err)
	}
}

// status waits until the channel has a status.
func (f *fleet) status(wanted providers.Status) {
	f.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	var got providers.Status
	for time.Now().Before(deadline) {
		ch, err := f.servers[1].Get(f.t.Context(), f.channel)
		if err != nil {
			f.t.Fatal(err)
		}
		if got = ch.State.Status; got == wanted {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	f.t.Fatalf("the channel is %s, want %s", got, wanted)
}

// steal lets somebody else have the lease for a moment.
func (f *fleet) steal() {
	f.t.Helper()
	_, err := f.db.Collection(channels.OwnersCollection).UpdateByID(f.t.Context(), "device/"+f.channel.String(), bson.D{
		{Key: "$set", Value: bson.D{{Key: "owner", Value: "another"}, {Key: "expiresAt", Value: time.Now().Add(4 * time.Second)}}},
		{Key: "$inc", Value: bson.D{{Key: "fence", Value: 1}}},
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// elsewhere waits until a server has seen that the channel is another's.
func (f *fleet) elsewhere(server int) {
	f.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if slices.Contains(f.servers[server].Elsewhere(), f.channel) {
			return
		}
	}
	f.t.Fatal("the other server does not see that the channel is held elsewhere")
}

func closedSoon(t *testing.T, one *line) {
	t.Helper()
	select {
	case <-one.closed:
	case <-time.After(30 * time.Second):
		t.Fatal("the connection was not closed")
	}
}
