// Package s3test runs a real S3 server for tests: versitygw over a temporary
// folder, built from the module in versitygw/ into the user's cache the first
// time a machine asks for it (some minutes), and found there afterwards.
package s3test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/cirrus/omnichannel/internal/media"
)

const (
	accessKey = "test-access"
	secretKey = "test-secret"
	bucket    = "media"
	// startPatience bounds the wait for a started server's first answer.
	startPatience = 30 * time.Second
)

// Server is a running S3 server with one empty bucket.
type Server struct {
	// Options reach the bucket.
	Options media.S3Options
	// Folder holds the bucket's content as files.
	Folder string
}

// Start runs a server until the test's end. It fails the test when the server
// cannot be built or started.
func Start(t testing.TB) *Server {
	t.Helper()
	binary, err := build()
	if err != nil {
		t.Fatalf("build the S3 server for tests: %v", err)
	}
	root := t.TempDir()
	folder := filepath.Join(root, "objects", bucket)
	for _, dir := range []string{folder, filepath.Join(root, "metadata")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	address := run(t, binary, root)
	return &Server{Folder: folder, Options: media.S3Options{
		Bucket: bucket, Endpoint: "http://" + address,
		Credentials: credentials.NewStaticCredentialsProvider(accessKey, secretKey, ""),
	}}
}

// build gives the path of the server, built once for each state of its module.
func build() (string, error) {
	_, here, _, _ := runtime.Caller(0)
	module := filepath.Join(filepath.Dir(here), "versitygw")
	digest := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(module, name))
		if err != nil {
			return "", err
		}
		digest.Write(text)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "omnichannel", "versitygw")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	target := filepath.Join(dir, hex.EncodeToString(digest.Sum(nil)[:6])+"-"+runtime.Version())
	lock, err := os.Create(filepath.Join(dir, "build.lock"))
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	if _, err := os.Stat(target); err == nil {
		return target, nil
	}
	cmd := exec.Command("go", "build", "-trimpath", "-o", target+".new", "github.com/versity/versitygw/cmd/versitygw")
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return target, os.Rename(target+".new", target)
}

// run starts the server on a free port and waits for its first answer.
func run(t testing.TB, binary, root string) (address string) {
	t.Helper()
	address = freeAddress(t)
	log, err := os.Create(filepath.Join(root, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "--access", accessKey, "--secret", secretKey, "--port", address, "--health", "/healthz", "--quiet",
		"posix", "--sidecar", filepath.Join(root, "metadata"), filepath.Join(root, "objects"))
	cmd.Stdout, cmd.Stderr = log, log
	exited := start(t, cmd)
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it holds nothing worth a farewell
		<-exited
		log.Close()
	})
	ctx, cancel := context.WithTimeout(t.Context(), startPatience)
	defer cancel()
	if err := awaitAnswer(ctx, "http://"+address+"/healthz", exited); err != nil {
		said, _ := os.ReadFile(log.Name())
		t.Fatalf("start the S3 server: %v: %s", err, said)
	}
	return address
}

// start starts a child that the kernel ends when this process dies; the watch
// is on the thread, which therefore lives as long as the child.
func start(t testing.TB, cmd *exec.Cmd) (exited chan struct{}) {
	t.Helper()
	cmd.SysProcAttr = dieWithParent()
	started, exited := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // killed by the cleanup
			close(exited)
		}
	}()
	if err := <-started; err != nil {
		t.Fatalf("start the S3 server: %v", err)
	}
	return exited
}

func awaitAnswer(ctx context.Context, url string, exited <-chan struct{}) error {
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-exited:
			return errors.New("it exited")
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
