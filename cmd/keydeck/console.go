package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"

	"keydeck/internal/app"
)

// runConsole serves the console until ctx ends.
func runConsole(ctx context.Context, cfg config, logger *slog.Logger, stdout, stderr io.Writer) error {
	wiring := cfg.forApp()
	wiring.Logger, wiring.Version = logger, versionName()
	if wiring.AuditPath == "" {
		wiring.AuditOut = map[string]io.Writer{"stdout": stdout, "stderr": stderr}[cfg.AuditLog]
	}
	console, err := app.New(ctx, wiring)
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
	stop := reopenOnHangup(console, logger)
	defer stop()
	return console.Serve(ctx)
}

// announceConsole prints the addresses and accounts for a trial in a terminal.
func announceConsole(w io.Writer, address string, console *app.App) error {
	_, err := fmt.Fprintf(w, "\n  Keydeck   %s\n  Sandbox   %s\n  S3        %s\n\n", address, console.SandboxURL(), console.StorageURL())
	if err != nil {
		return err
	}
	return writeAccounts(w, console.Accounts())
}
