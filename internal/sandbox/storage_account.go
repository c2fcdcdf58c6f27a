package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// accounts are everybody's buckets, each user's in a memory of their own: what
// is not theirs cannot be reached by mistake.
type accounts struct {
	clock gofakes3.TimeSource

	mu   sync.Mutex
	open map[string]*account
}

type account struct {
	buckets *s3mem.Backend
	handler http.Handler
}

// serve answers a request for a user.
func (a *accounts) serve(w http.ResponseWriter, r *http.Request, name string) error {
	if err := supported(r.URL.Query()); err != nil {
		return err
	}
	mine, err := a.enter(r, name)
	if err != nil {
		return err
	}
	mine.handler.ServeHTTP(w, r)
	return nil
}

// enter gives a user's own account, unless a bucket is somebody else's: names
// are the same for all.
func (a *accounts) enter(r *http.Request, name string) (*account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.open[name] == nil {
		a.open[name] = a.account()
	}
	bucket, object, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	for _, wanted := range []string{bucket, sourceBucket(r)} {
		if !a.foreign(wanted, name) {
			continue
		}
		if r.Method == http.MethodPut && wanted == bucket && object == "" {
			return nil, storageRefuse(http.StatusConflict, "BucketAlreadyExists",
				"The requested bucket name is not available. The bucket namespace is shared by all users of the system.")
		}
		return nil, accessDenied("Access Denied")
	}
	return a.open[name], nil
}

func (a *accounts) account() *account {
	backend := s3mem.New(s3mem.WithTimeSource(a.clock))
	fake := gofakes3.New(sorted{backend}, gofakes3.WithTimeSource(a.clock),
		gofakes3.WithTimeSkewLimit(0)) // the signature's time was looked at
	return &account{backend, fake.Server()}
}

func (a *accounts) foreign(bucket, name string) bool {
	for owner, other := range a.open {
		if exists, _ := other.buckets.BucketExists(bucket); exists && owner != name {
			return true
		}
	}
	return false
}

// sourceBucket is the bucket that is copied from.
func sourceBucket(r *http.Request) string {
	source, err := url.PathUnescape(r.Header.Get("X-Amz-Copy-Source"))
	if err != nil {
		return ""
	}
	bucket, _, _ := strings.Cut(strings.TrimPrefix(source, "/"), "/")
	return bucket
}

// notSupported are parts of buckets and objects that the library takes for the
// bucket or the object itself: an access list that is written would be the
// object's new content.
var notSupported = []string{
	"accelerate", "acl", "analytics", "attributes", "cors", "encryption", "intelligent-tiering", "inventory",
	"legal-hold", "lifecycle", "logging", "metrics", "notification", "object-lock", "ownershipControls", "policy",
	"policyStatus", "publicAccessBlock", "replication", "requestPayment", "restore", "retention", "select",
	"tagging", "torrent", "website",
}

func supported(query url.Values) error {
	for _, part := range notSupported {
		if query.Has(part) {
			return storageRefuse(http.StatusNotImplemented, "NotImplemented", "The sandbox does not implement ?"+part+".")
		}
	}
	return nil
}

// sorted lists buckets by name, as S3 does.
type sorted struct{ *s3mem.Backend }

// ListBuckets implements gofakes3.Backend.
func (s sorted) ListBuckets() ([]gofakes3.BucketInfo, error) {
	list, err := s.Backend.ListBuckets()
	slices.SortFunc(list, func(a, b gofakes3.BucketInfo) int { return strings.Compare(a.Name, b.Name) })
	return list, err
}

// clockOf is the sandbox's clock as the library wants it.
type clockOf func() time.Time

// Now implements gofakes3.TimeSource.
func (now clockOf) Now() time.Time { return now() }

// Since implements gofakes3.TimeSource.
func (now clockOf) Since(t time.Time) time.Duration { return now().Sub(t) }
