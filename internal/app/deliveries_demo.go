package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/cirrus/omnichannel/internal/vault"
)

// console is the demo's agent platform: it prints the events it gets, if they are
// signed.
type console struct {
	listener net.Listener
	server   *http.Server
	ended    chan struct{}
	out      io.Writer
	secret   atomic.Pointer[func(context.Context) (vault.Secret, error)] // nil: not known yet
}

// openConsole listens on a free port of this machine; the same as the last time,
// where that is free: events that are still to be told are told there.
func openConsole(ctx context.Context, dataDir string, out io.Writer) (*console, error) {
	var lc net.ListenConfig
	remembered := filepath.Join(dataDir, "console.addr")
	last, _ := os.ReadFile(remembered) // there is none the first time
	listener, err := lc.Listen(ctx, "tcp", cmp.Or(string(last), "127.0.0.1:0"))
	if err != nil {
		listener, err = lc.Listen(ctx, "tcp", "127.0.0.1:0")
	}
	if err == nil {
		err = errors.Join(os.MkdirAll(dataDir, 0o700), os.WriteFile(remembered, []byte(listener.Addr().String()), 0o600))
	}
	if err != nil {
		return nil, fmt.Errorf("listen for the demo's events: %w", err)
	}
	c := &console{listener: listener, ended: make(chan struct{}), out: out}
	c.server = &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: c}
	go func() {
		defer close(c.ended)
		_ = c.server.Serve(listener) // it ends with close
	}()
	return c, nil
}

// ServeHTTP implements http.Handler. What comes before the secret is known waits.
func (c *console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 4<<20))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	secret := c.secret.Load()
	if secret == nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	switch genuine, err := verified(r, body, *secret); {
	case err != nil:
		w.WriteHeader(http.StatusServiceUnavailable)
	case !genuine:
		w.WriteHeader(http.StatusUnauthorized)
	default:
		show(c.out, body)
		w.WriteHeader(http.StatusNoContent)
	}
}

// verified tells whether a webhook is signed by the secret that there is now.
func verified(r *http.Request, body []byte, secret func(context.Context) (vault.Secret, error)) (bool, error) {
	now, err := secret(r.Context())
	if err != nil {
		return false, err
	}
	webhook, err := standardwebhooks.NewWebhook(now.Reveal())
	if err != nil {
		return false, err
	}
	return webhook.Verify(body, r.Header) == nil, nil
}

// show prints one event in a line.
func show(out io.Writer, body []byte) {
	var event struct {
		Type     string `json:"type"`
		Sequence int64  `json:"sequence"`
		Data     struct {
			Message struct {
				Status  string `json:"status"`
				Content struct {
					Text string `json:"text"`
				} `json:"content"`
			} `json:"message"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &event); err != nil {
		fmt.Fprintf(out, "    console ← what is no event: %v\n", err)
		return
	}
	line := "    console ← " + event.Type
	if event.Sequence > 0 {
		line += fmt.Sprintf(" #%d", event.Sequence)
	}
	if text := event.Data.Message.Content.Text; text != "" {
		line += fmt.Sprintf(" %q", text)
	}
	if status := event.Data.Message.Status; status != "" {
		line += " " + status
	}
	fmt.Fprintln(out, line)
}

func (c *console) host() string { return c.listener.Addr().String() }

// join makes the console the demo account's platform; its port is another one
// with every start.
func (c *console) join(ctx context.Context, a *App, d demo) error {
	c.trust(func(ctx context.Context) (vault.Secret, error) {
		secrets, err := a.Rooms.Platforms.Secrets(ctx, d.Account, d.Platform)
		if err != nil {
			return "", err
		}
		return secrets[0], nil
	})
	path := "/api/accounts/" + string(d.Account) + "/platform-configs/" + d.Platform.String()
	return call(ctx, d.Key, http.MethodPatch, a.URL()+path, map[string]string{"url": "http://" + c.host()}, nil)
}

// trust lets the console take what is signed by a secret.
func (c *console) trust(secret func(context.Context) (vault.Secret, error)) { c.secret.Store(&secret) }

func (c *console) close() {
	_ = c.server.Close() // nothing is lost: events wait
	<-c.ended
}

// oneByOne lets several write to one terminal.
type oneByOne struct {
	mu  sync.Mutex
	out io.Writer
}

// Write implements io.Writer.
func (o *oneByOne) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.out.Write(text)
}
