package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
)

// binary is the program as it is shipped, built once for all tests.
var binary string

func TestMain(m *testing.M) {
	os.Exit(mongotest.RunThen(func() int {
		dir, err := os.MkdirTemp("", "omnichannel-cmd-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "omnichannel")
		if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}))
}

// patience bounds every wait of these tests.
const patience = 2 * time.Minute

// adminKey is every server's OMNI_ADMIN_KEY.
const adminKey = "omk_admin-key-of-the-tests-of-the-command-line"

// environ is a clean environment with these settings in it.
func environ(settings ...string) []string {
	env := []string{}
	for _, name := range []string{"HOME", "PATH", "XDG_CACHE_HOME", "TMPDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return append(env, settings...)
}

// store is the address of a fresh database.
func store(t *testing.T) string {
	t.Helper()
	base, query, _ := strings.Cut(mongotest.URI(t), "?")
	return strings.TrimRight(base, "/") + "/" + mongotest.Fresh(t).Name() + "?" + query
}

// lines is what a process prints, as it prints it.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // closed and replaced when something was printed
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(p)
	close(l.more)
	l.more = make(chan struct{})
	return len(p), nil
}

func (l *lines) read() (string, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String(), l.more
}

// process is the program while it runs.
type process struct {
	t        *testing.T
	cmd      *exec.Cmd
	out, err *lines
	exited   chan struct{}
}

// start runs the program; at the test's end it is gone.
func start(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(binary, args...), out: &lines{more: make(chan struct{})}, err: &lines{more: make(chan struct{})}, exited: make(chan struct{})}
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = env, p.out, p.err
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its own signals, not the test's
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // the code is in ProcessState
		close(p.exited)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // most have ended
		<-p.exited
	})
	return p
}

// await waits until the process has printed a text, and gives what it printed
// until then.
func (p *process) await(from *lines, text string) string {
	p.t.Helper()
	late := time.After(patience)
	for {
		got, more := from.read()
		if strings.Contains(got, text) {
			return got
		}
		select {
		case <-more:
		case <-p.exited:
			if got, _ := from.read(); strings.Contains(got, text) {
				return got
			}
			p.t.Fatalf("ended without printing %q: %s", text, p.all())
		case <-late:
			p.t.Fatalf("has not printed %q: %s", text, p.all())
		}
	}
}

func (p *process) all() string {
	out, _ := p.out.read()
	err, _ := p.err.read()
	return "\n" + out + "\n" + err
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// end waits for the exit code.
func (p *process) end() int {
	p.t.Helper()
	select {
	case <-p.exited:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		p.t.Fatalf("does not end: %s", p.all())
		return -1
	}
}

// run runs the program to its end.
func run(t *testing.T, env []string, args ...string) (out, errs string, code int) {
	t.Helper()
	p := start(t, env, args...)
	code = p.end()
	out, _ = p.out.read()
	errs, _ = p.err.read()
	return out, errs, code
}

// serving starts `serve` and gives its address.
func serving(t *testing.T, env []string, args ...string) (*process, string) {
	t.Helper()
	p := start(t, append(env, "OMNI_ADDR=127.0.0.1:0", "OMNI_OPS_ADDR=127.0.0.1:0"), append([]string{"serve"}, args...)...)
	_, rest, _ := strings.Cut(p.await(p.out, "(operations: "), "omnichannel listens on ")
	address, _, _ := strings.Cut(rest, " ")
	return p, address
}

// stop ends a server in order.
func (p *process) stop() {
	p.t.Helper()
	p.signal(syscall.SIGTERM)
	if code := p.end(); code != 0 {
		p.t.Fatalf("exit code %d: %s", code, p.all())
	}
}

// ask calls an API and reads its answer as JSON into a map.
func ask(t *testing.T, key, method, url, body string) (int, map[string]any) {
	t.Helper()
	status, answer, err := call(key, method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	return status, answer
}

// want is ask for a status.
func want(t *testing.T, status int, key, method, url, body string) map[string]any {
	t.Helper()
	got, answer := ask(t, key, method, url, body)
	if got != status {
		t.Fatalf("%s %s: %d %v, want %d", method, url, got, answer, status)
	}
	return answer
}

// call is ask for other goroutines than the test's.
func call(key, method, url, body string) (int, map[string]any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || len(text) == 0 {
		return resp.StatusCode, nil, err
	}
	var answer map[string]any
	if err := json.Unmarshal(text, &answer); err != nil {
		answer = map[string]any{"text": string(text)}
	}
	return resp.StatusCode, answer, nil
}
