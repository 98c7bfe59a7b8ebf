package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/internal/web"
)

// frame is one frame of the event stream.
type frame struct {
	id    int64
	event string
	doc   doc
}

// ear is a client of the event stream.
type ear struct {
	t      testing.TB
	closed chan struct{}

	mu   sync.Mutex
	got  []frame
	upTo int64 // the last id
}

// hear opens the world's event stream behind a position; below 0, from now on.
func hear(t testing.TB, w *apptest.World, after int64, query string) *ear {
	t.Helper()
	e := &ear{t: t, closed: make(chan struct{})}
	resp := e.open(w, after, query)
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("the stream: %d %s", resp.StatusCode, resp.Header)
	}
	go e.read(resp)
	w.Eventually("the stream begins", func() bool { return e.at() >= max(after, 0) || e.over() })
	return e
}

func (e *ear) open(w *apptest.World, after int64, query string) *http.Response {
	e.t.Helper()
	ctx, end := context.WithCancel(context.Background())
	e.t.Cleanup(end)
	req := must(http.NewRequestWithContext(ctx, http.MethodGet, w.App.URL()+w.Base()+"/events?"+query, nil))
	req.Header.Set("Authorization", "Bearer "+w.Key)
	if after >= 0 {
		req.Header.Set("Last-Event-ID", strconv.FormatInt(after, 10))
	}
	e.upTo = -1
	resp := must(w.Client.Do(req))
	e.t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

func (e *ear) read(resp *http.Response) {
	var one frame
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			one.id = must(strconv.ParseInt(value, 10, 64))
		case "event":
			one.event = value
		case "data":
			if err := json.Unmarshal([]byte(value), &one.doc); err != nil {
				e.t.Errorf("event %d: %v", one.id, err)
			}
		case "":
			e.mu.Lock()
			e.upTo = max(e.upTo, one.id)
			if one.doc != nil {
				e.got = append(e.got, one)
			}
			e.mu.Unlock()
			one = frame{}
		}
	}
	close(e.closed)
}

func (e *ear) heard() []frame {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]frame{}, e.got...)
}

func (e *ear) at() int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.upTo
}

func (e *ear) over() bool {
	select {
	case <-e.closed:
		return true
	default:
		return false
	}
}

// await gives the first event of a type.
func (e *ear) await(w *apptest.World, kind string) frame {
	e.t.Helper()
	var found frame
	w.Eventually("the stream tells "+kind, func() bool {
		for _, one := range e.heard() {
			if one.event == kind {
				found = one
				return true
			}
		}
		return false
	})
	return found
}

// A stream tells what webhooks tell, and goes on without gap or repeat
// wherever it is taken up again.
func TestAStreamGoesOnAnywhere(t *testing.T) {
	t.Parallel()
	start := side(t)
	one, other := start(t), start(t)
	w := one.World(t, apptest.Preset{})
	r := listen(t, w)
	live := hear(t, w, -1, "")
	begin := live.at()
	phone := apptest.Phone()
	for n := range 30 {
		write(w, phone, fmt.Sprint("mensagem ", n))
	}
	session := w.AwaitSession(phone)
	w.Want(http.StatusOK, http.MethodPost, "/api/message/send", said(session, doc{"text": "resposta"}))
	last := live.await(w, "message.sent").id
	w.Eventually("all is told", func() bool { return int64(len(live.heard())) >= last-begin })
	bodies := map[string]doc{}
	for _, e := range r.taken() {
		bodies[text(e.doc, "id")] = e.doc
	}
	for i, e := range live.heard() {
		if e.id != begin+int64(i)+1 || text(e.doc, "type") != e.event {
			t.Fatalf("frame %d has id %d, type %s in %v", i, e.id, e.event, e.doc)
		}
		if want := bodies[text(e.doc, "id")]; e.event == "message.received" && want != nil {
			expect(t, "the event", e.doc, doc{"type": want["type"], "sequence": want["sequence"], "data.message._id": text(want, "data.message._id")})
		}
	}
	same := r.at(w, t, other)
	for _, from := range []int64{begin, begin + 1, begin + 7, last - 1} {
		again := hear(t, same, from, "")
		w.Eventually("the rest is told", func() bool { return again.at() >= last })
		for i, e := range again.heard() {
			if e.id != from+int64(i)+1 {
				t.Fatalf("behind %d, frame %d has id %d", from, i, e.id)
			}
		}
	}
	// What happens on one server is told on the other, live.
	elsewhere := hear(t, same, -1, "type=session.finished")
	w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+session, nil)
	expect(t, "the event", elsewhere.await(w, "session.finished").doc, doc{"sessionId": session})
}

// Filters leave out what is not asked for; the position moves all the same.
func TestAStreamIsFiltered(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/platform-configs", doc{"platformSlug": "crm", "name": "CRM"})
	whole := hear(t, w, -1, "")
	one, other := apptest.Phone(), apptest.Phone()
	write(w, one, "um")
	session := w.AwaitSession(one)
	begin := whole.await(w, "message.received").id
	filters := map[string]func(frame) bool{
		"type=message.received":                                            func(e frame) bool { return e.event == "message.received" },
		"type=message.received,session.created":                            func(e frame) bool { return e.event == "message.received" || e.event == "session.created" },
		"type=message.received&type=contact.created":                       func(e frame) bool { return e.event == "message.received" || e.event == "contact.created" },
		"sessionId=" + session:                                             func(e frame) bool { return text(e.doc, "sessionId") == session },
		"platformSlug=crm":                                                 func(frame) bool { return false },
		"platformSlug=console&type=" + url.QueryEscape("message.received"): func(e frame) bool { return e.event == "message.received" },
	}
	write(w, other, "dois")
	write(w, one, "três")
	w.Eventually("both are frame", func() bool {
		n := 0
		for _, e := range whole.heard() {
			if e.id > begin && e.event == "message.received" {
				n++
			}
		}
		return n == 2
	})
	last := whole.at()
	for query, wanted := range filters {
		e := hear(t, w, begin, query)
		var want []int64
		for _, one := range whole.heard() {
			if one.id > begin && one.id <= last && wanted(one) {
				want = append(want, one.id)
			}
		}
		var got []int64
		w.Eventually(query, func() bool {
			got = nil
			for _, one := range e.heard() {
				got = append(got, one.id)
			}
			return len(got) >= len(want)
		})
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	for query, field := range map[string]string{
		"type=message.eaten": "type.0", "platformSlug=console,unknown": "platformSlug.1", "sessionId=x": "sessionId", "page=1": "page",
	} {
		a := w.Call(http.MethodGet, w.Base()+"/events?"+query, nil)
		refused(t, query, a, http.StatusUnprocessableEntity, "validation_failed")
		expect(t, query, a.JSON(), doc{"errors.0.field": field})
	}
}

// A position that is too old, or was never sent, is refused: nobody takes a
// gap for the whole.
func TestAnExpiredPosition(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	ask := func(after string) apptest.Answer {
		return w.Do(apptest.Request{Method: http.MethodGet, Path: w.Base() + "/events", Header: map[string]string{"Last-Event-ID": after}})
	}
	write(w, apptest.Phone(), "um")
	w.Eventually("all is placed", func() bool { return unplaced(w) == 0 })
	batches := w.App.DB.Collection(events.Collection)
	var oldest events.Batch
	if err := batches.FindOne(context.Background(), bson.D{{Key: "accountId", Value: w.Account}, {Key: "last", Value: bson.D{{Key: "$gte", Value: 1}}}}).Decode(&oldest); err != nil {
		t.Fatal(err)
	}
	if _, err := batches.DeleteOne(context.Background(), bson.D{{Key: "_id", Value: oldest.ID}}); err != nil {
		t.Fatal(err)
	}
	refused(t, "too old", ask(strconv.FormatInt(oldest.Last-1, 10)), http.StatusGone, "cursor_expired")
	hear(t, w, oldest.Last, "") // nothing behind it is lost
	refused(t, "from another store", ask("1000000"), http.StatusGone, "cursor_expired")
	for _, wrong := range []string{"-1", "x"} {
		a := ask(wrong)
		refused(t, wrong, a, http.StatusUnprocessableEntity, "validation_failed")
		expect(t, wrong, a.JSON(), doc{"errors.0.field": "Last-Event-ID"})
	}
	if _, err := batches.DeleteMany(context.Background(), bson.D{{Key: "accountId", Value: w.Account}}); err != nil {
		t.Fatal(err)
	}
	refused(t, "all is gone", ask("0"), http.StatusGone, "cursor_expired")
	live := hear(t, w, -1, "")
	write(w, apptest.Phone(), "dois")
	live.await(w, "message.received")
}

// A stream ends with its key, and with its server.
func TestAStreamEnds(t *testing.T) {
	t.Parallel()
	var streams []*ear
	var began time.Time
	t.Run("server", func(t *testing.T) {
		w := apptest.Start(t, apptest.Options{}).World(t, apptest.Preset{})
		key := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/api-keys", doc{"name": "revogada"})
		revoked := *w
		revoked.Key = text(key, "key")
		streams = append(streams, hear(t, w, -1, ""), hear(t, &revoked, -1, ""))
		w.Want(http.StatusNoContent, http.MethodDelete, w.Base()+"/api-keys/"+text(key, "_id"), nil)
		w.Eventually("the stream of a revoked key ends", streams[1].over)
		if streams[0].over() {
			t.Error("the other one ended, too")
		}
		began = time.Now()
	})
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the stop waited %s for the stream", took)
	}
	<-streams[0].closed
}

// Who listens hears that a platform's URL takes nothing, and that it does
// again.
func TestAStreamTellsOfPlatforms(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	r := listen(t, w)
	e := hear(t, w, -1, "type=platform.status&platformSlug=console")
	r.answers(always(http.StatusServiceUnavailable))
	write(w, apptest.Phone(), "oi")
	down := e.await(w, "platform.status")
	expect(t, "the event", down.doc, doc{"type": "platform.status", "data": doc{"platformConfigId": w.Config.String(), "platformSlug": "console", "status": "failing"}})
	r.answers(nil)
	w.Eventually("it is told that the URL is back", func() bool {
		heard := e.heard()
		return len(heard) == 2 && text(heard[1].doc, "data.status") == "active"
	})
	r.answers(always(http.StatusServiceUnavailable))
	write(w, apptest.Phone(), "oi de novo")
	w.Eventually("it is told that the URL is down again", func() bool { return len(e.heard()) == 3 })
	r.answers(nil)
	w.Want(http.StatusOK, http.MethodPatch, configPath(w), doc{"url": r.server.URL})
	w.Eventually("it is told that the URL was given anew", func() bool {
		heard := e.heard()
		return len(heard) == 4 && text(heard[3].doc, "data.status") == "active"
	})
	settled(w)
	for _, one := range r.taken() {
		if one.kind() == "platform.status" {
			t.Error("the platform itself was told")
		}
	}
}

// Whoever goes on after a person was erased hears nothing of that person, nor
// what was said of others before it changed.
func TestAStreamShowsNobodyWhoIsErased(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	live := hear(t, w, -1, "")
	begin, phone := live.at(), apptest.Phone()
	words := "jaboticabal " + phone
	write(w, phone, words)
	contact := text(live.await(w, "message.received").doc, "data.contact._id")
	w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+contact, nil)
	last := live.await(w, "contact.erased").id
	again := hear(t, w, begin, "")
	w.Eventually("all is told again", func() bool { return again.at() >= last })
	for _, e := range again.heard() {
		if strings.Contains(mustJSON(e.doc), phone) {
			t.Errorf("event %d tells of the person: %v", e.id, e.doc)
		}
	}
}

// A client that takes nothing is cut off, and goes on where it was.
func TestASlowListenerIsCutOff(t *testing.T) {
	t.Parallel()
	server := apptest.Start(t, apptest.Options{App: app.Options{Pace: web.Pace{Patience: time.Second, Slowest: 1 << 20}}})
	w := server.World(t, apptest.Preset{})
	conn := must(net.Dial("tcp", strings.TrimPrefix(server.App.URL(), "http://")))
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "GET %s/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", w.Base(), w.Key)
	begin, reader := int64(-1), bufio.NewReaderSize(conn, 512)
	for begin < 0 {
		if value, ok := strings.CutPrefix(must(reader.ReadString('\n')), "id: "); ok {
			begin = must(strconv.ParseInt(strings.TrimSpace(value), 10, 64))
		}
	}
	// From here on it reads nothing.
	listeners := func() string {
		_, page := fetchPage(t, server.App.OpsURL()+"/metrics")
		for _, line := range strings.Split(page, "\n") {
			if n, ok := strings.CutPrefix(line, "omnichannel_event_listeners "); ok {
				return n
			}
		}
		return ""
	}
	if n := listeners(); n != "1" {
		t.Fatalf("%q listeners", n)
	}
	long, n := strings.Repeat("muito texto ", 10_000), 0
	w.Eventually("the listener is cut off", func() bool {
		row := events.New(w.Account, events.ContactErased, time.Now())
		row.Facts = bson.D{{Key: "note", Value: long}}
		if err := events.Append(t.Context(), w.App.DB, row); err != nil {
			t.Fatal(err)
		}
		n++
		return listeners() == "0"
	})
	again := hear(t, w, begin, "type=contact.erased")
	w.Eventually("it goes on where it was", func() bool { return len(again.heard()) >= n })
	if got := len(again.heard()); got != n {
		t.Errorf("%d messages are frame, %d were written", got, n)
	}
}

// How long events are kept is the store's to see to. A server that starts asks
// nothing of it that waits: a transaction that a killed one left open holds
// locks for a minute.
func TestEventsAreKeptAsLongAsTheOperatorSays(t *testing.T) {
	t.Parallel()
	database, key := mongotest.Fresh(t).Name(), vault.NewKey()
	start := func(kept time.Duration) *apptest.Server {
		return apptest.Start(t, apptest.Options{Database: database, Config: func(c *config.Config) { c.EventsKept, c.MasterKey = kept, key }})
	}
	one := start(100 * time.Hour)
	type ttl struct {
		Key     bson.D `bson:"key"`
		Seconds int64  `bson:"expireAfterSeconds"`
	}
	var indexes []ttl
	batches := one.App.DB.Collection(events.Collection)
	cursor := must(batches.Indexes().List(t.Context()))
	if err := cursor.All(t.Context(), &indexes); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(indexes, func(index ttl) bool {
		return index.Key[0].Key == "createdAt" && index.Seconds == 100*3600
	}) {
		t.Errorf("the store keeps events otherwise: %+v", indexes)
	}
	session := must(one.App.DB.Client().StartSession())
	defer session.EndSession(context.Background())
	if err := session.StartTransaction(); err != nil {
		t.Fatal(err)
	}
	open := mongo.NewSessionContext(t.Context(), session)
	if err := events.Append(open, one.App.DB, events.New(ids.NewAccount(), events.ContactErased, time.Now())); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	start(100 * time.Hour)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("a server waited %s for a transaction of another", took)
	}
	if err := session.AbortTransaction(context.Background()); err != nil {
		t.Error(err)
	}
}

// Nothing goes to where a platform was, once its URL is another.
func TestANewURLIsUsedAtOnce(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	before := listen(t, w)
	e := hear(t, w, -1, "type=platform.status")
	phone := apptest.Phone()
	write(w, phone, "um")
	before.await(w, "message.received")
	settled(w)
	after := listenAgain(t, before)
	before.server.Close()
	w.Want(http.StatusOK, http.MethodPatch, configPath(w), doc{"url": after.server.URL})
	write(w, phone, "dois")
	after.await(w, "message.received")
	if heard := e.heard(); len(heard) > 0 {
		t.Errorf("the platform was taken for down: %v", heard[0].doc)
	}
}
