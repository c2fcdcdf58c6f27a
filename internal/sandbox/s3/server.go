// Package s3 answers the S3 protocol for the sandbox: Signature Version 4 in a
// header or in the query, buckets that belong to a contract or to a user,
// objects with versions, and uploads in parts. What it does not have is
// answered with NotImplemented and changes nothing.
package s3

import (
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"keydeck/internal/sandbox/objects"
)

// The names of headers of S3 that are set in several places. They go on the
// wire in lower case.
const (
	requestIDHeader    = "X-Amz-Request-Id"
	hostIDHeader       = "X-Amz-Id-2"
	bucketRegionHeader = "X-Amz-Bucket-Region"
)

// Account is what an access key opens.
type Account struct {
	Secret  string   // empty where no signature can be right
	Regions []string // where the key is known
	// User is unique among the users of all contracts, Contract a contract's
	// number.
	User, Contract string
	CanonicalID    string
	Administrator  bool // or owner of the contract
}

// Region is a location of buckets.
type Region struct {
	ID            string
	ContractOwned bool // buckets belong to the contract, else to the user
}

// Limits bound what is stored.
type Limits struct {
	ContractBuckets, UserBuckets int   // of one user
	ContractPut, UserPut         int64 // bytes of one PUT, by whose bucket it is
	Object                       int64 // bytes
	Body                         int64 // bytes of one request, which is held in memory
}

// ServiceLimits are those of the service, and the sandbox's own for Body.
var ServiceLimits = Limits{
	ContractBuckets: 1000, UserBuckets: 500,
	ContractPut: 5 << 30, UserPut: 5_000_000_000, Object: 5 << 40, Body: 256 << 20,
}

// Config is what a Server works with. All of it is needed.
type Config struct {
	Now   func() time.Time
	NewID func() string // gives ids of requests, versions and uploads
	// Account finds an access key; false for one that is not known.
	Account func(accessKey string) (Account, bool)
	Regions []Region
	// DefaultRegion is named to clients that sign for no region.
	DefaultRegion string
	// Hosts are names in front of which a bucket's name may stand. Any other
	// host is path style.
	Hosts  []string
	Limits Limits
}

// Server is an http.Handler for one endpoint that stands for all regions: the
// region of a request is that of its signature.
type Server struct {
	Config
	store  *objects.Store
	grants grants
}

// New returns a server without buckets.
func New(cfg Config) *Server {
	return &Server{Config: cfg, store: objects.New(cfg.Now, cfg.NewID), grants: newGrants()}
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, hr *http.Request) {
	w.Header().Set(requestIDHeader, s.NewID())
	w.Header().Set(hostIDHeader, s.NewID())
	if err := s.serve(w, hr); err != nil {
		WriteError(w, hr, err)
	}
}

func (s *Server) serve(w http.ResponseWriter, hr *http.Request) error {
	r := &request{Server: s, Request: hr, w: w, query: hr.URL.Query()}
	r.bucket, r.key = s.locate(hr)
	if err := r.authenticate(); err != nil {
		return err
	}
	r.takeQueryHeaders()
	op, err := r.operation()
	if err != nil {
		return err
	}
	if err := r.refuseUnsupportedHeaders(); err != nil {
		return err
	}
	if err := r.verifyBody(op); err != nil {
		return err
	}
	return op.handle(r)
}

// authenticate finds out whose request it is, and reads its body, which a
// signature may cover.
func (r *request) authenticate() error {
	sig, err := readSignature(r.Request, r.Now())
	if err != nil {
		return err
	}
	var known bool
	if r.account, known = r.Account(sig.accessKey); !known {
		return noSuchAccessKey()
	}
	if !sig.isBy(r.account.Secret) {
		return sig.mismatch()
	}
	i := slices.IndexFunc(r.Regions, func(at Region) bool { return at.ID == sig.region })
	if i < 0 {
		return r.wrongRegion(sig.region)
	}
	r.region = r.Regions[i]
	if !slices.Contains(r.account.Regions, sig.region) {
		// The service keeps contract-owned buckets apart, where keys from
		// before them are not known. What it answers is not found documented.
		return noSuchAccessKey()
	}
	if err := r.refuseTooLarge(); err != nil {
		return err
	}
	r.body, r.trailer, err = sig.readBody(r.Request, r.account.Secret, r.Limits.Body)
	return err
}

// wrongRegion says where the bucket is, or the default region. Clients that
// were given no region read it there.
func (r *request) wrongRegion(signed string) error {
	right := r.DefaultRegion
	if b, err := r.store.Bucket(r.bucket); err == nil {
		right = b.Region
	}
	e := malformed("the region '" + signed + "' is wrong; expecting '" + right + "'")
	e.Region = right
	return e
}

// locate finds bucket and key in a request: in the path, or the bucket before a
// host that is known. An IP address is always path style.
func (s *Server) locate(r *http.Request) (bucket, key string) {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	path := strings.TrimPrefix(r.URL.Path, "/")
	for _, known := range s.Hosts {
		if before, found := strings.CutSuffix(strings.ToLower(host), "."+known); found {
			return before, path
		}
	}
	bucket, key, _ = strings.Cut(path, "/")
	return bucket, key
}
