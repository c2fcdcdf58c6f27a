// Package audit writes down what was done, by whom, to whose key: one JSON
// object a line, in a stream of its own, to be collected by whoever keeps such
// things. Access keys are in it; secrets, passwords and tokens never are. What
// cannot be written is said loudly, and counted.
package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"
)

// What people do that is written down.
const (
	SignIn      = "sign-in"
	SignOut     = "sign-out"
	EndSession  = "end-session" // another one of the person's own
	Generate    = "generate"
	Reveal      = "reveal"
	Download    = "download"
	Activate    = "activate"
	Deactivate  = "deactivate"
	Renew       = "renew"
	Describe    = "describe"
	Delete      = "delete"
	Test        = "test" // at an endpoint
	OwnerSearch = "owner-search"

	Resumed = "resumed" // the log itself can be written again
)

// How it went.
const (
	Done    = "done"
	Refused = "refused" // or failed: it was not carried out
	Unclear = "unclear" // it may have been carried out
)

// Event is something that was done, or tried.
type Event struct {
	Time      time.Time `json:"time"` // of the record; set by the log
	Action    string    `json:"action"`
	Outcome   string    `json:"outcome"`
	Actor     string    `json:"actor,omitempty"`          // user id of who did it; unknown when nobody was let in
	Account   string    `json:"account,omitempty"`        // e-mail of the actor, as it was typed when nobody was let in
	Target    string    `json:"target,omitempty"`         // user id of whose key it is
	TargetAs  string    `json:"target_account,omitempty"` // their e-mail, where it is known
	Contract  string    `json:"contract,omitempty"`       // contract number
	AccessKey string    `json:"access_key,omitempty"`     // empty when there is none, as when none was made
	Session   string    `json:"session,omitempty"`        // the public name of the session
	RequestID string    `json:"request_id"`               // of the HTTP request
	Address   string    `json:"address"`                  // where it came from
	Lost      int       `json:"lost,omitempty"`           // with Resumed: how many records are missing before it
}

// Config says where events go.
type Config struct {
	Out io.Writer // for New: the stream; nil is none

	Logger *slog.Logger     // where it is said that an event was lost
	Now    func() time.Time // time.Now if nil
	// Lost is told of each event that could not be written; it may be nil.
	Lost func()
}

// Log writes events. A nil Log writes none.
type Log struct {
	cfg  Config
	path string // of the file, where it is one

	mu      sync.Mutex
	out     io.Writer
	trouble error // why the last event was lost; nil if it was not
	lost    int   // events since the last that was written
}

// New makes a log that writes to a stream.
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

// Open makes a log that adds to a file, which it makes if there is none and
// nobody but the owner may read.
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

// Record writes an event, whole or not at all: it is one write.
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

// encode leaves & and < as they are, since no browser reads it.
func encode(e Event) ([]byte, error) {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(e)
	return line.Bytes(), err
}

func (l *Log) write(line []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.out.Write(line)
	if err == nil && n < len(line) {
		err = io.ErrShortWrite
	}
	l.trouble = err
	return err
}

// Check is nil while events can be written. After one was lost it tries, with
// an event that says how many are missing: a console that cannot write down
// what is done should not be where people are sent to, and has to be told apart
// from one that can again.
func (l *Log) Check() error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	trouble, lost := l.trouble, l.lost
	l.mu.Unlock()
	if trouble == nil && lost == 0 {
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

// Rotates reports whether Reopen does anything.
func (l *Log) Rotates() bool { return l != nil && l.path != "" }

// Reopen goes on in a new file after the old one was moved away. If that cannot
// be opened, it stays with the old one.
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
	l.out, l.trouble = file, nil
	l.mu.Unlock()
	return closeOf(before)
}

// Close closes the file, where it is one. Records after it are lost.
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
