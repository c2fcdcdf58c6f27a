package app

import (
	"errors"
	"fmt"

	"keydeck/internal/audit"
)

// errAudit is the readiness error of a console that cannot record actions.
var errAudit = errors.New("audit records cannot be written")

// AuditError is the error of an audit log that cannot be opened.
type AuditError struct{ Err error }

func (e *AuditError) Error() string { return fmt.Sprintf("cannot open the audit log: %v", e.Err) }

func (e *AuditError) Unwrap() error { return e.Err }

// openAudit returns the log to a file or to a stream.
func openAudit(cfg Config, lost func()) (*audit.Log, error) {
	to := audit.Config{Out: cfg.AuditOut, Logger: cfg.Logger, Now: cfg.Now, Lost: lost}
	if cfg.AuditPath == "" {
		return audit.New(to), nil
	}
	log, err := audit.Open(cfg.AuditPath, to)
	if err != nil {
		return nil, &AuditError{err}
	}
	return log, nil
}

// ReopenAudit opens the audit log's file again after the old one has been moved.
// After an error the log keeps the old file. It returns false for a stream, which
// cannot be reopened.
func (a *App) ReopenAudit() (reopened bool, err error) {
	return a.audit.Rotates(), a.audit.Reopen()
}
