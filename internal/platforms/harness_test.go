package platforms_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/accounts"
	"github.com/cirrus/omnichannel/internal/egress"
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

// called is a config whose URL, as the answer has it, was called.
func (w *world) called(a answer) platforms.Called {
	w.t.Helper()
	return platforms.Called{Account: w.account, Config: w.id(a), URL: a.str("url")}
}
