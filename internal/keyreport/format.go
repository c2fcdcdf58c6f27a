package keyreport

import (
	"context"
	"time"

	"keydeck/internal/contractkeys"
)

// Format writes a report: Begin once, Rows any number of times, End once.
type Format interface {
	Begin(contractkeys.Snapshot) error
	Rows([]Row) error
	End(Result) error
}

// Write streams a report in a format. It writes nothing before all users are known.
// The error is that of [Stream.Run] or of the format.
func (s *Stream) Write(ctx context.Context, f Format) (Result, error) {
	s.Found, s.Emit = f.Begin, f.Rows
	result, err := s.Run(ctx)
	if err == nil {
		err = f.End(result)
	}
	return result, err
}

// FileName is the name of a file with a report of a contract.
func FileName(contract string, now time.Time, extension string) string {
	return "object-storage-keys-" + contract + "-" + now.UTC().Format(time.DateOnly) + "." + extension
}
