// Package rig brings up what benchmarks and the crash test measure: the real
// binary as a process of its own, a local MongoDB, and a simulated 360dialog.
package rig

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// AdminKey is the admin key of every server that a rig starts.
const AdminKey = "omk_rig-admin-key-of-benchmarks-only-0000000000"

// Server is one process of the binary.
type Server struct {
	URL    string
	OpsURL string

	cmd  *exec.Cmd
	done chan struct{}
	log  *os.File
}

// ServerOptions say how a server is started.
type ServerOptions struct {
	Binary   string // path of the built program
	MongoURI string
	D360URL  string
	DataDir  string
	Addr     string // empty: a free port of the loopback
	LogPath  string // what the server logs is appended here
	Env      []string
	// WhatsApp is a simulated one in the place of the real one; nil: no number
	// may be linked.
	WhatsApp *WhatsApp
}

// WhatsApp is where a simulated WhatsApp is, and what its certificates come
// from.
type WhatsApp struct {
	URL     string   `json:"url"`
	RootKey [32]byte `json:"rootKey"`
}

// masterKey is the rigs': 32 bytes of base64.
const masterKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// StartServer runs `omnichannel serve` and returns when it listens.
func StartServer(ctx context.Context, o ServerOptions) (*Server, error) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	log, err := os.OpenFile(o.LogPath, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	env := append(os.Environ(),
		"OMNI_ADDR="+o.Addr, "OMNI_OPS_ADDR=127.0.0.1:0", "OMNI_MONGODB_URI="+o.MongoURI, "OMNI_MASTER_KEY="+masterKey,
		"OMNI_ADMIN_KEY="+AdminKey, "OMNI_DATA_DIR="+o.DataDir, "OMNI_D360_BASE_URL="+o.D360URL, "OMNI_ALLOW_HOSTS=127.0.0.1", "OMNI_LOG_LEVEL=warn")
	if o.WhatsApp != nil {
		env = append(env, "OMNI_WHATSAPP_URL="+o.WhatsApp.URL, "OMNI_WHATSAPP_ROOT_KEY="+hex.EncodeToString(o.WhatsApp.RootKey[:]))
	}
	env = append(env, o.Env...)
	migrate := exec.CommandContext(ctx, o.Binary, "migrate")
	migrate.Env = env
	if out, err := migrate.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("migrate: %w: %s", err, out)
	}
	cmd := exec.Command(o.Binary, "serve") // ended by Kill or Stop, not with ctx
	cmd.Env, cmd.Stderr = env, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &Server{cmd: cmd, done: make(chan struct{}), log: log}
	lines := make(chan string, 16)
	go func() {
		scanner := bufio.NewScanner(out)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			default: // nobody reads any more
			}
		}
		close(lines)
		_ = cmd.Wait()
		close(s.done)
	}()
	return s, s.awaitAddress(ctx, lines)
}

// awaitAddress reads the line that tells where the server listens.
func (s *Server) awaitAddress(ctx context.Context, lines <-chan string) error {
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				return errors.New("the server ended before it listened; see its log")
			}
			if rest, found := strings.CutPrefix(line, "omnichannel listens on "); found {
				s.URL, rest, _ = strings.Cut(rest, " ")
				s.OpsURL = strings.TrimSuffix(strings.TrimPrefix(rest, "(operations: "), ")")
				return nil
			}
		case <-ctx.Done():
			s.Kill()
			return ctx.Err()
		}
	}
}

// PID is the server's process.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Kill ends the server as kill -9 does, and waits until it is gone.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill() // it may be gone already
	<-s.done
	_ = s.log.Close()
}

// Stop ends the server as an operator does, and waits until it has drained.
func (s *Server) Stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	<-s.done
	_ = s.log.Close()
}

// FreePort finds a port of the loopback that nobody listens on now.
func FreePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// Client is an HTTP client for many requests to few hosts.
func Client(timeout time.Duration) *http.Client {
	return &http.Client{Timeout: timeout, Transport: &http.Transport{
		MaxIdleConns: 512, MaxIdleConnsPerHost: 512, IdleConnTimeout: time.Minute,
		DialContext: (&net.Dialer{Timeout: 2 * time.Second}).DialContext,
	}}
}

// Drain reads an answer to its end, so that its connection can be used again.
func Drain(resp *http.Response) []byte {
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body) // what is cut off is told by its content
	return body
}

// Once runs a function at most once; for clean-ups that signals and returns
// both reach.
func Once(f func()) func() {
	var once sync.Once
	return func() { once.Do(f) }
}
