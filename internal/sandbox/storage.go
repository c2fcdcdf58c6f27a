package sandbox

import (
	"net/http"
	"slices"
	"time"
)

// storage is the S3 endpoint. Its credentials are the sandbox's keys; what is
// behind them is kept in memory, apart for each user.
type storage struct {
	*Sandbox
	accounts accounts
}

// Storage is the S3 endpoint of the sandbox: path style, Signature Version 4 in
// a header or in the address, and nothing without it. One endpoint stands for
// all regions. It answers the operations on buckets and objects, on versions
// and on uploads in parts; NotImplemented for the others.
//
// A key opens it once it is available and active, and Config.Propagation has
// passed since; so does a renewed secret. What takes access away does so at
// once.
func (s *Sandbox) Storage() http.Handler { return s.storage }

// ServeHTTP lets a request pass that is signed, and has it answered for the
// user whose key it is.
func (s *storage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := s.now()
	sig, err := readSignature(r, now)
	if err != nil {
		refuseStorage(w, r, err)
		return
	}
	opened, err := s.open(sig)
	if err != nil {
		refuseStorage(w, r, err)
		return
	}
	body, err := sig.readBody(r, opened.secret)
	if err != nil {
		refuseStorage(w, r, err)
		return
	}
	if err := s.accounts.serve(w, withBody(r, body), opened.account); err != nil {
		refuseStorage(w, r, err)
	}
}

// opened is what a key gives access to.
type opened struct {
	secret  string
	account string // whose buckets
}

// open checks a signature against the key that it names.
func (s *storage) open(sig *signature) (opened, error) {
	k, err := s.keyFor(sig.accessKey)
	if err != nil {
		return opened{}, err
	}
	switch {
	case !sig.isBy(k.secret):
		return opened{}, sig.mismatch()
	case !slices.ContainsFunc(regionTable, func(r region) bool { return r.id == sig.region }):
		return opened{}, malformed("the region '" + sig.region + "' is wrong; expecting one that /regions names")
	case !slices.Contains(k.regions, sig.region):
		// Another service keeps the buckets there, which has never heard of
		// such a key. What the real one answers is not found documented.
		return opened{}, noSuchAccessKey()
	case !k.allowed:
		return opened{}, accessDenied("Access Denied")
	}
	return opened{k.secret, k.account}, nil
}

// keyForStorage is a key as the endpoint sees it.
type keyForStorage struct {
	secret  string // empty while a renewed one has not arrived
	regions []string
	account string
	allowed bool
}

func (s *storage) keyFor(accessKey string) (keyForStorage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.state.settle(now)
	k := s.state.keysByAccess[accessKey]
	if k == nil || !k.opens(now) {
		return keyForStorage{}, noSuchAccessKey()
	}
	found := keyForStorage{
		secret: k.secret, regions: k.regions, account: k.contract.String() + ":" + k.owner.id,
		allowed: k.owner.active && k.owner.mayUseObjectStorage(),
	}
	if now.Before(k.secretSpread) {
		found.secret = ""
	}
	return found, nil
}

// opens reports whether the endpoint knows the key.
func (k *key) opens(now time.Time) bool {
	return k.active && k.status(now) == statusAvailable && !now.Before(k.spread)
}
