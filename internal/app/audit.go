package app

import (
	"errors"
	"fmt"

	"keydeck/internal/audit"
)

// errAudit is why a console that answers is not ready: what is done with it
// would be written down nowhere.
var errAudit = errors.New("audit records cannot be written")

// AuditError is an audit log that cannot be opened.
type AuditError struct{ Err error }

func (e *AuditError) Error() string { return fmt.Sprintf("cannot open the audit log: %v", e.Err) }

func (e *AuditError) Unwrap() error { return e.Err }

// openAudit opens the file or takes the stream.
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

// ReopenAudit goes on in a new file, after the one before was moved away. On an
// error it stays with that. Where the log is no file, it does nothing.
func (a *App) ReopenAudit() error { return a.audit.Reopen() }
