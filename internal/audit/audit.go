// Package audit writes down what was done, by whom, to whose key: structured
// log records under one message, to be collected by whoever keeps logs. Access
// keys are in them; secrets never are.
package audit

import (
	"context"
	"log/slog"
)

// Message is the message of every record, to select them by.
const Message = "audit"

// Event is something that was done, or tried.
type Event struct {
	Action    string // such as "reveal" or "delete"
	Actor     string // user id of who did it
	Subject   string // user id of whose key it is
	Contract  string // contract number
	AccessKey string // empty when there is none, as when none was made
	Outcome   string // "done", "refused" or "unclear"
	RequestID string // of the HTTP request
	Address   string // where it came from
}

// Log writes events. A Log with a nil logger writes none.
type Log struct{ logger *slog.Logger }

// New makes a log on top of another.
func New(logger *slog.Logger) *Log { return &Log{logger} }

// Record writes an event.
func (l *Log) Record(ctx context.Context, e Event) {
	if l == nil || l.logger == nil {
		return
	}
	l.logger.LogAttrs(ctx, slog.LevelInfo, Message,
		slog.String("action", e.Action), slog.String("outcome", e.Outcome),
		slog.String("actor", e.Actor), slog.String("subject", e.Subject), slog.String("contract", e.Contract),
		slog.String("key", e.AccessKey), slog.String("id", e.RequestID), slog.String("address", e.Address))
}
