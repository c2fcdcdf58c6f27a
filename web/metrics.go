package web

import (
	"fmt"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts requests by route pattern, so that no address becomes a label.
type metrics struct{ duration *prometheus.HistogramVec }

func newMetrics(registry prometheus.Registerer) (*metrics, error) {
	m := &metrics{prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "keydeck_http_request_duration_seconds",
		Help:    "Time to answer a request of a browser, by route, method and status; 499 for a client that has gone.",
		Buckets: []float64{.001, .005, .01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
	}, []string{"route", "method", "status"})}
	if registry == nil {
		return m, nil
	}
	if err := registry.Register(m.duration); err != nil {
		return nil, fmt.Errorf("web: metrics: %w", err)
	}
	return m, nil
}

func (m *metrics) count(c echo.Context, status int, took time.Duration) {
	m.duration.WithLabelValues(c.Path(), methodOf(c), strconv.Itoa(status)).Observe(took.Seconds())
}
