package whatsapp

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"go.mau.fi/libsignal/logger"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// Options set a server up. The zero value works: new keys, the system clock, no
// phones, the default settings.
type Options struct {
	// Seed makes the server's keys, so that a server started again is still
	// trusted; RootKey gives the one that clients need. Empty makes new keys.
	Seed   string
	Now    func() time.Time
	Logger *slog.Logger
	// Settings replaces DefaultSettings.
	Settings *Settings
	// Phones are registered at the start; Reset keeps them.
	Phones []PhoneConfig
	Limits Limits
	// OnStanza, when set, is told of every stanza that a client sent or was sent,
	// once it stands in the log. It is called from many goroutines and must not
	// block.
	OnStanza func(StanzaEntry)
}

// Limits bound the memory of a server; what exceeds them pushes out the oldest,
// except for the outbox, where the client is cut off. Zero fields take the
// defaults named here.
type Limits struct {
	Phones     int   // 20,000; one more is refused
	Messages   int   // 1,000 that each phone remembers
	Pending    int   // 20,000 stanzas that wait for each linked device
	Outbox     int   // 50,000 nodes on their way to each connection
	Stanzas    int   // 500 entries of the log
	MediaBytes int64 // 256 MiB of media
}

func (l Limits) withDefaults() Limits {
	for _, d := range []struct {
		field *int
		value int
	}{
		{&l.Phones, 20_000}, {&l.Messages, 1_000}, {&l.Pending, 20_000}, {&l.Outbox, 50_000}, {&l.Stanzas, 500},
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

// Server is a simulated WhatsApp: its websocket, its media hosts, and the phones
// of everybody on it. It is safe for concurrent use.
type Server struct {
	keys     serverKeys
	now      func() time.Time
	log      *slog.Logger
	limits   Limits
	initial  []PhoneConfig
	defaults Settings
	settings atomic.Pointer[Settings]
	onStanza func(StanzaEntry)
	ids      atomic.Uint64

	ctx     context.Context
	cancel  context.CancelFunc
	closing sync.RWMutex // held to read while something is started
	closed  bool
	running sync.WaitGroup

	faults *control.Faults[Match, Fault]
	media  *mediaShelf
	news   *bell

	logMu   sync.Mutex
	stanzas *ring[StanzaEntry]

	mu sync.Mutex // guards world, and all that hangs from it; see phone for its own lock
	world
}

// New starts a server; Close ends it. It panics when the settings or the phones
// of the options are wrong, which is a mistake in the program.
func New(o Options) *Server {
	quietSignal()
	s := &Server{
		keys: newServerKeys(o.Seed), now: o.Now, log: o.Logger, limits: o.Limits.withDefaults(), initial: o.Phones,
		defaults: DefaultSettings(), onStanza: o.OnStanza, faults: newFaults(), news: newBell(),
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if o.Settings != nil {
		s.defaults = *o.Settings
	}
	if err := s.defaults.Check(); err != nil {
		panic(fmt.Sprintf("whatsapp sandbox: %v", err))
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.media = newMediaShelf(s.limits.MediaBytes)
	s.stanzas = newRing[StanzaEntry](s.limits.Stanzas)
	if err := s.Reset(); err != nil {
		s.Close()
		panic(fmt.Sprintf("whatsapp sandbox: %v", err))
	}
	return s
}

// quietSignal gives libsignal its logger, which it would make at first use: two
// goroutines may race for that.
var quietSignal = sync.OnceFunc(func() {
	if logger.Logger == nil {
		var none logger.Loggable = discard{}
		logger.Setup(&none)
	}
})

type discard struct{}

func (discard) Debug(string, string)   {}
func (discard) Info(string, string)    {}
func (discard) Warning(string, string) {}
func (discard) Error(string, string)   {}
func (discard) Configure(string)       {}

// RootKey is the key that clients must trust: see the function of that name.
func (s *Server) RootKey() [32]byte { return *s.keys.root.Pub }

// Reset takes the server back to how New made it: the phones of the options with
// new identities and no linked device, the settings; no other phones, groups,
// media, faults or log. Connections are cut: devices that were linked are logged
// out when they come back.
func (s *Server) Reset() error {
	settings := s.defaults
	s.settings.Store(&settings)
	_ = s.faults.Set(nil) // none fails no check
	s.media.clear()
	s.logMu.Lock()
	s.stanzas.clear()
	s.logMu.Unlock()
	s.mu.Lock()
	s.world.end()
	s.world = newWorld()
	s.mu.Unlock()
	for _, p := range s.initial {
		if _, err := s.AddPhone(p); err != nil {
			return err
		}
	}
	s.news.ring()
	return nil
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

// Close cuts every connection and stops what the server started. It may be
// called twice.
func (s *Server) Close() {
	s.closing.Lock()
	s.closed = true
	s.closing.Unlock()
	s.cancel()
	s.mu.Lock()
	s.world.end()
	s.mu.Unlock()
	s.running.Wait()
}

// start runs f in a goroutine that Close waits for; it reports false, and does
// not, once the server is closed.
func (s *Server) start(f func()) bool {
	s.closing.RLock()
	defer s.closing.RUnlock()
	if s.closed {
		return false
	}
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		f()
	}()
	return true
}

// after runs f in d, unless the server is closed by then.
func (s *Server) after(d time.Duration, f func()) {
	s.start(func() {
		if pause(s.ctx, d) {
			f()
		}
	})
}

// nextID is an id of a stanza that the server makes, or a number for what needs
// one.
func (s *Server) nextID() string { return fmt.Sprint(100_000 + s.ids.Add(1)) }

// Wait returns once condition holds, and asks it again whenever anything
// happened: a message, a receipt, a login, a change of any chat. It gives the
// error of ctx when that ends first. The condition may call the Server.
func (s *Server) Wait(ctx context.Context, condition func() bool) error {
	for {
		rung := s.news.next()
		if condition() {
			return nil
		}
		select {
		case <-rung:
		case <-s.ctx.Done():
			return s.ctx.Err()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
