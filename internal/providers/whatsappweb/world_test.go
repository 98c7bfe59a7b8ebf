package whatsappweb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/migrations"
)

const testSeed = "whatsappweb tests"

// patience is how long a test waits for what must happen.
const patience = 60 * time.Second

func TestMain(m *testing.M) {
	// Variables of the whole process: set before any client is there.
	whatsmeow.WACertPubKey = whatsapp.RootKey(testSeed)
	whatsmeow.KeepAliveIntervalMin, whatsmeow.KeepAliveIntervalMax = time.Second, 1100*time.Millisecond
	whatsmeow.KeepAliveResponseDeadline = time.Second
	quietSignal()
	whatsapp.New(whatsapp.Options{Seed: testSeed}).Close()
	os.Exit(mongotest.Run(m, func(ctx context.Context, db *mongo.Database) error {
		return mongodb.Migrate(ctx, db, migrations.All())
	}))
}

var masterKey = vault.NewKey()

// world is a WhatsApp of its own for one test, and a server of ours.
type world struct {
	*testing.T
	s       *whatsapp.Server
	http    *http.Client
	adapter *Adapter
	options Options
	people  int
}

func newWorld(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	w := &world{T: t, s: whatsapp.New(whatsapp.Options{Seed: testSeed})}
	t.Cleanup(w.s.Close)
	running, err := w.s.Listen(context.WithoutCancel(t.Context()), "127.0.0.1:0", "127.0.0.1:0")
	w.must(err)
	t.Cleanup(running.Close)
	w.http, err = whatsapp.Client(running.URL)
	w.must(err)
	t.Cleanup(w.http.CloseIdleConnections)
	w.options = Options{
		Devices: w.store(), HTTP: w.http, Logger: testLogger(),
		PauseFirst: 20 * time.Millisecond, PauseMost: 200 * time.Millisecond, Debounce: 50 * time.Millisecond, Gather: 10 * time.Millisecond,
	}
	for _, f := range change {
		f(&w.options)
	}
	w.adapter = New(w.options)
	return w
}

// testLogger writes to the standard error when WALOG is set.
func testLogger() *slog.Logger {
	var level slog.Level
	if level.UnmarshalText([]byte(os.Getenv("WALOG"))) != nil {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

// store is that of a server of its own, as far as devices can tell.
func (w *world) store() *devicestore.Store {
	w.Helper()
	v, err := vault.New(masterKey)
	w.must(err)
	return devicestore.New(devicestore.Options{DB: mongotest.Database(w.T), Vault: v, Now: time.Now})
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// one gives the value of a call that must work.
func one[T any](v T, err error) func(*world) T {
	return func(w *world) T {
		w.Helper()
		w.must(err)
		return v
	}
}

// person adds somebody with a phone.
func (w *world) person(change ...func(*whatsapp.PhoneConfig)) whatsapp.PhoneInfo {
	w.Helper()
	w.people++
	c := whatsapp.PhoneConfig{Phone: fmt.Sprintf("552198000%04d", w.people), Name: fmt.Sprintf("Pessoa %d", w.people)}
	for _, f := range change {
		f(&c)
	}
	return one(w.s.AddPhone(c))(w)
}

func phoneOf(p whatsapp.PhoneInfo) providers.Address {
	return providers.Address{Kind: providers.KindPhone, Value: p.Phone}
}

func lidOf(p whatsapp.PhoneInfo) providers.Address {
	return providers.Address{Kind: providers.KindLID, Value: p.LID}
}

// lease is a hold that stays trusted until a test ends it.
type lease struct {
	fence int64
	lost  atomic.Bool
}

func (l *lease) channel(id ids.Channel, identifier string) providers.Channel {
	return providers.Channel{ID: id, Identifier: identifier, Lease: &providers.Lease{Fence: l.fence, TrustedUntil: func() time.Time {
		if l.lost.Load() {
			return time.Time{}
		}
		return time.Now().Add(time.Minute)
	}}}
}

// link is a channel with its connection and what it told.
type link struct {
	*Conn
	w       *world
	sink    *sink
	lease   *lease
	channel providers.Channel
	owner   whatsapp.PhoneInfo
}

// open opens a channel for somebody's number, under fence 1.
func (w *world) open(owner whatsapp.PhoneInfo, change ...func(*providers.Channel)) *link {
	w.Helper()
	return w.reopen(w.adapter, ids.New[ids.Channel](), owner, 1, newSink(), change...)
}

func (w *world) reopen(a *Adapter, id ids.Channel, owner whatsapp.PhoneInfo, fence int64, s *sink, change ...func(*providers.Channel)) *link {
	w.Helper()
	l := &link{w: w, sink: s, lease: &lease{fence: fence}, owner: owner}
	l.channel = l.lease.channel(id, owner.Phone)
	for _, f := range change {
		f(&l.channel)
	}
	conn, err := a.Open(w.Context(), l.channel, s)
	w.must(err)
	l.Conn = conn.(*Conn)
	w.Cleanup(l.close)
	return l
}

func (l *link) close() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := l.Close(ctx); err != nil {
		l.w.Error(err)
	}
}

// pair opens a channel, scans its first code and waits until it is open.
func (w *world) pair(owner whatsapp.PhoneInfo, change ...func(*providers.Channel)) *link {
	w.Helper()
	l := w.open(owner, change...)
	w.must(w.s.Scan(owner.Phone, l.code()))
	l.waitOpen()
	l.settled()
	return l
}

// code waits for a QR code.
func (l *link) code() string {
	l.w.Helper()
	return told(l, "a code", func(providers.PairingOffered) bool { return true }).Code
}

func (l *link) waitOpen() {
	l.w.Helper()
	ctx, cancel := context.WithTimeout(l.w.Context(), patience)
	defer cancel()
	if err := l.until(ctx, isOpen); err != nil {
		l.w.Fatalf("%v: %+v", err, l.State())
	}
}

// settled waits until the device has acknowledged all that it was sent.
func (l *link) settled() {
	l.w.Helper()
	l.w.until("the device has caught up", func() bool {
		info := one(l.w.s.Phone(l.owner.Phone))(l.w)
		return len(info.Devices) == 1 && info.Devices[0].Active && info.Devices[0].Pending == 0
	})
}

// ended waits for the connection's end.
func (l *link) ended() providers.Ending {
	l.w.Helper()
	select {
	case <-l.Done():
		return l.Ending()
	case <-time.After(patience):
		l.w.Fatalf("it did not end: %+v", l.State())
		return providers.Ending{}
	}
}

// until waits for something in WhatsApp's world.
func (w *world) until(what string, condition func() bool) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	if err := w.s.Wait(ctx, condition); err != nil {
		w.Fatalf("%s did not happen: %v", what, err)
	}
}

// shows waits until a phone shows a message for which f holds.
func (w *world) shows(p whatsapp.PhoneInfo, what string, f func(whatsapp.PhoneMessage) bool) whatsapp.PhoneMessage {
	w.Helper()
	var found whatsapp.PhoneMessage
	w.until(p.Name+" shows "+what, func() bool {
		list := one(w.s.Messages(p.Phone, ""))(w)
		i := slices.IndexFunc(list, f)
		if i >= 0 {
			found = list[i]
		}
		return i >= 0
	})
	return found
}

func (w *world) showsText(p whatsapp.PhoneInfo, text string) whatsapp.PhoneMessage {
	w.Helper()
	return w.shows(p, text, func(m whatsapp.PhoneMessage) bool { return m.Text == text })
}

func (w *world) write(from whatsapp.PhoneInfo, d whatsapp.Draft) ids.ProviderMessage {
	w.Helper()
	return ids.ProviderMessage(one(w.s.Write(from.Phone, d))(w))
}

func (w *world) fault(r whatsapp.Rule) whatsapp.Rule {
	w.Helper()
	return one(w.s.AddFault(r))(w)
}

// hits waits until a rule was met so often.
func (w *world) hits(r whatsapp.Rule, n int) {
	w.Helper()
	w.until("fault "+r.Fault.Kind, func() bool {
		return slices.ContainsFunc(w.s.Faults(), func(x whatsapp.Rule) bool { return x.ID == r.ID && x.Hits >= n })
	})
}

// sink remembers what it took in, and refuses what a test wants refused.
type sink struct {
	mu     sync.Mutex
	all    []providers.InboundPayload
	refuse func(providers.InboundPayload) error
	news   chan struct{} // closed, and made anew, whenever something came
	seen   int           // calls, refused ones too
}

func newSink() *sink { return &sink{news: make(chan struct{})} }

var errRefused = errors.New("the store is away")

// Accept implements providers.Sink.
func (s *sink) Accept(ctx context.Context, in ...providers.Inbound) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen++
	defer func() {
		close(s.news)
		s.news = make(chan struct{})
	}()
	for _, i := range in {
		if s.refuse != nil {
			if err := s.refuse(i.Payload); err != nil {
				return err
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, i := range in {
		s.all = append(s.all, i.Payload)
	}
	return nil
}

// refusing sets what is refused from now on; nil: nothing.
func (s *sink) refusing(f func(providers.InboundPayload) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = f
}

// told waits for a payload of a type for which f holds.
func told[T providers.InboundPayload](l *link, what string, f func(T) bool) T {
	l.w.Helper()
	return toldTo(l.w, l.sink, what, f)
}

func toldTo[T providers.InboundPayload](w *world, s *sink, what string, f func(T) bool) T {
	w.Helper()
	timeout := time.After(patience)
	for {
		s.mu.Lock()
		news := s.news
		for _, p := range s.all {
			if v, ok := p.(T); ok && f(v) {
				s.mu.Unlock()
				return v
			}
		}
		s.mu.Unlock()
		select {
		case <-news:
		case <-timeout:
			w.Fatalf("the sink was not told: %s", what)
		}
	}
}

// count counts the payloads of a type for which f holds, so far.
func count[T providers.InboundPayload](s *sink, f func(T) bool) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.all {
		if v, ok := p.(T); ok && f(v) {
			n++
		}
	}
	return n
}

func (l *link) message(id ids.ProviderMessage) providers.MessageReceived {
	l.w.Helper()
	return told(l, fmt.Sprintf("message %s", id), func(m providers.MessageReceived) bool { return m.ID == id })
}

func (l *link) status(id ids.ProviderMessage, status providers.MessageStatus) providers.StatusChanged {
	l.w.Helper()
	return told(l, fmt.Sprintf("%s for %s", status, id), func(s providers.StatusChanged) bool { return s.ID == id && s.Status == status })
}

func (l *link) reported(status providers.Status) providers.ConnectionChanged {
	l.w.Helper()
	return told(l, "state "+string(status), func(c providers.ConnectionChanged) bool { return c.State.Status == status })
}

// text is a text to somebody, with an id.
func (l *link) text(to providers.Address, text string) providers.Outbound {
	return providers.Outbound{
		ID: ids.New[ids.Message](), ProviderID: l.w.adapter.NewMessageID(), To: to,
		Content: providers.Content{Type: providers.TypeText, Text: text},
	}
}

// file is a file in our store.
func file(mimetype, name string, content []byte) *providers.OutboundMedia {
	return &providers.OutboundMedia{
		ID: ids.New[ids.Media](), Mimetype: mimetype, FileName: name, Size: int64(len(content)),
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
	}
}

// send sends, and fails the test when that fails.
func (l *link) send(out providers.Outbound) providers.Receipt {
	l.w.Helper()
	return one(l.Send(l.w.Context(), out))(l.w)
}

// refusedAs is a failed send.
func (l *link) refusedAs(out providers.Outbound) *providers.SendError {
	l.w.Helper()
	_, err := l.Send(l.w.Context(), out)
	var e *providers.SendError
	if !errors.As(err, &e) {
		l.w.Fatalf("sent: %v", err)
	}
	return e
}

func whatsmeowJID(user string) types.JID   { return types.NewJID(user, types.DefaultUserServer) }
func whatsmeowLID(user string) types.JID   { return types.NewJID(user, types.HiddenUserServer) }
func whatsmeowGroup(user string) types.JID { return types.NewJID(user, types.GroupServer) }

// fence is a lease of the store's that stays trusted.
func fence(number int64) devicestore.Fence {
	return devicestore.Fence{Number: number, TrustedUntil: func() time.Time { return time.Now().Add(time.Minute) }}
}
