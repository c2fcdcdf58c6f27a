package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"
)

// Everything seeded is derived from words, never drawn: two starts are alike.

// seededContract is the contract's number. One account belongs to another
// contract as well, whose owner is not among the accounts.
const (
	seededContract = 31_718_824
	otherContract  = 32_045_117
	otherOwner     = "owner@partner.example"
)

// minUsers are seeded even when Config wants fewer.
const minUsers = 12

// seededBytes gives n bytes that follow from the words.
func seededBytes(n int, words ...string) []byte {
	text := strings.Join(words, "\x00")
	var b []byte
	for len(b) < n {
		sum := sha256.Sum256(append(b, text...))
		b = append(b, sum[:]...)
	}
	return b[:n]
}

func seededUUID(words ...string) string { return uuidOf(seededBytes(16, words...)) }

// canonicalIDOf belongs to the user for good, shown from their first key on.
func canonicalIDOf(u *user) string {
	return hex.EncodeToString(seededBytes(16, "canonical", u.id))
}

func day(year int, month time.Month, d int) time.Time {
	// Odd hours and microseconds, as real times have.
	return time.Date(year, month, d, 8+d%10, (d*7)%60, (d*13)%60, d*31_415_000, time.UTC)
}

// seed gives the state of every start.
func seed(users int) *state {
	s := newState()
	c := &contract{number: seededContract}
	for _, g := range seededGroups {
		s.groups = append(s.groups, g.group(c))
	}
	for _, a := range seededAccounts {
		u := a.user(s, c)
		s.addUser(u)
		if u.role == roleOwner {
			c.owner = u
		}
		for i, k := range a.keys {
			s.addKey(k.key(u, c, i))
		}
	}
	s.seedOthers(c, max(users, minUsers))
	s.seedOtherContract()
	return s
}

// seedOtherContract gives those with a foot in it their second contract, after
// the first has the users that Config wants.
func (s *state) seedOtherContract() {
	c := &contract{number: otherContract}
	c.owner = seededAccount{
		email: otherOwner, firstname: "Noor", lastname: "van Dijk", role: roleOwner, created: day(2022, time.June, 7),
	}.user(s, c)
	s.addUser(c.owner)
	for _, a := range seededAccounts {
		if len(a.otherKeys) == 0 {
			continue
		}
		u := s.userNamed(a.email)
		u.contracts = append(u.contracts, c)
		for i, k := range a.otherKeys {
			s.addKey(k.key(u, c, len(a.keys)+i))
		}
	}
}

// seededKey describes a key to be seeded.
type seededKey struct {
	description string
	created     time.Time
	inactive    bool
	legacy      bool // from before contract-owned buckets: 20 hex digits, fewer regions
}

func (sk seededKey) key(u *user, c *contract, i int) *key {
	n := string(rune('a' + i))
	k := &key{
		id:          seededUUID("key", u.id, n),
		accessKey:   base64.RawURLEncoding.EncodeToString(seededBytes(69, "access", u.id, n)),
		secret:      base64.StdEncoding.EncodeToString(seededBytes(30, "secret", u.id, n)),
		description: sk.description, owner: u, contract: c,
		active: !sk.inactive, administrative: u.administrator(), regions: allRegions,
		created: sk.created, modified: sk.created, createdBy: u, modifiedBy: u,
		available: sk.created, readable: sk.created,
	}
	if sk.legacy {
		k.accessKey = hex.EncodeToString(seededBytes(10, "access", u.id, n))
		k.regions = userOwnedRegions
	}
	return k
}
