package objects

import (
	"slices"
	"time"
)

// Object is one version of an object, or a delete marker.
type Object struct {
	Key      string
	Version  string // NullVersion where it was stored without versioning
	ETag     string // without quotes
	Modified time.Time
	Data     []byte
	// Headers are those of HTTP that are stored, Metadata those of the caller,
	// by lower-case name.
	Headers, Metadata map[string]string
	Checksum          Checksum
	Parts             []int // the sizes of the parts that it was made from, if it was
	DeleteMarker      bool
}

// Condition is what a write wants of the current version. A zero Condition
// always holds.
type Condition struct {
	IfMatch     string // an ETag, or "*" for any version
	IfNoneMatch string // "*" for no version
}

// holds reports ErrNoKey where an ETag is wanted and there is no object.
func (c Condition) holds(current *Object) error {
	switch {
	case c.IfNoneMatch != "" && current != nil && (c.IfNoneMatch == "*" || c.IfNoneMatch == current.ETag):
		return ErrPrecondition
	case c.IfMatch == "":
		return nil
	case current == nil:
		return ErrNoKey
	case c.IfMatch != "*" && c.IfMatch != current.ETag:
		return ErrPrecondition
	}
	return nil
}

// current is the newest version; nil for none or a delete marker.
func (b *bucket) current(key string) *Object {
	versions, _ := b.keys.Get(key)
	if len(versions) == 0 || versions[0].DeleteMarker {
		return nil
	}
	return versions[0]
}

// Put stores an object as its key's newest version, and returns it with its
// version and time. The errors are those of a Condition: ErrPrecondition and
// ErrNoKey.
func (s *Store) Put(name string, o Object, when Condition) (*Object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buckets[name]
	if b == nil {
		return nil, ErrNoBucket
	}
	if err := when.holds(b.current(o.Key)); err != nil {
		return nil, err
	}
	return s.store(b, &o), nil
}

// store adds a version, in place of the one without versioning where the
// bucket has none now.
func (s *Store) store(b *bucket, o *Object) *Object {
	o.Modified, o.Version = s.now(), NullVersion
	versions, _ := b.keys.Get(o.Key)
	if b.Versioning == Enabled {
		o.Version = s.newID()
	} else {
		versions = without(versions, NullVersion)
	}
	b.keys.Set(o.Key, append([]*Object{o}, versions...))
	return o
}

func without(versions []*Object, id string) []*Object {
	return slices.DeleteFunc(slices.Clone(versions), func(o *Object) bool { return o.Version == id })
}

// Get finds an object, or one of its versions. The errors are ErrNoKey,
// ErrNoVersion, and ErrDeleteMarker for a version that is one. With ErrNoKey
// the object is the delete marker that hides it, if one does.
func (s *Store) Get(name, key, version string) (*Object, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b := s.buckets[name]
	if b == nil {
		return nil, ErrNoBucket
	}
	versions, _ := b.keys.Get(key)
	if version == "" {
		switch {
		case len(versions) == 0:
			return nil, ErrNoKey
		case versions[0].DeleteMarker:
			return versions[0], ErrNoKey
		}
		return versions[0], nil
	}
	i := slices.IndexFunc(versions, func(o *Object) bool { return o.Version == version })
	switch {
	case i < 0:
		return nil, ErrNoVersion
	case versions[i].DeleteMarker:
		return versions[i], ErrDeleteMarker
	}
	return versions[i], nil
}

// Delete removes a version, or puts a delete marker before the others where no
// version is given and the bucket has versioning. It returns what was removed
// or added; nil where there was nothing. Deleting what is not there is no
// error; ErrPrecondition and ErrNoKey are those of the condition.
func (s *Store) Delete(name, key, version string, when Condition) (*Object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buckets[name]
	if b == nil {
		return nil, ErrNoBucket
	}
	if err := when.holds(b.current(key)); err != nil {
		return nil, err
	}
	if version == "" && b.Versioning != Unversioned {
		return s.store(b, &Object{Key: key, DeleteMarker: true}), nil
	}
	if version == "" {
		version = NullVersion
	}
	versions, _ := b.keys.Get(key)
	i := slices.IndexFunc(versions, func(o *Object) bool { return o.Version == version })
	if i < 0 {
		return nil, nil
	}
	removed := versions[i]
	if left := without(versions, version); len(left) > 0 {
		b.keys.Set(key, left)
	} else {
		b.keys.Delete(key)
	}
	return removed, nil
}
