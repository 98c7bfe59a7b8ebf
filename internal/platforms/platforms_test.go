package platforms_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/accounts"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/internal/web"
	"github.com/cirrus/omnichannel/migrations"
)

func TestMain(m *testing.M) {
	os.Exit(mongotest.Run(m, func(ctx context.Context, db *mongo.Database) error {
		return mongodb.Migrate(ctx, db, migrations.All())
	}))
}

// world is one account with a key, and a server on the store that all tests
// share.
type world struct {
	t       *testing.T
	db      *mongo.Database
	master  vault.Secret
	now     atomic.Pointer[time.Time]
	account ids.Account
	key     string
	service *platforms.Service
	engine  *gin.Engine
}

func newWorld(t *testing.T) *world { return worldOn(t, mongotest.Database(t)) }

func worldOn(t *testing.T, db *mongo.Database) *world {
	t.Helper()
	w := &world{t: t, db: db, master: vault.NewKey(), account: ids.NewAccount()}
	w.move(0)
	keys := accounts.New(accounts.Options{DB: db, Now: time.Now})
	if _, err := keys.CreateAccount(t.Context(), w.account, "Test"); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.key, _, err = keys.CreateKey(t.Context(), w.account, false, "test"); err != nil {
		t.Fatal(err)
	}
	w.service = w.server(db, w.master)
	w.engine = web.New(web.Options{Routes: w.service.Routes(), Auth: keys})
	return w
}

// move sets the clock on.
func (w *world) move(d time.Duration) {
	at := time.Now().UTC().Truncate(time.Millisecond)
	if before := w.now.Load(); before != nil {
		at = before.Add(d)
	}
	w.now.Store(&at)
}

func (w *world) server(db *mongo.Database, master vault.Secret, previous ...vault.Secret) *platforms.Service {
	w.t.Helper()
	keys, err := vault.New(master, previous...)
	if err != nil {
		w.t.Fatal(err)
	}
	// Addresses only: no test asks a name server.
	dialler, err := egress.New(egress.Options{Allow: []string{"127.0.0.1:9000"}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(dialler.Close)
	return platforms.New(platforms.Options{DB: db, Vault: keys, Egress: dialler, Now: func() time.Time { return *w.now.Load() }})
}

type answer struct {
	status int
	text   string
	body   map[string]any
}

func (a answer) str(name string) string {
	text, _ := a.body[name].(string)
	return text
}

func (a answer) field() string {
	list, _ := a.body["errors"].([]any)
	if len(list) == 0 {
		return ""
	}
	first, _ := list[0].(map[string]any)
	return first["field"].(string)
}

func (w *world) call(method, path, body string) answer {
	w.t.Helper()
	return w.callAs(w.key, w.account, method, path, body)
}

func (w *world) callAs(key string, account ids.Account, method, path, body string) answer {
	w.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	req := httptest.NewRequest(method, "/api/accounts/"+string(account)+"/platform-configs"+path, reader)
	req.Header.Set("X-API-Key", key)
	rec := httptest.NewRecorder()
	w.engine.ServeHTTP(rec, req)
	a := answer{status: rec.Code, text: rec.Body.String()}
	if a.text != "" {
		if err := json.Unmarshal(rec.Body.Bytes(), &a.body); err != nil {
			w.t.Fatalf("%s %s answers %q", method, path, a.text)
		}
	}
	return a
}

func (w *world) want(a answer, status int) answer {
	w.t.Helper()
	if a.status != status {
		w.t.Fatalf("status %d, want %d: %s", a.status, status, a.text)
	}
	return a
}

func (w *world) create(slug string, more ...string) answer {
	w.t.Helper()
	return w.want(w.call("POST", "", `{"platformSlug":"`+slug+`"`+strings.Join(more, "")+`}`), 201)
}

func (w *world) id(a answer) ids.PlatformConfig {
	w.t.Helper()
	id, err := ids.Parse[ids.PlatformConfig](a.str("_id"))
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// defaults counts the account's defaults and configs.
func (w *world) defaults() (defaults, all int) {
	w.t.Helper()
	for _, item := range w.want(w.call("GET", "?limit=100", ""), 200).body["items"].([]any) {
		if all++; item.(map[string]any)["isDefault"].(bool) {
			defaults++
		}
	}
	return defaults, all
}

func TestAConfigIsMadeAndFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.create("console", `,"name":"Console","url":"http://127.0.0.1:9000/hook","events":["message.received"]`)
	if !strings.HasPrefix(a.str("secret"), "whsec_") || a.body["isDefault"] != true || a.str("platformSlug") != "console" || a.str("name") != "Console" ||
		a.str("url") != "http://127.0.0.1:9000/hook" || fmt.Sprint(a.body["events"]) != "[message.received]" || a.str("clientIdentifier") != string(w.account) {
		t.Errorf("made: %s", a.text)
	}
	if state, _ := a.body["state"].(map[string]any); state["status"] != "active" || state["since"] == nil || state["detail"] != "" {
		t.Errorf("state: %s", a.text)
	}
	b := w.want(w.call("GET", "/"+a.str("_id"), ""), 200)
	if b.body["secret"] != nil || b.str("createdAt") != a.str("createdAt") {
		t.Errorf("read: %s", b.text)
	}
	got, err := w.service.Get(t.Context(), w.account, w.id(a))
	if err != nil || got.Slug != "console" || got.Account != w.account || !got.IsDefault {
		t.Errorf("get: %+v, %v", got, err)
	}
	bySlug, ok, err := w.service.BySlug(t.Context(), w.account, "console")
	if err != nil || !ok || bySlug.ID != got.ID {
		t.Errorf("by slug: %+v, %v, %v", bySlug, ok, err)
	}
	byDefault, ok, err := w.service.Default(t.Context(), w.account)
	if err != nil || !ok || byDefault.ID != got.ID {
		t.Errorf("default: %+v, %v, %v", byDefault, ok, err)
	}
	if _, err := w.service.Get(t.Context(), ids.NewAccount(), w.id(a)); !fault.Is(err, fault.NotFound) {
		t.Errorf("of another account: %v", err)
	}
	for _, slug := range []string{"", "crm"} {
		if _, ok, err := w.service.BySlug(t.Context(), w.account, slug); ok || err != nil {
			t.Errorf("slug %q: %v, %v", slug, ok, err)
		}
	}
	if _, ok, err := w.service.Default(t.Context(), ids.NewAccount()); ok || err != nil {
		t.Errorf("default of nobody: %v, %v", ok, err)
	}
}

func TestWhatAServerWroteItSeesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, ok, _ := w.service.BySlug(t.Context(), w.account, "console"); ok {
		t.Fatal("there before it was made")
	}
	a := w.create("console")
	if _, ok, _ := w.service.BySlug(t.Context(), w.account, "console"); !ok {
		t.Error("a config that was missed a moment ago is still missed")
	}
	w.want(w.call("PATCH", "/"+a.str("_id"), `{"name":"New"}`), 200)
	if got, _ := w.service.Get(t.Context(), w.account, w.id(a)); got.Name != "New" {
		t.Errorf("the old name: %+v", got)
	}
	w.want(w.call("DELETE", "/"+a.str("_id"), ""), 204)
	if _, err := w.service.Get(t.Context(), w.account, w.id(a)); !fault.Is(err, fault.NotFound) {
		t.Errorf("deleted: %v", err)
	}
}

func TestASecondQuestionCostsTheStoreNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.id(w.create("console"))
	var commands atomic.Int32
	client, err := mongodb.Connect(t.Context(), mongotest.URI(t), mongodb.Options{Monitor: &event.CommandMonitor{Started: func(context.Context, *event.CommandStartedEvent) { commands.Add(1) }}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	service := w.server(client.Database(w.db.Name()), w.master)
	ask := func() {
		for _, err := range []error{
			second(service.Get(t.Context(), w.account, id)), third(service.BySlug(t.Context(), w.account, "console")),
			third(service.BySlug(t.Context(), w.account, "none")), third(service.Default(t.Context(), w.account)),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	commands.Store(0)
	ask()
	if n := commands.Load(); n != 4 {
		t.Errorf("first: %d commands", n)
	}
	ask()
	if n := commands.Load(); n != 4 {
		t.Errorf("second: %d commands more", n-4)
	}
}

func second[A any](_ A, err error) error        { return err }
func third[A, B any](_ A, _ B, err error) error { return err }

func TestWrongBodiesAreRefusedByField(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t)
	id := w.create("console").str("_id")
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		code, field              string
	}{
		{"empty", "POST", "", ``, 400, "malformed_request", ""},
		{"not JSON", "POST", "", `{"platformSlug"`, 400, "malformed_request", ""},
		{"no slug", "POST", "", `{"name":"x"}`, 422, "validation_failed", "platformSlug"},
		{"slug with a space", "POST", "", `{"platformSlug":"my crm"}`, 422, "validation_failed", "platformSlug"},
		{"slug of a wrong type", "POST", "", `{"platformSlug":7}`, 422, "validation_failed", "platformSlug"},
		{"long slug", "POST", "", `{"platformSlug":"` + strings.Repeat("x", 65) + `"}`, 422, "validation_failed", "platformSlug"},
		{"slug taken", "POST", "", `{"platformSlug":"console"}`, 409, "conflict", ""},
		{"unknown field", "POST", "", `{"platformSlug":"a","slug":"b"}`, 422, "validation_failed", "slug"},
		{"secret of the caller's own", "POST", "", `{"platformSlug":"a","secret":"x"}`, 422, "validation_failed", "secret"},
		{"unknown event", "POST", "", `{"platformSlug":"a","events":["message.received","message.eaten"]}`, 422, "validation_failed", "events.1"},
		{"an event twice", "POST", "", `{"platformSlug":"a","events":["BATTERY","BATTERY"]}`, 422, "validation_failed", "events.1"},
		{"events as a text", "POST", "", `{"platformSlug":"a","events":"BATTERY"}`, 422, "validation_failed", "events"},
		{"url without a scheme", "POST", "", `{"platformSlug":"a","url":"example.com"}`, 422, "validation_failed", "url"},
		{"url of another scheme", "POST", "", `{"platformSlug":"a","url":"ftp://93.184.216.34/"}`, 422, "validation_failed", "url"},
		{"private url", "POST", "", `{"platformSlug":"a","url":"http://10.0.0.1/hook"}`, 422, "validation_failed", "url"},
		{"loopback on another port", "POST", "", `{"platformSlug":"a","url":"http://127.0.0.1:9001/hook"}`, 422, "validation_failed", "url"},
		{"metadata address", "POST", "", `{"platformSlug":"a","url":"http://169.254.169.254/"}`, 422, "validation_failed", "url"},
		{"default of a wrong type", "POST", "", `{"platformSlug":"a","isDefault":"yes"}`, 422, "validation_failed", "isDefault"},
		{"foreign account in the body", "POST", "", `{"platformSlug":"a","clientIdentifier":"` + string(other.account) + `"}`, 422, "validation_failed", "clientIdentifier"},
		{"another slug", "PATCH", "/" + id, `{"platformSlug":"other"}`, 422, "validation_failed", "platformSlug"},
		{"private url", "PATCH", "/" + id, `{"url":"http://[::1]/"}`, 422, "validation_failed", "url"},
		{"unknown event", "PATCH", "/" + id, `{"events":["x"]}`, 422, "validation_failed", "events.0"},
		{"unknown field", "PATCH", "/" + id, `{"state":"active"}`, 422, "validation_failed", "state"},
		{"no default any more", "PATCH", "/" + id, `{"isDefault":false}`, 409, "conflict", ""},
		{"unknown id", "PATCH", "/689a05215b711247e8f54099", `{"name":"x"}`, 404, "not_found", ""},
		{"malformed id", "GET", "/console", ``, 404, "not_found", ""},
		{"unknown query", "GET", "?slug=x", ``, 422, "validation_failed", "slug"},
	} {
		a := w.call(c.method, c.path, c.body)
		if a.status != c.status || a.str("code") != c.code || a.field() != c.field {
			t.Errorf("%s %s: %d %q, want %d %s %q: %s", c.method, c.name, a.status, a.field(), c.status, c.code, c.field, a.text)
		}
	}
	if defaults, all := w.defaults(); defaults != 1 || all != 1 {
		t.Errorf("%d defaults of %d", defaults, all)
	}
}

func TestEveryEventTypeMayBeAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wanted := []string{}
	for _, one := range events.Types() {
		wanted = append(wanted, string(one))
	}
	gateway := "MESSAGE GROUP_MESSAGE ATTACHMENT MESSAGE_SENT MESSAGE_DELIVERED MESSAGE_READ MESSAGE_PLAYED MESSAGE_REVOKED MESSAGE_DELETED " +
		"GROUP_UPDATE GROUP_JOIN GROUP_LEAVE GROUP_PERMISSION QRCODE AUTHENTICATED LOGGED_IN CONNECTION_STATE CONNECTION_FAILURE DISCONNECTED BATTERY"
	wanted = append(wanted, strings.Fields(gateway)...)
	list, err := json.Marshal(wanted)
	if err != nil {
		t.Fatal(err)
	}
	w.create("console", `,"events":`+string(list))
	// And nothing else: the refusal names all there are.
	if a := w.want(w.call("POST", "", `{"platformSlug":"b","events":["x"]}`), 422); !strings.Contains(a.text, "are: "+strings.Join(wanted, ", ")+".") {
		t.Errorf("the types are not %v: %s", wanted, a.text)
	}
}

func TestAnotherAccountsConfigIsNotFound(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t)
	id := w.create("console").str("_id")
	for _, c := range []struct{ method, path, body string }{
		{"GET", "/" + id, ""}, {"PATCH", "/" + id, `{"name":"x"}`}, {"DELETE", "/" + id, ""}, {"POST", "/" + id + "/rotate-secret", ""},
	} {
		for _, account := range []ids.Account{other.account, w.account} {
			if a := w.callAs(other.key, account, c.method, c.path, c.body); a.status != 404 || a.str("code") != "not_found" {
				t.Errorf("%s %s: %d %s", c.method, c.path, a.status, a.text)
			}
		}
	}
	other.create("console") // one slug, two accounts
}

func TestThereIsExactlyOneDefault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.create("a"), w.create("b")
	if first.body["isDefault"] != true || second.body["isDefault"] != false {
		t.Errorf("made: %s %s", first.text, second.text)
	}
	third := w.create("c", `,"isDefault":true`)
	if got, _, err := w.service.Default(t.Context(), w.account); err != nil || got.Slug != "c" {
		t.Errorf("default: %+v, %v", got, err)
	}
	w.want(w.call("PATCH", "/"+second.str("_id"), `{"isDefault":true}`), 200)
	w.want(w.call("PATCH", "/"+second.str("_id"), `{"isDefault":true}`), 200)
	if got, _, _ := w.service.Default(t.Context(), w.account); got.Slug != "b" {
		t.Errorf("default: %+v", got)
	}
	if defaults, all := w.defaults(); defaults != 1 || all != 3 {
		t.Errorf("%d defaults of %d", defaults, all)
	}
	w.want(w.call("DELETE", "/"+second.str("_id"), ""), 409)
	w.want(w.call("DELETE", "/"+third.str("_id"), ""), 204)
	w.want(w.call("DELETE", "/"+first.str("_id"), ""), 204)
	w.want(w.call("DELETE", "/"+second.str("_id"), ""), 204) // the last one
	if again := w.create("d"); again.body["isDefault"] != true {
		t.Errorf("the first again: %s", again.text)
	}
}

func TestManyAtOnceLeaveOneDefault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			_, _, err := w.service.CreateConfig(context.Background(), platforms.Spec{Account: w.account, Slug: fmt.Sprint("p", i), IsDefault: i%2 == 0})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if defaults, all := w.defaults(); defaults != 1 || all != 8 {
		t.Fatalf("%d defaults of %d", defaults, all)
	}
	for _, item := range w.want(w.call("GET", "?limit=100", ""), 200).body["items"].([]any) {
		id := item.(map[string]any)["_id"].(string)
		group.Go(func() {
			if a := w.call("PATCH", "/"+id, `{"isDefault":true}`); a.status != 200 {
				t.Errorf("make %s the default: %s", id, a.text)
			}
		})
	}
	group.Wait()
	if defaults, all := w.defaults(); defaults != 1 || all != 8 {
		t.Errorf("%d defaults of %d", defaults, all)
	}
}

func TestAFirstAndALastAtOnceLeaveADefault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 10 {
		last := w.create(fmt.Sprint("last", i))
		var group sync.WaitGroup
		group.Go(func() { w.call("DELETE", "/"+last.str("_id"), "") })
		group.Go(func() { w.call("POST", "", fmt.Sprintf(`{"platformSlug":"next%d"}`, i)) })
		group.Wait()
		if defaults, all := w.defaults(); defaults != 1 {
			t.Fatalf("round %d: %d defaults of %d", i, defaults, all)
		}
		if _, err := w.db.Collection(platforms.Collection).DeleteMany(t.Context(), bson.D{{Key: "accountId", Value: w.account}}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsUsedStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create("first")
	id := w.id(w.create("used"))
	channel, session := ids.New[ids.Channel](), ids.New[ids.Session]()
	now := *w.now.Load()
	row := bson.D{
		{Key: "_id", Value: channel}, {Key: "accountId", Value: w.account}, {Key: "live", Value: true}, {Key: "name", Value: "x"}, {Key: "provider", Value: "d360"},
		{Key: "identifier", Value: "1"}, {Key: "identifierKey", Value: "1"}, {Key: "settings", Value: bson.D{}}, {Key: "connection", Value: bson.D{}},
		{Key: "webhook", Value: bson.D{{Key: "platformConfigId", Value: id}}}, {Key: "checkAt", Value: now}, {Key: "createdAt", Value: now},
	}
	if _, err := w.db.Collection("channels").InsertOne(t.Context(), row); err != nil {
		t.Fatal(err)
	}
	path := "/" + id.String()
	if a := w.want(w.call("DELETE", path, ""), 409); !strings.Contains(a.str("detail"), channel.String()) || a.str("usedBy") != channel.String() {
		t.Errorf("a channel's webhook names it: %s", a.text)
	}
	change := bson.D{{Key: "$set", Value: bson.D{{Key: "webhook", Value: bson.D{}}, {Key: "platformConfigId", Value: id}}}}
	if _, err := w.db.Collection("channels").UpdateByID(t.Context(), channel, change); err != nil {
		t.Fatal(err)
	}
	w.want(w.call("DELETE", path, ""), 409)
	if _, err := w.db.Collection("channels").UpdateByID(t.Context(), channel, bson.D{{Key: "$set", Value: bson.D{{Key: "live", Value: false}}}}); err != nil {
		t.Fatal(err)
	}
	active := bson.D{
		{Key: "_id", Value: session}, {Key: "channelId", Value: channel}, {Key: "accountId", Value: w.account}, {Key: "contactId", Value: ids.New[ids.Contact]()},
		{Key: "provider", Value: "d360"}, {Key: "state", Value: "active"}, {Key: "ignored", Value: false}, {Key: "identityRev", Value: 0}, {Key: "sequence", Value: 1}, {Key: "eventSequence", Value: 1},
		{Key: "unreadCount", Value: 0}, {Key: "createdAt", Value: now}, {Key: "platformSlug", Value: "used"},
	}
	if _, err := w.db.Collection("sessions").InsertOne(t.Context(), active); err != nil {
		t.Fatal(err)
	}
	if a := w.want(w.call("DELETE", path, ""), 409); a.str("usedBy") != session.String() {
		t.Errorf("an active session is on it: %s", a.text)
	}
	if _, err := w.db.Collection("sessions").UpdateByID(t.Context(), session, bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: "finished"}}}}); err != nil {
		t.Fatal(err)
	}
	w.want(w.call("DELETE", path, ""), 204)
	w.want(w.call("DELETE", path, ""), 404)
}

func TestHoldKeepsAConfigFromBeingDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.id(w.create("console"))
	if err := w.service.Hold(t.Context(), w.account, id); err != nil {
		t.Error(err)
	}
	if err := w.service.Hold(t.Context(), ids.NewAccount(), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("another account holds it: %v", err)
	}
	// A deletion that began before the hold cannot commit after it.
	tries := 0
	err := mongodb.Transaction(t.Context(), w.db.Client(), func(ctx context.Context) error {
		if tries++; tries > 1 {
			return nil
		}
		rows := w.db.Collection(platforms.Collection)
		if err := rows.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Err(); err != nil {
			return err
		}
		if err := w.service.Hold(t.Context(), w.account, id); err != nil { // another caller's, outside
			t.Error(err)
		}
		_, err := rows.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}})
		return err
	})
	if err != nil || tries != 2 {
		t.Errorf("%d tries, %v", tries, err)
	}
}

func TestASecretIsReplacedWithAnOverlap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.create("console")
	b := w.want(w.call("POST", "/"+a.str("_id")+"/rotate-secret", ""), 200)
	if b.str("secret") == a.str("secret") || !strings.HasPrefix(b.str("secret"), "whsec_") {
		t.Fatalf("rotated: %s", b.text)
	}
	check := func(want ...string) {
		t.Helper()
		secrets, err := w.service.Secrets(t.Context(), w.account, w.id(a))
		got := []string{}
		for _, one := range secrets {
			got = append(got, one.Reveal())
		}
		if err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("secrets %v, want %v, %v", got, want, err)
		}
	}
	check(b.str("secret"), a.str("secret"))
	w.move(platforms.Overlap - time.Second)
	check(b.str("secret"), a.str("secret"))
	w.move(time.Second)
	check(b.str("secret"))
	var row bson.Raw
	if err := w.db.Collection(platforms.Collection).FindOne(t.Context(), bson.D{{Key: "_id", Value: w.id(a)}}).Decode(&row); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{a.str("secret"), b.str("secret")} {
		if strings.Contains(string(row), secret) || strings.Contains(string(row), strings.TrimPrefix(secret, "whsec_")) {
			t.Error("a secret lies in the store as it is")
		}
	}
	if listed := w.call("GET", "", ""); strings.Contains(listed.text, "whsec_") {
		t.Errorf("a secret is listed: %s", listed.text)
	}
}

func TestRotationSealsEverythingAnew(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	if err := mongodb.Migrate(t.Context(), db, migrations.All()); err != nil {
		t.Fatal(err)
	}
	w := worldOn(t, db)
	a := w.create("a")
	w.create("b")
	rotated := w.want(w.call("POST", "/"+a.str("_id")+"/rotate-secret", ""), 200)
	next := vault.NewKey()
	both := w.server(db, next, w.master)
	for i, want := range []int{2, 0} {
		if n, err := both.Rotate(t.Context()); n != want || err != nil {
			t.Fatalf("run %d: %d, %v", i, n, err)
		}
	}
	secrets, err := w.server(db, next).Secrets(t.Context(), w.account, w.id(a))
	if err != nil || len(secrets) != 2 || secrets[0].Reveal() != rotated.str("secret") || secrets[1].Reveal() != a.str("secret") {
		t.Errorf("with the new key alone: %v", err)
	}
	if _, err := w.server(db, vault.NewKey()).Rotate(t.Context()); err == nil || !strings.Contains(err.Error(), "OMNI_MASTER_KEY_PREVIOUS") {
		t.Errorf("with neither key: %v", err)
	}
}

func TestADisabledConfigComesBackWithItsURL(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.create("console", `,"url":"http://127.0.0.1:9000/a"`)
	for range 2 {
		if err := w.service.Disable(t.Context(), w.account, w.id(a), "The URL answered 410. Set it again."); err != nil {
			t.Fatal(err)
		}
		w.move(time.Minute)
	}
	got, err := w.service.Get(t.Context(), w.account, w.id(a))
	if err != nil || got.State.Status != platforms.Disabled || got.State.Detail == "" || !got.State.Since.Equal(w.now.Load().Add(-2*time.Minute)) {
		t.Errorf("disabled: %+v, %v", got.State, err)
	}
	w.want(w.call("PATCH", "/"+a.str("_id"), `{"name":"x"}`), 200)
	if got, _ := w.service.Get(t.Context(), w.account, w.id(a)); got.State.Status != platforms.Disabled {
		t.Error("a new name enabled it")
	}
	w.want(w.call("PATCH", "/"+a.str("_id"), `{"url":"http://127.0.0.1:9000/a"}`), 200)
	if got, _ := w.service.Get(t.Context(), w.account, w.id(a)); got.State.Status != platforms.Active || got.State.Detail != "" {
		t.Errorf("enabled: %+v", got.State)
	}
	cleared := w.want(w.call("PATCH", "/"+a.str("_id"), `{"url":null,"events":null,"name":null}`), 200)
	if cleared.str("url") != "" || cleared.str("name") != "console" || fmt.Sprint(cleared.body["events"]) != "[]" {
		t.Errorf("cleared: %s", cleared.text)
	}
}

func TestAFailingConfigRecovers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.create("console", `,"url":"http://127.0.0.1:9000/a"`)
	is := func(want platforms.Status, detail string) {
		t.Helper()
		found, err := w.service.Fresh(t.Context(), w.account, w.id(a))
		if got := found[w.id(a)]; err != nil || got.State.Status != want || got.State.Detail != detail {
			t.Errorf("the state is %+v, want %s %q: %v", got.State, want, detail, err)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(w.service.Recover(t.Context(), w.account, w.id(a)))
	is(platforms.Active, "")
	do(w.service.Fail(t.Context(), w.account, w.id(a), "It answers 503."))
	do(w.service.Fail(t.Context(), w.account, w.id(a), "The first detail stays."))
	is(platforms.Failing, "It answers 503.")
	do(w.service.Recover(t.Context(), w.account, w.id(a)))
	is(platforms.Active, "")
	do(w.service.Fail(t.Context(), w.account, w.id(a), "Again."))
	do(w.service.Disable(t.Context(), w.account, w.id(a), "Gone."))
	do(w.service.Fail(t.Context(), w.account, w.id(a), "Not any more."))
	do(w.service.Recover(t.Context(), w.account, w.id(a)))
	is(platforms.Disabled, "Gone.")
}

func TestAPresetIdIsMadeOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	spec := platforms.Spec{ID: ids.New[ids.PlatformConfig](), Account: w.account, Slug: "console"}
	first, secret, err := w.service.CreateConfig(t.Context(), spec)
	if err != nil || first.ID != spec.ID {
		t.Fatalf("%+v, %v", first, err)
	}
	again, same, err := w.service.CreateConfig(t.Context(), spec)
	if err != nil || again.ID != spec.ID || same.Reveal() != secret.Reveal() {
		t.Errorf("again: %+v, %v", again, err)
	}
	spec.Account = ids.NewAccount()
	if _, _, err := w.service.CreateConfig(t.Context(), spec); !fault.Is(err, fault.Conflict) {
		t.Errorf("another account takes the id: %v", err)
	}
}
