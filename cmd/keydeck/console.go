package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"keydeck/internal/app"
)

// runConsole serves the console until ctx ends.
func runConsole(ctx context.Context, cfg config, logger *slog.Logger, stdout, stderr io.Writer) error {
	wiring := cfg.forApp()
	wiring.Logger, wiring.Version = logger, versionName()
	if wiring.AuditPath == "" {
		wiring.AuditOut = map[string]io.Writer{"stdout": stdout, "stderr": stderr}[cfg.AuditLog]
	}
	console, err := app.New(wiring)
	if err != nil {
		return nameVariable(err)
	}
	address := cmp.Or(cfg.PublicURL, console.URL())
	logger.Info("keydeck is up", "version", wiring.Version, "address", address, "admin", console.AdminURL(), "sandbox", console.SandboxURL())
	if cfg.Sandbox {
		if err := announceConsole(stdout, address, console); err != nil {
			logger.Warn("the address could not be printed", "error", err)
		}
	}
	if wiring.AuditPath != "" {
		stop := reopenOnHangup(console, logger)
		defer stop()
	}
	return console.Serve(ctx)
}

// reopenOnHangup follows what rotates log files. Without a file of ours, the
// signal goes on to end the process, as people expect when a terminal closes.
func reopenOnHangup(console *app.App, logger *slog.Logger) (stop func()) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range hangups {
			if err := console.ReopenAudit(); err != nil {
				logger.Error("the audit log could not be opened anew, the file before stays", "error", err)
				continue
			}
			logger.Info("the audit log was opened anew")
		}
	}()
	return func() {
		signal.Stop(hangups)
		close(hangups)
		<-done
	}
}

// announceConsole is for the person who tries Keydeck out in a terminal, so
// it is no log.
func announceConsole(w io.Writer, address string, console *app.App) error {
	_, err := fmt.Fprintf(w, "\n  Keydeck   %s\n  Sandbox   %s\n  S3        %s\n\n", address, console.SandboxURL(), console.StorageURL())
	if err != nil {
		return err
	}
	return writeAccounts(w, console.Accounts())
}
