package keys

import (
	"context"
	"slices"
	"time"
)

// administrativeTimeout is how long a list of keys waits for what the Management
// API says of them. The list is complete without it.
const administrativeTimeout = 2 * time.Second

// administrative returns those keys of a managed user that are administrative. The
// Management API alone tells, and of the signed-in person's keys alone: of another
// user's, and where it does not answer, none is known.
func (s *Service) administrative(ctx context.Context, owner Owner) []Key {
	if !owner.Self {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, administrativeTimeout)
	defer cancel()
	list, err := s.remote.OwnKeys(ctx)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(list, func(k Key) bool { return !k.Admin })
}

// mark returns a key as administrative if it is among others that are.
func mark(k Key, administrative []Key) Key {
	k.Admin = k.Admin || slices.ContainsFunc(administrative, func(other Key) bool { return other.AccessKey == k.AccessKey })
	return k
}

func markAll(list, administrative []Key) []Key {
	marked := make([]Key, len(list))
	for i, k := range list {
		marked[i] = mark(k, administrative)
	}
	return marked
}
