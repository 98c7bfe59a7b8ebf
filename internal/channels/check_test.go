package channels_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	sandbox "github.com/cirrus/omnichannel/internal/sandbox/d360"
	"github.com/cirrus/omnichannel/internal/vault"
)

// asked counts the calls of an endpoint that the simulated 360dialog had.
func (w *world) asked(method, endpoint string) int {
	n := 0
	for _, r := range w.d360.Requests() {
		if r.Method == method && r.Endpoint == endpoint {
			n++
		}
	}
	return n
}

func (w *world) fault(endpoint, kind string, code int) {
	w.t.Helper()
	_, err := w.d360.AddFault(sandbox.Rule{Match: sandbox.Match{Endpoint: endpoint}, Fault: sandbox.Fault{Kind: kind, Code: code}})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) state(id ids.Channel) channels.State {
	w.t.Helper()
	a := w.want(w.call("GET", "/"+id.String(), ""), 200)
	return channels.State{Status: providers.Status(a.at("state.status").(string)), Detail: a.at("state.detail").(string)}
}

func TestWhatTheProviderRefusesShowsAndFailsNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		set    func(*world)
		status providers.Status
		detail string
	}{
		{"a wrong key", func(w *world) { w.apiKey = "wrong" }, "failed", "key"},
		{"no key", func(w *world) { w.apiKey = "" }, "failed", "key"},
		{"a blocked number", func(w *world) {
			blocked := "BLOCKED"
			if _, err := w.d360.PatchNumber(number, sandbox.NumberPatch{Health: &blocked}); err != nil {
				w.t.Fatal(err)
			}
		}, "failed", "BLOCKED"},
		{"a limited number", func(w *world) {
			limited := "LIMITED"
			if _, err := w.d360.PatchNumber(number, sandbox.NumberPatch{Health: &limited}); err != nil {
				w.t.Fatal(err)
			}
		}, "open", "LIMITED"},
		{"no answer", func(w *world) { w.fault("health_status", "drop_before", 0) }, "connecting", "asked again"},
		{"a server error", func(w *world) { w.fault("health_status", "bad_gateway", 0) }, "connecting", "asked again"},
		{"a refused webhook", func(w *world) { w.fault("webhook_config", "error", 100) }, "open", "not told where to deliver"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c.set(w)
			a := w.createD360()
			if got := w.state(w.id(a)); got.Status != c.status || !strings.Contains(got.Detail, c.detail) || a.at("state.status") != string(c.status) {
				t.Errorf("made: %+v", got)
			}
			// 360dialog's own answer to a send says more than our state.
			if _, err := w.service.Conn(t.Context(), w.id(a)); err != nil {
				t.Errorf("conn: %v", err)
			}
		})
	}
}

func TestTheWatchFollowsTheProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t, alone)
	id := w.id(w.createD360())
	health := w.asked("GET", "health_status")
	w.watch()
	if w.asked("GET", "health_status") != health {
		t.Error("asked again at once")
	}
	w.clock.move(channels.CheckEvery)
	w.fault("health_status", "unauthorized", 0)
	w.watch()
	if st := w.state(id); st.Status != "failed" || !strings.Contains(st.Detail, "key") {
		t.Errorf("a revoked key: %+v", st)
	}
	if err := w.d360.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	w.clock.move(channels.CheckEvery)
	w.watch()
	if st := w.state(id); st.Status != "open" || st.Detail != "" {
		t.Errorf("mended: %+v", st)
	}
	// No answer is no news for a channel that worked; it is asked again sooner.
	w.fault("health_status", "drop_before", 0)
	w.clock.move(channels.CheckEvery)
	w.watch()
	if st := w.state(id); st.Status != "open" || st.Detail != "" {
		t.Errorf("no answer: %+v", st)
	}
	health = w.asked("GET", "health_status")
	w.clock.move(time.Minute)
	w.watch()
	if w.asked("GET", "health_status") == health {
		t.Error("not asked again a minute later")
	}
	if n := w.asked("POST", "webhook_config"); n != 1 {
		t.Errorf("the webhook was set %d times", n)
	}
}

func TestTheWatchMendsWhatCreationCouldNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, alone)
	w.fault("webhook_config", "hub_internal", 0)
	id := w.id(w.createD360())
	if w.told() != nil || w.state(id).Detail == "" {
		t.Fatalf("told %v, state %+v", w.told(), w.state(id))
	}
	if a := w.want(w.call("POST", "/"+id.String()+"/webhook", ""), 500); a.at("code") != "d360_internal_error" {
		t.Errorf("asked: %s", a.text)
	}
	if err := w.d360.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	w.clock.move(channels.CheckEvery)
	w.watch()
	if w.told() == nil || w.state(id).Detail != "" {
		t.Errorf("told %v, state %+v", w.told(), w.state(id))
	}
}

func TestAnUnheardMakerIsFollowedByTheWatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, alone)
	id := w.id(w.createD360())
	// As a maker leaves it that dies between the row and the check.
	_, err := w.db.Collection(channels.Collection).UpdateOne(t.Context(), bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$set", Value: bson.D{
		{Key: "connection.status", Value: "created"}, {Key: "webhook", Value: bson.D{}}, {Key: "checkAt", Value: w.clock.now()},
	}}, {Key: "$unset", Value: bson.D{{Key: "numberId", Value: ""}}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.d360.SetWebhook(number, nil); err != nil {
		t.Fatal(err)
	}
	w.watch()
	if ch, err := w.service.Get(t.Context(), id); err != nil || ch.State.Status != "open" || ch.NumberID != w.numberID || w.told() == nil {
		t.Errorf("%+v, %v, told %v", ch, err, w.told())
	}
}

func TestTwoServersShareTheChecks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, alone)
	w.createD360()
	second, _ := w.server(w.vault(w.master))
	w.clock.move(channels.CheckEvery)
	health := w.asked("GET", "health_status")
	var group sync.WaitGroup
	for _, service := range []*channels.Service{w.service, second} {
		group.Go(func() {
			if err := service.Loops()[0].Run(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := w.asked("GET", "health_status") - health; n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestNewCredentialsBeginAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.createD360()
	id := w.id(a)
	rotated, err := w.d360.RotateKey(number)
	if err != nil || w.told() != nil {
		t.Fatalf("%v, told %v", err, w.told())
	}
	b := w.want(w.call("PATCH", "/"+id.String(), `{"credentials":{"apiKey":"`+rotated.APIKey+`"}}`), 200)
	if b.at("state.status") != "open" || w.told() == nil || b.at("webhook.secret") != nil {
		t.Errorf("a new key: %s, told %v", b.text, w.told())
	}
	c := w.want(w.call("PATCH", "/"+id.String(), `{"credentials":{"webhookSecret":null}}`), 200)
	secret, _ := c.at("webhook.secret").(string)
	if secret == "" || secret == a.at("webhook.secret") || w.told().Headers["Authorization"] != "Bearer "+secret {
		t.Errorf("a new secret: %s, told %v", c.text, w.told())
	}
	ch := w.channel(a)
	if err := w.service.VerifyWebhook(t.Context(), ch, nil, url.Values{"token": {a.at("webhook.secret").(string)}}, nil); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("the old secret: %v", err)
	}
	if err := w.service.VerifyWebhook(t.Context(), ch, nil, url.Values{"token": {secret}}, nil); err != nil {
		t.Errorf("the new secret: %v", err)
	}
	d := w.want(w.call("PATCH", "/"+id.String(), `{"credentials":{"apiKey":"wrong"}}`), 200)
	if d.at("state.status") != "failed" {
		t.Errorf("a wrong key: %s", d.text)
	}
	if _, ok, _ := w.service.ByNumberID(t.Context(), w.account, w.numberID); ok {
		t.Error("a wrong key still has the number")
	}
}

func TestNewCredentialsReachOtherServers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.createD360()
	second, _ := w.server(w.vault(w.master))
	ch := w.channel(a)
	old := url.Values{"token": {a.at("webhook.secret").(string)}}
	if err := second.VerifyWebhook(t.Context(), ch, nil, old, nil); err != nil {
		t.Fatal(err)
	}
	b := w.want(w.call("PATCH", "/"+w.id(a).String(), `{"credentials":{"webhookSecret":null}}`), 200)
	fresh := url.Values{"token": {b.at("webhook.secret").(string)}}
	eventually(t, "the new secret", func() bool { return second.VerifyWebhook(t.Context(), ch, nil, fresh, nil) == nil })
	if err := second.VerifyWebhook(t.Context(), ch, nil, old, nil); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("the old secret: %v", err)
	}
}

func TestTheWebhookIsSetAgainOnDemand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.createD360()
	if err := w.d360.SetWebhook(number, nil); err != nil {
		t.Fatal(err)
	}
	b := w.want(w.call("POST", "/"+w.id(a).String()+"/webhook", ""), 200)
	if w.told() == nil || w.told().URL != b.at("webhook.url") || b.at("webhook.secret") != nil {
		t.Errorf("told %v: %s", w.told(), b.text)
	}
	if err := w.d360.SetWebhook(number, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.service.Connect(t.Context(), w.id(a)); err != nil || w.told() == nil {
		t.Errorf("%v, told %v", err, w.told())
	}
	w.fault("webhook_config", "unauthorized", 0)
	if c := w.want(w.call("POST", "/"+w.id(a).String()+"/webhook", ""), 401); c.at("code") != "d360_invalid_token" {
		t.Errorf("refused: %s", c.text)
	}
}

func TestAMovedServerSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, alone)
	a := w.createD360()
	w.options = func(o *channels.Options) { o.PublicURL = "https://new.example.com/" }
	w.service, w.engine = w.server(w.vault(w.master))
	w.clock.move(channels.CheckEvery)
	w.watch()
	if st := w.state(w.id(a)); st.Status != "open" || !strings.Contains(st.Detail, "POST") || !strings.HasPrefix(w.told().URL, publicURL) {
		t.Errorf("%+v, told %v", st, w.told())
	}
	if b := w.want(w.call("POST", "/"+w.id(a).String()+"/webhook", ""), 200); b.at("state.detail") != "" || !strings.HasPrefix(w.told().URL, "https://new.example.com/api/") {
		t.Errorf("told %v: %s", w.told(), b.text)
	}
}

func TestTemplatesAreListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.id(w.createD360()).String()
	all := w.want(w.call("GET", "/"+id+"/templates?limit=100", ""), 200)
	items := all.body["items"].([]any)
	if len(items) < 5 || all.at("total") != float64(len(items)) || all.at("nextCursor") != nil || all.at("totalIsExact") != true {
		t.Fatalf("templates: %s", all.text)
	}
	var walked []any
	cursor := ""
	for range len(items) {
		page := w.want(w.call("GET", "/"+id+"/templates?limit=3&cursor="+cursor, ""), 200)
		walked = append(walked, page.body["items"].([]any)...)
		if cursor, _ = page.at("nextCursor").(string); cursor == "" {
			break
		}
	}
	if fmt.Sprint(walked) != fmt.Sprint(items) {
		t.Errorf("walked over %d of %d templates", len(walked), len(items))
	}
	if second := w.want(w.call("GET", "/"+id+"/templates?limit=3&page=2", ""), 200); fmt.Sprint(second.body["items"]) != fmt.Sprint(items[3:6]) {
		t.Errorf("page 2: %s", second.text)
	}
	w.fault("templates", "unauthorized", 0)
	w.clock.move(5 * time.Second) // the list may be that old
	if a := w.want(w.call("GET", "/"+id+"/templates", ""), 401); a.at("code") != "d360_invalid_token" {
		t.Errorf("refused: %s", a.text)
	}
}

func TestRotationSealsEverythingAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, alone)
	a := w.createD360()
	w.want(w.call("POST", "", `{"provider":"whatsappweb","identifier":"`+otherNum+`"}`), 201)
	gone := w.want(w.call("POST", "", `{"provider":"whatsappweb","identifier":"`+number+`"}`), 201)
	w.want(w.call("DELETE", "/"+w.id(gone).String(), ""), 204)
	next := vault.NewKey()
	service, _ := w.server(w.vault(next, w.master))
	if n, err := service.Rotate(t.Context()); n != 2 || err != nil {
		t.Fatalf("rotated %d, %v", n, err)
	}
	if n, err := service.Rotate(t.Context()); n != 0 || err != nil {
		t.Fatalf("again %d, %v", n, err)
	}
	only, _ := w.server(w.vault(next))
	if err := only.VerifyWebhook(t.Context(), w.channel(a), nil, url.Values{"token": {a.at("webhook.secret").(string)}}, nil); err != nil {
		t.Errorf("with the new key alone: %v", err)
	}
	lost, engine := w.server(w.vault(vault.NewKey()))
	if _, err := lost.Rotate(t.Context()); err == nil || !strings.Contains(err.Error(), "OMNI_MASTER_KEY_PREVIOUS") {
		t.Errorf("with neither key: %v", err)
	}
	if _, err := lost.Conn(t.Context(), w.id(a)); err == nil || fault.CodeOf(err) != fault.Internal {
		t.Errorf("a connection with neither key: %v", err)
	}
	w.service, w.engine = lost, engine
	w.clock.move(channels.CheckEvery)
	w.watch()
	if st := w.state(w.id(a)); st.Status != "failed" || !strings.Contains(st.Detail, "OMNI_MASTER_KEY_PREVIOUS") {
		t.Errorf("the state with neither key: %+v", st)
	}
	for _, alone := range []string{`{"apiKey":"` + w.apiKey + `"}`, `{"accessCode":"another-code"}`} {
		if p := w.want(w.call("PATCH", "/"+w.id(a).String(), `{"credentials":`+alone+`}`), 409); !strings.Contains(p.at("detail").(string), "together") {
			t.Errorf("%s alone: %v", alone, p)
		}
	}
	// All given again, the old ones need not be known.
	w.want(w.call("PATCH", "/"+w.id(a).String(), `{"credentials":{"apiKey":"`+w.apiKey+`","webhookSecret":"sixteen-or-more-characters"}}`), 200)
	if st := w.state(w.id(a)); st.Status != "open" {
		t.Errorf("after new credentials: %+v", st)
	}
}

// syncBuffer is a log that several write to.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// It is not parallel: it listens to the log of the whole program.
func TestSecretsComeOutNowhere(t *testing.T) {
	var log syncBuffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(before)
	w := newWorld(t, alone)
	const secret, code = "a-webhook-secret-nobody-shows", "an-access-code-nobody-shows"
	a := w.want(w.call("POST", "", `{"provider":"d360","identifier":"`+number+`","credentials":{"apiKey":"`+w.apiKey+`","webhookSecret":"`+secret+`","accessCode":"`+code+`"}}`), 201)
	id := w.id(a)
	shown := a.text
	look := func(method, path, body string) { shown += w.call(method, path, body).text }
	look("GET", "/"+id.String(), "")
	look("GET", "", "")
	look("PATCH", "/"+id.String(), `{"name":"x"}`)
	look("POST", "", `{"provider":"d360","identifier":"`+otherNum+`","credentials":{"apiKey":"`+w.apiKey+` ","webhookSecret":"`+secret+`"}}`)
	look("POST", "", `{"provider":"d360","identifier":"x","credentials":{"apiKey":"`+w.apiKey+`"}}`)
	look("POST", "", `{"provider":"d360","credentials":"`+w.apiKey+secret+`"}`)
	w.fault("webhook_config", "unauthorized", 0)
	w.fault("health_status", "unauthorized", 0)
	look("POST", "/"+id.String()+"/webhook", "")
	look("GET", "/"+id.String(), "")
	err := w.service.VerifyWebhook(t.Context(), w.channel(a), http.Header{"Authorization": {"Bearer " + secret + "x"}}, nil, nil)
	shown += fmt.Sprint(err)
	lost, _ := w.server(w.vault(vault.NewKey()))
	_, err = lost.Conn(t.Context(), id)
	shown += fmt.Sprint(err)
	ch := w.channel(a)
	shown += fmt.Sprintf("%+v %#v", ch, ch)
	for _, name := range []string{channels.Collection, events.Collection} {
		cursor, err := w.db.Collection(name).Find(context.Background(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		var rows []bson.Raw
		if err := cursor.All(context.Background(), &rows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			shown += string(row)
		}
	}
	shown += log.String()
	if !strings.Contains(log.String(), "request") {
		t.Error("nothing was logged: the test looks at the wrong place")
	}
	for what, text := range map[string]string{"the API key": w.apiKey, "the webhook secret": secret, "the access code": code} {
		if at := strings.Index(shown, text); at >= 0 {
			t.Errorf("%s is shown: …%s…", what, shown[max(0, at-80):min(len(shown), at+80)])
		}
	}
}

// eventually waits for a condition that another server's cache holds up.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("%s does not come", what)
		}
	}
}
