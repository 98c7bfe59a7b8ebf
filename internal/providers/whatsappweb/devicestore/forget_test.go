package devicestore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/vault"
)

var family = types.NewJID("120363000000000777", types.GroupServer)

// somebody is a number and its hidden address, of this test alone.
func somebody(n int) (pn, hidden types.JID) {
	return types.NewJID(fmt.Sprintf("55219%08d", n), types.DefaultUserServer), types.NewJID(fmt.Sprintf("77%012d", n), types.HiddenUserServer)
}

// meet writes every kind of row that names somebody, by both addresses.
func meet(t *testing.T, d *store.Device, pn, hidden types.JID) {
	t.Helper()
	ctx := t.Context()
	check(t, d.LIDs.PutLIDMapping(ctx, hidden, pn))
	for n, j := range []types.JID{pn, hidden} {
		first, second := j, j
		second.Device = 3
		id := fmt.Sprint("ID-", n)
		_, _, pushErr := d.Contacts.PutPushName(ctx, j, "Zózimo")
		_, _, businessErr := d.Contacts.PutBusinessName(ctx, second, "Zózimo & Filhos")
		check(t, errors.Join(
			pushErr, businessErr,
			d.Contacts.PutContactName(ctx, j, "Zózimo", "Zózimo Quaresma"),
			d.Sessions.PutManySessions(ctx, map[string][]byte{first.SignalAddress().String(): []byte("s"), second.SignalAddress().String(): []byte("s")}),
			d.Identities.PutIdentity(ctx, first.SignalAddress().String(), [32]byte{1}),
			d.SenderKeys.PutSenderKey(ctx, family.String(), second.SignalAddress().String(), []byte("k")),
			d.ChatSettings.PutPinned(ctx, j, true),
			timers(d).PutChatTimers(ctx, map[types.JID]devicestore.Timer{j: {Seconds: uint32(86400 + n), At: time.Unix(int64(1_700_000_000+n*60), 0), SetAt: time.Unix(1_700_000_000, 0)}}),
			d.MsgSecrets.PutMessageSecrets(ctx, []store.MessageSecretInsert{
				{Chat: j, Sender: j, ID: id, Secret: []byte("theirs")}, {Chat: j, Sender: *d.ID, ID: id + "-ours", Secret: []byte("ours")},
				{Chat: family, Sender: j, ID: id, Secret: []byte("in a group")},
			}),
			d.PrivacyTokens.PutPrivacyTokens(ctx, store.PrivacyToken{User: j, Token: []byte("t"), Timestamp: time.Now()}),
			d.EventBuffer.AddOutgoingEvent(ctx, j, id, "wa", []byte("to them")),
		))
	}
}

// rowIDs are the ids of all rows of all devices, without their pairing.
func rowIDs(t *testing.T, channel ids.Channel) []string {
	t.Helper()
	var list []string
	for _, row := range contents(t, channel)[1:] {
		_, key, _ := strings.Cut(row[0].Value.(string), "/")
		list = append(list, key)
	}
	return list
}

// TestForget deletes whatever names a person, by whichever address, and nothing
// else.
func TestForget(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]func(pn, hidden types.JID) types.JID{
		"by number":         func(pn, _ types.JID) types.JID { return pn },
		"by hidden address": func(_, hidden types.JID) types.JID { return hidden },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 10 * len(name)
			db, ctx := mongotest.Database(t), t.Context()
			channel, h, d := paired(t, process(db))
			settle(t, d, "settled")
			pn, hidden := somebody(n)
			otherPN, otherHidden := somebody(n + 1)
			meet(t, d, otherPN, otherHidden)
			stays := rowIDs(t, channel)
			meet(t, d, pn, hidden)
			if met := rowIDs(t, channel); len(met) != len(stays)+24 {
				t.Fatalf("%d rows name somebody, want 24: %v", len(met)-len(stays), met)
			}
			check(t, h.Forget(ctx, []types.JID{by(pn, hidden)}))
			check(t, h.Forget(ctx, []types.JID{by(pn, hidden)}))
			if left := rowIDs(t, channel); !slices.Equal(left, stays) {
				t.Errorf("left are\n%v\nwant\n%v", left, stays)
			}
			session, err := d.Sessions.GetSession(ctx, hidden.SignalAddress().String())
			secret, _, secretErr := d.MsgSecrets.GetMessageSecret(ctx, hidden, hidden, "ID-1")
			contact, contactErr := d.Contacts.GetContact(ctx, pn)
			alias, aliasErr := d.LIDs.GetLIDForPN(ctx, pn)
			back, backErr := d.LIDs.GetPNForLID(ctx, hidden)
			check(t, errors.Join(err, secretErr, contactErr, aliasErr, backErr))
			if session != nil || secret != nil || contact.Found || !alias.IsEmpty() || !back.IsEmpty() {
				t.Errorf("still known: %s %s %+v %s %s", session, secret, contact, alias, back)
			}
			if other, err := d.LIDs.GetLIDForPN(ctx, otherPN); err != nil || other != otherHidden {
				t.Errorf("the other one is %s, %v", other, err)
			}
			if trusted, err := d.Identities.IsTrustedIdentity(ctx, hidden.SignalAddress().String(), [32]byte{2}); err != nil || !trusted {
				t.Errorf("a new identity is refused: %v", err)
			}
			meet(t, d, pn, hidden) // who comes back is somebody again
			if met := rowIDs(t, channel); len(met) != len(stays)+24 {
				t.Errorf("%d rows when somebody came back", len(met)-len(stays))
			}
		})
	}
}

// TestForgetAGroup deletes a group's rows, and no member's own.
func TestForgetAGroup(t *testing.T) {
	t.Parallel()
	channel, h, d := paired(t, process(mongotest.Database(t)))
	pn, hidden := somebody(1000)
	meet(t, d, pn, hidden)
	check(t, d.ChatSettings.PutPinned(t.Context(), family, true))
	before := rowIDs(t, channel)
	check(t, h.Forget(t.Context(), []types.JID{family}))
	want := slices.DeleteFunc(before, func(id string) bool { return strings.Contains(id, family.User) })
	if left := rowIDs(t, channel); !slices.Equal(left, want) || len(want) == len(before) {
		t.Errorf("left are\n%v\nwant\n%v", left, want)
	}
}

// TestForgetWithoutADevice clears what all devices share.
func TestForgetWithoutADevice(t *testing.T) {
	t.Parallel()
	db := mongotest.Database(t)
	s := process(db)
	_, _, d := paired(t, s)
	pn, hidden := somebody(2000)
	check(t, d.LIDs.PutLIDMapping(t.Context(), hidden, pn))
	h := open(t, s, ids.New[ids.Channel](), held(1))
	check(t, h.Forget(t.Context(), []types.JID{pn}))
	if n, err := db.Collection(devicestore.LIDs).CountDocuments(t.Context(), bson.D{{Key: "pn", Value: pn.User}}); n != 0 || err != nil {
		t.Errorf("%d pairs are left, %v", n, err)
	}
	if alias, err := d.LIDs.GetLIDForPN(t.Context(), pn); err != nil || !alias.IsEmpty() {
		t.Errorf("the cache still has %s, %v", alias, err)
	}
	check(t, h.Close(t.Context()))
	if err := h.Forget(t.Context(), []types.JID{pn}); !errors.Is(err, devicestore.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

// TestForgetAMessage deletes its secrets where they name its author or chat; an
// author who takes another's id reaches nothing of theirs.
func TestForgetAMessage(t *testing.T) {
	t.Parallel()
	channel, h, d := paired(t, process(mongotest.Database(t)))
	pn, hidden := somebody(3000)
	otherPN, otherHidden := somebody(3001)
	meet(t, d, pn, hidden)
	meet(t, d, otherPN, otherHidden)
	before := rowIDs(t, channel)
	check(t, h.ForgetMessage(t.Context(), "ID-1", []types.JID{pn}))
	check(t, h.ForgetMessage(t.Context(), "ID-1", []types.JID{pn}))
	check(t, h.ForgetMessage(t.Context(), "NONE", []types.JID{pn}))
	want := slices.DeleteFunc(slices.Clone(before), func(id string) bool {
		return strings.HasPrefix(id, "secret/ID-1/") && strings.Contains(id, hidden.User)
	})
	check(t, timers(d).PutChatTimers(t.Context(), map[types.JID]devicestore.Timer{hidden: {Seconds: 86_400, At: time.Now()}, pn: {Seconds: 86_400, At: time.Now()}})) // that it had set
	if left := rowIDs(t, channel); !slices.Equal(left, want) || len(want) != len(before)-2 {
		t.Errorf("left are\n%v\nwant\n%v", left, want)
	}
}

// TestForgettingIsFenced lets another take the device over first.
func TestForgettingIsFenced(t *testing.T) {
	t.Parallel()
	pn, hidden := somebody(4000)
	for name, forget := range map[string]func(context.Context, *devicestore.Holding) error{
		"Forget": func(ctx context.Context, h *devicestore.Holding) error { return h.Forget(ctx, []types.JID{pn}) },
		"ForgetMessage": func(ctx context.Context, h *devicestore.Holding) error {
			return h.ForgetMessage(ctx, "ID-1", []types.JID{pn})
		},
	} {
		t.Run(name, func(t *testing.T) {
			db := mongotest.Database(t)
			channel, former, d := paired(t, process(db))
			meet(t, d, pn, hidden)
			open(t, process(db), channel, held(2))
			before := contents(t, channel)
			fenced(t, name, forget(t.Context(), former))
			if after := contents(t, channel); len(after) != len(before) {
				t.Errorf("%d rows, before %d", len(after), len(before))
			}
			if n, err := db.Collection(devicestore.LIDs).CountDocuments(t.Context(), bson.D{{Key: "pn", Value: pn.User}}); n != 1 || err != nil {
				t.Errorf("%d pairs, %v", n, err)
			}
		})
	}
}

// TestDiscard deletes a device whose key is lost, fences its holder, and is
// fenced itself.
func TestDiscard(t *testing.T) {
	t.Parallel()
	db, ctx := mongotest.Database(t), t.Context()
	channel, former, d := paired(t, process(db))
	settle(t, d, "settled")
	pairing := contents(t, channel)[1][0].Value.(string)[:24]
	lost := devicestore.New(devicestore.Options{DB: db, Vault: must(vault.New(vault.NewKey())), Now: time.Now})
	if _, err := lost.Open(ctx, channel, held(2)); err == nil {
		t.Fatal("opened with another master key")
	}
	if err := lost.Discard(ctx, channel, held(1)); !errors.Is(err, devicestore.ErrFenced) {
		t.Errorf("under a former fence: %v", err)
	}
	check(t, lost.Discard(ctx, channel, held(3)))
	check(t, lost.Discard(ctx, channel, held(3)))
	check(t, lost.Discard(ctx, ids.New[ids.Channel](), held(1)))
	_, err := lost.Sweep(ctx)
	check(t, err)
	n, err := db.Collection(devicestore.Rows).CountDocuments(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: pairing}, {Key: "$lt", Value: pairing + "0"}}}})
	if rows := contents(t, channel); err != nil || n != 0 || len(rows) != 1 || strings.Contains(fmt.Sprint(rows), pairing) {
		t.Errorf("%d rows are left, and %v, %v", n, rows, err)
	}
	fenced(t, "the former holder", d.Sessions.PutSession(ctx, addressOf(1), []byte("stale")))
	if former.Err() == nil {
		t.Error("the former holding goes on")
	}
	if h := open(t, lost, channel, held(4)); h.Device() != nil {
		t.Error("the device is still there")
	}
}

// What any device was told of a pair is found without one, either way round;
// nobody's is not.
func TestEverybodysOtherNameIsFound(t *testing.T) {
	t.Parallel()
	store := process(mongotest.Database(t))
	_, _, d := paired(t, store)
	pn, hidden := somebody(7100)
	alone, _ := somebody(7200)
	check(t, d.LIDs.PutLIDMapping(t.Context(), hidden, pn))
	for asked, want := range map[types.JID]types.JID{pn: hidden, hidden: pn} {
		got, err := store.OtherNames(t.Context(), []types.JID{asked, alone, family})
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v, %v, want %s", asked, got, err, want)
		}
	}
	if got, err := store.OtherNames(t.Context(), []types.JID{pn, hidden}); err != nil || len(got) != 0 {
		t.Errorf("of whom both are known: %v, %v", got, err)
	}
}
