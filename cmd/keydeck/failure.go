package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"keydeck/internal/app"
)

// fail says why keydeck ends. Errors from below may have line breaks in them;
// whoever reads a unit's status or a container's last line gets it all.
func fail(stderr io.Writer, code int, err error) int {
	line := strings.Join(strings.Fields(err.Error()), " ")
	_, _ = fmt.Fprintln(stderr, "keydeck:", line)
	return code
}

// nameVariable puts the variable to change in front of an error that knows only which
// part of the program failed.
func nameVariable(err error) error {
	if listen, ok := errors.AsType[*app.ListenError](err); ok {
		variable := map[app.Listener]string{
			app.Console: "KEYDECK_ADDR",
			app.Admin:   "KEYDECK_ADMIN_ADDR",
			app.Sandbox: "KEYDECK_SANDBOX_ADDR",
			app.Storage: "KEYDECK_SANDBOX_S3_ADDR",
		}[listen.Listener]
		return fmt.Errorf("%s: %w", variable, err)
	}
	if _, ok := errors.AsType[*app.CertificateError](err); ok {
		return fmt.Errorf("KEYDECK_TLS_CERT, KEYDECK_TLS_KEY: %w", err)
	}
	if _, ok := errors.AsType[*app.AuditError](err); ok {
		return fmt.Errorf("KEYDECK_AUDIT_LOG: %w", err)
	}
	if _, ok := errors.AsType[*app.StoreError](err); ok {
		return fmt.Errorf("KEYDECK_SESSION_STORE: %w", err)
	}
	return err
}
