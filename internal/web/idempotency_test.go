package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/web"
)

// mirror seals by turning every bit over: enough to see that it was asked.
type mirror struct{}

func (mirror) SealBytes(_ string, plain []byte) ([]byte, error) {
	sealed := make([]byte, 0, len(plain))
	for _, b := range plain {
		sealed = append(sealed, ^b)
	}
	return sealed, nil
}

func (m mirror) OpenBytes(purpose string, sealed []byte) ([]byte, error) {
	return m.SealBytes(purpose, sealed)
}

// clock is a time that a test sets; looks tells that somebody looked at it.
type clock struct {
	at    atomic.Pointer[time.Time]
	looks chan struct{}
}

// newClock stands in the future: the database deletes by its own clock what has
// expired.
func newClock() *clock {
	c := &clock{looks: make(chan struct{}, 1)}
	c.set(time.Date(2126, 5, 4, 12, 0, 0, 0, time.UTC))
	return c
}

func (c *clock) now() time.Time {
	at := *c.at.Load()
	select {
	case c.looks <- struct{}{}:
	default:
	}
	return at
}

func (c *clock) set(to time.Time) { c.at.Store(&to) }

// repeatable serves one route that may be repeated by key; handle is what it
// does.
func repeatable(t *testing.T, c *clock, handle gin.HandlerFunc) *gin.Engine {
	t.Helper()
	routes := []web.Route{
		{Method: http.MethodPost, Path: "/make", OperationID: "make", Scope: web.Key, Idempotent: true, Handler: handle},
		{Method: http.MethodPost, Path: "/make/{what}", OperationID: "makeOther", Scope: web.Key, Idempotent: true, Handler: handle},
		{Method: http.MethodPut, Path: "/make", OperationID: "replace", Scope: web.Key, Idempotent: true, Handler: handle},
		{Method: http.MethodPost, Path: "/plain", OperationID: "plain", Scope: web.Key, Handler: handle},
	}
	return web.New(web.Options{Routes: routes, Auth: keys{}, Idempotency: web.NewIdempotency(mongotest.Database(t), mirror{}, nil, c.now)})
}

// uniqueKey is a key of the test's own: all share a store.
func uniqueKey(t *testing.T) string { return t.Name() + bson.NewObjectID().Hex() }

// made is a handler that counts its runs and answers with the run and the id.
func made(runs *atomic.Int32) gin.HandlerFunc {
	return web.Raw(func(c *gin.Context) error {
		c.Data(http.StatusCreated, "application/x-made", fmt.Appendf(nil, "run %d made %s", runs.Add(1), web.NewID[ids.Tag](c.Request.Context())))
		return nil
	})
}

func TestARepeatedRequestGetsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	var runs atomic.Int32
	engine, key := repeatable(t, newClock(), made(&runs)), uniqueKey(t)
	first := do(engine, http.MethodPost, "/make", `{"a":1}`, "X-API-Key", ownKey, "Idempotency-Key", key)
	again := do(engine, http.MethodPost, "/make", `{"a":1}`, "X-API-Key", ownKey, "Idempotency-Key", key)
	if first.status != 201 || first.header.Get("Idempotent-Replayed") != "" || again.status != 201 || again.text != first.text ||
		again.header.Get("Content-Type") != "application/x-made" || again.header.Get("Idempotent-Replayed") != "true" || runs.Load() != 1 {
		t.Errorf("first %d %s, again %d %s %v, %d runs", first.status, first.text, again.status, again.text, again.header, runs.Load())
	}
	if a := do(engine, http.MethodPost, "/make", `{"a":2}`, "X-API-Key", ownKey, "Idempotency-Key", key); a.status != 409 || a.str("code") != "idempotency_key_reused" {
		t.Errorf("another body: %d %s", a.status, a.text)
	}
	var kept struct{ Answer []byte }
	rows := mongotest.Database(t).Collection("idempotency")
	cursor, err := rows.Find(t.Context(), bson.D{{Key: "type", Value: "application/x-made"}})
	if err != nil {
		t.Fatal(err)
	}
	defer cursor.Close(t.Context())
	for cursor.Next(t.Context()) {
		if err := cursor.Decode(&kept); err != nil || bytes.Contains(kept.Answer, []byte("made")) {
			t.Errorf("an answer is kept in clear: %q, %v", kept.Answer, err)
		}
	}
	// The key belongs to its caller, method and path.
	before := runs.Load()
	for i, c := range [][]string{{otherKey, http.MethodPost, "/make"}, {admin, http.MethodPost, "/make"}, {ownKey, http.MethodPut, "/make"}, {ownKey, http.MethodPost, "/make/x"}, {ownKey, http.MethodPost, "/plain"}} {
		if a := do(engine, c[1], c[2], `{"a":1}`, "X-API-Key", c[0], "Idempotency-Key", key); a.status != 201 || runs.Load() != before+int32(i)+1 {
			t.Errorf("%v: %d %s, %d runs", c, a.status, a.text, runs.Load())
		}
	}
	for range 2 {
		do(engine, http.MethodPost, "/make", `{}`, "X-API-Key", ownKey)
	}
	if runs.Load() != before+7 {
		t.Errorf("without a key each request runs: %d", runs.Load()-before)
	}
	if a := do(engine, http.MethodPost, "/make", `{}`, "X-API-Key", ownKey, "Idempotency-Key", strings.Repeat("k", 256)); a.status != 422 || a.field() != "Idempotency-Key max" {
		t.Errorf("a long key: %d %s", a.status, a.text)
	}
}

func TestASecondCallerWaitsForTheFirst(t *testing.T) {
	t.Parallel()
	var runs atomic.Int32
	entered, release := make(chan struct{}), make(chan struct{})
	engine := repeatable(t, newClock(), web.Raw(func(c *gin.Context) error {
		if runs.Add(1) == 1 {
			close(entered)
		}
		<-release
		c.String(http.StatusOK, "run %d", runs.Load())
		return nil
	}))
	key := uniqueKey(t)
	answers := make([]answer, 4)
	var wg sync.WaitGroup
	call := func(i int) {
		wg.Go(func() {
			answers[i] = do(engine, http.MethodPost, "/make", `{}`, "X-API-Key", ownKey, "Idempotency-Key", key)
		})
	}
	call(0)
	<-entered
	for i := range 3 {
		call(i + 1)
	}
	// A fourth whose caller gives up while it waits.
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan int, 1)
	go func() {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "/make", strings.NewReader(`{}`))
		if err != nil {
			t.Error(err)
		}
		req.Header.Set("X-API-Key", ownKey)
		req.Header.Set("Idempotency-Key", key)
		rec := newRecorder()
		engine.ServeHTTP(rec, req)
		gone <- rec.Body.Len()
	}()
	cancel()
	if n := <-gone; n != 0 {
		t.Errorf("who is gone was answered with %d bytes", n)
	}
	close(release)
	wg.Wait()
	for i, a := range answers {
		if a.status != 200 || a.text != "run 1" || (a.header.Get("Idempotent-Replayed") == "true") != (i > 0) {
			t.Errorf("caller %d: %d %s %s", i, a.status, a.text, a.header.Get("Idempotent-Replayed"))
		}
	}
	if runs.Load() != 1 {
		t.Errorf("%d runs", runs.Load())
	}
}

// TestADeadHolderIsTakenOverAfterAMinute: its reserved id is kept, so that what
// it made is found.
func TestADeadHolderIsTakenOverAfterAMinute(t *testing.T) {
	t.Parallel()
	c, key := newClock(), uniqueKey(t)
	var runs atomic.Int32
	stuck, release := make(chan ids.Tag, 1), make(chan struct{})
	engine := repeatable(t, c, web.Raw(func(g *gin.Context) error {
		id := web.NewID[ids.Tag](g.Request.Context())
		if runs.Add(1) == 1 {
			stuck <- id
			<-release
			g.String(http.StatusOK, "too late")
			return nil
		}
		g.String(http.StatusOK, "%s", id)
		return nil
	}))
	call := func() answer {
		return do(engine, http.MethodPost, "/make", `{}`, "X-API-Key", ownKey, "Idempotency-Key", key)
	}
	first := make(chan answer, 1)
	go func() { first <- call() }()
	reserved := <-stuck

	start := c.now()
	c.set(start.Add(60 * time.Second)) // not yet
	second := make(chan answer, 1)
	go func() { second <- call() }()
	for range 5 { // it comes, looks, and looks again
		select {
		case a := <-second:
			t.Fatalf("taken over within a minute: %d %s", a.status, a.text)
		case <-c.looks:
		}
	}
	c.set(start.Add(60*time.Second + time.Millisecond))
	if a := <-second; a.status != 200 || a.text != reserved.String() {
		t.Errorf("who took over made %d %s, reserved was %s", a.status, a.text, reserved)
	}
	close(release)
	if a := <-first; a.text != "too late" {
		t.Errorf("the first: %s", a.text)
	}
	// The late answer replaces nothing.
	if a := call(); a.text != reserved.String() || runs.Load() != 2 {
		t.Errorf("replayed %q after %d runs", a.text, runs.Load())
	}
}

// A caller that waited for another holds the key from when it begins, not from
// when it came: nobody takes it for dead while it runs.
func TestWhoWaitedHoldsTheKeyFromItsBegin(t *testing.T) {
	t.Parallel()
	c, key := newClock(), uniqueKey(t)
	var runs atomic.Int32
	begun, release := make(chan int32), make(chan struct{})
	engine := repeatable(t, c, web.Raw(func(g *gin.Context) error {
		n := runs.Add(1)
		begun <- n
		<-release
		if n == 1 {
			return fault.New(fault.ProviderUnavailable, "try again")
		}
		g.String(http.StatusOK, "run %d", n)
		return nil
	}))
	call := func() <-chan answer {
		came := make(chan answer, 1)
		go func() {
			came <- do(engine, http.MethodPost, "/make", `{}`, "X-API-Key", ownKey, "Idempotency-Key", key)
		}()
		return came
	}
	start := c.now()
	first := call()
	<-begun
	second := call()
	for range 3 { // it has come, and waits
		<-c.looks
	}
	c.set(start.Add(59 * time.Second))
	release <- struct{}{}
	if a := <-first; a.status != 503 {
		t.Fatalf("the first: %d %s", a.status, a.text)
	}
	<-begun
	c.set(start.Add(70 * time.Second)) // the second has run for eleven seconds
	third := call()
	for range 5 {
		select {
		case n := <-begun:
			t.Fatalf("run %d began beside the second", n)
		case <-c.looks:
		}
	}
	release <- struct{}{}
	if a, b := <-second, <-third; a.text != "run 2" || b.text != "run 2" {
		t.Errorf("the second got %q, the third %q", a.text, b.text)
	}
}

func TestWhichErrorsAreKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code  fault.Code
		final bool
		kept  bool
	}{
		{fault.ValidationFailed, false, false}, {fault.NotFound, false, false}, {fault.SessionFinished, false, false},
		{fault.D360InvalidMessage, true, true}, {fault.NumberNotOnWhatsApp, true, true}, {fault.ProviderTimeout, true, true},
		{fault.D360InternalError, true, true}, {fault.Internal, true, true}, {fault.Internal, false, false},
		{fault.Unauthenticated, true, false}, {fault.D360InvalidToken, true, false}, {fault.RateLimited, true, false},
		{fault.D360RateLimited, true, false}, {fault.ProviderUnavailable, true, false},
	} {
		var runs atomic.Int32
		var seen []ids.Tag
		engine := repeatable(t, newClock(), web.Raw(func(g *gin.Context) error {
			seen = append(seen, web.NewID[ids.Tag](g.Request.Context()))
			if c.final {
				web.Final(g.Request.Context())
			}
			if runs.Add(1) == 1 {
				return fault.New(c.code, "first")
			}
			g.String(http.StatusOK, "second")
			return nil
		}))
		key := uniqueKey(t)
		first := do(engine, http.MethodPost, "/make", `{}`, "X-API-Key", ownKey, "Idempotency-Key", key)
		again := do(engine, http.MethodPost, "/make", `{}`, "X-API-Key", ownKey, "Idempotency-Key", key)
		if first.str("code") != string(c.code) {
			t.Errorf("%s: first %d %s", c.code, first.status, first.text)
		}
		if c.kept && (again.text != first.text || again.status != first.status || runs.Load() != 1) || !c.kept && again.text != "second" {
			t.Errorf("%s, final %v: again %d %s after %d runs", c.code, c.final, again.status, again.text, runs.Load())
		}
		if c.code == fault.Internal && !c.final && seen[0] != seen[1] {
			t.Errorf("nobody knows what the first did: the id must stay, %v", seen)
		}
	}
}

// TestAPanicLeavesTheReservedID: nobody knows what was done before it.
func TestAPanicLeavesTheReservedID(t *testing.T) {
	t.Parallel()
	var seen []ids.Tag
	engine := repeatable(t, newClock(), web.Raw(func(c *gin.Context) error {
		seen = append(seen, web.NewID[ids.Tag](c.Request.Context()))
		if len(seen) == 1 {
			panic(errors.New("a mistake"))
		}
		c.String(http.StatusOK, "fine")
		return nil
	}))
	key := uniqueKey(t)
	if a := do(engine, http.MethodPost, "/make", `{}`, "X-API-Key", ownKey, "Idempotency-Key", key); a.status != 500 || strings.Contains(a.text, "mistake") {
		t.Errorf("the panic: %d %s", a.status, a.text)
	}
	if a := do(engine, http.MethodPost, "/make", `{}`, "X-API-Key", ownKey, "Idempotency-Key", key); a.text != "fine" || len(seen) != 2 || seen[0] != seen[1] {
		t.Errorf("again: %d %s with %v", a.status, a.text, seen)
	}
}

// TestForgetDeletesWhatNamesAPerson: erasing a contact takes kept answers along.
func TestForgetDeletesWhatNamesAPerson(t *testing.T) {
	t.Parallel()
	var runs atomic.Int32
	contact := ids.New[ids.Contact]()
	engine := repeatable(t, newClock(), web.Raw(func(c *gin.Context) error {
		web.About(c.Request.Context(), contact)
		c.String(http.StatusOK, "run %d", runs.Add(1))
		return nil
	}))
	key := uniqueKey(t)
	call := func() string {
		return do(engine, http.MethodPost, "/make", `{}`, "X-API-Key", ownKey, "Idempotency-Key", key).text
	}
	call()
	kept := web.NewIdempotency(mongotest.Database(t), mirror{}, nil, time.Now)
	if err := kept.Forget(t.Context(), []string{ids.New[ids.Contact]().String()}); err != nil || call() != "run 1" {
		t.Errorf("another's answer is gone, %v", err)
	}
	if err := kept.Forget(t.Context(), []string{contact.String()}); err != nil || call() != "run 2" {
		t.Errorf("the answer is still there, %v", err)
	}
}

// TestAnAnswerBehindAnErasureIsForgotten: who is erased while an answer that names
// them is on its way is not named by what is kept of it.
func TestAnAnswerBehindAnErasureIsForgotten(t *testing.T) {
	t.Parallel()
	var runs atomic.Int32
	contact, erased := ids.New[ids.Contact](), ids.New[ids.Contact]()
	kept := web.NewIdempotency(mongotest.Database(t), mirror{}, func(_ context.Context, id string) (bool, error) { return id != erased.String(), nil }, time.Now)
	for id, want := range map[ids.Contact]string{contact: "run 1", erased: "run 2"} {
		runs.Store(0)
		handle := web.Raw(func(c *gin.Context) error {
			web.About(c.Request.Context(), id)
			if err := kept.Forget(c.Request.Context(), []string{id.String()}); err != nil { // too early for the answer
				return err
			}
			c.String(http.StatusOK, "run %d", runs.Add(1))
			return nil
		})
		engine := web.New(web.Options{Auth: keys{}, Idempotency: kept, Routes: []web.Route{
			{Method: http.MethodPost, Path: "/make", OperationID: "make", Scope: web.Key, Idempotent: true, Handler: handle},
		}})
		key := uniqueKey(t)
		for range 2 {
			if a := do(engine, http.MethodPost, "/make", `{}`, "X-API-Key", ownKey, "Idempotency-Key", key); a.status != http.StatusOK {
				t.Fatalf("%d %s", a.status, a.text)
			}
		}
		if got := fmt.Sprintf("run %d", runs.Load()); got != want {
			t.Errorf("asked twice it was %s, want %s", got, want)
		}
	}
}
