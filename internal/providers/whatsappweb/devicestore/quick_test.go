package devicestore_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/migrations"
)

func migrate(ctx context.Context, db *mongo.Database) error {
	return mongodb.Migrate(ctx, db, migrations.All())
}

// record keeps the commands of a client.
type record struct {
	mu       sync.Mutex
	commands []bson.Raw
	names    []string
}

func (r *record) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.commands = append(r.commands, append(bson.Raw{}, e.Command...))
		r.names = append(r.names, e.CommandName)
	}}
}

// take gives what was recorded since the last time.
func (r *record) take() (names []string, commands []bson.Raw) {
	r.mu.Lock()
	defer r.mu.Unlock()
	names, commands = r.names, r.commands
	r.names, r.commands = nil, nil
	return names, commands
}

// send does what whatsmeow's client asks of the store for one message to a
// person with two devices.
func send(ctx context.Context, d *store.Device, content string) error {
	addresses := []string{addressOf(1), addressOf(2)}
	_, mapped := d.LIDs.GetManyLIDsForPNs(ctx, []types.JID{ana})
	moved := d.Sessions.MigratePNToLID(ctx, ana, lid)
	_, asked := d.Sessions.GetManySessions(ctx, addresses)
	errs := []error{mapped, moved, asked}
	for _, at := range addresses {
		_, err := d.Identities.IsTrustedIdentity(ctx, at, [32]byte{1})
		errs = append(errs, err, d.Identities.PutIdentity(ctx, at, [32]byte{1}))
	}
	return errors.Join(append(errs, d.Sessions.PutManySessions(ctx, map[string][]byte{addressOf(1): []byte(content), addressOf(2): []byte(content)}))...)
}

// receive does what it asks of the store for one message from somebody known.
func receive(ctx context.Context, d *store.Device, n int, plain string) error {
	hash := [32]byte{byte(n), byte(n >> 8), byte(n >> 16)}
	mapped := d.LIDs.PutLIDMapping(ctx, lid, ana)
	_, _, named := d.Contacts.PutPushName(ctx, lid, "Ana")
	_, buffered := d.EventBuffer.GetBufferedEvent(ctx, hash)
	return errors.Join(mapped, named, buffered, d.EventBuffer.DoDecryptionTxn(ctx, func(ctx context.Context) error {
		_, has := d.Sessions.HasSession(ctx, addressOf(1))
		_, got := d.Sessions.GetSession(ctx, addressOf(1))
		_, trusted := d.Identities.IsTrustedIdentity(ctx, addressOf(1), [32]byte{1})
		return errors.Join(
			has, got, trusted,
			d.Identities.PutIdentity(ctx, addressOf(1), [32]byte{1}),
			d.Sessions.PutSession(ctx, addressOf(1), []byte(plain)),
			d.EventBuffer.PutBufferedEvent(ctx, hash, []byte(plain), time.Now()),
		)
	}), d.EventBuffer.ClearBufferedEventPlaintext(ctx, hash))
}

// TestAMessageCostsItsTransactionsOnly counts the round trips of a send and a
// receipt between people who know one another: what was read or written before
// is not asked for again, and what does not change is not written.
func TestAMessageCostsItsTransactionsOnly(t *testing.T) {
	t.Parallel()
	r := &record{}
	channel, _, d := paired(t, process(watched(t, r.monitor())))
	check(t, d.LIDs.PutLIDMapping(t.Context(), lid, ana))
	check(t, send(t.Context(), d, "first"))
	check(t, receive(t.Context(), d, 1, "first"))
	r.take()
	before := rowOf(t, channel).Writes

	check(t, send(t.Context(), d, "second"))
	names, _ := r.take()
	if got, want := strings.Join(names, " "), "update update commitTransaction"; got != want {
		t.Errorf("a send costs %s, want %s", got, want)
	}
	check(t, receive(t.Context(), d, 2, "second"))
	names, _ = r.take()
	// Whether it came before; the decryption, and that the one before was handled.
	want := "find update update commitTransaction"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("a receipt costs %s, want %s", got, want)
	}
	if n := rowOf(t, channel).Writes - before; n != 2 {
		t.Errorf("%d transactions, want 2", n)
	}
}

// TestNoQueryWithoutAnIndex explains every command of a device's life: none may
// walk a collection, or look at more rows than it needs by far.
func TestNoQueryWithoutAnIndex(t *testing.T) {
	t.Parallel()
	r := &record{}
	own := mongotest.Fresh(t)
	check(t, migrate(t.Context(), own))
	db := watched(t, r.monitor()).Client().Database(own.Name())
	s := process(db)
	for range 3 { // others, whose rows are not to be looked at
		_, _, other := paired(t, s)
		settle(t, other, "other")
	}
	_, _, d := paired(t, s)
	settle(t, d, "content")
	reads(t, d)
	for name, write := range writes {
		if name == "DeleteDevice" {
			continue
		}
		if err := write(t.Context(), d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	check(t, d.Delete(t.Context()))
	must(s.Sweep(t.Context()))
	_, commands := r.take()
	explained := 0
	for _, command := range commands {
		explained += explain(t, db, command)
	}
	if explained < 100 {
		t.Errorf("only %d statements were explained", explained)
	}
}

// reads asks for everything that a device can be asked for.
func reads(t *testing.T, d *store.Device) {
	t.Helper()
	ctx := t.Context()
	ask := func(_ any, err error) { t.Helper(); check(t, err) }
	ask(d.Sessions.HasSession(ctx, "nobody:1"))
	ask(d.PreKeys.GetPreKey(ctx, 1))
	ask(d.PreKeys.UploadedPreKeyCount(ctx))
	ask(d.SenderKeys.GetSenderKey(ctx, "group", "nobody:1"))
	ask(d.AppStateKeys.GetAppStateSyncKey(ctx, []byte("id")))
	ask(d.AppStateKeys.GetAllAppStateSyncKeys(ctx))
	ask(d.AppStateKeys.GetLatestAppStateSyncKeyID(ctx))
	ask(d.AppState.GetAppStateMutationMAC(ctx, "regular", []byte("i")))
	ask(d.Contacts.GetAllContacts(ctx))
	ask(d.ChatSettings.GetChatSettings(ctx, lid))
	ask(d.PrivacyTokens.GetPrivacyToken(ctx, lid))
	ask(d.NCTSalt.GetNCTSalt(ctx))
	ask(d.EventBuffer.GetBufferedEvent(ctx, [32]byte{7}))
	ask(d.LIDs.GetPNForLID(ctx, types.NewJID("1007", types.HiddenUserServer)))
	ask(d.LIDs.GetLIDForPN(ctx, types.NewJID("9997", types.DefaultUserServer)))
	_, _, err := d.MsgSecrets.GetMessageSecret(ctx, lid, ana, "ID")
	check(t, err)
	_, _, err = d.EventBuffer.GetOutgoingEvent(ctx, lid, ana, "ID")
	check(t, err)
	_, _, err = d.AppState.GetAppStateVersion(ctx, "regular")
	check(t, err)
}

// explain checks the plan of each statement of a command; it gives how many
// there were.
func explain(t *testing.T, db *mongo.Database, command bson.Raw) (n int) {
	t.Helper()
	var fields bson.D
	check(t, bson.Unmarshal(command, &fields))
	name := fields[0].Key
	statements := map[string]string{"update": "updates", "delete": "deletes"}
	switch name {
	case "find", "aggregate", "findAndModify":
		explainOne(t, db, keepFields(fields, name, "filter", "pipeline", "cursor", "query", "update", "limit", "sort", "projection", "upsert", "new"))
		return 1
	case "update", "delete":
		for _, field := range fields {
			if field.Key != statements[name] {
				continue
			}
			for _, statement := range field.Value.(bson.A) {
				explainOne(t, db, bson.D{{Key: name, Value: fields[0].Value}, {Key: field.Key, Value: bson.A{statement}}})
				n++
			}
		}
	}
	return n
}

func keepFields(fields bson.D, names ...string) (kept bson.D) {
	for _, field := range fields {
		for _, name := range names {
			if field.Key == name {
				kept = append(kept, field)
			}
		}
	}
	return kept
}

func explainOne(t *testing.T, db *mongo.Database, command bson.D) {
	t.Helper()
	var plan bson.Raw
	err := db.RunCommand(t.Context(), bson.D{{Key: "explain", Value: command}, {Key: "verbosity", Value: "queryPlanner"}}).Decode(&plan)
	if err != nil {
		t.Errorf("explain %v: %v", command, err)
		return
	}
	text := plan.String()
	if strings.Contains(text, `"COLLSCAN"`) || !strings.Contains(text, `"IXSCAN"`) && !strings.Contains(text, `"IDHACK"`) {
		t.Errorf("no index serves %v:\n%s", command, text)
	}
}

// TestOthersWriteTheLIDMap lets another process give a number a new hidden
// address: this one believes its own for a while only.
func TestOthersWriteTheLIDMap(t *testing.T) {
	t.Parallel()
	db := mongotest.Database(t)
	var ahead atomic.Int64
	clock := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	s := devicestore.New(devicestore.Options{DB: db, Vault: must(vault.New(masterKey)), Now: clock})
	fence := held(1)
	fence.TrustedUntil = func() time.Time { return clock().Add(time.Minute) }
	_, _, other := paired(t, process(db))
	channel := ids.New[ids.Channel]()
	d := pair(t, open(t, s, channel, fence), "999557")
	pn := types.NewJID("999"+channel.String()[12:], types.DefaultUserServer)
	first, second := types.NewJID("1"+channel.String()[12:], types.HiddenUserServer), types.NewJID("2"+channel.String()[12:], types.HiddenUserServer)
	check(t, d.LIDs.PutLIDMapping(t.Context(), first, pn))
	check(t, other.LIDs.PutLIDMapping(t.Context(), second, pn))
	for _, want := range []types.JID{first, second} {
		if got, err := d.LIDs.GetLIDForPN(t.Context(), pn); err != nil || got != want {
			t.Errorf("got %v, %v; want %v", got, err, want)
		}
		ahead.Store(int64(11 * time.Minute))
	}
}

// TestDevicesLearnTheSameAddressesAtOnce lets many devices, each a process of
// its own, write the same pairs, as they do when they share a group.
func TestDevicesLearnTheSameAddressesAtOnce(t *testing.T) {
	t.Parallel()
	const devices, people, rounds = 6, 20, 3
	db := mongotest.Database(t)
	var all []*store.Device
	for range devices {
		_, _, d := paired(t, process(db))
		all = append(all, d)
	}
	base := bson.NewObjectID().Hex()[16:]
	pairs := func(round int) (out []store.LIDMapping) {
		for i := range people {
			// Each round the hidden addresses have moved on by one number.
			out = append(out, store.LIDMapping{
				LID: types.NewJID(fmt.Sprint("1", base, i), types.HiddenUserServer),
				PN:  types.NewJID(fmt.Sprint("999", base, (i+round)%people), types.DefaultUserServer),
			})
		}
		return out
	}
	for round := range rounds {
		var group sync.WaitGroup
		for _, d := range all {
			group.Go(func() {
				if err := d.LIDs.PutManyLIDMappings(t.Context(), pairs(round)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	_, _, fresh := paired(t, process(db))
	for _, want := range pairs(rounds - 1) {
		if got, err := fresh.LIDs.GetLIDForPN(t.Context(), want.PN); err != nil || got != want.LID {
			t.Errorf("%v has %v, %v; want %v", want.PN, got, err, want.LID)
		}
	}
}

// TestAllKeysOfAFirstUpload makes as many one-time keys as a new device does.
func TestAllKeysOfAFirstUpload(t *testing.T) {
	t.Parallel()
	channel, _, d := paired(t, process(mongotest.Database(t)))
	made := must(d.PreKeys.GetOrGenPreKeys(t.Context(), 812))
	check(t, d.PreKeys.MarkPreKeysAsUploaded(t.Context(), made[811].KeyID))
	d = open(t, process(mongotest.Database(t)), channel, held(2)).Device()
	if n, err := d.PreKeys.UploadedPreKeyCount(t.Context()); n != 812 || err != nil {
		t.Errorf("%d uploaded, %v", n, err)
	}
	if next := must(d.PreKeys.GetOrGenPreKeys(t.Context(), 1)); next[0].KeyID != 813 {
		t.Errorf("the next key is %d", next[0].KeyID)
	}
}
