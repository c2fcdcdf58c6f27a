package htmltest_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"keydeck/internal/htmltest"
	"keydeck/internal/waittest"
)

// recorder is a test that is allowed to fail.
type recorder struct{ failures []string }

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// failuresOf gives what check would have failed a test with.
func failuresOf(t *testing.T, check func(htmltest.TB)) []string {
	t.Helper()
	var r recorder
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		check(&r)
	}()
	waittest.Receive(t, ended, "the check")
	return r.failures
}

// wantFailure: there is one failure, and it holds these words; without words
// there is none.
func wantFailure(t *testing.T, failures []string, words string) {
	t.Helper()
	switch {
	case words == "" && len(failures) > 0:
		t.Errorf("failed with %q", failures)
	case words != "" && (len(failures) != 1 || !strings.Contains(failures[0], words)):
		t.Errorf("failures %q, want one with %q", failures, words)
	}
}
