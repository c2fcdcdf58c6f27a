package keyops

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/keys"
	"keydeck/internal/kv"
	"keydeck/internal/retry"
	"keydeck/internal/session"
)

const (
	// changeTimeout bounds a change with looking for its outcome. It goes on when
	// the browser does not wait.
	changeTimeout = 50 * time.Second
	// orphanTimeout is the age from which a change was cut off by a crash: it leaves
	// time for looking for a lost outcome and for recording it.
	orphanTimeout = changeTimeout + lookupTimeout + 5*time.Second
	// settleTimeout is the age from which a change that does not show was not
	// carried out: no call takes that long, here or at a gateway.
	settleTimeout = time.Minute
	// answerTimeout is what a request keeps, of its time, to be answered after it
	// has waited for another one.
	answerTimeout = time.Second
)

var (
	// ErrStore is returned when the store is in trouble. Nothing was changed.
	ErrStore = errors.New("keyops: store in trouble")
	// ErrSignedOut is returned when the session has ended meanwhile. Nothing was
	// changed.
	ErrSignedOut = errors.New("keyops: the session has ended")
	// ErrRepeated is returned, with the error of the first time, for a form that was
	// sent before and has failed.
	ErrRepeated = errors.New("keyops: sent again after it has failed")
	// ErrNotBegun is returned by Reconcile for a form whose change was never begun.
	ErrNotBegun = errors.New("keyops: never begun")
	// ErrActive is returned for a key that is active, where that is not to be deleted.
	// Nothing was changed.
	ErrActive = errors.New("keyops: the key is active")
	// ErrDescribing is returned for a key that is to be deleted while a change of its
	// description may be on its way. Nothing was changed.
	ErrDescribing = errors.New("keyops: the description is being changed")
	// ErrHasKey is returned for a user who has a key, where that is not to get another.
	// Nothing was created.
	ErrHasKey = errors.New("keyops: the user has a key")
	// ErrBusy is returned when there are too many changes in a short time. Nothing
	// was changed.
	ErrBusy = errors.New("keyops: too many changes")
)

// InProgressError is returned for a creation while another one for the same owner
// is pending in this session or its outcome is not known. Nothing was created by
// this one.
type InProgressError struct {
	IdempotencyKey string // of the other one, to reconcile it with
	Predecessor    string // the key that the other one is to replace, if any
}

func (e *InProgressError) Error() string { return "keyops: another creation is in progress" }

// Config is what changes depend on.
type Config struct {
	Store    kv.Store
	Sessions *session.Manager
	Now      func() time.Time // time.Now if nil
	Logger   *slog.Logger     // nil is none
}

// Service changes keys. It is safe for concurrent use.
type Service struct {
	operations *idempotency.Store[Change]
	sessions   *session.Manager
	now        func() time.Time
	logger     *slog.Logger
}

// New returns a Service.
func New(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{
		operations: idempotency.New[Change](idempotency.Config{Store: cfg.Store, Now: cfg.Now, OrphanTimeout: orphanTimeout}),
		sessions:   cfg.Sessions, now: cfg.Now, logger: cfg.Logger,
	}
}

// Request says who asks for a change, and whose keys it is about.
type Request struct {
	Session *session.Session
	Owner   keys.Owner
	Remote  keys.Remote
	Keys    *keys.Service // over Remote
	ID      string        // of the HTTP request, for the log
	// Gone reports whether the person's browser has left: the answer is not
	// read, and the outcome is kept for their next page.
	Gone func() bool
	// IdempotencyKey names a change that is asked for as one of many: asked for again,
	// by whichever process, it is not carried out again but has the outcome of the first
	// time. That is shown with those of the others, and no page has to say it; the secret
	// of a key that is created is not kept. Else it is empty.
	IdempotencyKey string
	// FirstKey has Create refuse a user who has a key.
	FirstKey bool
	// InactiveOnly has Delete refuse an active key, however it is confirmed.
	InactiveOnly bool
	// Audit records a change that was tried, once; err says how it went.
	Audit func(kind Kind, accessKey string, err error)
}

// Result is what a change has come to.
type Result struct {
	AccessKey string // the key that was created or changed
}

// load reads the operations on an owner's keys.
func (s *Service) load(ctx context.Context, owner keys.Owner) (*log, error) {
	l, err := s.operations.Load(ctx, owner.UserID)
	if err != nil {
		return nil, storeError(err)
	}
	return l, nil
}

func storeError(err error) error { return fmt.Errorf("%w: %w", ErrStore, err) }

// newID names an operation that no form asks for.
func newID() string { return rand.Text() }

// plan returns a plan for a change that has an idempotency key or is asked for by no
// form.
func (r Request) plan() plan {
	if r.IdempotencyKey != "" {
		return plan{id: r.IdempotencyKey, keyed: true}
	}
	return plan{id: newID()}
}

// shown is what the person will have been shown of the change without a notice.
func (r Request) shown() Stage {
	if r.IdempotencyKey != "" {
		return StageOutcome
	}
	return StageNone
}

// storePolicy is for writing down what has happened already and cannot be refused:
// a store that is started again takes about a second.
var storePolicy = retry.Policy{MinBackoff: 100 * time.Millisecond, MaxBackoff: 800 * time.Millisecond, Attempts: 5}

// record writes until it succeeds, within bounds. write must be repeatable.
func record(ctx context.Context, write func(context.Context) error) error {
	return storePolicy.Do(ctx, func(ctx context.Context) error {
		err := write(ctx)
		if errors.Is(err, session.ErrNoSession) || errors.Is(err, errClaimed) {
			return retry.Permanent(err)
		}
		return err
	})
}
