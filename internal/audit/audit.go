// Package audit records who did what to whose key: one JSON object a line, in a
// stream of its own. Records hold access keys, and never secrets, passwords or
// tokens. A record that cannot be written is logged as an error and counted.
package audit

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"
)

// Config configures a Log.
type Config struct {
	Out io.Writer // for New: the stream; nil discards

	Logger *slog.Logger     // reports lost events; nil discards
	Now    func() time.Time // time.Now if nil
	Lost   func()           // called for each lost event; may be nil
}

// Log writes events. A nil Log writes none.
type Log struct {
	cfg  Config
	path string // of the file; empty for a stream

	mu   sync.Mutex
	out  io.Writer
	err  error // why the last event was lost; nil if it was written
	lost int   // events lost since the last Resumed
}

// New returns a log that writes to a stream.
func New(cfg Config) *Log {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Lost == nil {
		cfg.Lost = func() {}
	}
	if cfg.Out == nil {
		cfg.Out = io.Discard
	}
	return &Log{cfg: cfg, out: cfg.Out}
}

// Open returns a log that appends to a file. It creates the file, readable by its
// owner only, if there is none.
func Open(path string, cfg Config) (*Log, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	cfg.Out = file
	l := New(cfg)
	l.path = path
	return l, nil
}

func openFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
}

// Record writes an event with one write. It reports a failure to the logger and
// to Config.Lost.
func (l *Log) Record(e Event) {
	if l == nil {
		return
	}
	err := l.add(e)
	if err == nil {
		return
	}
	l.mu.Lock()
	l.lost++
	l.mu.Unlock()
	l.cfg.Lost()
	l.cfg.Logger.Error("an audit record was lost", "action", e.Action, "outcome", e.Outcome, "id", e.RequestID, "error", err)
}

func (l *Log) add(e Event) error {
	e.Time = l.cfg.Now().UTC()
	line, err := encode(e)
	if err != nil {
		return err
	}
	return l.write(line)
}

func (l *Log) write(line []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.out.Write(line)
	if err == nil && n < len(line) {
		err = io.ErrShortWrite
	}
	l.err = err
	return err
}

// Check returns nil if events can be written. After a loss it writes a Resumed
// event with the number of lost records, and returns the error if that fails: a
// console that cannot record actions is not ready.
func (l *Log) Check() error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	failed, lost := l.err, l.lost
	l.mu.Unlock()
	if failed == nil && lost == 0 {
		return nil
	}
	if err := l.add(Event{Action: Resumed, Outcome: Done, Lost: lost}); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost -= lost
	return nil
}

// Rotates reports whether the log is a file, which Reopen opens again.
func (l *Log) Rotates() bool { return l != nil && l.path != "" }

// Reopen opens the file again after the old one has been moved. If that fails,
// the log keeps the old file.
func (l *Log) Reopen() error {
	if !l.Rotates() {
		return nil
	}
	file, err := openFile(l.path)
	if err != nil {
		return err
	}
	l.mu.Lock()
	before := l.out
	l.out, l.err = file, nil
	l.mu.Unlock()
	return closeOf(before)
}

// Close closes the file, if the log is one. Later records are lost.
func (l *Log) Close() error {
	if !l.Rotates() {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return closeOf(l.out)
}

func closeOf(out io.Writer) error {
	closer, ok := out.(io.Closer)
	if !ok {
		return errors.New("audit: not a file")
	}
	return closer.Close()
}
