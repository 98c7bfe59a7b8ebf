package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/cirrus/omnichannel/bench/rig"
)

// outage is how a platform is down.
type outage int

const (
	portClosed outage = iota
	unavailable
)

func (o outage) String() string {
	return [...]string{"refuses connections", "answers 503"}[o]
}

// arrival is one call of the platform's URL with an event.
type arrival struct {
	ID       string // of the event, as the database has it
	Session  string // empty: of no session
	Sequence int64
	Taken    bool // it was answered 204, else 503
	At       time.Time
}

// platform is what the events are delivered to. It is down until it rises, and
// remembers what came in the order of its coming.
type platform struct {
	addr    string
	webhook *standardwebhooks.Webhook

	mu     sync.Mutex
	server *http.Server // nil: the port is closed
	rose   time.Time    // zero: it is down
	got    []arrival
	wrong  []string // calls that no platform would accept
}

// newPlatform makes a receiver the URL of the world's platform config, its port
// closed. Whoever signs by another secret than the config's is refused.
func newPlatform(ctx context.Context, client *http.Client, server string, w rig.World) (*platform, error) {
	addr, err := rig.FreePort()
	if err != nil {
		return nil, err
	}
	config := server + "/api/accounts/" + w.Account + "/platform-configs/" + w.Config
	var rotated struct {
		Secret string `json:"secret"`
	}
	if err := rig.Call(ctx, client, w.Key, http.MethodPost, config+"/rotate-secret", nil, &rotated); err != nil {
		return nil, err
	}
	webhook, err := standardwebhooks.NewWebhook(rotated.Secret)
	if err != nil {
		return nil, fmt.Errorf("read the secret of platform config %s: %w", w.Config, err)
	}
	p := &platform{addr: addr, webhook: webhook}
	return p, rig.Call(ctx, client, w.Key, http.MethodPatch, config, map[string]any{"url": "http://" + addr + "/events"}, nil)
}

// fall lets the platform be down, in this way from now on.
func (p *platform) fall(how outage) error {
	if how == portClosed {
		p.close()
		return nil
	}
	return p.open()
}

// rise lets the platform take events from now on.
func (p *platform) rise() error {
	p.mu.Lock()
	p.rose = time.Now()
	p.mu.Unlock()
	return p.open()
}

func (p *platform) open() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.server != nil {
		return nil
	}
	listener, err := net.Listen("tcp", p.addr)
	if err != nil {
		return fmt.Errorf("open the platform's port again: %w", err)
	}
	server := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
	p.server = server
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			p.protest("the platform's port: %v", err)
		}
	}()
	return nil
}

// close closes the port, and every connection to it.
func (p *platform) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.server != nil {
		_ = p.server.Close() // what is cut off is what it is to be
		p.server = nil
	}
}

func (p *platform) protest(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wrong = append(p.wrong, fmt.Sprintf(format, args...))
}

// ServeHTTP implements http.Handler.
func (p *platform) ServeHTTP(to http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // its sender was killed
	}
	event, err := p.read(body, req.Header)
	if err != nil {
		p.protest("%v", err)
		to.WriteHeader(http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	event.At, event.Taken = time.Now(), !p.rose.IsZero()
	p.got = append(p.got, event)
	p.mu.Unlock()
	if !event.Taken {
		to.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	to.WriteHeader(http.StatusNoContent)
}

// read takes an event only with a good signature, and whole.
func (p *platform) read(body []byte, header http.Header) (arrival, error) {
	id := header.Get(standardwebhooks.HeaderWebhookID)
	if err := p.webhook.Verify(body, header); err != nil {
		return arrival{}, fmt.Errorf("event %q is not signed: %w", id, err)
	}
	var event struct {
		ID       string `json:"id"`
		Session  string `json:"sessionId"`
		Sequence int64  `json:"sequence"`
	}
	if err := json.Unmarshal(body, &event); err != nil {
		return arrival{}, fmt.Errorf("event %q is no JSON: %w", id, err)
	}
	if event.ID != id {
		return arrival{}, fmt.Errorf("event %q has the webhook-id %q", event.ID, id)
	}
	return arrival{ID: strings.TrimPrefix(id, "evt_"), Session: event.Session, Sequence: event.Sequence}, nil
}

// arrivals gives what came so far, and since when the platform takes events.
func (p *platform) arrivals() (got []arrival, rose time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.got), p.rose
}

// protests gives what was wrong with calls so far.
func (p *platform) protests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.wrong)
}
