package offboard

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
	// TTL is how long a record is kept.
	TTL = 90 * 24 * time.Hour
	// leaseTTL is how long after a process has ended another one can go on. A run
	// renews its lease with each look.
	leaseTTL = 45 * time.Second
	// runTimeout bounds one run.
	runTimeout = 10 * time.Minute
)

// Config is what the service depends on.
type Config struct {
	Store   kv.Store
	Changes *keyops.Service
	Now     func() time.Time // time.Now if nil
	Logger  *slog.Logger     // nil is none
}

// Service removes access. It is safe for concurrent use.
type Service struct {
	records *idempotency.Store[Record]
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
		records: idempotency.New[Record](idempotency.Config{Store: cfg.Store, Now: cfg.Now, OrphanTimeout: TTL}),
		changes: cfg.Changes, now: cfg.Now, logger: cfg.Logger,
	}
}

// Request says on whose behalf access is removed. Its fields are used after the request
// has been answered.
type Request struct {
	Session *session.Session
	Remote  keys.Remote
	Keys    *keys.Service // over Remote
	ID      string        // of the HTTP request
	// Audit records a step that was tried; err says how it went.
	Audit func(s Step, err error)
	// Changed is called when a step was seen to be done.
	Changed func()
}

// subject names a record: any administrator of the contract finds it by the user.
func subject(contract, userID, id string) string {
	return "offboard\x00" + contract + "\x00" + userID + "\x00" + id
}

// Start begins to remove access, once for each id, and returns before it is done.
// started is false if it was begun before. keyops.ErrStore: nothing was changed then.
func (s *Service) Start(ctx context.Context, r Request, id string, record Record) (started bool, err error) {
	record = record.clone()
	record.Worker, record.Lease = rand.Text(), s.now().Add(leaseTTL)
	l, err := s.records.Load(ctx, subject(r.Session.Contract, record.Of.ID, id))
	if err != nil {
		return false, storeError(err)
	}
	if _, found := l.Find(id); found {
		return false, nil
	}
	op, err := l.Acquire(ctx, idempotency.Operation[Record]{ID: id, Data: record}, TTL)
	switch {
	case errors.Is(err, idempotency.ErrConflict):
		return false, nil
	case err != nil:
		return false, storeError(err)
	}
	s.work(ctx, r, l, op)
	return true, nil
}

// Load returns a record. ErrNotFound, keyops.ErrStore.
func (s *Service) Load(ctx context.Context, contract, userID, id string) (Record, error) {
	_, op, err := s.find(ctx, contract, userID, id)
	if err != nil {
		return Record{}, err
	}
	return s.view(op), nil
}

func (s *Service) find(ctx context.Context, contract, userID, id string) (*idempotency.Log[Record], idempotency.Operation[Record], error) {
	l, err := s.records.Load(ctx, subject(contract, userID, id))
	if err != nil {
		return nil, idempotency.Operation[Record]{}, storeError(err)
	}
	op, found := l.Find(id)
	if !found {
		return nil, op, ErrNotFound
	}
	return l, op, nil
}

func (s *Service) view(op idempotency.Operation[Record]) Record {
	r := op.Data.clone()
	r.Begun, r.Running = op.Acquired, s.held(op.Data)
	return r
}

// held reports whether a process works on a record.
func (s *Service) held(r Record) bool { return r.Worker != "" && s.now().Before(r.Lease) }

// Resume goes on with a record that nobody works on, and asks again for what has failed
// or was not seen to be done.
// One that is finished or worked on is left alone. ErrNotFound, keyops.ErrStore.
func (s *Service) Resume(ctx context.Context, r Request, userID, id string) error {
	l, op, err := s.find(ctx, r.Session.Contract, userID, id)
	if err != nil {
		return err
	}
	worker := rand.Text()
	err = l.Edit(ctx, func(all []idempotency.Operation[Record]) ([]idempotency.Operation[Record], error) {
		for i, found := range all {
			if found.ID != id || s.held(found.Data) || found.Data.Finished() {
				continue
			}
			data := found.Data.clone()
			for j := range data.Steps {
				if step := &data.Steps[j]; step.State == Failed || step.State == Unknown {
					step.State, step.Failure, step.Message = Waiting, "", ""
				}
			}
			data.Worker, data.Lease, data.Failure, data.Message = worker, s.now().Add(leaseTTL), "", ""
			all[i].Data = data
			return all, nil
		}
		return nil, nil
	})
	if err != nil {
		return storeError(err)
	}
	if op, _ = l.Find(id); op.Data.Worker == worker {
		s.work(ctx, r, l, op)
	}
	return nil
}

// work works on a record in the background: the person may leave.
func (s *Service) work(ctx context.Context, r Request, l *idempotency.Log[Record], op idempotency.Operation[Record]) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), runTimeout)
	w := &run{service: s, request: r, log: l, id: op.ID, worker: op.Data.Worker, record: op.Data.clone()}
	var background parallel.Group // not waited for: Catch leaves no panic to it
	background.Go(func() {
		defer cancel()
		if err := parallel.Catch(func() error { return w.run(ctx) }); err != nil {
			s.logger.Error("the removal of access was interrupted", "id", r.ID, "error", err)
		}
	})
}

func storeError(err error) error { return fmt.Errorf("%w: %w", keyops.ErrStore, err) }
