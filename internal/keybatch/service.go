package keybatch

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"keydeck/internal/idempotency"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/kv"
	"keydeck/internal/parallel"
	"keydeck/internal/session"
)

const (
	// TTL is how long a batch can be loaded.
	TTL = 24 * time.Hour
	// resumeWindow is how long after its beginning a batch goes on. It is shorter
	// than keyops remembers a change that has an idempotency key.
	resumeWindow = time.Hour
	// leaseTTL is how long after a process has ended another one goes on.
	leaseTTL = 15 * time.Second
	// renewInterval is the pause between two renewals of a lease without news.
	renewInterval = 5 * time.Second
	// flushInterval is the pause before news is written.
	flushInterval = time.Second
	// restartPause is how long a run that has stopped is not begun again.
	restartPause = 3 * time.Second
)

// Config is what batches depend on.
type Config struct {
	Store   kv.Store
	Changes *keyops.Service
	Now     func() time.Time // time.Now if nil
	Logger  *slog.Logger     // nil is none
}

// Service works on batches. It is safe for concurrent use.
type Service struct {
	batches *idempotency.Store[Batch]
	changes *keyops.Service
	now     func() time.Time
	logger  *slog.Logger
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
		batches: idempotency.New[Batch](idempotency.Config{Store: cfg.Store, Now: cfg.Now, OrphanTimeout: TTL}),
		changes: cfg.Changes, now: cfg.Now, logger: cfg.Logger,
	}
}

// Request says on whose behalf a batch is begun or loaded. Its fields are used after
// the request has been answered.
type Request struct {
	Session *session.Session
	Remote  keys.Remote
	Keys    *keys.Service // over Remote
	ID      string        // of the HTTP request, for the log
	// Audit records a change of a key that was tried; err says how it went.
	Audit func(owner keys.Owner, kind keyops.Kind, accessKey string, err error)
	// Changed is called with the user of whom a key was seen to have changed.
	Changed func(userID string)
}

// subject names the record of a batch: it is found by the person who has begun it,
// in any of their sessions.
func (r Request) subject(id string) string {
	return "batch\x00" + r.Session.Contract + "\x00" + r.Session.UserID + "\x00" + id
}

// Start begins a batch with a kind, owners and a group, once for each id, and returns
// before it is done. started is false if it was begun before. keyops.ErrStore;
// ErrTooLarge. Nothing was changed then.
func (s *Service) Start(ctx context.Context, r Request, id string, b Batch) (started bool, err error) {
	b = b.clone()
	b.Worker, b.Lease = rand.Text(), s.now().Add(leaseTTL)
	for i := range b.Owners {
		b.Owners[i].Email, b.Owners[i].Name = keys.Clip(b.Owners[i].Email, maxText), keys.Clip(b.Owners[i].Name, maxText)
	}
	l, err := s.batches.Load(ctx, r.subject(id))
	if err != nil {
		return false, storeError(err)
	}
	if _, found := l.Find(id); found {
		return false, nil
	}
	op, err := l.Acquire(ctx, idempotency.Operation[Batch]{ID: id, Data: b}, TTL)
	switch {
	case errors.Is(err, idempotency.ErrConflict):
		return false, nil
	case errors.Is(err, idempotency.ErrFull):
		return false, ErrTooLarge
	case err != nil:
		return false, storeError(err)
	}
	s.start(ctx, r, l, op)
	return true, nil
}

// Load returns a batch. One that is not settled and that no process works on goes on,
// with the token of the person who loads it. ErrNotFound, keyops.ErrStore.
func (s *Service) Load(ctx context.Context, r Request, id string) (Batch, error) {
	l, err := s.batches.Load(ctx, r.subject(id))
	if err != nil {
		return Batch{}, storeError(err)
	}
	op, found := l.Find(id)
	if !found {
		return Batch{}, ErrNotFound
	}
	if s.resumable(op) {
		if op, err = s.resume(ctx, r, l, id); err != nil {
			s.logger.Warn("a batch did not go on", "id", r.ID, "error", err)
		}
	}
	return s.view(op), nil
}

// resumable reports whether a batch is to go on and nobody works on it.
func (s *Service) resumable(op idempotency.Operation[Batch]) bool {
	now := s.now()
	held := op.Data.Worker != "" && now.Before(op.Data.Lease)
	return op.State != idempotency.Done && !held && now.Sub(op.Acquired) < resumeWindow && now.Sub(op.Data.Stopped) >= restartPause
}

// resume takes a batch over, unless another process has.
func (s *Service) resume(ctx context.Context, r Request, l *idempotency.Log[Batch], id string) (idempotency.Operation[Batch], error) {
	worker := rand.Text()
	err := l.Edit(ctx, func(all []idempotency.Operation[Batch]) ([]idempotency.Operation[Batch], error) {
		for i, op := range all {
			if op.ID == id && s.resumable(op) {
				all[i].Data.Worker, all[i].Data.Lease = worker, s.now().Add(leaseTTL)
				all[i].Data.Failure, all[i].Data.Message = "", ""
				return all, nil
			}
		}
		return nil, nil
	})
	op, _ := l.Find(id)
	if err == nil && op.Data.Worker == worker {
		s.start(ctx, r, l, op)
	}
	return op, err
}

// view is a batch as it is shown.
func (s *Service) view(op idempotency.Operation[Batch]) Batch {
	b := op.Data.clone()
	b.Asked, b.Settled = op.Acquired, op.State == idempotency.Done
	b.Running = !b.Settled && b.Worker != "" && s.now().Before(b.Lease)
	b.Ended = !b.Settled && !b.Running && s.now().Sub(op.Acquired) >= resumeWindow
	return b
}

// start works on a batch in the background: the person may leave.
func (s *Service) start(ctx context.Context, r Request, l *idempotency.Log[Batch], op idempotency.Operation[Batch]) {
	throttle := keys.NewThrottle(s.now)
	ctx, cancel := context.WithTimeout(keys.WithThrottle(context.WithoutCancel(ctx), throttle), resumeWindow)
	w := &run{
		service: s, request: r, log: l, op: op, worker: op.Data.Worker, throttle: throttle,
		batch: op.Data.clone(), ended: make(chan struct{}),
	}
	var background parallel.Group // not waited for: Catch leaves no panic to it
	background.Go(func() {
		defer cancel()
		if err := parallel.Catch(func() error { return w.run(ctx) }); err != nil {
			s.logger.Error("a batch was interrupted", "id", r.ID, "error", err)
		}
	})
}

func storeError(err error) error { return fmt.Errorf("%w: %w", keyops.ErrStore, err) }
