package channels_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/vault"
)

// noCommands checks that nothing of what was asked is kept.
func (f *fleet) noCommands() {
	f.t.Helper()
	if n, err := f.db.Collection(channels.CommandsCollection).CountDocuments(f.t.Context(), bson.D{}); err != nil || n != 0 {
		f.t.Errorf("%d commands are kept, %v", n, err)
	}
}

// hear waits for something to be told.
func hear[T any](t *testing.T, what string, from <-chan T) T {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(30 * time.Second):
		t.Fatal(what + " did not happen")
		panic("unreachable")
	}
}

var zozimo = []providers.Address{{Kind: providers.KindPhone, Value: "5521977001234"}, {Kind: providers.KindLID, Value: "77000000001234"}}

// Whoever is asked, the holder forgets; while nobody holds the device, the
// adapter does, under its lease.
func TestForgettingIsTheHoldersWork(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	for i, server := range f.servers {
		if err := server.Forget(t.Context(), f.channel, zozimo); err != nil {
			t.Fatal(err)
		}
		got := hear(t, "forgetting by the adapter", f.lines.forgot)
		if len(got.who) != 2 || got.as.ID != f.channel || got.as.Lease == nil || got.as.Lease.Fence != int64(i)+1 || time.Until(got.as.Lease.TrustedUntil()) <= 0 {
			t.Errorf("server %d lets the adapter forget %+v", i, got)
		}
	}
	f.want(true)
	one := f.open()
	f.report(one, providers.State{Status: providers.StatusOpen})
	f.holder()
	for i, server := range f.servers {
		if err := server.Forget(t.Context(), f.channel, zozimo); err != nil {
			t.Fatal(err)
		}
		if got := hear(t, "forgetting by the holder", one.forgot); len(got.who) != 2 || got.who[1] != zozimo[1] {
			t.Errorf("server %d: the holder forgot %+v", i, got.who)
		}
	}
	f.noCommands()
	if len(f.lines.forgot) != 0 {
		t.Error("the adapter opened a device that is held")
	}
}

// What is kept of people beside the device is forgotten where that is held: by
// the server that holds it, else by the one that is asked; before the device
// forgets, and not by it where that fails.
func TestPeopleAreForgottenWhereTheirDeviceIs(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	where := make(chan int, 2)
	failure := errors.New("not now")
	var fails atomic.Bool
	for i, server := range f.servers {
		server.OnForget(func(_ context.Context, id ids.Channel, who []providers.Address) error {
			if fails.Load() {
				return failure
			}
			if id != f.channel || len(who) != 2 {
				t.Errorf("of channel %s are forgotten %v", id, who)
			}
			where <- i
			return nil
		})
	}
	forget := func(asked int) int {
		t.Helper()
		if err := f.servers[asked].Forget(t.Context(), f.channel, zozimo); err != nil {
			t.Fatal(err)
		}
		return hear(t, "forgetting", where)
	}
	for asked := range f.servers {
		if by := forget(asked); by != asked {
			t.Errorf("nobody holds the device, server %d is asked, and %d forgets", asked, by)
		}
		hear(t, "forgetting by the adapter", f.lines.forgot)
	}
	f.want(true)
	one := f.open()
	f.report(one, providers.State{Status: providers.StatusOpen})
	holder := f.holder()
	for asked := range f.servers {
		if by := forget(asked); by != holder {
			t.Errorf("server %d is asked, and %d forgets, which does not hold the device", asked, by)
		}
		hear(t, "forgetting by the holder", one.forgot)
	}
	fails.Store(true)
	if err := f.servers[holder].Forget(t.Context(), f.channel, zozimo); !errors.Is(err, failure) || len(one.forgot) != 0 {
		t.Errorf("the device forgot before the others: %v", err)
	}
}

// Providers that keep nothing, channels that never were, and nobody to forget.
func TestThereIsNothingToForget(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	plain := f.id(f.createD360())
	for what, id := range map[string]ids.Channel{"d360": plain, "none": ids.New[ids.Channel]()} {
		if err := f.servers[0].Forget(t.Context(), id, zozimo); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := f.servers[0].Forget(t.Context(), f.channel, nil); err != nil || len(f.lines.forgot) != 0 {
		t.Errorf("nobody: %v", err)
	}
}

// A command's body names people: the row has it no longer than until it is
// claimed, whatever becomes of who asked.
func TestAClaimedCommandHasNoBody(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.want(true)
	one := f.open()
	f.report(one, providers.State{Status: providers.StatusOpen})
	f.holder()
	id := bson.NewObjectID()
	body, err := bson.Marshal(bson.D{{Key: "who", Value: zozimo}})
	if err != nil {
		t.Fatal(err)
	}
	sealed := f.vault(f.master).Seal(vault.Binding{Purpose: "command.body", RowID: id.Hex()}, body)
	orphan := bson.D{ // its asker died
		{Key: "_id", Value: id}, {Key: "channelId", Value: f.channel}, {Key: "kind", Value: "forget"}, {Key: "open", Value: true},
		{Key: "body", Value: sealed}, {Key: "expiresAt", Value: f.clock.now().Add(time.Minute)},
	}
	commands := f.db.Collection(channels.CommandsCollection)
	if _, err := commands.InsertOne(t.Context(), orphan); err != nil {
		t.Fatal(err)
	}
	if got := hear(t, "the command", one.forgot); len(got.who) != 2 {
		t.Errorf("forgot %+v", got)
	}
	raw, err := commands.FindOne(t.Context(), bson.D{{Key: "_id", Value: id}}).Raw()
	if err != nil || !raw.Lookup("body").IsZero() || strings.Contains(raw.String(), zozimo[0].Value) {
		t.Errorf("kept as %s, %v", raw, err)
	}
}

// A deleted channel's device is unlinked by its holder, then deleted by whoever
// gets its lease; a code that could be scanned is gone.
func TestADeletedChannelKeepsNoDevice(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.want(true)
	one := f.open()
	f.report(one, providers.State{Status: providers.StatusOpen})
	holder := f.holder()
	f.service, f.engine = f.servers[1-holder], f.engines[1-holder]
	offer := providers.Inbound{Channel: f.channel, Payload: providers.PairingOffered{Code: "code", Until: f.clock.now().Add(time.Minute)}}
	if err := one.sink.Accept(t.Context(), offer); err != nil {
		t.Fatal(err)
	}
	f.world.want(f.call("DELETE", "/"+f.channel.String(), ""), http.StatusNoContent)
	select {
	case <-one.done:
	default:
		t.Error("the device was not unlinked")
	}
	if _, ok, err := f.service.Pairing(t.Context(), f.channel); ok || err != nil {
		t.Errorf("there is a code to scan, %v", err)
	}
	got := hear(t, "the deletion of the device", f.lines.discarded)
	if got.as.ID != f.channel || got.as.Lease == nil || got.as.Lease.Fence <= one.as.Lease.Fence {
		t.Errorf("discarded %+v", got.as)
	}
	closedSoon(t, one)
	f.settled()
	f.noCommands()
}

// The device of a channel that is not connected is deleted as well; phones list
// it until it is removed there.
func TestADeletedChannelThatIsNotConnected(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.engine = f.engines[0]
	f.world.want(f.call("DELETE", "/"+f.channel.String(), ""), http.StatusNoContent)
	if got := hear(t, "the deletion of the device", f.lines.discarded); got.as.ID != f.channel {
		t.Errorf("discarded %+v", got.as)
	}
	f.settled()
	if err := f.servers[1].Forget(context.Background(), f.channel, zozimo); err != nil {
		t.Fatal(err)
	}
	hear(t, "forgetting on a deleted channel", f.lines.forgot)
}

// settled waits until no device is to be deleted any more.
func (f *fleet) settled() {
	f.t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for deadline := time.After(30 * time.Second); ; {
		n, err := f.db.Collection(channels.Collection).CountDocuments(f.t.Context(), bson.D{{Key: "link.wanted", Value: true}})
		if err == nil && n == 0 {
			return
		}
		select {
		case <-look.C:
		case <-deadline:
			f.t.Fatalf("%d devices are still to be deleted, %v", n, err)
		}
	}
}
