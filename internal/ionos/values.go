package ionos

import (
	"slices"
	"time"

	cloud "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/keys"
)

// value returns *p, or the zero value if p is nil: in the SDKs' types every
// field of a response is optional.
func value[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}

// date returns a time of a response, or the zero time if it is missing.
func date(t *cloud.IonosTime) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Time
}

// itemsOf returns the items of a collection; null and no items are none.
func itemsOf[T any](items *[]T, c *call) ([]T, error) {
	switch {
	case items != nil && *items != nil:
		return *items, nil
	case isCollection(c.body):
		return nil, nil
	default:
		return nil, c.decodeError("is no collection")
	}
}

// unique returns the items of a list without those that repeat an earlier one:
// an item moves to the next page when another is added before it.
func unique[T any](list []T, id func(T) string) []T {
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(item T) bool {
		repeated := seen[id(item)]
		seen[id(item)] = true
		return repeated
	})
}

func accessKeyOf(k keys.Key) string { return k.AccessKey }
