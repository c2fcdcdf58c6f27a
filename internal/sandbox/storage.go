package sandbox

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"keydeck/internal/sandbox/s3"
)

// defaultRegion is the one of the vendor's own S3 clients.
const defaultRegion = "eu-central-3"

// formerHosts are older names of endpoints that still exist.
var formerHosts = []string{
	"s3-eu-central-1.ionoscloud.com", "s3-eu-central-2.ionoscloud.com", "s3-eu-south-2.ionoscloud.com", "s3-de-central.profitbricks.com",
}

// Storage is the S3 endpoint of the sandbox: Signature Version 4 in a header or
// in the address, and nothing without it. One endpoint stands for all regions:
// the region of a request is that of its signature. docs/emulator.md says what
// it answers.
//
// A key opens it once it is available and active, and Config.Propagation has
// passed since; so does a renewed secret. What takes access away does so at
// once.
func (s *Sandbox) Storage() http.Handler { return http.HandlerFunc(s.serveStorage) }

// serveStorage answers, unless a fault of the storage does.
func (s *Sandbox) serveStorage(w http.ResponseWriter, r *http.Request) {
	f, found := s.faults.take(r, true)
	if found && (f.wait(r.Context()) != nil || f.Drop == "before") {
		panic(http.ErrAbortHandler)
	}
	switch {
	case found && f.Status != 0 && !f.Work:
		f.answerStorage(w, r)
	case found && (f.Status != 0 || f.Drop == "after"):
		s.storage.ServeHTTP(discard{http.Header{}}, r)
		if f.Drop == "after" {
			panic(http.ErrAbortHandler)
		}
		f.answerStorage(w, r)
	default:
		f.setHeaders(w.Header())
		s.storage.ServeHTTP(w, r)
	}
}

// discard takes an answer that no one reads.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// newStorage returns the endpoint over the sandbox's keys.
func (s *Sandbox) newStorage(address string, limits s3.Limits) *s3.Server {
	regions := make([]s3.Region, 0, len(regionTable))
	hosts := append([]string{"localhost"}, formerHosts...)
	for _, r := range regionTable {
		regions = append(regions, s3.Region{ID: r.id, ContractOwned: r.contractOwned})
		hosts = append(hosts, r.endpoint)
	}
	if u, err := url.Parse(address); err == nil && u.Hostname() != "" && net.ParseIP(u.Hostname()) == nil {
		hosts = append(hosts, strings.ToLower(u.Hostname()))
	}
	return s3.New(s3.Config{
		Now: s.now, NewID: s.newStorageID, Account: s.account, Regions: regions, DefaultRegion: defaultRegion, Hosts: hosts, Limits: limits,
	})
}

// newStorageID must not take the lock of the state: handlers hold it while they
// use the storage, which calls this under a lock of its own.
func (s *Sandbox) newStorageID() string {
	return strings.ReplaceAll(s.newUUID(), "-", "")
}

// account is what a key opens now. Rights follow the role of its user at the
// time of the request.
func (s *Sandbox) account(accessKey string) (s3.Account, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.state.settle(now)
	k := s.state.keysByAccess[accessKey]
	if k == nil || !k.opens(now) || !s.suspended && !k.owner.usesStorage() {
		return s3.Account{}, false
	}
	found := s3.Account{
		Secret: k.secret, Regions: k.regions, User: storageUser(k.contract, k.owner), Contract: k.contract.String(),
		CanonicalID: k.owner.canonicalID, Administrator: k.owner.administrator(),
	}
	if now.Before(k.secretSpread) {
		found.Secret = ""
	}
	return found, true
}

// storageUser distinguishes a user from those of other contracts, and from the
// same person in another.
func storageUser(c *contract, u *user) string { return c.String() + ":" + u.id }

// usesStorage reports whether the user is neither deactivated nor without the
// privilege.
func (u *user) usesStorage() bool { return u.active && u.mayUseObjectStorage() }

// opens reports whether the endpoint knows the key.
func (k *key) opens(now time.Time) bool {
	return k.active && k.status(now) == statusAvailable && !now.Before(k.spread)
}
