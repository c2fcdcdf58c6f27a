package objects

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
)

// MinPart is how many bytes every part but the last has at least.
const MinPart = 5 << 20

// Completion says which parts make the object, and what it has to be.
type Completion struct {
	Parts     []CompletedPart
	Size      int64 // as announced; -1 where it is not
	Checksum  Checksum
	When      Condition
	MaxObject int64
}

// CompletedPart names a part by number and ETag. Its checksum is compared if
// there is one.
type CompletedPart struct {
	Number   int
	ETag     string
	Checksum Checksum
}

// Complete makes an object from the parts of an upload and ends it. The errors
// are ErrNoUpload, ErrInvalidPart, ErrPartOrder, ErrPartTooSmall, ErrTooLarge,
// ErrWrongSize, ErrWrongChecksum and those of a Condition; none of them ends
// the upload.
func (s *Store) Complete(name, key, id string, c Completion) (*Object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, u, err := s.find(name, key, id)
	if err != nil {
		return nil, err
	}
	parts, err := u.choose(c.Parts)
	if err != nil {
		return nil, err
	}
	o, err := u.assemble(parts, c)
	if err != nil {
		return nil, err
	}
	if err := c.When.holds(b.current(key)); err != nil {
		return nil, err
	}
	b.uploads.Delete(uploadKey(key, id))
	return s.store(b, o), nil
}

// choose finds the parts that are named.
func (u *upload) choose(named []CompletedPart) ([]*Part, error) {
	parts := make([]*Part, 0, len(named))
	for i, want := range named {
		if i > 0 && want.Number <= named[i-1].Number {
			return nil, ErrPartOrder
		}
		p := u.parts[want.Number]
		if p == nil || p.ETag != want.ETag {
			return nil, ErrInvalidPart
		}
		if sum := want.Checksum; sum.Algorithm != "" && sum.Algorithm.Sum(p.Data) != sum.Value {
			return nil, ErrInvalidPart
		}
		parts = append(parts, p)
	}
	for _, p := range parts[:max(len(parts)-1, 0)] {
		if len(p.Data) < MinPart {
			return nil, ErrPartTooSmall
		}
	}
	return parts, nil
}

func (u *upload) assemble(parts []*Part, c Completion) (*Object, error) {
	total := int64(0)
	for _, p := range parts {
		total += int64(len(p.Data))
	}
	switch {
	case c.MaxObject > 0 && total > c.MaxObject:
		return nil, ErrTooLarge
	case c.Size >= 0 && c.Size != total:
		return nil, ErrWrongSize
	}
	o := &Object{Key: u.Key, Headers: u.Headers, Metadata: u.Metadata, Data: make([]byte, 0, total)}
	sums := md5.New()
	for _, p := range parts {
		o.Data = append(o.Data, p.Data...)
		o.Parts = append(o.Parts, len(p.Data))
		sum, err := hex.DecodeString(p.ETag)
		if err != nil {
			return nil, fmt.Errorf("objects: the ETag of part %d: %w", p.Number, err)
		}
		sums.Write(sum)
	}
	o.ETag = fmt.Sprintf("%x-%d", sums.Sum(nil), len(parts))
	switch {
	case u.Algorithm == "":
	case u.ChecksumType == Composite:
		o.Checksum = u.Algorithm.composite(parts)
	default:
		o.Checksum = u.Algorithm.Checksum(o.Data)
	}
	if want := c.Checksum; want.Algorithm != "" && (want.Algorithm != o.Checksum.Algorithm || want.Value != o.Checksum.Value) {
		return nil, ErrWrongChecksum
	}
	return o, nil
}

// ETag is that of an object or part of these bytes.
func ETag(data []byte) string {
	sum := md5.Sum(data)
	return hex.EncodeToString(sum[:])
}
