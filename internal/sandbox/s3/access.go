package s3

import (
	"net/http"
	"slices"
	"sync"

	"keydeck/internal/sandbox/objects"
)

// right is what an operation needs to be allowed.
type right int

const (
	toLocate right = iota // to find out where a bucket is
	toUse                 // anything else
)

// owner is the account that buckets made by the caller belong to.
func (r *request) owner() string {
	if r.region.ContractOwned {
		return r.account.Contract
	}
	return r.account.User
}

// ownerID is how lists name the owner of a bucket in the caller's region.
func (r *request) ownerID() string {
	if r.region.ContractOwned {
		return r.account.Contract
	}
	return r.account.CanonicalID
}

// open finds a bucket for the caller. A bucket exists in its own region alone.
// In user-owned regions it is private to its user. In contract-owned regions
// every user of the contract may locate it; to use it takes an administrator,
// or a grant.
func (r *request) open(name string, need right) (objects.Bucket, error) {
	b, err := r.store.Bucket(name)
	if err != nil || b.Region != r.region.ID {
		return objects.Bucket{}, objects.ErrNoBucket
	}
	switch {
	case b.Owner != r.owner():
	case !r.region.ContractOwned, need == toLocate, r.account.Administrator, r.grants.has(name, r.account.User):
		return b, nil
	}
	e := accessDenied("Access Denied")
	if r.Method == http.MethodHead && r.key == "" {
		e.Region = b.Region
	}
	return b, e
}

// use opens the bucket of the path.
func (r *request) use() (objects.Bucket, error) { return r.open(r.bucket, toUse) }

// useKey is use for a request about an object, whose key has a longest length.
func (r *request) useKey() (objects.Bucket, error) {
	b, err := r.use()
	if err == nil && len(r.key) > maxKey {
		err = NewError(http.StatusBadRequest, "KeyTooLong", "Your key is too long.")
	}
	return b, err
}

// grants stand in for bucket policies, by bucket.
type grants struct {
	mu sync.Mutex
	to map[string][]string
}

func newGrants() grants { return grants{to: map[string][]string{}} }

func (g *grants) has(bucket, user string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Contains(g.to[bucket], user)
}

// HasBuckets reports whether a user, by Account.User, owns buckets.
func (s *Server) HasBuckets(user string) bool {
	return len(s.store.Buckets(func(b objects.Bucket) bool { return b.Owner == user })) > 0
}

// Grant lets users, by Account.User, use a contract-owned bucket as a bucket
// policy would. It replaces those who were granted before. It reports false
// where there is no such bucket.
func (s *Server) Grant(bucket string, users []string) bool {
	if _, err := s.store.Bucket(bucket); err != nil {
		return false
	}
	s.grants.mu.Lock()
	defer s.grants.mu.Unlock()
	s.grants.to[bucket] = slices.Clone(users)
	return true
}
