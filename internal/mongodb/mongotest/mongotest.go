// Package mongotest gives tests a real MongoDB: one server per run, one
// database per test binary, and fresh ones for tests that need their own.
//
// A test package that uses it has
//
//	func TestMain(m *testing.M) { os.Exit(mongotest.Run(m)) }
//
// The server is the one at OMNI_TEST_MONGODB_URI, which `make test` starts
// once for all binaries; without that variable the binary starts its own when
// the first test asks, and ends it when Run returns, or the kernel does when
// the binary is killed.
package mongotest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/local"
)

// URIVariable names the environment variable with the address of a server
// that is already running for this test run.
const URIVariable = "OMNI_TEST_MONGODB_URI"

// patience bounds starting and ending: a first run fetches the server.
const patience = 3 * time.Minute

// Setup prepares the binary's shared database, such as by migrating it.
type Setup func(ctx context.Context, db *mongo.Database) error

// world is what one test binary shares. It is made on first use.
type world struct {
	once   sync.Once
	err    error
	setups []Setup
	uri    string
	server *local.Server // nil when the server is the run's
	remove func() error  // deletes its folder
	client *mongo.Client
	shared *mongo.Database
}

// current is the binary's world: set by Run, before any test begins.
var current *world

// Run runs the binary's tests and takes down what they used. It gives the
// exit code. The setups run once, on the shared database, when a test first
// asks for anything here.
func Run(m *testing.M, setups ...Setup) int { return RunThen(m.Run, setups...) }

// RunThen is Run for a binary whose tests share more than a database: run runs
// the tests and takes down what stands on it.
func RunThen(run func() int, setups ...Setup) int {
	current = &world{setups: setups}
	code := run()
	if err := current.close(); err != nil {
		fmt.Fprintln(os.Stderr, "mongotest:", err)
		return max(code, 1)
	}
	return code
}

// Database gives the database that all tests of this binary share. A test
// keeps to rows of its own account in it.
func Database(t testing.TB) *mongo.Database {
	t.Helper()
	return open(t).shared
}

// Fresh gives an empty database of the test's own, dropped at its end. It is
// for migrations, indexes and change streams; others use Database.
func Fresh(t testing.TB) *mongo.Database {
	t.Helper()
	w := open(t)
	db := w.client.Database(databaseName())
	t.Cleanup(func() {
		if err := db.Drop(context.Background()); err != nil {
			t.Errorf("drop %s: %v", db.Name(), err)
		}
	})
	return db
}

// Client gives the client that Database and Fresh are reached by.
func Client(t testing.TB) *mongo.Client {
	t.Helper()
	return open(t).client
}

// URI gives the server's address, without a database.
func URI(t testing.TB) string {
	t.Helper()
	return open(t).uri
}

// Address is URI behind the tests, for what looks back at them all; empty when none
// has asked for anything here.
func Address() string {
	if current == nil {
		return ""
	}
	return current.uri
}

func open(t testing.TB) *world {
	t.Helper()
	if current == nil {
		t.Fatal("mongotest is not running: this package needs func TestMain(m *testing.M) { os.Exit(mongotest.Run(m)) }")
	}
	current.once.Do(func() { current.err = current.start() })
	if current.err != nil {
		t.Fatalf("start MongoDB for the tests: %v", current.err)
	}
	return current
}

func (w *world) start() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	w.uri = os.Getenv(URIVariable)
	if w.uri == "" {
		if err := w.startServer(ctx); err != nil {
			return err
		}
	}
	client, err := mongodb.Connect(ctx, w.uri, mongodb.Options{AppName: binaryName()})
	if err != nil {
		return err
	}
	w.client = client
	w.shared = client.Database(databaseName())
	for _, setup := range w.setups {
		if err := setup(ctx, w.shared); err != nil {
			return fmt.Errorf("set up the shared database: %w", err)
		}
	}
	return nil
}

func (w *world) startServer(ctx context.Context) error {
	folder, remove, err := local.TempDir()
	if err != nil {
		return err
	}
	w.remove = remove
	w.server, err = local.Start(ctx, local.Options{Dir: folder, Stdout: os.Stderr})
	if err == nil {
		w.uri = w.server.URI()
	}
	return err
}

func (w *world) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var errs []error
	if w.shared != nil && w.server == nil {
		errs = append(errs, w.shared.Drop(ctx))
	}
	if w.client != nil {
		errs = append(errs, w.client.Disconnect(ctx))
	}
	if w.server != nil {
		errs = append(errs, w.server.Close(ctx))
	}
	if w.remove != nil {
		errs = append(errs, w.remove())
	}
	return errors.Join(errs...)
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

func binaryName() string {
	name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".test")
	return notInNames.ReplaceAllString(strings.ToLower(name), "_")
}

// databaseName makes a name that no other binary of the run has.
func databaseName() string {
	return fmt.Sprintf("test_%.30s_%s", binaryName(), bson.NewObjectID().Hex())
}
