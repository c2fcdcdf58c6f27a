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

// pingTimeout bounds the readiness check of the session store.
const pingTimeout = 2 * time.Second

// errStopping is the readiness error of a console that is shutting down.
var errStopping = errors.New("keydeck is stopping")

// newAdmin returns the handler of liveness, readiness and metrics. It has a
// listener of its own, so that no path of the console leads to it.
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

// ready returns nil if sessions can be stored and audit records written. It does
// not call the APIs: while they are down, the console still reports that.
func (a *App) ready(ctx context.Context) error {
	if a.stopping.Load() {
		return errStopping
	}
	if err := a.audit.Check(); err != nil {
		return fmt.Errorf("%w: %w", errAudit, err)
	}
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	return a.store.Ping(ctx)
}

// sentence describes err without its cause, which may name files and hosts.
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
