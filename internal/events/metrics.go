package events

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
)

// metrics is what an operator watches of the deliveries.
type metrics struct {
	placed   prometheus.Counter
	attempts *prometheus.CounterVec
	took     prometheus.Histogram
	settled  *prometheus.CounterVec
	down     prometheus.Gauge
	unplaced prometheus.Gauge
	pending  prometheus.Gauge
	oldest   prometheus.Gauge

	listeners prometheus.Gauge
}

func newMetrics(registry prometheus.Registerer) *metrics {
	m := &metrics{
		placed: prometheus.NewCounter(prometheus.CounterOpts{Name: "omnichannel_events_placed_total", Help: "Events that got their position."}),
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnichannel_delivery_attempts_total", Help: "Calls of platforms' URLs, by what came of them: delivered, refused, down, gone.",
		}, []string{"outcome"}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "omnichannel_delivery_seconds", Help: "Time of one call of a platform's URL.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 15},
		}),
		settled: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "omnichannel_deliveries_total", Help: "Deliveries that came to an end, by status."}, []string{"status"}),
		down:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "omnichannel_endpoints_down", Help: "Platforms' URLs that this server delivers to and that take nothing now."}),
		unplaced: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "omnichannel_events_unplaced", Help: "Batches of events without a position yet. Of the whole store, up to 100,000, as of the last 15 seconds."}),
		pending: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "omnichannel_deliveries_pending", Help: "Deliveries still to be made. Of the whole store, up to 100,000, as of the last 15 seconds."}),
		oldest: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "omnichannel_deliveries_oldest_seconds", Help: "How long the longest waiting of this server's deliveries has been pending, as of the last 15 seconds."}),
	}
	m.listeners = prometheus.NewGauge(prometheus.GaugeOpts{Name: "omnichannel_event_listeners", Help: "Clients of this server's event streams."})
	registry.MustRegister(m.placed, m.attempts, m.took, m.settled, m.down, m.unplaced, m.pending, m.oldest, m.listeners)
	return m
}

func (m *metrics) attempt(outcome outcome, took time.Duration) {
	m.attempts.WithLabelValues(string(outcome)).Inc()
	m.took.Observe(took.Seconds())
}

// measureMost is how far the queues are counted.
const measureMost = 100_000

// measure counts what waits.
func (s *Service) measure(ctx context.Context) error {
	n, err := s.events.CountDocuments(ctx, bson.D{{Key: "unplaced", Value: true}}, options.Count().SetLimit(measureMost))
	if err != nil {
		return fmt.Errorf("count the events without a position: %w", err)
	}
	s.metrics.unplaced.Set(float64(n))
	if n, err = s.left(ctx, bson.D{{Key: "pending", Value: true}}, measureMost); err != nil {
		return fmt.Errorf("count what is pending: %w", err)
	}
	s.metrics.pending.Set(float64(min(n, measureMost)))
	oldest := time.Duration(0)
	for _, e := range s.allEndpoints() {
		since, err := s.oldest(ctx, e.account, e.id)
		if err != nil {
			return err
		}
		if !since.IsZero() {
			oldest = max(oldest, s.now().Sub(since))
		}
	}
	s.metrics.oldest.Set(oldest.Seconds())
	return nil
}

// oldest is since when an endpoint's first delivery waits; zero when none does.
func (s *Service) oldest(ctx context.Context, account ids.Account, config ids.PlatformConfig) (time.Time, error) {
	first, err := s.pending(ctx, account, config, 0, 1)
	if err != nil || len(first) == 0 {
		return time.Time{}, err
	}
	return first[0].PendingSince, nil
}
