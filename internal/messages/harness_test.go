package messages_test

import (
	"context"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/events/eventstest"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
	"github.com/cirrus/omnichannel/migrations"
)

func TestMain(m *testing.M) {
	os.Exit(mongotest.Run(m, func(ctx context.Context, db *mongo.Database) error {
		return mongodb.Migrate(ctx, db, migrations.All())
	}))
}

// world is one account with one channel and its platform, on the store that
// all tests share, and a server on it.
type world struct {
	t       *testing.T
	db      *mongo.Database
	channel channels.Channel
	config  platforms.Config
	also    platforms.Config // one more of the account; zero: none
	files   *fileStore
	hook    platforms.Config // the webhook of the channel's number; zero: none
	conn    providers.Conn   // nil: not connected
	connErr error            // what asking for it comes to
	away    atomic.Bool      // another server holds it
	fence   atomic.Int64     // of a linked device; 0: the channel has none
	others  []ids.Channel    // that other servers talk for
	ask     func() error     // what asking the holder comes to; nil: there is none
	service *messages.Service
}

func newWorld(t *testing.T) *world {
	t.Helper()
	account := ids.NewAccount()
	w := &world{t: t, db: mongotest.Database(t), files: newFileStore()}
	w.config = platforms.Config{ID: ids.New[ids.PlatformConfig](), Account: account, Slug: "console", IsDefault: true}
	w.channel = channels.Channel{
		ID: ids.New[ids.Channel](), Account: account, Provider: providers.D360, Identifier: "5521977776666",
		Settings: channels.DefaultSettings(), State: channels.State{Status: providers.StatusOpen},
	}
	w.service = w.server()
	return w
}

// server starts one more server on the same store.
func (w *world) server() *messages.Service { return w.serverAt(time.Now) }

// serverAt starts one with a clock of its own.
func (w *world) serverAt(now func() time.Time) *messages.Service {
	service := messages.New(messages.Options{
		DB: w.db, Channels: w, Platforms: platformDirectory{w}, Files: w.files, Now: now, Registry: prometheus.NewRegistry(), SendTimeout: 5 * time.Second,
	})
	w.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := service.Close(ctx); err != nil {
			w.t.Errorf("close: %v", err)
		}
	})
	return service
}

// apart gives a world a store of its own, for what looks at all of a store's
// rows: the servers of other tests would take them for theirs.
func apart(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.db = mongotest.Fresh(t)
	if err := mongodb.Migrate(t.Context(), w.db, migrations.All()); err != nil {
		t.Fatal(err)
	}
	w.service = w.server()
	return w
}

// The world is its own directory of channels.

func (w *world) Get(_ context.Context, id ids.Channel) (channels.Channel, error) {
	if id != w.channel.ID {
		return channels.Channel{}, fault.Missing("channel", id)
	}
	return w.channel, nil
}

func (w *world) OfAccount(context.Context, ids.Account) ([]channels.Channel, error) {
	return []channels.Channel{w.channel}, nil
}

func (w *world) ByNumberID(context.Context, ids.Account, string) (channels.Channel, bool, error) {
	return channels.Channel{}, false, nil
}

func (w *world) Conn(context.Context, ids.Channel) (providers.Conn, error) {
	if w.conn != nil || w.connErr != nil {
		return w.conn, w.connErr
	}
	return nil, fault.New(fault.WhatsAppConnectionClosed, "no connection in this test")
}

func (w *world) Capabilities(providers.Name) (providers.Capabilities, bool) {
	return providers.Capabilities{ReplyWindowHours: 24}, true
}

func (w *world) Report(context.Context, ids.Channel, providers.State) error { return nil }

func (w *world) NoteBattery(context.Context, ids.Channel, *float64, *bool) error { return nil }

func (w *world) HoldOf(context.Context, ids.Channel) (channels.Hold, error) {
	return channels.Hold{Here: !w.away.Load(), Fence: w.fence.Load()}, nil
}

func (w *world) Elsewhere() []ids.Channel { return w.others }

func (w *world) Ask(context.Context, ids.Channel, string, any, any) error {
	if w.ask != nil {
		return w.ask()
	}
	return fault.New(fault.ProviderUnavailable, "there is no other server in this test")
}

func (w *world) AskFor(ctx context.Context, _ time.Duration, id ids.Channel, kind string, body, result any) error {
	return w.Ask(ctx, id, kind, body, result)
}

func (w *world) MessageID(providers.Name) ids.ProviderMessage {
	if w.fence.Load() == 0 {
		return ""
	}
	return ids.ProviderMessage("3EB0" + ids.New[ids.Message]().String())
}

func (w *world) MessageIDOf(_ providers.Name, id ids.Message) ids.ProviderMessage {
	return ids.ProviderMessage("3EB0" + id.String())
}

type platformDirectory struct{ w *world }

func (d platformDirectory) Get(_ context.Context, _ ids.Account, id ids.PlatformConfig) (platforms.Config, error) {
	switch id {
	case d.w.config.ID:
		return d.w.config, nil
	case d.w.also.ID:
		return d.w.also, nil
	default:
		return platforms.Config{}, fault.Missing("platform config", id)
	}
}

func (d platformDirectory) BySlug(_ context.Context, _ ids.Account, slug string) (platforms.Config, bool, error) {
	return d.w.config, slug == d.w.config.Slug, nil
}

func (d platformDirectory) Default(context.Context, ids.Account) (platforms.Config, bool, error) {
	return d.w.config, true, nil
}

func (d platformDirectory) Exists(ctx context.Context, id ids.PlatformConfig) (bool, error) {
	_, err := d.Get(ctx, d.w.channel.Account, id)
	return err == nil, nil
}

func (d platformDirectory) Hold(ctx context.Context, account ids.Account, id ids.PlatformConfig) error {
	_, err := d.Get(ctx, account, id)
	return err
}

func (d platformDirectory) OfChannel(context.Context, ids.Account, ids.Channel) (platforms.Config, bool, error) {
	return d.w.hook, !d.w.hook.ID.IsZero(), nil
}

// text is one inbound text message of a number.
func (w *world) text(from, id, body string) providers.Inbound {
	return w.inbound(providers.MessageReceived{
		ID:        ids.ProviderMessage(id),
		From:      providers.Party{Addresses: []providers.Address{{Kind: providers.KindPhone, Value: from}}, Name: "João"},
		Timestamp: time.Now().Add(-time.Second),
		Content:   providers.Content{Type: providers.TypeText, Text: body},
	})
}

func (w *world) inbound(payload providers.InboundPayload) providers.Inbound {
	return providers.Inbound{Channel: w.channel.ID, ReceivedAt: time.Now(), Payload: payload}
}

func (w *world) accept(in ...providers.Inbound) {
	w.t.Helper()
	if err := w.service.Accept(context.Background(), in...); err != nil {
		w.t.Fatalf("accept: %v", err)
	}
}

// rows reads everything of the world's channel in a collection.
func rows[T any](w *world, collection string, filter bson.D) []T {
	w.t.Helper()
	cursor, err := w.db.Collection(collection).Find(context.Background(), append(bson.D{{Key: "channelId", Value: w.channel.ID}}, filter...))
	if err != nil {
		w.t.Fatal(err)
	}
	var found []T
	if err := cursor.All(context.Background(), &found); err != nil {
		w.t.Fatal(err)
	}
	return found
}

func (w *world) contacts() []contacts.Contact {
	return rows[contacts.Contact](w, contacts.Collection, bson.D{})
}

func (w *world) sessions() []sessions.Session {
	return rows[sessions.Session](w, sessions.Collection, bson.D{})
}

func (w *world) messages() []messages.Message {
	return rows[messages.Message](w, messages.Collection, bson.D{})
}

func (w *world) events() []events.Row {
	w.t.Helper()
	return slices.DeleteFunc(eventstest.Rows(w.t, w.db, w.channel.Account), func(row events.Row) bool { return row.Channel != w.channel.ID })
}

// invariants holds the store against what must be true of it at any time.
func (w *world) invariants() {
	w.t.Helper()
	active := map[ids.Contact]int{}
	bySession := map[ids.Session]sessions.Session{}
	for _, s := range w.sessions() {
		bySession[s.ID] = s
		if s.State == sessions.Active {
			active[s.Contact]++
		}
	}
	for contact, n := range active {
		if n != 1 {
			w.t.Errorf("contact %s has %d active sessions", contact, n)
		}
	}
	numbers, unread := map[ids.Session]map[int64]bool{}, map[ids.Session]int64{}
	for _, m := range w.messages() {
		if numbers[m.Session] == nil {
			numbers[m.Session] = map[int64]bool{}
		}
		if numbers[m.Session][m.Sequence] || m.Sequence < 1 {
			w.t.Errorf("session %s has number %d twice, or it is none", m.Session, m.Sequence)
		}
		numbers[m.Session][m.Sequence] = true
		if m.Direction == messages.Inbound {
			unread[m.Session]++
		}
	}
	told := map[ids.Session]map[int64]bool{}
	for _, e := range w.events() {
		if e.Session.IsZero() {
			continue
		}
		if told[e.Session] == nil {
			told[e.Session] = map[int64]bool{}
		}
		if told[e.Session][e.Sequence] || e.Sequence < 1 {
			w.t.Errorf("session %s has event %d twice, or it is none", e.Session, e.Sequence)
		}
		told[e.Session][e.Sequence] = true
		if len(e.Platforms) == 0 {
			w.t.Errorf("event %s of session %s is for nobody", e.Type, e.Session)
		}
	}
	for id, s := range bySession {
		if int64(len(numbers[id])) != s.Sequence {
			w.t.Errorf("session %s counts %d messages, %d are there", id, s.Sequence, len(numbers[id]))
		}
		if int64(len(told[id])) != s.EventSequence {
			w.t.Errorf("session %s counts %d events, %d are there", id, s.EventSequence, len(told[id]))
		}
	}
}
