package keys_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

// known is the APIs as they tell of one key.
type known struct {
	keys.Remote
	list []keys.Key
	err  error
}

func (k known) UserKeys(context.Context, string) ([]keys.Key, error) { return k.list, k.err }

// answers is an endpoint that gives the same answer always, and counts.
type answers struct {
	keys.EndpointResult
	asked int
}

func (a *answers) ListBuckets(context.Context, keys.Region, keys.KeyPair) keys.EndpointResult {
	a.asked++
	return a.EndpointResult
}

var (
	tryTime  = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	active   = keys.Key{AccessKey: "k", Activity: keys.Active, KnownFrom: keys.Cloud}
	inactive = keys.Key{AccessKey: "k", Activity: keys.Inactive, KnownFrom: keys.Cloud}
)

func code(code string) keys.EndpointResult { return keys.EndpointResult{Code: code} }

var tries = map[string]struct {
	probe   keys.EndpointResult
	known   []keys.Key
	unread  error
	key     keys.Key
	fresh   bool
	waited  time.Duration
	asked   []keys.PendingChange
	want    keys.Verdict
	again   bool
	wantErr error
	unasked bool
}{
	"works":                       {probe: keys.EndpointResult{Buckets: 3}, known: []keys.Key{inactive}, want: keys.Works},
	"not spread":                  {probe: code("InvalidAccessKeyId"), known: []keys.Key{active}, want: keys.NotPropagated, again: true},
	"not spread for long":         {probe: code("InvalidAccessKeyId"), known: []keys.Key{active}, waited: 30 * time.Second, want: keys.NotPropagated},
	"deactivated":                 {probe: code("InvalidAccessKeyId"), known: []keys.Key{inactive}, want: keys.Deactivated},
	"state unread":                {probe: code("InvalidAccessKeyId"), unread: &keys.Error{Kind: keys.ErrUnavailable}, want: keys.NotPropagated, again: true},
	"gone":                        {probe: code("InvalidAccessKeyId"), wantErr: keys.ErrNotFound},
	"token dead":                  {probe: code("InvalidAccessKeyId"), unread: &keys.Error{Kind: keys.ErrUnauthorized}, wantErr: keys.ErrUnauthorized},
	"wrong secret":                {probe: code("SignatureDoesNotMatch"), known: []keys.Key{active}, want: keys.WrongSecret},
	"wrong secret of an inactive": {probe: code("SignatureDoesNotMatch"), known: []keys.Key{inactive}, want: keys.WrongSecret},
	"renewed a moment ago":        {probe: code("SignatureDoesNotMatch"), known: []keys.Key{active}, fresh: true, want: keys.NotPropagated, again: true},
	"renewed, and long waited":    {probe: code("SignatureDoesNotMatch"), known: []keys.Key{active}, fresh: true, waited: time.Minute, want: keys.WrongSecret},
	"no permission":               {probe: code("AccessDenied"), want: keys.NoPermission},
	"clock":                       {probe: code("RequestTimeTooSkewed"), want: keys.ClockSkew},
	"out of reach":                {probe: keys.EndpointResult{Failure: keys.NoResponse}, want: keys.Unreachable},
	"unheard of":                  {probe: code("Surprise"), want: keys.Unreachable},
	"being activated": {
		probe: code("InvalidAccessKeyId"), known: []keys.Key{inactive}, want: keys.NotPropagated, again: true,
		asked: []keys.PendingChange{{AccessKey: "k", Desired: keys.DesiredActive, At: tryTime.Add(-time.Second)}},
	},
	"being deactivated": {
		probe: code("InvalidAccessKeyId"), known: []keys.Key{active}, want: keys.Deactivated,
		asked: []keys.PendingChange{{AccessKey: "k", Desired: keys.DesiredInactive, At: tryTime.Add(-time.Second)}},
	},
	"for other buckets": {key: keys.Key{Regions: []string{"de"}}, want: keys.WrongEndpoint, unasked: true},
	"of old":            {key: keys.Key{Created: time.Date(2024, 4, 24, 0, 0, 0, 0, time.UTC)}, want: keys.WrongEndpoint, unasked: true},
}

func TestServiceCheckKey(t *testing.T) {
	t.Parallel()
	for name, tt := range tries {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.key.AccessKey = "k"
			endpoint := &answers{EndpointResult: tt.probe}
			service := keys.NewService(known{list: tt.known, err: tt.unread}, func() time.Time { return tryTime })
			got, err := service.CheckKey(t.Context(), endpoint, keys.Owner{UserID: "u", Managed: true}, keys.CheckRequest{
				Pair: keys.KeyPair{Key: tt.key, Secret: secret.New("s")}, Fresh: tt.fresh, Waited: tt.waited, Pending: tt.asked,
				At: keys.Region{ID: "eu-central-3", Endpoint: "s3.eu-central-3.ionoscloud.com"},
			})
			if !errors.Is(err, tt.wantErr) {
				t.Fatalf("error %v, want %v", err, tt.wantErr)
			}
			if got.Verdict != tt.want || got.Again != tt.again {
				t.Errorf("finding %d, again %v; want %d, %v", got.Verdict, got.Again, tt.want, tt.again)
			}
			if (endpoint.asked == 0) != tt.unasked {
				t.Errorf("the endpoint was asked %d times", endpoint.asked)
			}
		})
	}
}

func TestEndpointsOf(t *testing.T) {
	t.Parallel()
	var catalogue []keys.Region
	for _, id := range []string{"de", "eu-central-2", "eu-central-3"} {
		catalogue = append(catalogue, keys.Region{ID: id, Endpoint: id + ".example"})
	}
	catalogue = append(catalogue, keys.Region{ID: "us-central-1"}) // whose endpoint is not known
	day := func(d int) time.Time { return time.Date(2024, time.April, d, 0, 0, 0, 0, time.UTC) }
	tests := map[string]struct {
		key  keys.Key
		want []string
	}{
		"told":         {keys.Key{Regions: []string{"eu-central-3", "de", "us-central-1"}}, []string{"de", "eu-central-3"}},
		"told, of old": {keys.Key{Regions: []string{"eu-central-3"}, Created: day(1)}, []string{"eu-central-3"}},
		"of old":       {keys.Key{Created: day(24)}, []string{"de", "eu-central-2"}},
		"of today":     {keys.Key{Created: day(25)}, []string{"de", "eu-central-2", "eu-central-3"}},
		"of no age":    {keys.Key{}, []string{"de", "eu-central-2", "eu-central-3"}},
		"for nowhere":  {keys.Key{Regions: []string{"moon"}}, nil},
	}
	for name, tt := range tests {
		var got []string
		for _, r := range keys.EndpointsOf(tt.key, catalogue) {
			got = append(got, r.ID)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
	if slices.ContainsFunc(catalogue, func(r keys.Region) bool { return r.ID == "" }) {
		t.Error("the catalogue itself was changed")
	}
}

// TestEndpointsOfOwnership: what the API says of a region's buckets counts more
// than its id.
func TestEndpointsOfOwnership(t *testing.T) {
	t.Parallel()
	old := keys.Key{Created: time.Date(2024, time.April, 24, 0, 0, 0, 0, time.UTC)}
	for name, tt := range map[string]struct {
		region keys.Region
		want   bool
	}{
		"user-owned by its id":     {keys.Region{ID: "de"}, true},
		"contract-owned by its id": {keys.Region{ID: "eu-central-3"}, false},
		"new":                      {keys.Region{ID: "xx-new-1"}, false},
		"new, and user-owned":      {keys.Region{ID: "xx-new-1", Ownership: keys.UserOwned}, true},
		"not as its id has it":     {keys.Region{ID: "de", Ownership: keys.ContractOwned}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.region.Endpoint = "s3.example"
			if got := len(keys.EndpointsOf(old, []keys.Region{tt.region})) == 1; got != tt.want {
				t.Errorf("an old key works there: %v", got)
			}
		})
	}
}

func TestRegionURL(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]keys.Region{
		"https://s3.eu-central-3.ionoscloud.com": {Endpoint: "s3.eu-central-3.ionoscloud.com"},
		"http://127.0.0.1:9001":                  {Endpoint: "127.0.0.1:9001", Plain: true},
	} {
		if got := r.URL(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
