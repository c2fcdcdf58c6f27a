package parallel_test

import (
	"errors"
	"strings"
	"testing"

	"keydeck/internal/parallel"
)

func TestCatch(t *testing.T) {
	fault := errors.New("fault")
	if err := parallel.Catch(func() error { return nil }); err != nil {
		t.Errorf("no error became %v", err)
	}
	if err := parallel.Catch(func() error { return fault }); !errors.Is(err, fault) {
		t.Errorf("%v is not the error of the function", err)
	}
	for name, f := range map[string]func() error{
		"panic":        func() error { panic("with a secret") },
		"nested panic": func() error { parallel.Do(func() {}, func() { panic("with a secret") }); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			p, ok := errors.AsType[*parallel.PanicError](parallel.Catch(f))
			if !ok {
				t.Fatal("the panic is not returned")
			}
			if _, nested := p.Value.(*parallel.PanicError); nested || !strings.Contains(p.Error(), "catch_test.go") || strings.Contains(p.Error(), "secret") {
				t.Errorf("described as %s", p)
			}
		})
	}
}
