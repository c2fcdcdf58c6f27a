package parallel

import "runtime/debug"

// Catch calls f and returns its error. A panic of f is returned as a [*PanicError].
// It is for work that outlives its caller, such as the filling of a cache:
// there is no goroutine that the panic could come back to.
func Catch(f func() error) (err error) {
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		p, nested := value.(*PanicError)
		if !nested {
			p = &PanicError{value, debug.Stack()}
		}
		err = p
	}()
	return f()
}
