package kvtest

import (
	"context"
	"sync"
	"time"

	"keydeck/internal/keys"
	"keydeck/internal/kv"
)

// Power is that of a process under test: once it is out, nothing of the process reaches
// anything any more. The last thing that it does may have worked, without the process
// learning of it. It is safe for concurrent use.
type Power struct {
	Left int  // how many things the process does
	Lost bool // the answer to the last one is lost

	mu sync.Mutex
}

var errDead = &keys.Error{Kind: keys.ErrUnavailable, Indeterminate: true}

// Use calls f, unless the power is out.
func (p *Power) Use(f func() error) error {
	p.mu.Lock()
	p.Left--
	left := p.Left
	p.mu.Unlock()
	if left < 0 {
		return errDead
	}
	err := f()
	if left == 0 && p.Lost {
		return errDead
	}
	return err
}

// Out reports whether the process has been stopped.
func (p *Power) Out() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.Left < 0 || p.Lost && p.Left == 0
}

// Store returns a store as the process reaches it.
func (p *Power) Store(store kv.Store) kv.Store { return powered{store, p} }

type powered struct {
	kv.Store
	power *Power
}

func (s powered) Put(ctx context.Context, key string, value []byte, expires time.Time) error {
	return s.power.Use(func() error { return s.Store.Put(ctx, key, value, expires) })
}

func (s powered) PutIfAbsent(ctx context.Context, key string, value []byte, expires time.Time) (stored bool, err error) {
	return stored, s.power.Use(func() error { stored, err = s.Store.PutIfAbsent(ctx, key, value, expires); return err })
}

func (s powered) CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (swapped bool, err error) {
	return swapped, s.power.Use(func() error { swapped, err = s.Store.CompareAndSwap(ctx, key, old, value, expires); return err })
}
