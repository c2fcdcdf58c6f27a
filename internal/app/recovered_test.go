package app

import (
	"errors"
	"strings"
	"testing"

	"keydeck/internal/parallel"
)

func TestRecovered(t *testing.T) {
	t.Parallel()
	fault := errors.New("fault")
	if err := recovered(func() error { return fault })(); !errors.Is(err, fault) {
		t.Errorf("error %v, want %v", err, fault)
	}
	err := recovered(func() error { panic("with a secret") })()
	if _, ok := errors.AsType[*parallel.PanicError](err); !ok || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "recovered_test.go") {
		t.Errorf("a panic became %v", err)
	}
}
