package devicestore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/vault"
)

// TestNothingSecretLiesInTheClear looks through every byte that a device left in
// the store.
func TestNothingSecretLiesInTheClear(t *testing.T) {
	t.Parallel()
	const secret = "s3cret-content-of-the-device"
	channel, h, d := paired(t, process(mongotest.Database(t)))
	d.AdvSecretKey, d.CompanionMetaNonce = []byte(secret), secret
	check(t, d.Save(t.Context()))
	settle(t, d, secret)
	// A name is none; nor is a MAC, which stands here to show that the look works.
	_, _, err := d.Contacts.PutPushName(t.Context(), lid, "Ana")
	check(t, err)
	keys := must(d.PreKeys.GetOrGenPreKeys(t.Context(), 3))
	found := 0
	for _, row := range contents(t, channel) {
		raw := must(bson.Marshal(row))
		for what, plain := range map[string][]byte{
			"content": []byte(secret), "noise key": d.NoiseKey.Priv[:], "identity key": d.IdentityKey.Priv[:],
			"signed key": d.SignedPreKey.Priv[:], "one-time key": keys[0].Priv[:], "the pairing's secret": d.AdvSecretKey,
		} {
			if !bytes.Contains(raw, plain) {
				continue
			}
			if id, _ := row[0].Value.(string); bytes.Contains([]byte(id), []byte("/mutation/")) {
				found++
				continue
			}
			t.Errorf("%s lies in the clear in %v", what, row[0].Value)
		}
	}
	if found == 0 {
		t.Error("the look finds nothing at all")
	}
	if h.Device() != d {
		t.Error("the holding has another device")
	}
}

// TestASealedRowOpensAtItsPlaceOnly moves what one row seals to another: that one
// counts as missing, and the device goes on.
func TestASealedRowOpensAtItsPlaceOnly(t *testing.T) {
	t.Parallel()
	rows := mongotest.Database(t).Collection(devicestore.Rows)
	channel, _, d := paired(t, process(mongotest.Database(t)))
	check(t, d.Sessions.PutManySessions(t.Context(), map[string][]byte{addressOf(1): []byte("one"), addressOf(2): []byte("two")}))
	stored := contents(t, channel)[1:]
	moved := bson.D{{Key: "$set", Value: bson.D{{Key: "box", Value: stored[0][1].Value}}}}
	must(rows.UpdateOne(t.Context(), bson.D{{Key: "_id", Value: stored[1][0].Value}}, moved))
	h := open(t, process(mongotest.Database(t)), channel, held(2))
	found, err := h.Device().Sessions.GetManySessions(t.Context(), []string{addressOf(1), addressOf(2)})
	if err != nil || string(found[addressOf(1)]) != "one" || found[addressOf(2)] != nil || h.Err() != nil {
		t.Errorf("a moved box: %q, %v; the holding: %v", found, err, h.Err())
	}
	check(t, h.Device().Sessions.PutSession(t.Context(), addressOf(2), []byte("anew")))
	if anew, err := h.Device().Sessions.GetSession(t.Context(), addressOf(2)); err != nil || string(anew) != "anew" {
		t.Errorf("what takes its place: %q, %v", anew, err)
	}
}

// TestRotate changes the master key while a device is in use.
func TestRotate(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	check(t, migrate(t.Context(), db))
	under := func(master vault.Secret, previous ...vault.Secret) *devicestore.Store {
		return devicestore.New(devicestore.Options{DB: db, Vault: must(vault.New(master, previous...)), Now: time.Now})
	}
	former, current := vault.NewKey(), vault.NewKey()
	channel, _, d := paired(t, under(former))
	check(t, d.Sessions.PutSession(t.Context(), addressOf(1), []byte("one")))
	open(t, under(former), ids.New[ids.Channel](), held(1)) // not paired: nothing to seal

	if _, err := under(current).Open(t.Context(), channel, held(1)); !errors.Is(err, vault.ErrUnknownKey) {
		t.Errorf("opened without the former key: %v", err)
	}
	if _, err := under(current).Rotate(t.Context()); !errors.Is(err, vault.ErrUnknownKey) {
		t.Errorf("rotated without the former key: %v", err)
	}
	sealed := func(key vault.Secret) []ids.Channel {
		return must(under(current).SealedUnder(t.Context(), must(vault.New(key)).KeyID()))
	}
	if list := sealed(former); len(list) != 1 || list[0] != channel {
		t.Errorf("under the former key are %v", list)
	}
	d = open(t, under(former), channel, held(1)).Device()
	for _, want := range []int{1, 0} {
		if n, err := under(current, former).Rotate(t.Context()); n != want || err != nil {
			t.Errorf("rotated %d, %v; want %d", n, err, want)
		}
	}
	if list := sealed(former); len(list) != 0 {
		t.Errorf("under the former key are still %v", list)
	}
	check(t, d.Sessions.PutSession(t.Context(), addressOf(2), []byte("two")))
	check(t, d.Save(t.Context()))
	d = open(t, under(current), channel, held(2)).Device()
	got, err := d.Sessions.GetManySessions(t.Context(), []string{addressOf(1), addressOf(2)})
	if err != nil || string(got[addressOf(1)]) != "one" || string(got[addressOf(2)]) != "two" {
		t.Errorf("got %q, %v", got, err)
	}
}

// rowsOf counts the rows that pairings left.
func rowsOf(t *testing.T, pairings ...bson.ObjectID) (n int64) {
	t.Helper()
	for _, pairing := range pairings {
		n += must(mongotest.Database(t).Collection(devicestore.Rows).CountDocuments(t.Context(), bson.D{{Key: "_id", Value: bson.D{
			{Key: "$gt", Value: pairing.Hex()}, {Key: "$lt", Value: pairing.Hex() + "0"},
		}}}))
	}
	return n
}

// deviceRow is what the tests look at in a channel's row.
type deviceRow struct {
	Writes  int64 `bson:"writes"`
	Pairing struct {
		ID  bson.ObjectID `bson:"id"`
		Key vault.Sealed  `bson:"key"`
	} `bson:"pairing"`
	Leftovers []bson.ObjectID `bson:"leftovers"`
}

func rowOf(t testing.TB, channel ids.Channel) (row deviceRow) {
	t.Helper()
	check(t, mongotest.Database(t).Collection(devicestore.Devices).FindOne(t.Context(), bson.D{{Key: "_id", Value: channel}}).Decode(&row))
	return row
}

func TestADeletedDeviceLeavesNothing(t *testing.T) {
	t.Parallel()
	channel, h, d := paired(t, process(mongotest.Database(t)))
	settle(t, d, "content")
	pairing := rowOf(t, channel).Pairing.ID
	if rowsOf(t, pairing) == 0 {
		t.Fatal("the test counts nothing")
	}
	stores := *d
	check(t, d.Delete(t.Context()))
	if n := rowsOf(t, pairing); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if row := rowOf(t, channel); !row.Pairing.ID.IsZero() || len(row.Leftovers) != 0 {
		t.Errorf("the channel's row has %+v", row)
	}
	// Whoever still has the stores in hand hears why they do not work; the
	// holding goes on, for the next pairing.
	for name, write := range writes {
		if err := write(t.Context(), &stores); !errors.Is(err, store.ErrDeviceDeleted) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := stores.Sessions.GetSession(t.Context(), addressOf(1)); !errors.Is(err, store.ErrDeviceDeleted) {
		t.Errorf("read: %v", err)
	}
	if h.Device() != nil || h.Err() != nil {
		t.Errorf("the holding: %v, %v", h.Device(), h.Err())
	}
	settle(t, pair(t, h, "999555"), "anew")
}

// TestAPairingTakesTheFormersPlace pairs anew without deleting before.
func TestAPairingTakesTheFormersPlace(t *testing.T) {
	t.Parallel()
	s := process(mongotest.Database(t))
	channel, h, former := paired(t, s)
	settle(t, former, "former")
	before := rowOf(t, channel).Pairing.ID
	anew := pair(t, h, "999556")
	settle(t, anew, "anew")
	if err := former.Sessions.PutSession(t.Context(), addressOf(1), []byte("stale")); !errors.Is(err, store.ErrDeviceDeleted) {
		t.Errorf("the former device: %v", err)
	}
	row := rowOf(t, channel)
	if row.Pairing.ID == before || len(row.Leftovers) != 1 || row.Leftovers[0] != before || h.Device() != anew {
		t.Fatalf("the channel's row has %+v", row)
	}
	kept := rowsOf(t, row.Pairing.ID)
	if swept, err := s.Sweep(t.Context()); swept < 1 || err != nil {
		t.Errorf("swept %d, %v", swept, err)
	}
	if n := rowsOf(t, before); n != 0 {
		t.Errorf("%d rows of the former device are left", n)
	}
	if n := rowsOf(t, row.Pairing.ID); n != kept {
		t.Errorf("%d rows of the present device are left of %d", n, kept)
	}
	if row := rowOf(t, channel); len(row.Leftovers) != 0 {
		t.Errorf("the channel's row has %+v", row)
	}
}

// TestBeforeThePairing uses a device that is not saved.
func TestBeforeThePairing(t *testing.T) {
	t.Parallel()
	h := open(t, process(mongotest.Database(t)), ids.New[ids.Channel](), held(1))
	if h.Device() != nil {
		t.Error("a device was paired by nobody")
	}
	d := must(h.NewDevice())
	other := must(h.NewDevice())
	if d.RegistrationID == other.RegistrationID || bytes.Equal(d.AdvSecretKey, other.AdvSecretKey) || len(d.AdvSecretKey) != 32 || *d.NoiseKey.Priv == *other.NoiseKey.Priv {
		t.Error("two new devices have something in common")
	}
	for name, write := range writes {
		if err := write(t.Context(), d); !errors.Is(err, devicestore.ErrNotPaired) {
			t.Errorf("%s: %v", name, err)
		}
	}
	session, err := d.Sessions.GetSession(t.Context(), addressOf(1))
	if session != nil || err != nil || h.Err() != nil {
		t.Errorf("got %q, %v; the holding: %v", session, err, h.Err())
	}
}

// TestWhatExpires looks at when rows go, and that nothing else does.
func TestWhatExpires(t *testing.T) {
	t.Parallel()
	channel, _, d := paired(t, process(mongotest.Database(t)))
	began := time.Now()
	settle(t, d, "content") // its token is from 1,700,000,000
	const day = 24 * time.Hour
	wanted := map[string]time.Time{
		"buffered": began.Add(14 * day), "outgoing": began.Add(7 * day), "secret": began.Add(180 * day), "token": time.Unix(1_700_000_000, 0).Add(35 * day),
	}
	pairing := rowOf(t, channel).Pairing.ID.Hex()
	seen := 0
	for _, row := range contents(t, channel)[1:] {
		var read struct {
			ID        string     `bson:"_id"`
			ExpiresAt *time.Time `bson:"expiresAt"`
		}
		check(t, bson.Unmarshal(must(bson.Marshal(row)), &read))
		kind, _, _ := bytes.Cut([]byte(read.ID[len(pairing)+1:]), []byte("/"))
		want, expires := wanted[string(kind)]
		if expires != (read.ExpiresAt != nil) {
			t.Errorf("%s expires at %v", kind, read.ExpiresAt)
			continue
		}
		if !expires {
			continue
		}
		seen++
		if off := read.ExpiresAt.Sub(want); off < -time.Minute || off > time.Hour {
			t.Errorf("%s expires at %v, want %v", kind, read.ExpiresAt, want)
		}
	}
	if seen != len(wanted) {
		t.Errorf("%d kinds expire, want %d", seen, len(wanted))
	}
	var indexes []struct {
		Name  string `bson:"name"`
		After *int64 `bson:"expireAfterSeconds"`
	}
	cursor := must(mongotest.Database(t).Collection(devicestore.Rows).Indexes().List(t.Context()))
	check(t, cursor.All(t.Context(), &indexes))
	for _, index := range indexes {
		if index.Name == "expiresAt_1" && index.After != nil && *index.After == 0 {
			return
		}
	}
	t.Errorf("no index lets rows go: %s", fmt.Sprint(indexes))
}

// TestAHandledMessageExpiresAllTheSame clears a plaintext.
func TestAHandledMessageExpiresAllTheSame(t *testing.T) {
	t.Parallel()
	channel, h, d := paired(t, process(mongotest.Database(t)))
	check(t, d.EventBuffer.PutBufferedEvent(t.Context(), [32]byte{1}, []byte("plain"), time.Now()))
	check(t, d.EventBuffer.ClearBufferedEventPlaintext(t.Context(), [32]byte{1}))
	check(t, h.Close(t.Context()))
	row := contents(t, channel)[1]
	fields := map[string]bool{}
	for _, field := range row {
		fields[field.Key] = true
	}
	if fields["box"] || !fields["expiresAt"] || !fields["insertedAt"] {
		t.Errorf("the row is %v", row)
	}
}

// TestHandledMessagesWaitForAWrite clears plaintexts: here they are gone at once,
// in the store with the next write.
func TestHandledMessagesWaitForAWrite(t *testing.T) {
	t.Parallel()
	db := mongotest.Database(t)
	channel, _, d := paired(t, process(db))
	kept := func(fence int64, want bool) {
		t.Helper()
		event, err := open(t, process(db), channel, held(fence)).Device().EventBuffer.GetBufferedEvent(t.Context(), [32]byte{1})
		if err != nil || event == nil || (event.Plaintext != nil) != want {
			t.Errorf("the next owner finds %v, %v", event, err)
		}
	}
	check(t, d.EventBuffer.PutBufferedEvent(t.Context(), [32]byte{1}, []byte("plain"), time.Now()))
	check(t, d.EventBuffer.ClearBufferedEventPlaintext(t.Context(), [32]byte{1}))
	if event, err := d.EventBuffer.GetBufferedEvent(t.Context(), [32]byte{1}); err != nil || event.Plaintext != nil {
		t.Errorf("a handled message comes again: %v, %v", event, err)
	}
	kept(2, true) // this owner crashed: it comes again
	d = open(t, process(db), channel, held(3)).Device()
	check(t, d.EventBuffer.ClearBufferedEventPlaintext(t.Context(), [32]byte{1}))
	check(t, d.Sessions.PutSession(t.Context(), addressOf(1), []byte("next")))
	kept(4, false)
	// Put again, it is a message again.
	d = open(t, process(db), channel, held(5)).Device()
	check(t, d.EventBuffer.ClearBufferedEventPlaintext(t.Context(), [32]byte{1}))
	check(t, d.EventBuffer.PutBufferedEvent(t.Context(), [32]byte{1}, []byte("again"), time.Now()))
	if event, err := d.EventBuffer.GetBufferedEvent(t.Context(), [32]byte{1}); err != nil || string(event.Plaintext) != "again" {
		t.Errorf("a message that was put again: %v, %v", event, err)
	}
	kept(6, true)
}

// TestAnEmptyPlaintextIsNotAHandledOne keeps a message without content.
func TestAnEmptyPlaintextIsNotAHandledOne(t *testing.T) {
	t.Parallel()
	channel, _, d := paired(t, process(mongotest.Database(t)))
	for i, plain := range [][]byte{nil, {}} {
		check(t, d.EventBuffer.PutBufferedEvent(t.Context(), [32]byte{byte(i)}, plain, time.Now()))
	}
	d = open(t, process(mongotest.Database(t)), channel, held(2)).Device()
	for i := range 2 {
		event, err := d.EventBuffer.GetBufferedEvent(context.WithoutCancel(t.Context()), [32]byte{byte(i)})
		if err != nil || event == nil || event.Plaintext == nil {
			t.Errorf("event %d: %v, %v", i, event, err)
		}
	}
}
