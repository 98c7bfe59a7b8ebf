package whatsapp

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp/memstore"
)

const testSeed = "tests"

// patience is how long a test waits for what must happen.
const patience = time.Minute

func TestMain(m *testing.M) {
	// Variables of the whole process: set before any client is there.
	whatsmeow.WACertPubKey = RootKey(testSeed)
	whatsmeow.KeepAliveIntervalMin, whatsmeow.KeepAliveIntervalMax = time.Second, 1100*time.Millisecond
	whatsmeow.KeepAliveResponseDeadline = time.Second
	os.Exit(m.Run())
}

// bench is a server of its own for one test.
type bench struct {
	t       *testing.T
	ctx     context.Context
	s       *Server
	running *Running
	http    *http.Client
	phones  int
}

func newBench(t *testing.T, change ...func(*Options)) *bench {
	t.Helper()
	o := Options{Seed: testSeed}
	for _, f := range change {
		f(&o)
	}
	b := &bench{t: t, ctx: t.Context(), s: New(o)}
	t.Cleanup(b.s.Close)
	var err error
	b.running, err = b.s.Listen(context.WithoutCancel(t.Context()), "127.0.0.1:0", "127.0.0.1:0")
	b.must(err)
	t.Cleanup(b.running.Close)
	b.http, err = Client(b.running.URL)
	b.must(err)
	t.Cleanup(b.http.CloseIdleConnections)
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// one gives the value of a call that must work.
func one[T any](v T, err error) func(*bench) T {
	return func(b *bench) T {
		b.t.Helper()
		b.must(err)
		return v
	}
}

// phone adds somebody with a number of their own.
func (b *bench) phone(change ...func(*PhoneConfig)) PhoneInfo {
	b.t.Helper()
	b.phones++
	c := PhoneConfig{Phone: fmt.Sprintf("552198000%04d", b.phones), Name: fmt.Sprintf("Pessoa %d", b.phones)}
	for _, f := range change {
		f(&c)
	}
	return one(b.s.AddPhone(c))(b)
}

func pn(p PhoneInfo) types.JID { return types.NewJID(p.Phone, types.DefaultUserServer) }

func lid(p PhoneInfo) types.JID { return types.NewJID(p.LID, types.HiddenUserServer) }

// belongs tells whether an address is one of somebody's.
func belongs(j types.JID, p PhoneInfo) bool { return j.ToNonAD() == pn(p) || j.ToNonAD() == lid(p) }

// until waits for something in the server's world.
func (b *bench) until(what string, condition func() bool) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := b.s.Wait(ctx, condition); err != nil {
		b.t.Fatalf("%s did not happen: %v", what, err)
	}
}

// shows waits until a phone shows a message for which f holds.
func (b *bench) shows(p PhoneInfo, what string, f func(PhoneMessage) bool) PhoneMessage {
	b.t.Helper()
	var found PhoneMessage
	b.until(p.Name+" shows "+what, func() bool {
		list, err := b.s.Messages(p.Phone, "")
		b.must(err)
		i := slices.IndexFunc(list, f)
		if i >= 0 {
			found = list[i]
		}
		return i >= 0
	})
	return found
}

func (b *bench) showsText(p PhoneInfo, text string) PhoneMessage {
	b.t.Helper()
	return b.shows(p, text, func(m PhoneMessage) bool { return m.Text == text })
}

// ticks waits for the status of a message on a phone.
func (b *bench) ticks(p PhoneInfo, id, status string) {
	b.t.Helper()
	b.shows(p, status+" for "+id, func(m PhoneMessage) bool { return m.ID == id && m.Status == status })
}

func (b *bench) chat(p PhoneInfo, other string, what string, f func(PhoneChat) bool) {
	b.t.Helper()
	b.until("chat "+what, func() bool {
		c, err := b.s.Chat(p.Phone, other)
		return err == nil && f(c)
	})
}

// fault switches one on for the rest of the test.
func (b *bench) fault(r Rule) Rule {
	b.t.Helper()
	return one(b.s.AddFault(r))(b)
}

// hits waits until a rule was met that often.
func (b *bench) hits(r Rule, n int) {
	b.t.Helper()
	b.until("fault "+r.Fault.Kind, func() bool {
		return slices.ContainsFunc(b.s.Faults(), func(x Rule) bool { return x.ID == r.ID && x.Hits >= n })
	})
}

// client is a real whatsmeow client that remembers what it was told.
type client struct {
	*whatsmeow.Client
	b *bench

	mu     sync.Mutex
	events []any
	bell   *bell
}

func (b *bench) client(d *store.Device, change ...func(*client)) *client {
	b.t.Helper()
	log := waLog.Noop
	if level := os.Getenv("WALOG"); level != "" {
		log = waLog.Stdout("client", level, false)
	}
	c := &client{Client: whatsmeow.NewClient(d, log), b: b, bell: newBell()}
	Point(c.Client, b.http)
	c.AddEventHandler(func(e any) {
		c.mu.Lock()
		c.events = append(c.events, e)
		c.mu.Unlock()
		c.bell.ring()
	})
	for _, f := range change {
		f(c)
	}
	b.t.Cleanup(func() {
		if !c.IsConnected() {
			// The client is just forgetting a socket that was cut. It tells nobody
			// when it has, and to disconnect before then is a race of its own.
			time.Sleep(200 * time.Millisecond)
		}
		c.Disconnect()
	})
	return c
}

// take waits for an event of a type for which f holds, and forgets it.
func take[T any](c *client, what string, f func(T) bool) T {
	c.b.t.Helper()
	timeout := time.After(patience)
	for {
		rung := c.bell.next()
		c.mu.Lock()
		for i, e := range c.events {
			if v, ok := e.(T); ok && (f == nil || f(v)) {
				c.events = slices.Delete(c.events, i, i+1)
				c.mu.Unlock()
				return v
			}
		}
		c.mu.Unlock()
		select {
		case <-rung:
		case <-timeout:
			c.b.t.Fatalf("the client was not told: %s", what)
		}
	}
}

// told counts the events of a type for which f holds, so far.
func told[T any](c *client, f func(T) bool) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.events {
		if v, ok := e.(T); ok && f(v) {
			n++
		}
	}
	return n
}

func textIs(text string) func(*events.Message) bool {
	return func(m *events.Message) bool {
		return m.Message.GetConversation() == text || m.Message.GetExtendedTextMessage().GetText() == text
	}
}

func (c *client) message(text string) *events.Message {
	c.b.t.Helper()
	return take(c, "message "+text, textIs(text))
}

func (c *client) receipt(id string, kind types.ReceiptType) *events.Receipt {
	c.b.t.Helper()
	return take(c, fmt.Sprintf("receipt %q of %s", kind, id), func(r *events.Receipt) bool { return r.Type == kind && slices.Contains(r.MessageIDs, id) })
}

func (c *client) say(to types.JID, text string) string {
	c.b.t.Helper()
	return c.send(to, &waE2E.Message{Conversation: proto.String(text)})
}

func (c *client) send(to types.JID, m *waE2E.Message) string {
	c.b.t.Helper()
	r, err := c.SendMessage(c.b.ctx, to, m)
	c.b.must(err)
	return r.ID
}

// link pairs a new device with a phone, over a QR code.
func (b *bench) link(p PhoneInfo, change ...func(*client)) *client {
	b.t.Helper()
	return b.linkDevice(memstore.New().NewDevice(), p, change...)
}

func (b *bench) linkDevice(d *store.Device, p PhoneInfo, change ...func(*client)) *client {
	b.t.Helper()
	c := b.client(d, change...)
	codes, err := c.GetQRChannel(b.ctx)
	b.must(err)
	b.must(c.Connect())
	for item := range codes {
		switch item.Event {
		case "code":
			b.must(b.s.Scan(p.Phone, item.Code))
		case "success":
		default:
			b.t.Fatalf("pairing: %s %v", item.Event, item.Error)
		}
	}
	c.online()
	return c
}

// online waits until the client has caught up, and tells what it had missed.
func (c *client) online() *events.OfflineSyncPreview {
	c.b.t.Helper()
	take[*events.Connected](c, "connected", nil)
	missed := take[*events.OfflineSyncPreview](c, "what it missed", nil)
	take[*events.OfflineSyncCompleted](c, "caught up", nil)
	return missed
}

// linkFresh links a device, lets it sync and loads it in a new client, as after a
// restart. Tests that end in a log-out need that: whatsmeow clears the fields of a
// device while what began at its first login may still read them.
func (b *bench) linkFresh(devices *memstore.Container, p PhoneInfo) *client {
	b.t.Helper()
	c := b.linkDevice(devices.NewDevice(), p)
	c.synced()
	b.quiet(p, c)
	c.Disconnect()
	fresh := b.client(devices.Device(*c.Store.ID))
	b.must(fresh.Connect())
	fresh.online()
	return fresh
}

// quiet waits until a device has acknowledged all that it was sent.
func (b *bench) quiet(p PhoneInfo, c *client) {
	b.t.Helper()
	id := c.device()
	b.until("nothing waits", func() bool {
		info := one(b.s.Phone(p.Phone))(b)
		i := slices.IndexFunc(info.Devices, func(d DeviceInfo) bool { return d.ID == id })
		return i >= 0 && info.Devices[i].Pending == 0
	})
}

// closed waits until the client has noticed that it was cut off: whatsmeow closes
// from both ends at once without a lock.
func (c *client) closed() {
	c.b.t.Helper()
	deadline := time.After(patience)
	for c.IsConnected() {
		select {
		case <-deadline:
			c.b.t.Fatal("the client still believes that it is connected")
		default:
			runtime.Gosched()
		}
	}
}

// synced waits for the first sync of all of the app state.
func (c *client) synced() {
	c.b.t.Helper()
	done := map[string]bool{}
	for len(done) < len(collections) {
		done[string(take[*events.AppStateSyncComplete](c, "app state", nil).Name)] = true
	}
}

func (c *client) device() int { return int(c.Store.GetJID().Device) }
