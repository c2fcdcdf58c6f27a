package waittest_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keydeck/internal/waittest"
)

// failing records a failure in place of the test's own.
type failing struct {
	testing.TB
	text string
}

func (*failing) Helper() {}

func (f *failing) Fatalf(format string, args ...any) {
	f.text = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func TestReceive(t *testing.T) {
	t.Run("value", func(t *testing.T) {
		c := make(chan int, 1)
		c <- 7
		if got := waittest.Receive(t, c, "a value"); got != 7 {
			t.Errorf("got %d", got)
		}
		close(c)
		if got := waittest.Receive(t, c, "the end"); got != 0 {
			t.Errorf("got %d of a closed channel", got)
		}
	})
	t.Run("nothing", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := &failing{TB: t}
			began := time.Now()
			done := make(chan struct{})
			go func() {
				defer close(done)
				waittest.Receive(f, make(chan int), "the moon")
			}()
			<-done
			if !strings.Contains(f.text, "the moon") || time.Since(began) != 30*time.Second {
				t.Errorf("failed with %q after %v", f.text, time.Since(began))
			}
		})
	})
}
