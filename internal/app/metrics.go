package app

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics are the console's metrics, in a registry of their own, so that two
// consoles in one process do not conflict.
type metrics struct {
	registry *prometheus.Registry
	upstream *prometheus.HistogramVec
	// auditLost counts audit records that could not be written.
	auditLost prometheus.Counter
	// guessing counts signs that passwords are being guessed.
	guessing *prometheus.CounterVec
}

func newMetrics(version string) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		upstream: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "keydeck_upstream_request_duration_seconds",
			Help:    "Time the remote APIs took to answer, by API, operation and class of status.",
			Buckets: []float64{.025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"api", "operation", "status"}),
	}
	m.auditLost = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "keydeck_audit_records_lost_total",
		Help: "Audit records that could not be written.",
	})
	m.guessing = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "keydeck_sign_in_guessing_total",
		Help: "How often the failed sign-ins of one address or one account have passed their limit, or doubled since.",
	}, []string{"by"})
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name:        "keydeck_build_info",
		Help:        "Always 1; the label tells the version that runs.",
		ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(
		m.upstream, m.auditLost, m.guessing, build,
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// observeUpstream records one response of an API. The operation is a route
// pattern: with ids there would be a time series for every key.
func (m *metrics) observeUpstream(api, operation string, status int, took time.Duration) {
	m.upstream.WithLabelValues(api, operation, statusClass(status)).Observe(took.Seconds())
}

// statusClass returns "2xx" and so on, or "none" without a response.
func statusClass(status int) string {
	if status < 100 || status > 599 {
		return "none"
	}
	return strconv.Itoa(status/100) + "xx"
}
