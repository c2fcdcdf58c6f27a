package objects

import "strings"

// Query says which entries of a list are wanted.
type Query struct {
	Prefix, Delimiter string
	// After is the entry, key or common prefix, after which the list begins.
	After string
	// AfterVersion goes on within the versions of After, AfterUpload within
	// its uploads.
	AfterVersion, AfterUpload string
	Max                       int
}

// Entry is an object or, where Object is nil, a common prefix.
type Entry struct {
	Name   string
	Object *Object
	Latest bool // of its key's versions
}

// Page is one part of a list. More says that there are entries after the last.
type Page struct {
	Entries []Entry
	More    bool
}

// List gives the current versions by key.
func (s *Store) List(name string, q Query) (Page, error) {
	return s.list(name, q, func(key string, versions []*Object, add func(Entry) bool) bool {
		if versions[0].DeleteMarker {
			return true
		}
		return add(Entry{key, versions[0], true})
	})
}

// ListVersions gives all versions and delete markers by key, the newest first.
func (s *Store) ListVersions(name string, q Query) (Page, error) {
	begun := q.AfterVersion == ""
	return s.list(name, q, func(key string, versions []*Object, add func(Entry) bool) bool {
		for i, o := range versions {
			if !begun && key == q.After {
				begun = o.Version == q.AfterVersion
				continue
			}
			if !add(Entry{key, o, i == 0}) {
				return false
			}
		}
		return true
	})
}

// list visits keys in order, and rolls those up that have the delimiter after
// the prefix. visit returns false when add did.
func (s *Store) list(name string, q Query, visit func(string, []*Object, func(Entry) bool) bool) (Page, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b := s.buckets[name]
	if b == nil {
		return Page{}, ErrNoBucket
	}
	var page Page
	add := func(e Entry) bool {
		if len(page.Entries) == q.Max {
			page.More = q.Max > 0
			return false
		}
		page.Entries = append(page.Entries, e)
		return true
	}
	for from, more := max(q.Prefix, q.After), true; more; {
		more = false
		b.keys.Ascend(from, func(key string, versions []*Object) bool {
			if !strings.HasPrefix(key, q.Prefix) {
				return false
			}
			if key == q.After && q.After != "" && q.AfterVersion == "" {
				return true
			}
			common, is := q.commonPrefix(key)
			if !is {
				return visit(key, versions, add)
			}
			visible := common != q.After && rollsUp(key, versions, visit)
			if visible && !add(Entry{Name: common}) {
				return false
			}
			if visible || common == q.After {
				from, more = after(common) // past all keys below
				return false
			}
			return true
		})
	}
	return page, nil
}

// rollsUp reports whether a key has an entry to stand for.
func rollsUp(key string, versions []*Object, visit func(string, []*Object, func(Entry) bool) bool) bool {
	found := false
	visit(key, versions, func(Entry) bool {
		found = true
		return false
	})
	return found
}

// commonPrefix is what a key is listed as if it has the delimiter.
func (q Query) commonPrefix(key string) (string, bool) {
	if q.Delimiter == "" {
		return "", false
	}
	i := strings.Index(key[len(q.Prefix):], q.Delimiter)
	if i < 0 {
		return "", false
	}
	return key[:len(q.Prefix)+i+len(q.Delimiter)], true
}

// after is the least text that is greater than all that begin with a prefix;
// there is none where all its bytes are the highest.
func after(prefix string) (string, bool) {
	b := []byte(prefix)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < 0xff {
			b[i]++
			return string(b[:i+1]), true
		}
	}
	return "", false
}
