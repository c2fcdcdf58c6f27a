package ionos

import (
	"time"

	cloud "github.com/ionos-cloud/sdk-go/v6"
)

// value gives what a pointer in an answer points to, or the zero value: in the
// SDKs' types every field of an answer may be missing.
func value[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}

func date(t *cloud.IonosTime) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Time
}
