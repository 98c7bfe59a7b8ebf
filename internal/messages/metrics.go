package messages

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// commitMetrics is what an operator watches of the group commit.
type commitMetrics struct {
	size    prometheus.Histogram
	took    prometheus.Histogram
	retries prometheus.Counter
}

func newCommitMetrics(registry prometheus.Registerer) *commitMetrics {
	m := &commitMetrics{
		size: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "omnichannel_commit_batch_size", Help: "Changes in one transaction of the group commit.",
			Buckets: []float64{1, 2, 4, 8, 16, 32, 64, 128},
		}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "omnichannel_commit_seconds", Help: "Time of one batch of the group commit, retries included.",
			Buckets: []float64{.002, .005, .01, .02, .05, .1, .25, .5, 1, 5, 20},
		}),
		retries: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "omnichannel_commit_retries_total", Help: "Batches that had to be planned again.",
		}),
	}
	registry.MustRegister(m.size, m.took, m.retries)
	return m
}

func (m *commitMetrics) batch(changes int, took time.Duration) {
	m.size.Observe(float64(changes))
	m.took.Observe(took.Seconds())
}

func (m *commitMetrics) retry() { m.retries.Inc() }
