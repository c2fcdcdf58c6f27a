package app

import (
	"runtime/debug"

	"keydeck/internal/parallel"
)

// recovered returns f with a panic returned as a [*parallel.PanicError]: Serve then
// stops the other tasks and closes the store before the process ends.
func recovered(f func() error) func() error {
	return func() (err error) {
		defer func() {
			if value := recover(); value != nil {
				err = &parallel.PanicError{Value: value, Stack: debug.Stack()}
			}
		}()
		return f()
	}
}
