package objects

import (
	"slices"
	"strings"
	"time"
)

// Upload is an object that is uploaded in parts.
type Upload struct {
	ID, Key           string
	Initiator         string
	Begun             time.Time
	Headers, Metadata map[string]string
	Algorithm         Algorithm // of the checksum; none if empty
	ChecksumType      string
}

type upload struct {
	Upload
	parts map[int]*Part
}

// Part is one part of an upload.
type Part struct {
	Number   int
	ETag     string
	Modified time.Time
	Data     []byte
	Checksum Checksum
}

func uploadKey(key, id string) string { return key + "\x00" + id }

// Begin begins an upload and returns it with its id and time.
func (s *Store) Begin(name string, u Upload) (Upload, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buckets[name]
	if b == nil {
		return Upload{}, ErrNoBucket
	}
	u.ID, u.Begun = s.newID(), s.now()
	b.uploads.Set(uploadKey(u.Key, u.ID), &upload{u, map[int]*Part{}})
	return u, nil
}

// find needs the lock.
func (s *Store) find(name, key, id string) (*bucket, *upload, error) {
	b := s.buckets[name]
	if b == nil {
		return nil, nil, ErrNoBucket
	}
	u, found := b.uploads.Get(uploadKey(key, id))
	if !found {
		return nil, nil, ErrNoUpload
	}
	return b, u, nil
}

// Upload finds an upload. The error is ErrNoUpload.
func (s *Store) Upload(name, key, id string) (Upload, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, u, err := s.find(name, key, id)
	if err != nil {
		return Upload{}, err
	}
	return u.Upload, nil
}

// PutPart stores a part, in place of another with its number. The error is
// ErrNoUpload.
func (s *Store) PutPart(name, key, id string, p Part) (*Part, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, u, err := s.find(name, key, id)
	if err != nil {
		return nil, err
	}
	p.Modified = s.now()
	u.parts[p.Number] = &p
	return &p, nil
}

// Parts lists the parts of an upload by number. The error is ErrNoUpload.
func (s *Store) Parts(name, key, id string) ([]*Part, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, u, err := s.find(name, key, id)
	if err != nil {
		return nil, err
	}
	list := make([]*Part, 0, len(u.parts))
	for _, p := range u.parts {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *Part) int { return a.Number - b.Number })
	return list, nil
}

// Abort ends an upload and drops its parts. The error is ErrNoUpload.
func (s *Store) Abort(name, key, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, _, err := s.find(name, key, id)
	if err == nil {
		b.uploads.Delete(uploadKey(key, id))
	}
	return err
}

// UploadEntry is an upload or, where Upload is nil, a common prefix.
type UploadEntry struct {
	Name   string
	Upload *Upload
}

// Uploads lists the uploads that have begun, by key and then id. More says that
// there are others after the last.
func (s *Store) Uploads(name string, q Query) (list []UploadEntry, more bool, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b := s.buckets[name]
	if b == nil {
		return nil, false, ErrNoBucket
	}
	list = []UploadEntry{}
	b.uploads.Ascend(q.Prefix, func(_ string, u *upload) bool {
		if !strings.HasPrefix(u.Key, q.Prefix) {
			return false
		}
		if u.Key < q.After || u.Key == q.After && q.After != "" && (q.AfterUpload == "" || u.ID <= q.AfterUpload) {
			return true
		}
		e := UploadEntry{u.Key, &u.Upload}
		if common, is := q.commonPrefix(u.Key); is {
			if common == q.After || len(list) > 0 && list[len(list)-1].Name == common {
				return true
			}
			e = UploadEntry{Name: common}
		}
		if len(list) == q.Max {
			more = q.Max > 0
			return false
		}
		list = append(list, e)
		return true
	})
	return list, more, nil
}
