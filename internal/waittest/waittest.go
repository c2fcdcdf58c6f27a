// Package waittest bounds the waits of tests: one that waits for something that
// does not happen fails and names it, in place of running into the limit of the
// whole run.
package waittest

import (
	"testing"
	"time"
)

// limit is far above what anything under test takes, on a machine that does other
// things as well.
const limit = 30 * time.Second

// Receive returns what c yields, or the zero value once c is closed. It fails the
// test, from whose goroutine it must be called, after half a minute without
// either; what names what was waited for.
func Receive[T any](t testing.TB, c <-chan T, what string) T {
	t.Helper()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case v := <-c:
		return v
	case <-timer.C:
		t.Fatalf("waited %v for %s", limit, what)
		panic("unreachable")
	}
}
