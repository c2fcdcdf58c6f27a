package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"keydeck/internal/app"
)

// fail prints err on one line, so that a unit's status or a container's last
// line shows all of it, and returns code.
func fail(stderr io.Writer, code int, err error) int {
	line := strings.Join(strings.Fields(err.Error()), " ")
	_, _ = fmt.Fprintln(stderr, "keydeck:", line)
	return code
}

// nameVariable adds the variable to change to an error that names only the part
// of the program that failed.
func nameVariable(err error) error {
	if listen, ok := errors.AsType[*app.ListenError](err); ok {
		variable := map[app.Listener]string{
			app.Console: "KEYDECK_ADDR",
			app.Admin:   "KEYDECK_ADMIN_ADDR",
			app.Sandbox: "KEYDECK_SANDBOX_ADDR",
			app.Storage: "KEYDECK_SANDBOX_S3_ADDR",
		}[listen.Listener]
		if errors.Is(err, app.ErrExposed) {
			err = fmt.Errorf("%w; choose a loopback address, or set KEYDECK_SANDBOX_EXPOSE=true", err)
		}
		return fmt.Errorf("%s: %w", variable, err)
	}
	if _, ok := errors.AsType[*app.CertificateError](err); ok {
		return fmt.Errorf("KEYDECK_TLS_CERT, KEYDECK_TLS_KEY: %w", err)
	}
	if _, ok := errors.AsType[*app.AuditError](err); ok {
		return fmt.Errorf("KEYDECK_AUDIT_LOG: %w", err)
	}
	if _, ok := errors.AsType[*app.SeedError](err); ok {
		return fmt.Errorf("KEYDECK_SANDBOX_SEED: %w", err)
	}
	if _, ok := errors.AsType[*app.StoreError](err); ok {
		return fmt.Errorf("KEYDECK_SESSION_STORE: %w", err)
	}
	return err
}
