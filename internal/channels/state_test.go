package channels_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers"
)

// device is an adapter that keeps a connection, as one of WhatsApp Web does.
type device struct {
	mu     sync.Mutex
	opened []*deviceConn
	status providers.Status
	fails  error
}

type deviceConn struct {
	channel providers.Channel
	sink    providers.Sink
	status  providers.Status
	closed  chan struct{}
}

func (d *device) Name() providers.Name                 { return providers.WhatsAppWeb }
func (d *device) Capabilities() providers.Capabilities { return providers.Capabilities{Text: true} }
func (d *device) Open(_ context.Context, ch providers.Channel, sink providers.Sink) (providers.Conn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fails != nil {
		return nil, d.fails
	}
	status := d.status
	if status == "" {
		status = providers.StatusOpen
	}
	c := &deviceConn{channel: ch, sink: sink, status: status, closed: make(chan struct{})}
	d.opened = append(d.opened, c)
	return c, nil
}

func (c *deviceConn) Check(context.Context, providers.Outbound) error { return nil }
func (c *deviceConn) Send(context.Context, providers.Outbound) (providers.Receipt, error) {
	return providers.Receipt{}, nil
}
func (c *deviceConn) State() providers.State      { return providers.State{Status: c.status} }
func (c *deviceConn) Close(context.Context) error { close(c.closed); return nil }

type noSink struct{}

func (noSink) Accept(context.Context, ...providers.Inbound) error { return nil }

// deviceWorld has a channel of an adapter that keeps connections.
func deviceWorld(t *testing.T) (*world, *device, ids.Channel) {
	t.Helper()
	d := &device{}
	w := newWorld(t, func(w *world) { w.adapters = append(w.adapters, d) })
	a := w.want(w.call("POST", "", `{"provider":"whatsappweb","identifier":"`+number+`"}`), 201)
	if a.at("state.status") != "created" {
		t.Fatalf("made: %s", a.text)
	}
	return w, d, w.id(a)
}

// requester is the same without connections: each send is a request by itself.
type requester struct{ *device }

func (requester) Receive([]byte, time.Time) (providers.Received, error) {
	return providers.Received{}, errors.New("nothing comes in in this test")
}

// requestWorld has a channel of an adapter that keeps no connection of its own.
func requestWorld(t *testing.T) (*world, *device, ids.Channel) {
	t.Helper()
	d := &device{}
	w := newWorld(t, func(w *world) {
		w.adapters = append(w.adapters, requester{d})
		w.options = func(o *channels.Options) { o.Sink = noSink{} }
	})
	return w, d, w.id(w.want(w.call("POST", "", `{"provider":"whatsappweb","identifier":"`+number+`"}`), 201))
}

func (w *world) report(id ids.Channel, status providers.Status, detail string) channels.State {
	w.t.Helper()
	if err := w.service.Report(context.Background(), id, providers.State{Status: status, Detail: detail}); err != nil {
		w.t.Fatal(err)
	}
	ch, err := w.service.Get(context.Background(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return ch.State
}

// after says which of the reports count in each state, in the order of
// reported: every pair is decided here by hand.
var (
	reported = []providers.Status{"created", "connecting", "qr", "pairing", "open", "closed", "logged_out", "banned", "outdated", "failed"}
	after    = map[providers.Status]string{
		"created":    "-xxxxxxxxx",
		"connecting": "-xxxxxxxxx",
		"qr":         "-xxxxxxxxx",
		"pairing":    "-xxxxxxxxx",
		"open":       "-xxxxxxxxx",
		"closed":     "-xxxxxxxxx",
		"logged_out": "-xxxx-xxxx",
		"banned":     "-xxxx--xx-",
		"outdated":   "-xxxx-xxxx",
		"failed":     "-xxxxxxxxx",
	}
)

func TestEveryReportInEveryState(t *testing.T) {
	t.Parallel()
	w, _, id := deviceWorld(t)
	rows := w.db.Collection(channels.Collection)
	for from, takes := range after {
		for i, to := range reported {
			_, err := rows.UpdateOne(t.Context(), bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$set", Value: bson.D{{Key: "connection.status", Value: from}, {Key: "connection.detail", Value: "before"}}}})
			if err != nil {
				t.Fatal(err)
			}
			if err := w.service.Report(t.Context(), id, providers.State{Status: to, Detail: "after"}); err != nil {
				t.Fatal(err)
			}
			var row struct {
				Connection channels.State `bson:"connection"`
			}
			if err := rows.FindOne(t.Context(), bson.D{{Key: "_id", Value: id}}).Decode(&row); err != nil {
				t.Fatal(err)
			}
			want := channels.State{Status: from, Detail: "before"}
			if takes[i] == 'x' {
				want = channels.State{Status: to, Detail: "after"}
			}
			if row.Connection.Status != want.Status || row.Connection.Detail != want.Detail {
				t.Errorf("%s reported while %s: now %s %q", to, from, row.Connection.Status, row.Connection.Detail)
			}
		}
	}
	if err := w.service.Report(t.Context(), id, providers.State{Status: "dozing"}); err == nil {
		t.Error("a status that does not exist was taken")
	}
}

func TestAReportIsStoredWithItsEventAndOnce(t *testing.T) {
	t.Parallel()
	w, _, id := deviceWorld(t)
	w.clock.move(time.Minute)
	began := w.clock.now().UTC().Truncate(time.Millisecond)
	if st := w.report(id, "closed", "wait"); st.Status != "closed" || st.Detail != "wait" || !st.Since.Equal(began) {
		t.Errorf("reported: %+v", st)
	}
	w.clock.move(time.Minute)
	if st := w.report(id, "closed", "wait longer"); !st.Since.Equal(began) {
		t.Errorf("a new detail began a new state: %+v", st)
	}
	for range 3 {
		w.report(id, "closed", "wait longer")
	}
	rows := w.statuses(id)
	if len(rows) != 2 {
		t.Fatalf("%d events, want 2: %+v", len(rows), rows)
	}
	for _, row := range rows {
		if row.Channel != id || len(row.Platforms) != 1 || row.Platforms[0] != w.platform.ID {
			t.Errorf("event %+v", row)
		}
	}
}

func TestAReportThatSaysNothingNewWritesNothing(t *testing.T) {
	t.Parallel()
	w, _, id := deviceWorld(t)
	w.report(id, "closed", "wait")
	var writes, commands atomic.Int32
	client, err := mongodb.Connect(t.Context(), mongotest.URI(t), mongodb.Options{Monitor: &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		commands.Add(1)
		if e.CommandName != "find" {
			writes.Add(1)
		}
	}}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	shared := w.db
	w.db = client.Database(shared.Name())
	service, _ := w.server(w.vault(w.master))
	commands.Store(0)
	writes.Store(0)
	if err := service.Report(t.Context(), id, providers.State{Status: "closed", Detail: "wait"}); err != nil {
		t.Fatal(err)
	}
	if writes.Load() != 0 || commands.Load() != 1 {
		t.Errorf("%d commands, %d of them no find", commands.Load(), writes.Load())
	}
	// And what is read twice within a moment costs the store one question.
	commands.Store(0)
	for range 3 {
		if _, err := service.Get(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if _, err := service.OfAccount(t.Context(), w.account); err != nil {
			t.Fatal(err)
		}
	}
	if n := commands.Load(); n != 2 {
		t.Errorf("%d commands for two cached questions", n)
	}
}

func TestADeviceIsSentToOnlyWhileItIsConnected(t *testing.T) {
	t.Parallel()
	w, d, id := deviceWorld(t)
	for _, status := range reported[1:] {
		if _, err := w.db.Collection(channels.Collection).UpdateOne(t.Context(), bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$set", Value: bson.D{{Key: "connection.status", Value: "created"}}}}); err != nil {
			t.Fatal(err)
		}
		w.report(id, status, "do this")
		_, err := w.service.Conn(t.Context(), id)
		open := status == "open" || status == "connecting"
		if open && err != nil || !open && (!fault.Is(err, fault.WhatsAppConnectionClosed) || !strings.Contains(err.Error(), "do this")) {
			t.Errorf("%s: %v", status, err)
		}
	}
	if len(d.opened) != 0 {
		t.Errorf("opened %d times without being wanted", len(d.opened))
	}
}

func TestAConnectionIsKeptUntilWhatItSeesChanges(t *testing.T) {
	t.Parallel()
	w, d, id := requestWorld(t)
	w.report(id, "open", "")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, err := w.service.Conn(t.Context(), id); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if len(d.opened) != 1 || d.opened[0].sink != (noSink{}) || d.opened[0].channel.Identifier != number {
		t.Fatalf("opened %d", len(d.opened))
	}
	w.want(w.call("PATCH", "/"+id.String(), `{"name":"x","settings":{"sendPresence":false}}`), 200)
	if _, err := w.service.Conn(t.Context(), id); err != nil || len(d.opened) != 1 {
		t.Fatalf("a new name opened it anew: %d, %v", len(d.opened), err)
	}
	w.want(w.call("PATCH", "/"+id.String(), `{"credentials":{"apiKey":"new"}}`), 200)
	if _, err := w.service.Conn(t.Context(), id); err != nil || len(d.opened) != 2 || d.opened[1].channel.APIKey != "new" {
		t.Fatalf("new credentials: %d, %v", len(d.opened), err)
	}
	<-d.opened[0].closed
	w.want(w.call("DELETE", "/"+id.String(), ""), 204)
	<-d.opened[1].closed
}

// 360dialog's goes on: what is under way on it is not cut.
func TestAConnectionThatCanFollowAChangeIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.id(w.createD360())
	before, err := w.service.Conn(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	w.want(w.call("PATCH", "/"+id.String(), `{"settings":{"messagesPerSecond":1,"mediaMaxBytes":1000000},"credentials":{"apiKey":"wrong"}}`), 200)
	w.report(id, "open", "") // whatever 360dialog says of that key
	after, err := w.service.Conn(t.Context(), id)
	if err != nil || after != before {
		t.Fatalf("another connection: %v", err)
	}
	if _, err := after.(providers.HealthChecker).Health(t.Context()); providers.AsSendError(err).Reason != providers.ReasonInvalidToken {
		t.Errorf("it asks with the old key: %v", err)
	}
	for to := range 2 {
		wait := after.(providers.Pacer).Reserve(providers.Address{Kind: providers.KindPhone, Value: number})
		if (wait > 0) != (to > 0) {
			t.Errorf("send %d of a second waits %s", to, wait)
		}
	}
}

func TestASweepEndsWhatAnotherServerDeleted(t *testing.T) {
	t.Parallel()
	w, d, id := requestWorld(t)
	w.report(id, "open", "")
	elsewhere, _ := w.server(w.vault(w.master))
	if _, err := elsewhere.Conn(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	w.want(w.call("DELETE", "/"+id.String(), ""), 204)
	eventually(t, "the end of a deleted channel's connection", func() bool {
		for _, loop := range elsewhere.Loops() {
			if loop.Name == "channel_connections" {
				if err := loop.Run(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		select {
		case <-d.opened[0].closed:
			return true
		default:
			return false
		}
	})
}

func TestCloseEndsEveryConnectionAndRefusesNewOnes(t *testing.T) {
	t.Parallel()
	w, d, id := requestWorld(t)
	w.report(id, "open", "")
	if _, err := w.service.Conn(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := w.service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case <-d.opened[0].closed:
	default:
		t.Error("Close came back before the connection had ended")
	}
	if _, err := w.service.Conn(t.Context(), id); !fault.Is(err, fault.WhatsAppConnectionClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestANumberChangesOnlyWhileLoggedOut(t *testing.T) {
	t.Parallel()
	w, _, id := deviceWorld(t)
	w.want(w.call("PATCH", "/"+id.String(), `{"identifier":"`+number+`"}`), 200)
	w.want(w.call("PATCH", "/"+id.String(), `{"identifier":"`+otherNum+`"}`), 409)
	w.report(id, "logged_out", "pair again")
	if a := w.want(w.call("PATCH", "/"+id.String(), `{"identifier":"+55 21 96666-5555"}`), 200); a.at("identifier") != otherNum {
		t.Errorf("changed: %s", a.text)
	}
	taken := w.want(w.call("POST", "", `{"provider":"whatsappweb","identifier":"`+number+`"}`), 201)
	if a := w.want(w.call("PATCH", "/"+id.String(), `{"identifier":"`+number+`"}`), 409); a.at("channelId") != w.id(taken).String() {
		t.Errorf("a number that another channel has: %s", a.text)
	}
}

func TestAnAdapterThatCannotOpenIsNoConnection(t *testing.T) {
	t.Parallel()
	w, d, id := requestWorld(t)
	d.fails = errors.New("no key store")
	w.want(w.call("PATCH", "/"+id.String(), `{"credentials":{"apiKey":"new"}}`), 200)
	if _, err := w.service.Conn(t.Context(), id); err == nil || !strings.Contains(err.Error(), "no key store") {
		t.Errorf("conn: %v", err)
	}
	d.fails, d.status = nil, providers.StatusClosed
	if _, err := w.service.Conn(t.Context(), id); !fault.Is(err, fault.WhatsAppConnectionClosed) {
		t.Errorf("conn of a closed one: %v", err)
	}
}

func TestCountsAreOfLiveChannels(t *testing.T) {
	t.Parallel()
	w := newWorld(t, alone)
	id := w.id(w.createD360())
	w.want(w.call("POST", "", `{"provider":"whatsappweb","identifier":"`+number+`"}`), 201)
	counts, err := w.service.CountByStatus(t.Context())
	if err != nil || len(counts) != 2 || counts["open"] != 1 || counts["failed"] != 1 {
		t.Errorf("%v, %v", counts, err)
	}
	w.want(w.call("DELETE", "/"+id.String(), ""), 204)
	if counts, _ := w.service.CountByStatus(t.Context()); len(counts) != 1 {
		t.Errorf("after a delete: %v", counts)
	}
}

func TestListsAreServedByIndexes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := time.Now()
	for name, filter := range map[string]bson.D{
		"list":   {{Key: "accountId", Value: w.account}, {Key: "live", Value: true}},
		"number": {{Key: "accountId", Value: w.account}, {Key: "live", Value: true}, {Key: "provider", Value: "d360"}, {Key: "identifierKey", Value: number}},
		"due":    {{Key: "live", Value: true}, {Key: "checkAt", Value: bson.D{{Key: "$lte", Value: now}}}},
	} {
		var plan bson.Raw
		err := w.db.RunCommand(t.Context(), bson.D{{Key: "explain", Value: bson.D{{Key: "find", Value: channels.Collection}, {Key: "filter", Value: filter}}}}).Decode(&plan)
		if err != nil {
			t.Fatal(err)
		}
		if text := plan.Lookup("queryPlanner", "winningPlan").String(); strings.Contains(text, "COLLSCAN") || !strings.Contains(text, "IXSCAN") {
			t.Errorf("%s: %s", name, text)
		}
	}
}
