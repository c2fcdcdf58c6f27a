// Package parallel runs functions at the same time and waits for all of them. A
// panic in one comes back to the goroutine that waits, so that whatever
// recovers there, such as the middleware of a request, recovers from it too: in
// a goroutine of its own it would end the process.
package parallel

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// PanicError is what [Group.Wait] panics with after a function has panicked.
type PanicError struct {
	Value any    // what the function panicked with
	Stack []byte // where
}

// Error describes the panic without its value, which may hold anything, unless
// that is an error of the runtime.
func (p *PanicError) Error() string {
	if err, ok := p.Value.(interface {
		error
		RuntimeError()
	}); ok {
		return err.Error() + "\n" + string(p.Stack)
	}
	return fmt.Sprintf("%T\n%s", p.Value, p.Stack)
}

// Group runs functions at the same time. The zero Group is ready for use; it
// must not be copied.
type Group struct {
	running sync.WaitGroup
	mu      sync.Mutex
	panic   *PanicError // the first
}

// Go runs f in a goroutine of its own.
func (g *Group) Go(f func()) {
	g.running.Go(func() {
		defer g.recover()
		f()
	})
}

func (g *Group) recover() {
	value := recover()
	if value == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if nested, ok := value.(*PanicError); ok && g.panic == nil {
		g.panic = nested
	}
	if g.panic == nil {
		g.panic = &PanicError{value, debug.Stack()}
	}
}

// Wait waits for all functions to return, and panics with a [*PanicError] if one of
// them has.
func (g *Group) Wait() {
	g.running.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.panic != nil {
		panic(g.panic)
	}
}

// Do runs functions at the same time, the last one in the calling goroutine,
// and waits for all of them.
func Do(functions ...func()) {
	var g Group
	last := len(functions) - 1
	for i, f := range functions {
		if i < last {
			g.Go(f)
			continue
		}
		func() {
			defer g.recover()
			f()
		}()
	}
	g.Wait()
}

// Each calls f for every item, at most limit at the same time, and waits for
// all calls.
func Each[T any](items []T, limit int, f func(int, T)) {
	var g Group
	slots := make(chan struct{}, limit)
	for i, item := range items {
		slots <- struct{}{}
		g.Go(func() {
			defer func() { <-slots }()
			f(i, item)
		})
	}
	g.Wait()
}
