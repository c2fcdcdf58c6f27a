package tokens

import (
	"context"
	"sync"

	"keydeck/internal/parallel"
)

// work counts what runs in the background. The zero value is ready for use.
type work struct {
	group parallel.Group // never waited for: see Wait

	mu      sync.Mutex
	running int
	idle    chan struct{} // closed when running becomes zero; nil if no one waits
}

// start runs f in the background. It outlives the request that asks for it, and a
// panic of f is an error in the log.
func (k *Keeper) start(f func(context.Context)) {
	k.work.mu.Lock()
	k.work.running++
	k.work.mu.Unlock()
	k.work.group.Go(func() {
		defer k.work.done()
		err := parallel.Catch(func() error {
			f(context.Background())
			return nil
		})
		if err != nil {
			k.logger.Error("a token was not looked after", "error", err)
		}
	})
}

func (w *work) done() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running--
	if w.running == 0 && w.idle != nil {
		close(w.idle)
		w.idle = nil
	}
}

// Wait waits until nothing runs in the background, or until ctx ends, and returns
// ctx's error then. A console that stops waits for the tokens of its last requests.
func (k *Keeper) Wait(ctx context.Context) error {
	for {
		k.work.mu.Lock()
		if k.work.running == 0 {
			k.work.mu.Unlock()
			return nil
		}
		if k.work.idle == nil {
			k.work.idle = make(chan struct{})
		}
		idle := k.work.idle
		k.work.mu.Unlock()
		select {
		case <-idle:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
