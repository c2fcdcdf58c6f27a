package objects

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"strconv"
)

// Algorithm is the name of a checksum, as the protocol writes it.
type Algorithm string

// The checksums that S3 knows beside MD5.
const (
	CRC32     Algorithm = "CRC32"
	CRC32C    Algorithm = "CRC32C"
	CRC64NVME Algorithm = "CRC64NVME"
	SHA1      Algorithm = "SHA1"
	SHA256    Algorithm = "SHA256"
)

// Algorithms are all of them.
var Algorithms = []Algorithm{CRC32, CRC32C, CRC64NVME, SHA1, SHA256}

// The ways in which the checksum of an object made from parts is formed.
const (
	Composite  = "COMPOSITE"   // of the checksums of the parts
	FullObject = "FULL_OBJECT" // of all bytes
)

// Checksum is one of an object; the zero Checksum is none.
type Checksum struct {
	Algorithm Algorithm
	Value     string // in base64; with -N after it where it is composite
	Type      string
}

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	// The polynomial of the NVM Express specification, reversed.
	nvme = crc64.MakeTable(0x9a6c9329ac4bc9b5)
)

// New returns a hash; nil for an unknown name.
func (a Algorithm) New() hash.Hash {
	switch a {
	case CRC32:
		return crc32.NewIEEE()
	case CRC32C:
		return crc32.New(castagnoli)
	case CRC64NVME:
		return crc64.New(nvme)
	case SHA1:
		return sha1.New()
	case SHA256:
		return sha256.New()
	}
	return nil
}

// Sum returns the checksum of all bytes, in base64.
func (a Algorithm) Sum(data []byte) string {
	h := a.New()
	h.Write(data)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// Checksum returns the checksum of all bytes; none for no algorithm.
func (a Algorithm) Checksum(data []byte) Checksum {
	if a == "" {
		return Checksum{}
	}
	return Checksum{a, a.Sum(data), FullObject}
}

// Valid reports whether a text has the form of a checksum.
func (a Algorithm) Valid(text string) bool {
	raw, err := base64.StdEncoding.DecodeString(text)
	return err == nil && len(raw) == a.New().Size()
}

// DefaultType is how the checksum of parts is formed unless it is said.
func (a Algorithm) DefaultType() string {
	if a == CRC64NVME {
		return FullObject
	}
	return Composite
}

// Takes reports whether the checksum of parts can be formed in a way.
func (a Algorithm) Takes(kind string) bool {
	switch a {
	case CRC32, CRC32C:
		return kind == Composite || kind == FullObject
	case CRC64NVME:
		return kind == FullObject
	case SHA1, SHA256:
		return kind == Composite
	default:
		return false
	}
}

// composite is the checksum of the parts' checksums.
func (a Algorithm) composite(parts []*Part) Checksum {
	h := a.New()
	for _, p := range parts {
		part := a.New()
		part.Write(p.Data)
		h.Write(part.Sum(nil))
	}
	return Checksum{a, base64.StdEncoding.EncodeToString(h.Sum(nil)) + "-" + strconv.Itoa(len(parts)), Composite}
}
