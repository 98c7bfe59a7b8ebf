package devicestore_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore/storetest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp/memstore"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/migrations"
)

func TestMain(m *testing.M) {
	os.Exit(mongotest.Run(m, func(ctx context.Context, db *mongo.Database) error {
		return mongodb.Migrate(ctx, db, migrations.All())
	}))
}

// masterKey is what all tests of this binary seal with.
var masterKey = vault.NewKey()

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// process is a server of its own, as far as this room can tell.
func process(db *mongo.Database) *devicestore.Store {
	return devicestore.New(devicestore.Options{DB: db, Vault: must(vault.New(masterKey)), Now: time.Now})
}

// held is a fence of a lease that stays trusted.
func held(number int64) devicestore.Fence {
	return devicestore.Fence{Number: number, TrustedUntil: func() time.Time { return time.Now().Add(time.Minute) }}
}

func open(t testing.TB, s *devicestore.Store, channel ids.Channel, fence devicestore.Fence) *devicestore.Holding {
	t.Helper()
	h, err := s.Open(t.Context(), channel, fence)
	check(t, err)
	return h
}

// pair makes a channel with a paired device.
func pair(t testing.TB, h *devicestore.Holding, user string) *store.Device {
	t.Helper()
	d := must(h.NewDevice())
	jid := types.NewADJID(user, 0, 7)
	d.ID, d.LID, d.Account = &jid, types.JID{User: "1" + user, Device: 7, Server: types.HiddenUserServer}, &waAdv.ADVSignedDeviceIdentity{Details: []byte("details")}
	check(t, d.Save(t.Context()))
	return d
}

// paired is a new channel with a device, under fence 1.
func paired(t testing.TB, s *devicestore.Store) (ids.Channel, *devicestore.Holding, *store.Device) {
	t.Helper()
	channel := ids.New[ids.Channel]()
	h := open(t, s, channel, held(1))
	return channel, h, pair(t, h, "999"+channel.String()[12:])
}

// inMongo lets the suite run on this store: each reload hands the device over to
// another process, under the next fence.
type inMongo struct {
	db    *mongo.Database
	first *devicestore.Store
	mu    sync.Mutex
	terms map[ids.Channel]term
}

type term struct {
	fence   int64
	holding *devicestore.Holding
}

// open hands a channel over to a process.
func (m *inMongo) open(t *testing.T, s *devicestore.Store, channel ids.Channel) *devicestore.Holding {
	m.mu.Lock()
	former := m.terms[channel]
	m.mu.Unlock()
	if former.holding != nil {
		check(t, former.holding.Close(t.Context()))
	}
	h := open(t, s, channel, held(former.fence+1))
	m.mu.Lock()
	defer m.mu.Unlock()
	m.terms[channel] = term{former.fence + 1, h}
	return h
}

// NewDevice implements storetest.Container.
func (m *inMongo) NewDevice(t *testing.T) *store.Device {
	return must(m.open(t, m.first, ids.New[ids.Channel]()).NewDevice())
}

// Reload implements storetest.Container.
func (m *inMongo) Reload(t *testing.T, jid types.JID) *store.Device {
	var row struct {
		ID ids.Channel `bson:"_id"`
	}
	err := m.db.Collection(devicestore.Devices).FindOne(t.Context(), bson.D{{Key: "pairing.jid", Value: jid.String()}}).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil
	}
	check(t, err)
	return m.open(t, process(m.db), row.ID).Device()
}

func TestConformance(t *testing.T) {
	t.Parallel()
	db := mongotest.Database(t)
	storetest.Run(t, &inMongo{db: db, first: process(db), terms: map[ids.Channel]term{}})
}

// inMemory lets the suite run on the sandbox's store.
type inMemory struct{ *memstore.Container }

// NewDevice implements storetest.Container.
func (m inMemory) NewDevice(*testing.T) *store.Device { return m.Container.NewDevice() }

// Reload implements storetest.Container.
func (m inMemory) Reload(_ *testing.T, jid types.JID) *store.Device { return m.Device(jid) }

func TestConformanceOfTheReference(t *testing.T) {
	t.Parallel()
	storetest.Run(t, inMemory{memstore.New()})
}

// watched is the shared database through a client that tells of each command.
func watched(t testing.TB, monitor *event.CommandMonitor) *mongo.Database {
	t.Helper()
	client, err := mongodb.Connect(t.Context(), mongotest.URI(t), mongodb.Options{Monitor: monitor})
	check(t, err)
	t.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	return client.Database(mongotest.Database(t).Name())
}

// contents are all rows of a channel's device, its own with them.
func contents(t testing.TB, channel ids.Channel) []bson.D {
	t.Helper()
	db, ctx := mongotest.Database(t), t.Context()
	var all, rows []bson.D
	cursor := must(db.Collection(devicestore.Devices).Find(ctx, bson.D{{Key: "_id", Value: channel}}))
	check(t, cursor.All(ctx, &all))
	for _, device := range all {
		for _, field := range device {
			if field.Key != "pairing" {
				continue
			}
			id := field.Value.(bson.D)[0].Value.(bson.ObjectID).Hex()
			cursor := must(db.Collection(devicestore.Rows).Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: id}, {Key: "$lt", Value: id + "0"}}}}))
			check(t, cursor.All(ctx, &rows))
		}
	}
	return append(all, rows...)
}
