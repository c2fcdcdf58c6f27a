package idempotency

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"keydeck/internal/kv"
	"keydeck/internal/retry"
)

// Config is what operations depend on.
type Config struct {
	Store kv.Store
	Now   func() time.Time // time.Now if nil
	// OrphanTimeout is the age from which a pending operation is orphaned. It must
	// be longer than an operation can take.
	OrphanTimeout time.Duration
}

// Store holds the operations of all subjects. T is the caller's data of an
// operation, encoded as JSON; records are not sealed, so it must hold no secret.
// A Store is safe for concurrent use.
type Store[T any] struct {
	kv            kv.Store
	now           func() time.Time
	epoch         string
	orphanTimeout time.Duration
	recent        *lru.Cache[string, Operation[T]] // of this process
}

// maxRecent is how many keyed operations a process remembers.
const maxRecent = 4096

// New returns the operations in a store.
func New[T any](cfg Config) *Store[T] {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	recent, err := lru.New[string, Operation[T]](maxRecent)
	if err != nil {
		panic(err) // the size is not positive
	}
	return &Store[T]{
		kv: cfg.Store, epoch: kv.EpochOf(cfg.Store), orphanTimeout: cfg.OrphanTimeout, recent: recent,
		// As a record holds it: what was acquired equals what is loaded.
		now: func() time.Time { return cfg.Now().UTC().Truncate(time.Millisecond) },
	}
}

// Load reads the operations of a subject, which may be any text. A record that
// cannot be decoded counts as none: it would otherwise keep the subject from
// operations until it expires.
func (s *Store[T]) Load(ctx context.Context, subject string) (*Log[T], error) {
	l := &Log[T]{store: s, key: keyOf(subject)}
	if err := l.reload(ctx); err != nil {
		return nil, err
	}
	return l, nil
}

// keyOf returns the key of a subject's record, from which the subject cannot be
// read.
func keyOf(subject string) string {
	sum := sha256.Sum256([]byte("keydeck 1 operations\x00" + subject))
	return "operations/" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:20])) + "/log"
}

// Orphaned reports whether an operation is pending and will not be completed by
// the process that acquired it: the process has ended, or the operation is older
// than OrphanTimeout.
func (s *Store[T]) Orphaned(op Operation[T]) bool {
	if op.State != Pending {
		return false
	}
	return op.Epoch != s.epoch || s.now().Sub(op.Acquired) >= s.orphanTimeout
}

// waitPolicy is short first, since most operations take a fraction of a second.
var waitPolicy = retry.Policy{MinBackoff: 20 * time.Millisecond, MaxBackoff: 500 * time.Millisecond, Factor: 1.5}

var errPending = errors.New("idempotency: still pending")

// Wait waits until an operation is no longer pending, or is orphaned, and returns
// it. It polls, because another process may be carrying it out. When ctx ends
// first, Wait returns the operation as it was last read, without an error.
// ErrNotFound.
func (s *Store[T]) Wait(ctx context.Context, subject, id string) (Operation[T], error) {
	var op Operation[T]
	var found bool
	err := waitPolicy.Do(ctx, func(ctx context.Context) error {
		l, err := s.Load(ctx, subject)
		if err != nil {
			return retry.Permanent(err)
		}
		if op, found = l.Find(id); !found {
			return retry.Permanent(ErrNotFound)
		}
		if op.State == Pending && !s.Orphaned(op) {
			return errPending
		}
		return nil
	})
	if found && ctx.Err() != nil {
		return op, nil
	}
	return op, err
}
