// Package apptest gives end-to-end tests a running server on a real MongoDB
// beside a simulated 360dialog. One server serves all tests of a binary; each
// test has an account of its own.
package apptest

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
	"github.com/cirrus/omnichannel/internal/vault"
)

// AdminKey acts on every account of the tests.
const AdminKey = "omk_admin-key-of-the-end-to-end-tests"

// Server is a running server with its simulated provider.
type Server struct {
	App       *app.App
	Simulator *d360.Server
	SimURL    string
	Client    *http.Client
}

// Options change what Start starts; the zero value is good.
type Options struct {
	App      app.Options
	Settings func(*d360.Settings)
	Config   func(*config.Config)
	Database string // empty: a fresh one
	MongoURI string // empty: the tests' shared store
}

// Start runs a server of the test's own on a fresh database.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	if o.MongoURI == "" {
		o.MongoURI = mongotest.URI(t)
	}
	if o.Database == "" {
		o.Database = mongotest.Fresh(t).Name()
	}
	s, stop, err := start(o.MongoURI, t.TempDir(), o)
	if err != nil {
		t.Fatalf("start a server: %v", err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("stop the server: %v", err)
		}
	})
	return s
}

// Monitor watches the commands of every server that has no monitor of its own; set
// it before the first test.
var Monitor *event.CommandMonitor

// start brings up simulator and server.
func start(uri, dir string, o Options) (*Server, func() error, error) {
	settings := d360.DefaultSettings()
	settings.Statuses.SentMS, settings.Statuses.DeliveredMS, settings.Statuses.ReadMS, settings.Statuses.PlayedMS = 5, 10, 15, 20
	if o.Settings != nil {
		o.Settings(&settings)
	}
	simulator := d360.New(d360.Options{Settings: &settings})
	running, err := simulator.Listen(context.Background(), "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	cfg, err := config.Load(nil)
	if err != nil {
		return nil, nil, err
	}
	cfg.Addr, cfg.OpsAddr = "127.0.0.1:0", "127.0.0.1:0"
	cfg.MongoDBURI, cfg.MasterKey, cfg.AdminKey = withDatabase(uri, o.Database), vault.NewKey(), AdminKey
	if err := sharedWhatsApp(); err != nil {
		return nil, nil, err
	}
	cfg.WhatsAppURL, cfg.WhatsAppRootKey = whatsApp.running.URL, whatsApp.server.RootKey()
	cfg.DataDir, cfg.D360BaseURL, cfg.SendTimeout = dir, running.APIURL, 10*time.Second
	if o.Config != nil {
		o.Config(&cfg)
	}
	o.App.Migrate, o.App.OwnURL = true, true
	o.App.AskLimit = cmp.Or(o.App.AskLimit, 100*time.Second) // the machine may be busy with other things
	if o.App.Monitor == nil {
		o.App.Monitor = Monitor
	}
	a, err := app.Start(context.Background(), cfg, o.App)
	if err != nil {
		return nil, nil, err
	}
	s := &Server{App: a, Simulator: simulator, SimURL: running.APIURL, Client: &http.Client{Timeout: 2 * time.Minute, Transport: checked(a.URL())}}
	return s, func() error {
		err := a.Close(context.Background())
		running.Close()
		simulator.Close()
		return err
	}, nil
}

var shared struct {
	once   sync.Once
	dir    string
	server *Server
	stop   func() error
	err    error
}

// Shared is the binary's server; StopShared ends it.
func Shared(t testing.TB) *Server {
	t.Helper()
	shared.once.Do(func() {
		// Not the test's own folder: others use the server after it.
		if shared.dir, shared.err = os.MkdirTemp("", "omnichannel-apptest-"); shared.err != nil {
			return
		}
		shared.server, shared.stop, shared.err = start(mongotest.URI(t), shared.dir, Options{Database: mongotest.Database(t).Name(), App: app.Options{Egress: egress.Options{Allow: []string{"127.0.0.1"}}}})
	})
	if shared.err != nil {
		t.Fatalf("start the shared server: %v", shared.err)
	}
	return shared.server
}

// StopShared ends the binary's server, if a test has started it, and removes
// its files.
func StopShared() error {
	var err error
	if shared.stop != nil {
		err = shared.stop()
	}
	if whatsApp.server != nil {
		whatsApp.running.Close()
		whatsApp.server.Close()
	}
	if shared.dir != "" {
		err = errors.Join(err, os.RemoveAll(shared.dir))
	}
	return err
}
