package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"text/tabwriter"

	"keydeck/internal/app"
)

// runSandbox serves the sandbox alone until ctx ends.
func runSandbox(ctx context.Context, cfg config, logger *slog.Logger, stdout, _ io.Writer) error {
	apis, err := app.NewSandbox(app.SandboxConfig{
		Addr: cfg.SandboxAddr, StorageAddr: cfg.SandboxS3Addr, Users: cfg.SandboxUsers,
		Provisioning: sandboxDelay(cfg.SandboxProvisioning), Propagation: sandboxDelay(cfg.SandboxPropagation),
		SpecialSecrets: cfg.SandboxSpecialSecrets, RealEndpoints: cfg.SandboxRealEndpoints, SuspendedKeys: cfg.SandboxSuspendedKeys,
		Seed: cfg.SandboxSeed, Expose: cfg.SandboxExpose, Logger: logger,
	})
	if err != nil {
		return nameVariable(err)
	}
	logger.Info("the sandbox is up", "version", versionName(), "address", apis.URL(), "s3", apis.StorageURL())
	if err := announceSandbox(stdout, apis); err != nil {
		logger.Warn("the address could not be printed", "error", err)
	}
	return apis.Serve(ctx)
}

// announceSandbox prints the addresses, in the form of a console's variables.
func announceSandbox(w io.Writer, apis *app.Standalone) error {
	urls := apis.APIs()
	_, err := fmt.Fprintf(w, "\n  KEYDECK_CLOUD_API_URL=%s\n  KEYDECK_AUTH_API_URL=%s\n  KEYDECK_MANAGEMENT_API_URL=%s\n\n  S3   %s\n\n",
		urls.Cloud, urls.Auth, urls.Management, apis.StorageURL())
	if err != nil {
		return err
	}
	return writeAccounts(w, apis.Accounts())
}

// writeAccounts lists the sandbox's accounts with their passwords, which are
// valid in the sandbox only.
func writeAccounts(w io.Writer, accounts []app.Account) error {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "  E-mail\tPassword\tWho") // a tabwriter's errors come out at Flush
	for _, account := range accounts {
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s\n", account.Email, account.Password, account.Note)
	}
	_, _ = fmt.Fprintln(table)
	return table.Flush()
}
