package d360

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// Options set a server up. The zero value works: the system clock, no numbers,
// the default settings, and memory for a day of a developer's work.
type Options struct {
	Clock  Clock
	Logger *slog.Logger
	// Seed makes ids and shuffles repeatable; zero takes the time.
	Seed uint64
	// Client delivers webhooks and fetches media links. It should not follow
	// redirects: only 200 counts.
	Client *http.Client
	// Settings replaces DefaultSettings.
	Settings *Settings
	// Numbers are registered at the start; Reset keeps them.
	Numbers []NumberConfig
	// WebhookWorkers is how many webhooks are on their way at once, 32 by default.
	// Events of one contact keep their order.
	WebhookWorkers int
	Limits         Limits
	// OnRequest and OnDelivery, when set, are told of every API request, once it is
	// answered and its receipts are planned, and of every webhook attempt, once it
	// stands in the log. They are called from many goroutines and must not block.
	OnRequest  func(RequestEntry)
	OnDelivery func(DeliveryEntry)
}

// Limits bound the memory of a server; what exceeds them pushes out the oldest,
// except webhooks and timers, where the new one is dropped and counted. Zero
// fields take the defaults named here.
type Limits struct {
	Messages   int   // 20,000, over all conversations
	Customers  int   // 10,000
	Requests   int   // 500 entries of the request log
	Deliveries int   // 500 entries of the delivery log
	BodyBytes  int   // 8 KiB of each body in a log
	MediaBytes int64 // 256 MiB of media
	Queue      int   // 65,536 webhooks that wait for their turn
	Timers     int   // 262,144 receipts, retries and replies that wait for their time
}

func (l Limits) withDefaults() Limits {
	for _, d := range []struct {
		field *int
		value int
	}{
		{&l.Messages, 20_000}, {&l.Customers, 10_000}, {&l.Requests, 500}, {&l.Deliveries, 500},
		{&l.BodyBytes, 8 << 10}, {&l.Queue, 65_536}, {&l.Timers, 262_144},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	if l.MediaBytes <= 0 {
		l.MediaBytes = 256 << 20
	}
	return l
}

// Server is a simulated 360dialog: the API host, the media host, and the phones
// of the customers behind it. It is safe for concurrent use.
type Server struct {
	clock    Clock
	log      *slog.Logger
	client   *http.Client
	ids      *minter
	limits   Limits
	initial  []NumberConfig
	settings atomic.Pointer[Settings]
	defaults Settings

	onRequest  func(RequestEntry)
	onDelivery func(DeliveryEntry)

	ctx    context.Context
	cancel context.CancelFunc
	closed sync.Once

	background sync.WaitGroup // fetches of links
	faults     *control.Faults[Match, Fault]
	media      *mediaShelf
	hooks      *webhookSender

	logMu    sync.Mutex
	requests *ring[RequestEntry]

	mu sync.Mutex // guards world
	world
}

// New starts a server; Close ends it. It panics when the settings or the numbers
// of the options are wrong, which is a mistake in the program.
func New(o Options) *Server {
	s := &Server{
		clock: o.Clock, log: o.Logger, client: o.Client, limits: o.Limits.withDefaults(),
		initial: o.Numbers, defaults: DefaultSettings(), onRequest: o.OnRequest, onDelivery: o.OnDelivery,
	}
	if s.clock == nil {
		s.clock = systemClock{}
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	seed := o.Seed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	s.ids = newMinter(seed)
	if o.Settings != nil {
		s.defaults = *o.Settings
	}
	if err := s.defaults.Check(); err != nil {
		panic(fmt.Sprintf("d360 sandbox: %v", err))
	}
	workers := o.WebhookWorkers
	if workers <= 0 {
		workers = 32
	}
	if s.client == nil {
		s.client = webhookClient(workers)
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.world = newWorld(s.limits, newScheduler(s.clock, s.limits.Timers))
	s.faults = control.NewFaults(checkRule, func() string { return "fault-" + s.ids.hex(8) })
	s.media = newMediaShelf(s.limits.MediaBytes)
	s.requests = newRing[RequestEntry](s.limits.Requests)
	s.hooks = newWebhookSender(s, workers)
	if err := s.Reset(); err != nil {
		s.Close()
		panic(fmt.Sprintf("d360 sandbox: %v", err))
	}
	return s
}

// webhookClient keeps connections alive and follows no redirect.
func webhookClient(workers int) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns = 4 * workers
	transport.MaxIdleConnsPerHost = workers
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Reset takes the server back to how New made it: the numbers of the options,
// their seed templates, the settings; no customers, messages, media, faults or
// logs, and nothing on its way but the webhooks being delivered right now.
func (s *Server) Reset() error {
	s.mu.Lock()
	past := s.world
	s.world = newWorld(s.limits, newScheduler(s.clock, s.limits.Timers))
	s.mu.Unlock()
	past.timers.close()
	s.hooks.clear()
	_ = s.faults.Set(nil) // none fails no check
	s.media.clear()
	settings := s.defaults
	s.settings.Store(&settings)
	s.logMu.Lock()
	s.requests.clear()
	s.logMu.Unlock()
	for _, n := range s.initial {
		if _, err := s.AddNumber(n); err != nil {
			return err
		}
	}
	return nil
}

// schedule gives the timers of the world as it is. The caller must not hold s.mu.
func (s *Server) schedule() *scheduler {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.timers
}

// Settings returns the settings in force.
func (s *Server) Settings() Settings { return *s.settings.Load() }

// Configure replaces the settings.
func (s *Server) Configure(settings Settings) error {
	if err := settings.Check(); err != nil {
		return err
	}
	s.settings.Store(&settings)
	return nil
}

// Close stops what the server started: webhook workers, timers, requests under
// way to webhooks. It may be called twice.
func (s *Server) Close() {
	s.closed.Do(func() {
		s.cancel()
		s.schedule().close()
		s.background.Wait()
		s.hooks.close()
		s.client.CloseIdleConnections()
	})
}

// Running is a server that listens.
type Running struct {
	// APIURL and ControlURL are http base URLs without a slash at the end.
	APIURL, ControlURL string

	listening *control.Listening
}

// Listen serves the API on one address and the control on another; port 0 picks
// one. It returns once both accept connections. Close of the Running ends them,
// so does the end of ctx; the Server is closed apart.
func (s *Server) Listen(ctx context.Context, apiAddr, controlAddr string) (*Running, error) {
	l, err := control.Listen(ctx, "360dialog", apiAddr, s.Handler(), controlAddr, s.Control())
	if err != nil {
		return nil, err
	}
	r := &Running{APIURL: l.URL, ControlURL: l.ControlURL, listening: l}
	context.AfterFunc(ctx, r.Close)
	return r, nil
}

// Close stops listening and cuts the connections that are open.
func (r *Running) Close() {
	r.listening.Stop()
	r.listening.Wait()
}
