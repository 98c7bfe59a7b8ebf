package accounts_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"regexp"
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
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/web"
	"github.com/cirrus/omnichannel/migrations"
)

func TestMain(m *testing.M) {
	os.Exit(mongotest.Run(m, func(ctx context.Context, db *mongo.Database) error {
		return mongodb.Migrate(ctx, db, migrations.All())
	}))
}

// operator is the admin key that every server of these tests is given.
const operator = "an-operator's-own-admin-key"

// world is one account with a key, and a server on the store that all tests
// share.
type world struct {
	t       *testing.T
	db      *mongo.Database
	account ids.Account
	key     string
	service *accounts.Service
	engine  *gin.Engine
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, db: mongotest.Database(t), account: ids.NewAccount()}
	w.service = serverOn(w.db)
	w.engine = web.New(web.Options{Routes: w.service.Routes(), Auth: w.service})
	if _, err := w.service.CreateAccount(t.Context(), w.account, "Test"); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.key, _, err = w.service.CreateKey(t.Context(), w.account, false, "test"); err != nil {
		t.Fatal(err)
	}
	return w
}

func serverOn(db *mongo.Database) *accounts.Service {
	return accounts.New(accounts.Options{DB: db, Now: time.Now, AdminKey: operator})
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

func (w *world) call(key, method, path, body string) answer {
	w.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	req := httptest.NewRequest(method, "/api/accounts"+path, reader)
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
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

// own is a path of the world's account.
func (w *world) own(path string) string { return "/" + string(w.account) + path }

// watched is a server whose commands are counted.
func (w *world) watched() (*accounts.Service, *atomic.Int32) {
	w.t.Helper()
	var commands atomic.Int32
	monitor := &event.CommandMonitor{Started: func(context.Context, *event.CommandStartedEvent) { commands.Add(1) }}
	client, err := mongodb.Connect(context.Background(), mongotest.URI(w.t), mongodb.Options{Monitor: monitor})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	service := serverOn(client.Database(w.db.Name()))
	commands.Store(0)
	return service, &commands
}

func TestAKeyIsAskedForOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	service, commands := w.watched()
	for i := range 3 {
		p, err := service.Authenticate(t.Context(), w.key)
		if err != nil || p.Account != w.account || p.Admin || p.Key.IsZero() {
			t.Fatalf("use %d: %+v, %v", i, p, err)
		}
	}
	if n := commands.Load(); n != 1 {
		t.Errorf("three uses took %d commands", n)
	}
	commands.Store(0)
	for range 3 {
		if _, err := service.Authenticate(t.Context(), "omk_"+strings.Repeat("A", 43)); !fault.Is(err, fault.Unauthenticated) {
			t.Fatalf("an unknown key: %v", err)
		}
	}
	if n := commands.Load(); n != 1 {
		t.Errorf("three guesses took %d commands", n)
	}
	commands.Store(0)
	for _, key := range []string{"", "x", "Omk_" + w.key[4:], operator + "x", strings.Repeat("omk_", 100)} {
		if _, err := service.Authenticate(t.Context(), key); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%q: %v", key, err)
		}
	}
	if p, err := service.Authenticate(t.Context(), operator); err != nil || !p.Admin {
		t.Errorf("the operator's key: %+v, %v", p, err)
	}
	if n := commands.Load(); n != 0 {
		t.Errorf("what is no key of ours took %d commands", n)
	}
	for range 2 {
		if there, err := service.AccountExists(t.Context(), w.account); !there || err != nil {
			t.Error(there, err)
		}
		if there, err := service.AccountExists(t.Context(), "none"); there || err != nil {
			t.Error(there, err)
		}
	}
	if n := commands.Load(); n != 2 {
		t.Errorf("two accounts took %d commands", n)
	}
}

func TestNoOperatorKeyMeansNone(t *testing.T) {
	t.Parallel()
	service := accounts.New(accounts.Options{DB: mongotest.Database(t), Now: time.Now})
	for _, key := range []string{"", operator} {
		if p, err := service.Authenticate(t.Context(), key); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%q: %+v, %v", key, p, err)
		}
	}
}

func TestAKeyHasItsFormAndIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.want(w.call(w.key, "POST", w.own("/api-keys"), `{"name":"console"}`), 201)
	if !regexp.MustCompile(`^omk_[A-Za-z0-9_-]{43}$`).MatchString(a.str("key")) || a.str("name") != "console" {
		t.Errorf("made: %s", a.text)
	}
	var row bson.Raw
	id, err := ids.Parse[ids.APIKey](a.str("_id"))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.db.Collection(accounts.KeysCollection).FindOne(t.Context(), bson.D{{Key: "_id", Value: id}}).Decode(&row); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(row), a.str("key")) || strings.Contains(row.String(), a.str("key")) {
		t.Error("the key lies in the store")
	}
	for _, path := range []string{"/api-keys", "/api-keys/" + a.str("_id")} {
		if b := w.want(w.call(a.str("key"), "GET", w.own(path), ""), 200); strings.Contains(b.text, "omk_") {
			t.Errorf("%s shows a key: %s", path, b.text)
		}
	}
}

func TestARevokedKeyStopsOnEveryServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.want(w.call(w.key, "POST", w.own("/api-keys"), `{"name":"x"}`), 201)
	elsewhere := serverOn(w.db)
	if _, err := elsewhere.Authenticate(t.Context(), a.str("key")); err != nil {
		t.Fatal(err)
	}
	w.want(w.call(a.str("key"), "GET", w.own(""), ""), 200)
	w.want(w.call(w.key, "DELETE", w.own("/api-keys/"+a.str("_id")), ""), 204)
	w.want(w.call(a.str("key"), "GET", w.own(""), ""), 401) // here at once
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := elsewhere.Authenticate(t.Context(), a.str("key")); fault.Is(err, fault.Unauthenticated) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatal("a revoked key goes on working on the other server")
		}
	}
}

func TestAnEmptyStoreGetsOneAdmin(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	if err := mongodb.Migrate(t.Context(), db, migrations.All()); err != nil {
		t.Fatal(err)
	}
	var made atomic.Int32
	var mu sync.Mutex
	var account ids.Account
	var key string
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			a, k, ok, err := serverOn(db).Bootstrap(context.Background())
			if err != nil {
				t.Error(err)
			}
			if ok {
				made.Add(1)
				mu.Lock()
				account, key = a, k
				mu.Unlock()
			} else if a != "" || k != "" {
				t.Error("a slower one got something")
			}
		})
	}
	group.Wait()
	if made.Load() != 1 {
		t.Fatalf("made %d times", made.Load())
	}
	for name, want := range map[string]int64{accounts.Collection: 1, accounts.KeysCollection: 1} {
		if n, err := db.Collection(name).CountDocuments(t.Context(), bson.D{}); n != want || err != nil {
			t.Errorf("%s has %d rows, %v", name, n, err)
		}
	}
	service := serverOn(db)
	if p, err := service.Authenticate(t.Context(), key); err != nil || !p.Admin || p.Account != "" {
		t.Errorf("the key: %+v, %v", p, err)
	}
	if there, err := service.AccountExists(t.Context(), account); !there || err != nil {
		t.Errorf("the account: %v, %v", there, err)
	}
}

func TestAccountsAreTheAdminsBusiness(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct{ method, path, body string }{{"POST", "", `{"name":"x"}`}, {"GET", "", ""}, {"DELETE", w.own(""), ""}} {
		if a := w.want(w.call(w.key, c.method, c.path, c.body), 403); a.str("code") != "forbidden" {
			t.Errorf("%s %s: %s", c.method, c.path, a.text)
		}
		w.want(w.call("", c.method, c.path, c.body), 401)
	}
	a := w.want(w.call(operator, "POST", "", `{"name":"Mercearia"}`), 201)
	path := "/" + a.str("clientIdentifier")
	if b := w.want(w.call(operator, "GET", path, ""), 200); b.text != a.text || b.str("name") != "Mercearia" || b.str("createdAt") == "" {
		t.Errorf("made %s, read %s", a.text, b.text)
	}
	w.want(w.call(operator, "GET", "/"+strings.ToUpper(string(w.account)), ""), 200)
	if b := w.want(w.call(w.key, "PATCH", "/"+strings.ToUpper(string(w.account)), `{"name":"New"}`), 200); b.str("name") != "New" {
		t.Errorf("renamed: %s", b.text)
	}
	w.want(w.call(operator, "DELETE", path, ""), 204)
	w.want(w.call(operator, "GET", path, ""), 404)
}

func TestAnAccountWithChannelsStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := ids.New[ids.Channel]()
	row := bson.D{
		{Key: "_id", Value: id}, {Key: "accountId", Value: w.account}, {Key: "live", Value: true}, {Key: "name", Value: "x"}, {Key: "provider", Value: "d360"},
		{Key: "identifier", Value: "1"}, {Key: "identifierKey", Value: "1"}, {Key: "settings", Value: bson.D{}}, {Key: "connection", Value: bson.D{}},
		{Key: "webhook", Value: bson.D{}}, {Key: "checkAt", Value: time.Now()}, {Key: "createdAt", Value: time.Now()},
	}
	if _, err := w.db.Collection("channels").InsertOne(t.Context(), row); err != nil {
		t.Fatal(err)
	}
	if a := w.want(w.call(operator, "DELETE", w.own(""), ""), 409); !strings.Contains(a.str("detail"), "channels") {
		t.Errorf("refused: %s", a.text)
	}
	// A deleted channel's row stays, for the conversations behind it; it holds
	// no account.
	dead := bson.D{{Key: "$set", Value: bson.D{{Key: "live", Value: false}, {Key: "deletedAt", Value: time.Now()}}}}
	if _, err := w.db.Collection("channels").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: id}}, dead); err != nil {
		t.Fatal(err)
	}
	w.want(w.call(w.key, "POST", w.own("/tags"), `{"name":"vip"}`), 201)
	w.want(w.call(operator, "DELETE", w.own(""), ""), 204)
	for _, name := range []string{accounts.KeysCollection, accounts.TagsCollection, "channels"} {
		if n, err := w.db.Collection(name).CountDocuments(t.Context(), bson.D{{Key: "accountId", Value: w.account}}); n != 0 || err != nil {
			t.Errorf("%d rows of %s are left, %v", n, name, err)
		}
	}
}

func TestWrongBodiesAreRefusedByField(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.want(w.call(w.key, "POST", w.own("/tags"), `{"name":"vip"}`), 201)
	other := w.want(w.call(w.key, "POST", w.own("/tags"), `{"name":"new"}`), 201)
	tag := w.own("/tags/" + other.str("_id"))
	long := `"` + strings.Repeat("x", 201) + `"`
	for _, c := range []struct {
		method, path, body string
		status             int
		code, field        string
	}{
		{"POST", "", ``, 400, "malformed_request", ""},
		{"POST", "", `{"name":`, 400, "malformed_request", ""},
		{"POST", "", `{}`, 422, "validation_failed", "name"},
		{"POST", "", `{"name":7}`, 422, "validation_failed", "name"},
		{"POST", "", `{"name":` + long + `}`, 422, "validation_failed", "name"},
		{"POST", "", `{"name":"x","plan":"gold"}`, 422, "validation_failed", "plan"},
		{"GET", "?limit=0x", ``, 422, "validation_failed", "limit"},
		{"GET", "?limit=101", ``, 422, "validation_failed", "limit"},
		{"GET", "?cursor=x", ``, 422, "validation_failed", "cursor"},
		{"GET", "/none", ``, 404, "not_found", ""},
		{"GET", "/" + string(ids.NewAccount()), ``, 404, "not_found", ""},
		{"PATCH", w.own(""), `{"name":""}`, 422, "validation_failed", "name"},
		{"POST", w.own("/api-keys"), `{}`, 422, "validation_failed", "name"},
		{"POST", w.own("/api-keys"), `{"name":"x","admin":true}`, 422, "validation_failed", "admin"},
		{"POST", w.own("/api-keys"), `{"name":"x","clientIdentifier":"` + string(ids.NewAccount()) + `"}`, 422, "validation_failed", "clientIdentifier"},
		{"PATCH", w.own("/api-keys/689a05215b711247e8f54099"), `{"name":"x"}`, 404, "not_found", ""},
		{"DELETE", w.own("/api-keys/689a05215b711247e8f54099"), ``, 404, "not_found", ""},
		{"GET", w.own("/api-keys/x"), ``, 404, "not_found", ""},
		{"POST", w.own("/tags"), `{}`, 422, "validation_failed", "name"},
		{"POST", w.own("/tags"), `{"name":"x","color":"blueish"}`, 422, "validation_failed", "color"},
		{"POST", w.own("/tags"), `{"name":"vip"}`, 409, "conflict", ""},
		{"PATCH", tag, `{"name":"vip"}`, 409, "conflict", ""},
		{"PATCH", tag, `{"name":null}`, 422, "validation_failed", "name"},
		{"PATCH", tag, `{"color":"x"}`, 422, "validation_failed", "color"},
		{"PATCH", tag, `{"colour":"#fff"}`, 422, "validation_failed", "colour"},
		{"GET", w.own("/tags/689a05215b711247e8f54099"), ``, 404, "not_found", ""},
		{"DELETE", w.own("/tags/689a05215b711247e8f54099"), ``, 404, "not_found", ""},
	} {
		a := w.call(operator, c.method, c.path, c.body)
		if a.status != c.status || a.str("code") != c.code || a.field() != c.field {
			t.Errorf("%s %s %s: %d %q, want %d %s %q: %s", c.method, c.path, c.body, a.status, a.field(), c.status, c.code, c.field, a.text)
		}
	}
}

func TestAnotherAccountsRowsAreNotFound(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t)
	tag := w.want(w.call(w.key, "POST", w.own("/tags"), `{"name":"vip"}`), 201).str("_id")
	key := w.want(w.call(w.key, "POST", w.own("/api-keys"), `{"name":"x"}`), 201).str("_id")
	for _, c := range []struct{ method, path, body string }{
		{"GET", "", ""}, {"PATCH", "", `{"name":"x"}`},
		{"GET", "/api-keys", ""}, {"POST", "/api-keys", `{"name":"x"}`}, {"GET", "/tags", ""}, {"POST", "/tags", `{"name":"x"}`},
		{"GET", "/api-keys/" + key, ""}, {"PATCH", "/api-keys/" + key, `{"name":"x"}`}, {"DELETE", "/api-keys/" + key, ""},
		{"GET", "/tags/" + tag, ""}, {"PATCH", "/tags/" + tag, `{"name":"x"}`}, {"DELETE", "/tags/" + tag, ""},
	} {
		if a := w.call(other.key, c.method, w.own(c.path), c.body); a.status != 404 || a.str("code") != "not_found" {
			t.Errorf("%s %s: %d %s", c.method, c.path, a.status, a.text)
		}
		if strings.Count(c.path, "/") == 2 { // the row, asked for as one's own
			if a := w.call(other.key, c.method, other.own(c.path), c.body); a.status != 404 {
				t.Errorf("%s %s under the caller's account: %d %s", c.method, c.path, a.status, a.text)
			}
		}
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.want(w.call(w.key, "POST", w.own("/tags"), `{"name":"vip","color":"#ff0000"}`), 201)
	path := w.own("/tags/" + a.str("_id"))
	if b := w.want(w.call(w.key, "GET", path, ""), 200); b.text != a.text || b.str("color") != "#ff0000" {
		t.Errorf("made %s, read %s", a.text, b.text)
	}
	if b := w.want(w.call(w.key, "PATCH", path, `{}`), 200); b.text != a.text {
		t.Errorf("nothing changed: %s", b.text)
	}
	if b := w.want(w.call(w.key, "PATCH", path, `{"color":null}`), 200); b.body["color"] != nil || b.str("name") != "vip" {
		t.Errorf("cleared: %s", b.text)
	}
	for i := range 3 {
		w.want(w.call(w.key, "POST", w.own("/tags"), fmt.Sprintf(`{"name":"t%d"}`, i)), 201)
	}
	page := w.want(w.call(w.key, "GET", w.own("/tags?limit=3"), ""), 200)
	if len(page.body["items"].([]any)) != 3 || page.body["total"] != float64(4) || page.str("nextCursor") == "" {
		t.Errorf("page: %s", page.text)
	}
	id, err := ids.Parse[ids.Tag](a.str("_id"))
	if err != nil {
		t.Fatal(err)
	}
	unknown := ids.New[ids.Tag]()
	missing, err := w.service.MissingTags(t.Context(), w.account, []ids.Tag{id, unknown})
	if err != nil || len(missing) != 1 || missing[0] != unknown {
		t.Errorf("missing %v, %v", missing, err)
	}
	if missing, err := w.service.MissingTags(t.Context(), ids.NewAccount(), []ids.Tag{id}); err != nil || len(missing) != 1 {
		t.Errorf("of another account: missing %v, %v", missing, err)
	}
	contact := bson.D{
		{Key: "_id", Value: ids.New[ids.Contact]()}, {Key: "channelId", Value: ids.New[ids.Channel]()}, {Key: "accountId", Value: w.account},
		{Key: "type", Value: "individual"}, {Key: "condition", Value: "live"}, {Key: "contactIdentifier", Value: "1"}, {Key: "name", Value: "x"},
		{Key: "nameKey", Value: "x"}, {Key: "isIgnored", Value: false}, {Key: "createdAt", Value: time.Now()}, {Key: "tagIds", Value: bson.A{id}},
	}
	if _, err := w.db.Collection("contacts").InsertOne(t.Context(), contact); err != nil {
		t.Fatal(err)
	}
	w.want(w.call(w.key, "DELETE", path, ""), 204)
	if n, err := w.db.Collection("contacts").CountDocuments(t.Context(), bson.D{{Key: "accountId", Value: w.account}, {Key: "tagIds", Value: id}}); n != 0 || err != nil {
		t.Errorf("%d contacts still have the tag, %v", n, err)
	}
}
