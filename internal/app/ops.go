package app

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"

	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
	"github.com/cirrus/omnichannel/migrations"
)

// opsHandler is what an operator's tools ask: alive, ready, metrics, profiles.
func (a *App) opsHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.Registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index) // named profiles too
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /healthz", a.Health)
	mux.HandleFunc("GET /readyz", a.Ready)
	return mux
}

// operations are the same questions on the API's address, for balancers that
// reach no other.
func (a *App) operations() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/healthz", OperationID: "getHealth", Scope: web.Public, Handler: gin.WrapF(a.Health)},
		{Method: http.MethodGet, Path: "/readyz", OperationID: "getReadiness", Scope: web.Public, Handler: gin.WrapF(a.Ready)},
	}
}

// Health answers as long as the process does.
func (a *App) Health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// readiness is the answer of /readyz.
type readiness struct {
	Status     string                   `json:"status"` // ready, or what is missing
	Store      string                   `json:"store"`
	Migrations []string                 `json:"pendingMigrations"`
	Channels   map[providers.Status]int `json:"channels"`
}

// Ready fails while the store does not answer or lacks migrations; channels
// are only counted.
func (a *App) Ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	answer, status := readiness{Status: "ready", Store: "ok", Migrations: []string{}}, http.StatusOK
	if err := a.client.Ping(ctx, readpref.Primary()); err != nil {
		answer.Status, answer.Store, status = "not ready", "the store does not answer", http.StatusServiceUnavailable
		writeJSON(w, status, answer)
		return
	}
	pending, err := mongodb.Pending(ctx, a.DB, migrations.All())
	switch {
	case err != nil:
		answer.Status, answer.Store, status = "not ready", "the store does not answer", http.StatusServiceUnavailable
	case len(pending) > 0:
		answer.Status, status = "not ready", http.StatusServiceUnavailable
		answer.Migrations = append(answer.Migrations, pending...)
	}
	if counts, err := a.Rooms.Channels.CountByStatus(ctx); err == nil {
		answer.Channels = counts
	}
	writeJSON(w, status, answer)
}

// channelCounts keeps a gauge of the channels in each condition.
func (a *App) channelCounts() loop {
	gauge := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "omnichannel_channels", Help: "Channels by the condition of their connection. Of the whole store, as of the last 15 seconds.",
	}, []string{"status"})
	a.Registry.MustRegister(gauge)
	seen := map[providers.Status]bool{} // a condition that no channel is in any more shows 0
	return loop{name: "channel_counts", interval: 15 * time.Second, run: func(ctx context.Context) error {
		counts, err := a.Rooms.Channels.CountByStatus(ctx)
		if err != nil {
			return err
		}
		for status := range seen {
			if counts[status] == 0 {
				gauge.WithLabelValues(string(status)).Set(0)
			}
		}
		for status, n := range counts {
			seen[status] = true
			gauge.WithLabelValues(string(status)).Set(float64(n))
		}
		return nil
	}}
}

func writeJSON(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // the caller is gone
}
