// Package app puts the program together: the one place that makes the rooms,
// registers adapters and hooks, mounts the routes, and runs the loops. The
// binary and the end-to-end tests start the same App.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/internal/web"
	"github.com/cirrus/omnichannel/migrations"
)

// drainMost is how long a stopping server waits for what it has accepted.
const drainMost = 45 * time.Second

// Options is what a test may put in the place of the real thing; the zero
// value is what production runs.
type Options struct {
	Now     func() time.Time
	Egress  egress.Options // Allow is added to the settings'
	Monitor *event.CommandMonitor
	// Pace is what clients must keep to; zero means web.DefaultPace.
	Pace web.Pace
	// Migrate brings the store up to date instead of refusing a pending one.
	Migrate bool
	// OwnURL takes the address listened on for OMNI_PUBLIC_URL where that is
	// not set: for providers that run beside the server.
	OwnURL bool
	// AskLimit is how long a request waits for what a linked device is to do;
	// zero: 25 s.
	AskLimit time.Duration
}

// App is a running server.
type App struct {
	Rooms    Rooms
	Routes   []web.Route
	DB       *mongo.Database
	Registry *prometheus.Registry

	client    *mongo.Client
	listeners []net.Listener
	servers   []*http.Server
	apiAddr   net.Addr
	opsAddr   net.Addr
	loops     []*jobs.Loop
	failed    chan error
}

// Start brings a server up: it returns when both addresses accept connections.
func Start(ctx context.Context, cfg config.Config, o Options) (_ *App, err error) {
	if o.Now == nil {
		o.Now = func() time.Time { return time.Now().UTC() }
	}
	if o.Pace == (web.Pace{}) {
		o.Pace = web.DefaultPace
	}
	a := &App{Registry: prometheus.NewRegistry(), failed: make(chan error, 2)}
	a.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close(context.WithoutCancel(ctx)))
		}
	}()
	api, ops, err := a.listen(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if o.OwnURL && cfg.PublicURL == "" {
		cfg.PublicURL = a.URL()
	}
	if err := a.connect(ctx, cfg, o); err != nil {
		return nil, err
	}
	keys, err := vault.New(cfg.MasterKey, cfg.MasterKeyPrevious...)
	if err != nil {
		return nil, err // it names the setting
	}
	if a.Rooms, err = makeRooms(ctx, cfg, o, a.DB, keys, a.Registry); err != nil {
		return nil, err
	}
	a.Routes = append(a.Rooms.routes(), a.operations()...)
	engine := web.New(web.Options{
		Routes: a.Routes, Auth: a.Rooms.Accounts, Gate: a.Rooms.Gateway, Idempotency: a.Rooms.Idempotency,
		Metrics: web.NewMetrics(a.Registry), CORSOrigins: cfg.CORSOrigins, TrustedProxies: cfg.TrustedProxies,
	})
	a.answer(api, web.Paced(engine, o.Pace))
	a.answer(ops, web.Paced(a.opsHandler(), o.Pace))
	a.startLoops(ctx)
	return a, nil
}

// connect reaches the store and sees to its schema.
func (a *App) connect(ctx context.Context, cfg config.Config, o Options) error {
	client, err := mongodb.Connect(ctx, cfg.MongoDBURI, mongodb.Options{Monitor: o.Monitor})
	if err != nil {
		return err
	}
	a.client, a.DB = client, client.Database(databaseName(cfg.MongoDBURI))
	if o.Migrate {
		return mongodb.Migrate(ctx, a.DB, migrations.All())
	}
	return upToDate(ctx, a.DB)
}

// listen opens both addresses; requests wait until answer.
func (a *App) listen(ctx context.Context, cfg config.Config) (api, ops net.Listener, err error) {
	var lc net.ListenConfig
	if api, err = lc.Listen(ctx, "tcp", cfg.Addr); err != nil {
		return nil, nil, fmt.Errorf("OMNI_ADDR: %w", err)
	}
	a.listeners = append(a.listeners, api)
	if ops, err = lc.Listen(ctx, "tcp", cfg.OpsAddr); err != nil {
		return nil, nil, fmt.Errorf("OMNI_OPS_ADDR: %w", err)
	}
	a.listeners = append(a.listeners, ops)
	a.apiAddr, a.opsAddr = api.Addr(), ops.Addr()
	return api, ops, nil
}

// answer serves a listener until Close.
func (a *App) answer(on net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	a.servers = append(a.servers, server)
	go func() {
		if err := server.Serve(on); !errors.Is(err, http.ErrServerClosed) {
			a.failed <- err
		}
	}()
}

// URL is where the API answers.
func (a *App) URL() string { return "http://" + a.apiAddr.String() }

// OpsURL is where /metrics answers.
func (a *App) OpsURL() string { return "http://" + a.opsAddr.String() }

// Failed tells when a listener broke down.
func (a *App) Failed() <-chan error { return a.failed }

// Close stops in order: no new requests, then the loops, then what was
// accepted, then the store.
func (a *App) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, drainMost)
	defer cancel()
	var errs []error
	if a.Rooms.Events != nil { // else it never answered
		a.Rooms.Events.EndStreams()
	}
	for _, server := range a.servers {
		errs = append(errs, endRequests(ctx, server))
	}
	for _, listener := range a.listeners {
		_ = listener.Close() // closed by its server, where one answered on it
	}
	for _, loop := range a.loops {
		loop.Stop()
	}
	errs = append(errs, a.Rooms.close(ctx))
	if a.client != nil {
		errs = append(errs, a.client.Disconnect(ctx))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// requestsMost is how long requests may still take when the server stops; what
// was accepted needs the rest of the time.
const requestsMost = 15 * time.Second

// endRequests lets requests finish, and cuts off those that take too long.
func endRequests(ctx context.Context, server *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, requestsMost)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		slog.Warn("requests were cut off at the stop", "error", err)
		return server.Close()
	}
	return nil
}

// startLoops runs what the rooms must do again and again.
func (a *App) startLoops(ctx context.Context) {
	lag := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "omnichannel_loop_seconds", Help: "Time of one run of a background loop, by loop and result.",
		Buckets: []float64{.001, .01, .1, 1, 10, 60},
	}, []string{"loop", "result"})
	a.Registry.MustRegister(lag)
	for _, l := range append(a.Rooms.loops(), a.channelCounts()) {
		loop := &jobs.Loop{Name: l.name, Interval: l.interval, Run: l.run, Wake: l.wake, Logger: slog.Default(),
			Observe: func(name string, _, took time.Duration, err error) {
				result := "ok"
				if err != nil {
					result = "error"
				}
				lag.WithLabelValues(name, result).Observe(took.Seconds())
			}}
		loop.Start(context.WithoutCancel(ctx))
		a.loops = append(a.loops, loop)
	}
}

// sealer lets the edge keep answers encrypted.
type sealer struct{ vault *vault.Vault }
