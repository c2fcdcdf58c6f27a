package main

import (
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"keydeck/internal/app"
	"keydeck/internal/parallel"
)

// ignoreHangup makes SIGHUP harmless. It is the signal of a closed terminal, of
// log rotation and of a service manager's reload; its default would end the
// process with all requests in flight.
func ignoreHangup() { signal.Ignore(syscall.SIGHUP) }

// reopenOnHangup reopens on SIGHUP what can be reopened, which is an audit log
// in a file, and logs that there is nothing to reopen otherwise. After stop the
// signal is ignored.
func reopenOnHangup(console *app.App, logger *slog.Logger) (stop func()) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	var g parallel.Group
	g.Go(func() {
		for range hangups {
			reopen(console, logger)
		}
	})
	return func() {
		ignoreHangup()
		close(hangups)
		g.Wait()
	}
}

func reopen(console *app.App, logger *slog.Logger) {
	reopened, err := console.ReopenAudit()
	switch {
	case err != nil:
		logger.Error("the audit log was not reopened; records go to the previous file", "error", err)
	case reopened:
		logger.Info("the audit log was reopened")
	default:
		logger.Info("SIGHUP: the audit log is not a file, nothing to reopen")
	}
}
