package parallel_test

import (
	"errors"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/parallel"
)

// recovered calls f and returns what it panics with.
func recovered(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

func TestGroup(t *testing.T) {
	t.Run("waits for all", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var g parallel.Group
			var done atomic.Int32
			for i := range 5 {
				g.Go(func() {
					time.Sleep(time.Duration(i) * time.Second) //nolint:forbidigo // the bubble's time
					done.Add(1)
				})
			}
			began := time.Now()
			if g.Wait(); done.Load() != 5 || time.Since(began) != 4*time.Second {
				t.Errorf("%d done after %v", done.Load(), time.Since(began))
			}
		})
	})
	t.Run("panic", func(t *testing.T) {
		var g parallel.Group
		var done atomic.Bool
		g.Go(func() { panic(errors.New("with a secret")) })
		g.Go(func() { done.Store(true) })
		value := recovered(g.Wait)
		p, ok := value.(*parallel.PanicError)
		if !ok || !done.Load() {
			t.Fatalf("recovered %v; the other is done: %v", value, done.Load())
		}
		if text := p.Error(); strings.Contains(text, "secret") || !strings.Contains(text, "errorString") || !strings.Contains(text, "parallel_test.go") {
			t.Errorf("described as %s", text)
		}
	})
}

func TestDo(t *testing.T) {
	for name, functions := range map[string][]func(){
		"in a goroutine":     {func() { panic("first") }, func() {}},
		"in the caller":      {func() {}, func() { panic("last") }},
		"nested":             {func() { parallel.Do(func() { panic("inner") }, func() {}) }, func() {}},
		"error of a runtime": {func() { _ = []int{}[len(os.Args)] }, func() {}},
	} {
		t.Run("panic "+name, func(t *testing.T) {
			p, ok := recovered(func() { parallel.Do(functions...) }).(*parallel.PanicError)
			if !ok {
				t.Fatal("no panic came back")
			}
			if _, nested := p.Value.(*parallel.PanicError); nested {
				t.Error("a panic within a panic")
			}
			if name == "error of a runtime" && !strings.Contains(p.Error(), "out of range") {
				t.Errorf("described as %s", p)
			}
		})
	}
	ran := [3]bool{}
	parallel.Do(func() { ran[0] = true }, func() { ran[1] = true }, func() { ran[2] = true })
	if ran != [3]bool{true, true, true} {
		t.Errorf("ran: %v", ran)
	}
	parallel.Do()
}

func TestEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running, most atomic.Int32
		seen := make([]string, 5)
		began := time.Now()
		parallel.Each([]string{"a", "b", "c", "d", "e"}, 2, func(i int, item string) {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(time.Second) //nolint:forbidigo // the bubble's time
			running.Add(-1)
			seen[i] = item
		})
		if got := strings.Join(seen, ""); got != "abcde" || most.Load() != 2 || time.Since(began) != 3*time.Second {
			t.Errorf("saw %q, %d at once, in %v", got, most.Load(), time.Since(began))
		}
	})
}
