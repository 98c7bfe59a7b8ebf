package local_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/mongodb/local"
)

// childDir, when set, makes this test binary a program that starts a server
// there, says where, and waits: the parent that some tests kill.
const childDir = "LOCAL_TEST_CHILD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		server, err := local.Start(context.Background(), local.Options{Dir: dir})
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println(server.URI(), server.Joined())
		select {}
	}
	os.Exit(m.Run())
}

func start(t *testing.T, opts local.Options) *local.Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	server, err := local.Start(ctx, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, server) })
	return server
}

func stop(t *testing.T, server *local.Server) {
	t.Helper()
	if err := server.Close(context.Background()); err != nil {
		t.Fatalf("close: %v", err)
	}
}

// with gives do a collection of the server, by a client of its own that is
// gone afterwards: one that outlives its server is slow to disconnect.
func with(t *testing.T, uri string, do func(*mongo.Collection) error) {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetServerSelectionTimeout(20 * time.Second))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	if err := do(client.Database("local_test").Collection("rows")); err != nil {
		t.Fatal(err)
	}
}

func insert(t *testing.T, uri string) {
	t.Helper()
	with(t, uri, func(coll *mongo.Collection) error {
		_, err := coll.InsertOne(t.Context(), bson.M{"a": 1})
		return err
	})
}

func mustCount(t *testing.T, uri string, want int64) {
	t.Helper()
	with(t, uri, func(coll *mongo.Collection) error {
		got, err := coll.CountDocuments(t.Context(), bson.M{})
		if err == nil && got != want {
			err = fmt.Errorf("%d rows, want %d", got, want)
		}
		return err
	})
}

func TestStartAgainKeepsPortAndRows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, local.Options{Dir: dir})
	insert(t, first.URI())
	stop(t, first)
	select {
	case <-first.Exited():
	default:
		t.Fatal("Close returned before the server had ended")
	}
	second := start(t, local.Options{Dir: dir})
	if second.URI() != first.URI() || second.Joined() {
		t.Fatalf("second start: %s, joined %v; want %s by itself", second.URI(), second.Joined(), first.URI())
	}
	mustCount(t, second.URI(), 1)
}

func TestTransactionsWork(t *testing.T) {
	t.Parallel()
	with(t, start(t, local.Options{Dir: t.TempDir()}).URI(), func(coll *mongo.Collection) error {
		return coll.Database().Client().UseSession(t.Context(), func(ctx context.Context) error {
			_, err := mongo.SessionFromContext(ctx).WithTransaction(ctx, func(ctx context.Context) (any, error) {
				return coll.InsertOne(ctx, bson.M{"a": 1})
			})
			return err
		})
	})
}

func TestMovesToAnotherPortWhenItsOwnIsTaken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, local.Options{Dir: dir})
	insert(t, first.URI())
	stop(t, first)

	at, err := url.Parse(first.URI())
	if err != nil {
		t.Fatal(err)
	}
	squatter, err := net.Listen("tcp", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer squatter.Close()
	go hangUpOnEach(squatter)
	second := start(t, local.Options{Dir: dir})
	if second.URI() == first.URI() {
		t.Fatalf("started at %s, which is taken", second.URI())
	}
	insert(t, second.URI()) // by replica set: the configuration has followed
	mustCount(t, second.URI(), 2)
}

// hangUpOnEach is a program that does not speak MongoDB's protocol.
func hangUpOnEach(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		conn.Close()
	}
}

func TestATakenPortThatWasAskedForIsAnError(t *testing.T) {
	t.Parallel()
	squatter, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer squatter.Close()
	_, err = local.Start(t.Context(), local.Options{Dir: t.TempDir(), Port: squatter.Addr().(*net.TCPAddr).Port})
	if err == nil || !strings.Contains(err.Error(), "port is taken") {
		t.Fatalf("got %v", err)
	}
}

func TestStartsAtOnceShareOneServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	servers := make([]*local.Server, 4)
	var wg sync.WaitGroup
	for i := range servers {
		wg.Go(func() {
			var err error
			if servers[i], err = local.Start(t.Context(), local.Options{Dir: dir}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		t.FailNow()
	}
	var owner *local.Server
	for _, s := range servers {
		if s.URI() != servers[0].URI() {
			t.Errorf("%s and %s", s.URI(), servers[0].URI())
		}
		if !s.Joined() {
			if owner != nil {
				t.Error("two own the server")
			}
			owner = s
			continue
		}
		stop(t, s)
	}
	if owner == nil {
		t.Fatal("nobody owns the server")
	}
	insert(t, owner.URI()) // the others' Close left it running
	stop(t, owner)
}

// startParent runs this binary as a program that owns a server in dir.
func startParent(t *testing.T, dir string) (parent *exec.Cmd, uri, joined string) {
	t.Helper()
	parent = exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), childDir+"="+dir)
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = parent.Process.Kill(); _ = parent.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	uri, joined, _ = strings.Cut(strings.TrimSpace(line), " ")
	return parent, uri, joined
}

func TestAnotherProcessJoins(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	owner := start(t, local.Options{Dir: dir})
	_, uri, joined := startParent(t, dir)
	if uri != owner.URI() || joined != "true" {
		t.Fatalf("the other process got %s, joined %s; want %s", uri, joined, owner.URI())
	}
}

func TestAKilledParentTakesItsServerAlong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	parent, uri, joined := startParent(t, dir)
	if joined != "false" {
		t.Fatalf("the other process got %s, joined %s", uri, joined)
	}
	insert(t, uri)
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	awaitEnd(t, filepath.Join(dir, "data", "mongod.lock"))
	// Its lock file is still there, and its journal is not closed.
	again := start(t, local.Options{Dir: dir})
	if again.Joined() {
		t.Fatal("joined a dead server")
	}
	mustCount(t, again.URI(), 1)
}

// awaitEnd waits for the lock that a running mongod keeps on its lock file.
func awaitEnd(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ended := make(chan error, 1)
	go func() { ended <- syscall.Flock(int(f.Fd()), syscall.LOCK_EX) }()
	select {
	case err := <-ended:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("mongod outlived its parent")
	}
}

func TestAFailedStartCarriesTheLog(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data", "storage.bson"), []byte("no bson"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := local.Start(t.Context(), local.Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "mongod exited") || !strings.Contains(err.Error(), "storage engine metadata") {
		t.Fatalf("got %v", err)
	}
}

func TestAnEndedContextLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := local.Start(ctx, local.Options{Dir: dir}); err == nil {
		t.Fatal("started with an ended context")
	}
	if server := start(t, local.Options{Dir: dir}); server.Joined() {
		t.Fatal("the refused start left a server running")
	}
}

func TestGarbageInTheRecordIsNoObstacle(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "server.json"), []byte(`{"pid": "`), 0o600); err != nil {
		t.Fatal(err)
	}
	if start(t, local.Options{Dir: dir}).Joined() {
		t.Fatal("joined nobody's server")
	}
}
