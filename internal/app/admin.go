package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// pingTime is how long the session store may take to say that it is there.
const pingTime = 2 * time.Second

// errStopping is why a console that still answers is not ready.
var errStopping = errors.New("keydeck is stopping")

// newAdmin answers those who run the console: whether the process is up,
// whether it can do its work, and what it measures. It has a listener of its
// own, so no rule about paths has to keep visitors of the console out.
func newAdmin(ready func(context.Context) error, registry *prometheus.Registry, logger *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, "ok")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := ready(r.Context()); err != nil {
			logger.Warn("not ready", "error", err)
			answer(w, http.StatusServiceUnavailable, "not ready: "+sentence(err))
			return
		}
		answer(w, http.StatusOK, "ready")
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelError),
	}))
	return mux
}

// ready is nil when sessions can be stored and what is done written down. The APIs are not asked: were they
// down, a console taken out of service could not even say so.
func (a *App) ready(ctx context.Context) error {
	if a.stopping.Load() {
		return errStopping
	}
	if err := a.audit.Check(); err != nil {
		return fmt.Errorf("%w: %w", errAudit, err)
	}
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	return a.store.Ping(ctx)
}

// sentence leaves the cause to the log: it may name files and hosts.
func sentence(err error) string {
	switch {
	case errors.Is(err, errStopping):
		return "it is stopping"
	case errors.Is(err, errAudit):
		return "audit records cannot be written"
	}
	return "sessions cannot be stored"
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}
