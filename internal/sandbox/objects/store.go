// Package objects keeps buckets, their objects with all versions, and uploads
// in parts, in memory. It knows the rules of S3 for versions, conditions,
// lists and checksums, and neither HTTP nor who may do what.
//
// A Store is safe for concurrent use. An [Object] is never changed once it is
// stored, so that it can be read without a lock.
package objects

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/btree"
)

// The errors of a Store. Every method that names a bucket returns ErrNoBucket
// where it does not exist.
var (
	ErrNoBucket      = errors.New("objects: no such bucket")
	ErrBucketExists  = errors.New("objects: the bucket exists")
	ErrTooMany       = errors.New("objects: too many buckets")
	ErrNotEmpty      = errors.New("objects: the bucket is not empty")
	ErrNoKey         = errors.New("objects: no such key")
	ErrNoVersion     = errors.New("objects: no such version")
	ErrDeleteMarker  = errors.New("objects: the version is a delete marker")
	ErrNoUpload      = errors.New("objects: no such upload")
	ErrInvalidPart   = errors.New("objects: no such part, or another ETag or checksum")
	ErrPartOrder     = errors.New("objects: the parts are not in ascending order")
	ErrPartTooSmall  = errors.New("objects: a part before the last is too small")
	ErrTooLarge      = errors.New("objects: the object is too large")
	ErrPrecondition  = errors.New("objects: a condition does not hold")
	ErrWrongSize     = errors.New("objects: the object has another size")
	ErrWrongChecksum = errors.New("objects: the object has another checksum")
)

// The states of a bucket's versioning.
const (
	Unversioned = ""
	Enabled     = "Enabled"
	Suspended   = "Suspended"
)

// NullVersion is the id of a version that was stored without versioning.
const NullVersion = "null"

// Bucket is what is known of a bucket but for its content.
type Bucket struct {
	Name   string
	Region string
	// Owner is the account that the bucket belongs to, Creator the user who
	// made it. The store compares them and no more.
	Owner, Creator string
	Created        time.Time
	Versioning     string
}

type bucket struct {
	Bucket
	keys    btree.Map[string, []*Object] // versions, the newest first
	uploads btree.Map[string, *upload]   // by key, then id
}

// Store is all buckets of a service. Their names are unique.
type Store struct {
	now   func() time.Time
	newID func() string

	mu      sync.RWMutex
	buckets map[string]*bucket
}

// New returns an empty store. newID gives ids of versions and uploads, each
// once.
func New(now func() time.Time, newID func() string) *Store {
	return &Store{now: now, newID: newID, buckets: map[string]*bucket{}}
}

// CreateBucket makes a bucket. ErrBucketExists is for a name that is taken,
// ErrTooMany for a creator who has made limit buckets of this owner.
func (s *Store) CreateBucket(b Bucket, limit int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.buckets[b.Name] != nil {
		return ErrBucketExists
	}
	n := 0
	for _, other := range s.buckets {
		if other.Owner == b.Owner && other.Creator == b.Creator {
			n++
		}
	}
	if n >= limit {
		return ErrTooMany
	}
	b.Created = s.now()
	s.buckets[b.Name] = &bucket{Bucket: b}
	return nil
}

// DeleteBucket removes a bucket. ErrNotEmpty is for any version or delete
// marker in it; unfinished uploads go with it.
func (s *Store) DeleteBucket(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buckets[name]
	switch {
	case b == nil:
		return ErrNoBucket
	case b.keys.Len() > 0:
		return ErrNotEmpty
	}
	delete(s.buckets, name)
	return nil
}

// Bucket finds a bucket by its name.
func (s *Store) Bucket(name string) (Bucket, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b := s.buckets[name]
	if b == nil {
		return Bucket{}, ErrNoBucket
	}
	return b.Bucket, nil
}

// Buckets lists those that match, by name.
func (s *Store) Buckets(match func(Bucket) bool) []Bucket {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := []Bucket{}
	for _, b := range s.buckets {
		if match(b.Bucket) {
			list = append(list, b.Bucket)
		}
	}
	slices.SortFunc(list, func(a, b Bucket) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// SetVersioning enables or suspends the versioning of a bucket.
func (s *Store) SetVersioning(name, state string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buckets[name]
	if b == nil {
		return ErrNoBucket
	}
	b.Versioning = state
	return nil
}
