package channels_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/accounts"
	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/events/eventstest"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
	sandbox "github.com/cirrus/omnichannel/internal/sandbox/d360"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/internal/web"
	"github.com/cirrus/omnichannel/migrations"
)

func TestMain(m *testing.M) {
	os.Exit(mongotest.Run(m, func(ctx context.Context, db *mongo.Database) error {
		return mongodb.Migrate(ctx, db, migrations.All())
	}))
}

const (
	publicURL = "https://omni.example.com"
	number    = "5521977776666"
	otherNum  = "5521966665555"
)

// clock is a time that only tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is one account with a key and a platform, a simulated 360dialog with
// one number, and a server on the store that all tests share.
type world struct {
	t         *testing.T
	db        *mongo.Database
	clock     *clock
	master    vault.Secret
	account   ids.Account
	key       string
	platform  platforms.Config
	d360      *sandbox.Server
	apiKey    string
	numberID  string
	accounts  *accounts.Service
	platforms *platforms.Service
	service   *channels.Service
	engine    *gin.Engine
	adapters  []providers.Adapter
	options   func(*channels.Options)
}

// anyURL lets platforms have any URL.
type anyURL struct{}

func (anyURL) CheckURL(context.Context, string) error { return nil }

func newWorld(t *testing.T, change ...func(*world)) *world {
	t.Helper()
	w := &world{
		t: t, db: mongotest.Database(t), clock: &clock{at: time.Now()}, master: vault.NewKey(), account: ids.NewAccount(),
		d360: sandbox.New(sandbox.Options{Seed: 1}), options: func(*channels.Options) {},
	}
	t.Cleanup(w.d360.Close)
	added, err := w.d360.AddNumber(sandbox.NumberConfig{DisplayPhoneNumber: number})
	if err != nil {
		t.Fatal(err)
	}
	w.apiKey, w.numberID = added.APIKey, added.PhoneNumberID
	api := httptest.NewServer(w.d360.Handler())
	t.Cleanup(api.Close)
	w.adapters = []providers.Adapter{d360.New(d360.Options{BaseURL: api.URL, Client: api.Client(), Now: w.clock.now})}
	for _, fn := range change {
		fn(w)
	}
	w.service, w.engine = w.server(w.vault(w.master))
	ctx := context.Background()
	if _, err := w.accounts.CreateAccount(ctx, w.account, "Test"); err != nil {
		t.Fatal(err)
	}
	if w.key, _, err = w.accounts.CreateKey(ctx, w.account, false, "test"); err != nil {
		t.Fatal(err)
	}
	if w.platform, _, err = w.platforms.CreateConfig(ctx, platforms.Spec{Account: w.account, Slug: "console"}); err != nil {
		t.Fatal(err)
	}
	return w
}

// alone gives a world a store of its own: its watch checks every channel that
// is due, and those of other tests have other keys.
func alone(w *world) {
	w.t.Helper()
	w.db = mongotest.Fresh(w.t)
	if err := mongodb.Migrate(context.Background(), w.db, migrations.All()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) vault(master vault.Secret, previous ...vault.Secret) *vault.Vault {
	w.t.Helper()
	v, err := vault.New(master, previous...)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// server starts one more server on the same store.
func (w *world) server(v *vault.Vault) (*channels.Service, *gin.Engine) {
	w.t.Helper()
	w.accounts = accounts.New(accounts.Options{DB: w.db, Now: w.clock.now})
	w.platforms = platforms.New(platforms.Options{DB: w.db, Vault: v, Egress: anyURL{}, Now: w.clock.now})
	o := channels.Options{
		DB: w.db, Vault: v, Now: w.clock.now, PublicURL: publicURL, Platforms: w.platforms, Adapters: w.adapters,
		Receivers:    map[providers.Name]providers.WebhookReceiver{providers.WhatsAppWeb: whatsappweb.Receiver{}},
		Capabilities: map[providers.Name]providers.Capabilities{providers.WhatsAppWeb: whatsappweb.Capabilities()},
		Registry:     prometheus.NewRegistry(),
	}
	w.options(&o)
	service := channels.New(o)
	w.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := service.Close(ctx); err != nil {
			w.t.Errorf("close: %v", err)
		}
	})
	return service, web.New(web.Options{Routes: service.Routes(), Auth: w.accounts, Idempotency: web.NewIdempotency(w.db, sealer{v}, nil, w.clock.now)})
}

// sealer seals stored answers.
type sealer struct{ v *vault.Vault }

func (s sealer) SealBytes(purpose string, plain []byte) ([]byte, error) {
	return bson.Marshal(s.v.Seal(vault.Binding{Purpose: purpose}, plain))
}

func (s sealer) OpenBytes(purpose string, sealed []byte) ([]byte, error) {
	var box vault.Sealed
	if err := bson.Unmarshal(sealed, &box); err != nil {
		return nil, err
	}
	return s.v.Open(vault.Binding{Purpose: purpose}, box)
}

// answer is what a request got.
type answer struct {
	status int
	text   string
	body   map[string]any
}

// at walks into the body by names with dots.
func (a answer) at(path string) any {
	var value any = a.body
	for _, name := range strings.Split(path, ".") {
		inner, _ := value.(map[string]any)
		value = inner[name]
	}
	return value
}

// field is the name of the first field that a problem complains of.
func (a answer) field() string {
	list, _ := a.body["errors"].([]any)
	if len(list) == 0 {
		return ""
	}
	first, _ := list[0].(map[string]any)
	name, _ := first["field"].(string)
	return name
}

func (w *world) call(method, path, body string, headers ...string) answer {
	w.t.Helper()
	return w.callAs(w.key, w.account, method, path, body, headers...)
}

// callAs sends a request about an account's channels.
func (w *world) callAs(key string, account ids.Account, method, path, body string, headers ...string) answer {
	w.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	req := httptest.NewRequest(method, "/api/accounts/"+string(account)+"/channels"+path, reader)
	req.Header.Set("Authorization", "Bearer "+key)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	w.engine.ServeHTTP(rec, req)
	a := answer{status: rec.Code, text: rec.Body.String()}
	if a.text != "" {
		if err := json.Unmarshal(rec.Body.Bytes(), &a.body); err != nil {
			w.t.Fatalf("%s %s answers %q: %v", method, path, a.text, err)
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

// createD360 makes the channel of the simulated number.
func (w *world) createD360() answer {
	w.t.Helper()
	return w.want(w.call("POST", "", `{"provider":"d360","identifier":"`+number+`","credentials":{"apiKey":"`+w.apiKey+`"}}`), http.StatusCreated)
}

func (w *world) id(a answer) ids.Channel {
	w.t.Helper()
	text, _ := a.at("_id").(string)
	id, err := ids.Parse[ids.Channel](text)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// told is the webhook that the simulated 360dialog has.
func (w *world) told() *sandbox.WebhookTarget {
	for _, n := range w.d360.Numbers() {
		if n.PhoneNumberID == w.numberID {
			return n.Webhook
		}
	}
	return nil
}

// statuses are the channel.status events of a channel, in order.
func (w *world) statuses(id ids.Channel) []events.Row {
	w.t.Helper()
	return slices.DeleteFunc(eventstest.Rows(w.t, w.db, w.account), func(row events.Row) bool { return row.Channel != id })
}

// watch runs the loop that checks channels once.
func (w *world) watch() {
	w.t.Helper()
	w.run("channel_checks")
}

func (w *world) run(name string) {
	w.t.Helper()
	for _, loop := range w.service.Loops() {
		if loop.Name == name {
			if err := loop.Run(context.Background()); err != nil {
				w.t.Fatal(err)
			}
			return
		}
	}
	w.t.Fatalf("there is no loop %s", name)
}
