package session

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Record is what a Backend holds under a key.
type Record struct {
	Key   string
	Value []byte
}

// Backend is what sessions need of a key-value database. The interface keeps
// bolt and Redis out of the rest of the package.
//
// Every record has an expiry, at least to the millisecond, from which on all
// methods treat it as absent. Keys are non-empty printable ASCII of at most
// 512 bytes; values are any bytes, at most 64 KiB, and belong to the caller
// before and after a call. The part of a key as far as its second slash names
// the group that the record belongs to, such as "session/abc/": what is listed
// or deleted together. All methods may be called at the same time; an
// error other than those named means that the store is in trouble.
type Backend interface {
	// Get returns a record's value, or ErrNotFound.
	Get(ctx context.Context, key string) ([]byte, error)

	// Put writes a record, whatever was there.
	Put(ctx context.Context, key string, value []byte, expires time.Time) error

	// PutIfAbsent writes a record unless there is one, atomically: of any
	// number of callers at once, one is told that it stored its value.
	PutIfAbsent(ctx context.Context, key string, value []byte, expires time.Time) (stored bool, err error)

	// CompareAndSwap writes a record if there is one whose value is old,
	// atomically. It never brings a deleted record back.
	CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (swapped bool, err error)

	// Delete removes a record; to remove what is absent is no error.
	Delete(ctx context.Context, key string) error

	// DeletePrefix removes all records whose keys begin with prefix, which must
	// name a group. It may be interrupted half-way by an error and is then
	// simply called again.
	DeletePrefix(ctx context.Context, prefix string) error

	// List returns the records whose keys begin with prefix, which must name a
	// group, in the order of their keys, and no more than limit of them. What
	// is written meanwhile may be among them or not.
	List(ctx context.Context, prefix string, limit int) ([]Record, error)

	// Ping reports whether the store can store at this moment.
	Ping(ctx context.Context) error

	// Close frees the store after the calls under way; calls after it fail.
	Close() error
}

// groupOf is the part of a key that names its group, empty if it has none.
func groupOf(key string) string {
	first := strings.IndexByte(key, '/')
	if first < 0 {
		return ""
	}
	second := strings.IndexByte(key[first+1:], '/')
	if second < 0 {
		return ""
	}
	return key[:first+1+second+1]
}

var errNoGroup = errors.New("session store: a prefix must name a group, as in kind/name/")

// Open opens the store that url names: "bolt:PATH", "redis://…" or "rediss://…".
// now gives the time by which records expire. Errors never repeat the url,
// which may hold a password.
func Open(url string, now func() time.Time) (Backend, error) {
	const give = "give bolt:PATH, such as bolt:keydeck-sessions.db, or redis://HOST:PORT/0"
	scheme, path, found := strings.Cut(url, ":")
	switch {
	case found && scheme == "bolt" && path != "":
		return OpenBolt(BoltConfig{Path: path, Now: now})
	case found && scheme == "bolt":
		return nil, errors.New("the path of the file is missing: " + give)
	case found && (scheme == "redis" || scheme == "rediss"):
		return OpenRedis(RedisConfig{URL: url, Now: now})
	}
	return nil, errors.New("unknown kind of store: " + give)
}
