package channels_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/local"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/migrations"
)

func TestOneServerHoldsAConnection(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	if _, err := f.servers[0].Conn(t.Context(), f.channel); !fault.Is(err, fault.WhatsAppConnectionClosed) {
		t.Errorf("before it is wanted: %v", err)
	}
	f.want(true)
	f.want(true)
	one := f.open()
	if one.as.Lease == nil || one.as.Lease.Fence < 1 || time.Until(one.as.Lease.TrustedUntil()) <= 0 {
		t.Errorf("opened without a lease: %+v", one.as.Lease)
	}
	f.report(one, providers.State{Status: providers.StatusOpen})
	f.status(providers.StatusOpen)
	if number, err := f.servers[1].Linked(t.Context(), f.channel); err != nil || number != otherNum {
		t.Errorf("linked to %q, %v", number, err)
	}
	holder := f.holder()
	f.elsewhere(1 - holder)
	other, err := f.servers[1-holder].Conn(t.Context(), f.channel)
	if err != nil {
		t.Fatal(err)
	}
	typer := other.(providers.Typer)
	if err := typer.SendTyping(t.Context(), providers.Address{Kind: providers.KindPhone, Value: number}, "", providers.Typing); err != nil {
		t.Fatal(err)
	}
	if state := <-one.typed; state != providers.Typing {
		t.Errorf("typed %s", state)
	}
	var failed *providers.SendError
	err = typer.SendTyping(t.Context(), providers.Address{Kind: providers.KindPhone, Value: "5521900000000"}, "", providers.Typing)
	if !errors.As(err, &failed) || failed.Reason != providers.ReasonNotOnWhatsApp || failed.ProviderCode != "404" || failed.Detail != "nobody is there" {
		t.Errorf("the holder's error came as %v", err)
	}
	f.noCommands()
	f.want(false)
	closedSoon(t, one)
	f.status(providers.StatusClosed)
}

// Nobody is told that a connection which is to begin anew is open.
func TestWhatBeginsAnewIsConnecting(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.want(true)
	one := f.open()
	f.report(one, providers.State{Status: providers.StatusOpen})
	f.status(providers.StatusOpen)
	if err := f.servers[0].Restart(t.Context(), f.channel); err != nil {
		t.Fatal(err)
	}
	if ch, linked, err := f.servers[1].Now(t.Context(), f.channel); err != nil || ch.State.Status != providers.StatusConnecting || linked != otherNum {
		t.Errorf("after the reset the channel is %s, linked to %q, %v", ch.State.Status, linked, err)
	}
	closedSoon(t, one)
	f.report(f.open(), providers.State{Status: providers.StatusOpen})
	f.status(providers.StatusOpen)
}

// TestAServerThatRemembersAnotherStateAsksAgain: what it read of the channel a
// moment ago does not refuse a device that came up on another server since.
func TestAServerThatRemembersAnotherStateAsksAgain(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.want(true)
	one := f.open()
	holder := f.holder()
	away := f.servers[1-holder]
	f.report(one, providers.State{Status: providers.StatusQR, Detail: "Scan it."})
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if ch, err := away.Get(t.Context(), f.channel); err != nil || ch.State.Status == providers.StatusQR {
			break // it may remember how the channel was before
		}
	}
	if _, err := away.Conn(t.Context(), f.channel); !fault.Is(err, fault.WhatsAppConnectionClosed) {
		t.Fatalf("a device that is not paired: %v", err)
	}
	f.report(one, providers.State{Status: providers.StatusOpen})
	conn, err := away.Conn(t.Context(), f.channel)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.(providers.Typer).SendTyping(t.Context(), providers.Address{Kind: providers.KindPhone, Value: number}, "", providers.Typing); err != nil {
		t.Fatal(err)
	}
	if state := <-one.typed; state != providers.Typing {
		t.Errorf("typed %s", state)
	}
}

func TestALostLeaseMovesTheConnection(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.want(true)
	one := f.open()
	f.report(one, providers.State{Status: providers.StatusOpen})
	f.holder()
	// Somebody else has it for a moment: its holder was paused for too long.
	f.steal()
	closedSoon(t, one)
	again := f.open()
	if again.as.Lease.Fence != one.as.Lease.Fence+2 {
		t.Errorf("fence %d after %d and another's", again.as.Lease.Fence, one.as.Lease.Fence)
	}
	f.holder()
}

func TestAnEndingSaysWhenToTryAgain(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.want(true)
	one := f.open()
	f.report(one, providers.State{Status: providers.StatusOpen})
	one.end(providers.Ending{State: providers.State{Status: providers.StatusBanned, Detail: "until noon"}, Again: time.Hour})
	closedSoon(t, one)
	f.status(providers.StatusBanned)
	f.clock.move(2 * time.Hour)
	next := f.open()
	f.report(next, providers.State{Status: providers.StatusOpen})
	next.end(providers.Ending{State: providers.State{Status: providers.StatusLoggedOut, Detail: "unlinked on the phone"}})
	closedSoon(t, next)
	f.status(providers.StatusLoggedOut)
	if number, err := f.servers[0].Linked(t.Context(), f.channel); err != nil || number != "" {
		t.Errorf("still linked to %q, %v", number, err)
	}
	f.clock.move(48 * time.Hour)
	select {
	case <-f.lines.opened:
		t.Error("a connection that was logged out was opened by itself")
	case <-time.After(300 * time.Millisecond):
	}
	f.want(true)
	f.open()
}

// A server that looked a moment before a connection ended takes its lease, and
// leaves it closed until its time.
func TestWhatHasJustEndedIsLeftAloneUntilItsTime(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.want(true)
	for range 8 {
		one := f.open()
		f.report(one, providers.State{Status: providers.StatusOpen})
		one.end(providers.Ending{State: providers.State{Status: providers.StatusBanned, Detail: "until noon"}, Again: time.Hour})
		closedSoon(t, one)
		f.status(providers.StatusBanned)
		select {
		case <-f.lines.opened:
			t.Fatal("a banned number was connected again at once")
		case <-time.After(500 * time.Millisecond): // longer than an opening is delayed
		}
		f.clock.move(2 * time.Hour)
	}
}

func TestWhatIsAskedWhileNobodyHoldsIsAnsweredLater(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.loops[0].Stop()
	f.loops[1].Stop()
	f.want(true)
	answered := make(chan error, 1)
	go func() {
		answered <- f.servers[0].Ask(context.Background(), f.channel, "typing", bson.D{{Key: "to", Value: providers.Address{Kind: providers.KindPhone, Value: number}}, {Key: "state", Value: "typing"}}, nil)
	}()
	f.loops[1].Start(context.Background())
	one := f.open()
	if err := <-answered; err != nil {
		t.Fatal(err)
	}
	if state := <-one.typed; state != providers.Typing {
		t.Errorf("typed %s", state)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	f.want(false)
	closedSoon(t, one)
	err := f.servers[0].Ask(ctx, f.channel, "typing", bson.D{}, nil)
	if !fault.Is(err, fault.ProviderUnavailable) {
		t.Errorf("with nobody there: %v", err)
	}
	f.noCommands()
}

// asked lets a server ask for many commands of a kind at once, and gives what
// comes of them.
func (f *fleet) asked(server, n int, kind string) <-chan error {
	answered := make(chan error, n)
	for range n {
		go func() { answered <- f.servers[server].Ask(context.Background(), f.channel, kind, bson.D{}, nil) }()
	}
	return answered
}

// More commands than a channel may do at once are done one after the other
// without a pause: a look a second would leave most of these unanswered.
func TestCommandsTakeTheirTurnsAtOnce(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	for _, server := range f.servers {
		channels.Answer(server, "quick", func(context.Context, providers.Conn, struct{}) (struct{}, error) { return struct{}{}, nil })
	}
	f.want(true)
	f.open()
	const many = 300
	answered := f.asked(1-f.holder(), many, "quick")
	for range many {
		if err := <-answered; err != nil {
			t.Fatal(err)
		}
	}
	f.noCommands()
}

// Commands that take long keep no others of their channel from being done.
func TestSlowCommandsHoldUpNoOthers(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	release, begun := make(chan struct{}), make(chan struct{}, 100)
	for _, server := range f.servers {
		server.SlowCommands("slow")
		channels.Answer(server, "quick", func(context.Context, providers.Conn, struct{}) (struct{}, error) { return struct{}{}, nil })
		channels.Answer(server, "slow", func(context.Context, providers.Conn, struct{}) (struct{}, error) {
			begun <- struct{}{}
			<-release
			return struct{}{}, nil
		})
	}
	f.want(true)
	f.open()
	far := 1 - f.holder()
	const many = 20
	slow := f.asked(far, many, "slow")
	<-begun
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		n, err := f.db.Collection(channels.CommandsCollection).CountDocuments(t.Context(), bson.D{})
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("%d commands are there, %v", n, err)
		}
		if n == many {
			break
		}
	}
	if err := <-f.asked(far, 1, "quick"); err != nil {
		t.Errorf("beside slow ones: %v", err)
	}
	close(release)
	for range many {
		if err := <-slow; err != nil {
			t.Error(err)
		}
	}
	f.noCommands()
}

// Who asks for what takes longer than other commands is waited for on both servers.
func TestACommandMayTakeAsLongAsWhoAsksWaits(t *testing.T) {
	t.Parallel()
	f := newFleet(t, func(o *channels.Options) { o.AskLimit = 500 * time.Millisecond })
	for _, server := range f.servers {
		channels.Answer(server, "long", func(ctx context.Context, _ providers.Conn, _ struct{}) (struct{}, error) {
			select {
			case <-ctx.Done():
				return struct{}{}, ctx.Err()
			case <-time.After(time.Second): // what the device needs
				return struct{}{}, nil
			}
		})
	}
	f.want(true)
	f.open()
	far := f.servers[1-f.holder()]
	if err := far.AskFor(t.Context(), 30*time.Second, f.channel, "long", bson.D{}, nil); err != nil {
		t.Errorf("with time for it: %v", err)
	}
	if err := far.Ask(t.Context(), f.channel, "long", bson.D{}, nil); !fault.Is(err, fault.ProviderTimeout) {
		t.Errorf("without: %v", err)
	}
}

// breakable gives the world a store of its own, and a way to have that refuse the next
// n of a command about the rows of Ask. A store that hangs up is asked again by the
// driver until the time is over; one whose disk is full is not.
func breakable(refuse *func(command string, n int)) func(*world) {
	return func(w *world) {
		server, err := local.Start(w.t.Context(), local.Options{Dir: w.t.TempDir(), TestCommands: true})
		if err != nil {
			w.t.Fatal(err)
		}
		w.t.Cleanup(func() { _ = server.Close(context.Background()) })
		client, err := mongodb.Connect(w.t.Context(), server.URI(), mongodb.Options{})
		if err != nil {
			w.t.Fatal(err)
		}
		w.t.Cleanup(func() { _ = client.Disconnect(context.Background()) })
		w.db = client.Database("omnichannel")
		if err := mongodb.Migrate(w.t.Context(), w.db, migrations.All()); err != nil {
			w.t.Fatal(err)
		}
		const outOfDiskSpace = 14031
		*refuse = func(command string, n int) {
			err := client.Database("admin").RunCommand(context.Background(), bson.D{
				{Key: "configureFailPoint", Value: "failCommand"},
				{Key: "mode", Value: bson.D{{Key: "times", Value: n}}},
				{Key: "data", Value: bson.D{
					{Key: "failCommands", Value: bson.A{command}}, {Key: "namespace", Value: "omnichannel." + channels.CommandsCollection}, {Key: "errorCode", Value: outOfDiskSpace},
				}},
			}).Err()
			if err != nil {
				w.t.Error(err)
			}
		}
	}
}

// Who asks while the store fails is told what came of it, or that nobody knows: what
// was begun may be done.
func TestAStoreThatFailsMeanwhile(t *testing.T) {
	t.Parallel()
	var refuse func(command string, n int)
	f := newFleetOn(t, breakable(&refuse), 0)
	for _, server := range f.servers {
		channels.Answer(server, "shaken", func(context.Context, providers.Conn, struct{}) (struct{}, error) {
			refuse("findAndModify", 2)
			return struct{}{}, nil
		})
	}
	f.want(true)
	f.open()
	far := f.servers[1-f.holder()]
	err := far.Ask(t.Context(), f.channel, "shaken", bson.D{}, nil)
	if err != nil {
		t.Errorf("an answer that was not read at once: %v", err)
	}
	refuse("update", 1)
	if err = far.Ask(t.Context(), f.channel, "shaken", bson.D{}, nil); !fault.Is(err, fault.ProviderTimeout) {
		t.Errorf("a command that was perhaps stored: %v", err)
	}
}

func TestAPairingIsSealedAndShortLived(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.want(true)
	one := f.open()
	until := f.clock.now().Add(time.Minute)
	offer := providers.Inbound{Channel: f.channel, Payload: providers.PairingOffered{Code: "https://wa.me/settings/linked_devices#secret", Until: until}}
	if err := one.sink.Accept(t.Context(), offer); err != nil {
		t.Fatal(err)
	}
	p, ok, err := f.servers[1].Pairing(t.Context(), f.channel)
	if err != nil || !ok || p.QR != "https://wa.me/settings/linked_devices#secret" {
		t.Errorf("got %+v, %v, %v", p, ok, err)
	}
	raw, err := f.db.Collection(channels.PairingsCollection).FindOne(t.Context(), bson.D{}).Raw()
	if err != nil || bytesContain(raw, "secret") {
		t.Errorf("stored as %s, %v", raw, err)
	}
	offer.Payload = providers.PairingOffered{Code: "https://wa.me/settings/linked_devices#late", Until: f.clock.now().Add(-time.Second)}
	if err := one.sink.Accept(t.Context(), offer); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := f.servers[1].Pairing(t.Context(), f.channel); ok || err != nil {
		t.Errorf("still there after its time: %v", err)
	}
}

// Servers whose clocks are apart do what the other asks, and show its codes.
func TestClocksMayBeApart(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{2 * time.Minute, -2 * time.Minute} {
		f := newFleetApart(t, ahead)
		for _, server := range f.servers {
			channels.Answer(server, "quick", func(context.Context, providers.Conn, struct{}) (struct{}, error) { return struct{}{}, nil })
		}
		f.want(true)
		one := f.open()
		holder := f.holder()
		if err := <-f.asked(1-holder, 1, "quick"); err != nil {
			t.Errorf("%s ahead: %v", ahead, err)
		}
		offer := providers.PairingOffered{Code: "2@x", Until: f.clock.now().Add(time.Duration(holder)*ahead + 20*time.Second)}
		if err := one.sink.Accept(t.Context(), providers.Inbound{Channel: f.channel, Payload: offer}); err != nil {
			t.Fatal(err)
		}
		if p, ok, err := f.servers[1-holder].Pairing(t.Context(), f.channel); err != nil || !ok || p.QR != "2@x" {
			t.Errorf("%s ahead, the code: %+v, %v, %v", ahead, p, ok, err)
		}
	}
}

func bytesContain(raw []byte, text string) bool { return strings.Contains(string(raw), text) }

// What a holder says that has lost the device, or how its connection ended, is
// no news of the device: another server's connection stands.
func TestAFormerHolderSaysNothingMore(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.want(true)
	one := f.open()
	f.report(one, providers.State{Status: providers.StatusOpen})
	f.status(providers.StatusOpen)
	f.steal()
	f.report(one, providers.State{Status: providers.StatusFailed, Detail: "late"})
	one.end(providers.Ending{State: providers.State{Status: providers.StatusClosed, Detail: "it met another's fence"}, Again: time.Second})
	closedSoon(t, one)
	f.status(providers.StatusOpen)
	again := f.open()
	f.report(again, providers.State{Status: providers.StatusOpen})
	again.end(providers.Ending{State: providers.State{Status: providers.StatusClosed, Detail: "the store was away"}, Again: time.Second})
	closedSoon(t, again)
	f.status(providers.StatusConnecting) // for a moment: messages wait for it
}

// A device that cannot be opened says so, and is tried again later; also one at
// which its adapter panics, which would end each server that takes it.
func TestADeviceThatCannotBeOpenedSaysSo(t *testing.T) {
	t.Parallel()
	for detail, cause := range map[string]error{"its key is gone": errors.New("its key is gone"), "its adapter panicked": errPanics} {
		f := newFleet(t)
		f.lines.fail(cause)
		f.want(true)
		f.status(providers.StatusFailed)
		if _, err := f.servers[0].Conn(t.Context(), f.channel); !fault.Is(err, fault.WhatsAppConnectionClosed) || !strings.Contains(err.Error(), detail) {
			t.Errorf("conn: %v", err)
		}
		f.lines.fail(nil)
		f.clock.move(2 * time.Minute)
		f.open()
	}
}
