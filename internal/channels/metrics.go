package channels

import "github.com/prometheus/client_golang/prometheus"

// metrics is what an operator watches of the channels.
type metrics struct {
	refused *prometheus.CounterVec // webhooks without the right secret
	checks  *prometheus.CounterVec // asked providers, by what they said
	devices prometheus.Gauge       // linked devices that this server holds
}

func newMetrics(registry prometheus.Registerer) *metrics {
	m := &metrics{
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnichannel_webhooks_refused_total", Help: "Webhooks that did not prove to know their channel's secret.",
		}, []string{"provider"}),
		checks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "omnichannel_channel_checks_total", Help: "Times that a provider was asked how a number is, by its answer.",
		}, []string{"provider", "outcome"}),
		devices: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "omnichannel_devices_held", Help: "Linked devices whose connection this server holds.",
		}),
	}
	if registry != nil {
		registry.MustRegister(m.refused, m.checks, m.devices)
	}
	return m
}
