package messages

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/cirrus/omnichannel/internal/providers"
)

// sendMetrics is what an operator watches of the sends.
type sendMetrics struct {
	fates    *prometheus.CounterVec
	attempts *prometheus.HistogramVec
	errors   *prometheus.CounterVec
}

func newSendMetrics(registry prometheus.Registerer) *sendMetrics {
	m := &sendMetrics{
		fates: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnichannel_sends_total", Help: "Deliveries by what became of them: sent, queued, unknown, failed, error.",
		}, []string{"outcome"}),
		attempts: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "omnichannel_provider_send_seconds", Help: "Time of one talk with a provider, by its result.",
			Buckets: []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 40},
		}, []string{"result"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnichannel_provider_errors_total", Help: "Failed talks with a provider, by the stable code of the failure.",
		}, []string{"code"}),
	}
	registry.MustRegister(m.fates, m.attempts, m.errors)
	return m
}

func (m *sendMetrics) attempt(_ Message, err error, took time.Duration) {
	result := "ok"
	if err != nil {
		result = "error"
		m.errors.WithLabelValues(string(providers.AsSendError(err).Reason.Code())).Inc()
	}
	m.attempts.WithLabelValues(result).Observe(took.Seconds())
}

func (m *sendMetrics) done(_ Message, f fate) {
	switch {
	case f.err != nil:
		m.fates.WithLabelValues("error").Inc()
	case f.queued:
		m.fates.WithLabelValues("queued").Inc()
	case f.failed == nil:
		m.fates.WithLabelValues("sent").Inc()
	case f.failed.Sent == providers.Maybe:
		m.fates.WithLabelValues("unknown").Inc()
	default:
		m.fates.WithLabelValues("failed").Inc()
	}
}
