// Package kv stores small records that expire: in one file (bolt), in Redis or
// Valkey, or in memory. It is the only package that knows these databases; it
// does not know what the records mean. Package kvtest holds the tests that every
// Store passes.
package kv

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Record is what a Store holds under a key.
type Record struct {
	Key   string
	Value []byte
}

// ErrNotFound is returned for a record that is absent or has expired.
var ErrNotFound = errors.New("kv: no such record")

// Store is a key-value database whose records expire. The interface keeps bolt
// and Redis out of the packages that store something.
//
// Every record has an expiry, at least to the millisecond; from then on all
// methods treat it as absent. A key is 1 to 512 bytes of printable ASCII; a
// value is any 0 to 256 KiB, and belongs to the caller before and after a call.
// The part of a key up to its second slash names its group, such as
// "session/abc/": the records of a group are listed and deleted together.
//
// All methods may be called concurrently. An error other than those named is a
// failure of the database; a write that returns one may have been carried out.
type Store interface {
	// Get returns a record's value, or ErrNotFound.
	Get(ctx context.Context, key string) ([]byte, error)

	// Put writes a record, whether or not there is one.
	Put(ctx context.Context, key string, value []byte, expires time.Time) error

	// PutIfAbsent writes a record unless there is one, atomically: of any
	// number of concurrent calls, one reports that it stored its value.
	PutIfAbsent(ctx context.Context, key string, value []byte, expires time.Time) (stored bool, err error)

	// CompareAndSwap writes a record if there is one whose value is old,
	// atomically. It never brings a deleted record back.
	CompareAndSwap(ctx context.Context, key string, old, value []byte, expires time.Time) (swapped bool, err error)

	// Delete removes records, atomically; several must belong to one group. An
	// absent record is not an error.
	Delete(ctx context.Context, keys ...string) error

	// DeleteGroup removes all records of a group, such as "session/abc/". After
	// an error some of them may be left; the call can be repeated.
	DeleteGroup(ctx context.Context, group string) error

	// List returns the records whose keys begin with prefix and are greater
	// than after, in the order of their keys, at most limit of them. The prefix
	// is a group or begins with one. An empty after means from the first
	// record; the last key of a list is where the next page begins. Records
	// that are written during the call may be missing.
	List(ctx context.Context, prefix, after string, limit int) ([]Record, error)

	// Ping returns an error if the store cannot write at the moment.
	Ping(ctx context.Context) error

	// Close waits for the calls in progress and frees the store; later calls
	// fail.
	Close() error
}

// Exclusive is a Store that only one process can have open.
type Exclusive interface {
	// Epoch returns a name that is different each time the store is opened.
	Epoch() string
}

// EpochOf returns the epoch of an exclusive store, or "" for one that several
// processes may share.
func EpochOf(s Store) string {
	if e, ok := s.(Exclusive); ok {
		return e.Epoch()
	}
	return ""
}

// Warner is a Store whose server may be configured in a way that endangers its
// records.
type Warner interface {
	// Warnings returns a sentence for each such setting, with the right one.
	Warnings(ctx context.Context) []string
}

var (
	errNoGroup    = errors.New("kv: not a group, which is written kind/name/")
	errManyGroups = errors.New("kv: the keys are not of one group")
)

// groupOf returns the part of a key that names its group, empty if it has none.
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

// checkGroup returns errNoGroup for what is not exactly the name of a group.
func checkGroup(group string) error {
	if group == "" || groupOf(group) != group {
		return errNoGroup
	}
	return nil
}

// checkPrefix returns errNoGroup for a prefix that names no group.
func checkPrefix(prefix string) error { return checkGroup(groupOf(prefix)) }

// checkOneGroup returns errManyGroups for several keys that share no group.
func checkOneGroup(keys []string) error {
	if len(keys) < 2 {
		return nil
	}
	for _, key := range keys {
		if group := groupOf(key); group == "" || group != groupOf(keys[0]) {
			return errManyGroups
		}
	}
	return nil
}
