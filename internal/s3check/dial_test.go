package s3check

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

func TestPublic(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"93.184.215.14": true, "85.184.248.1": true, "2a00:1450:4001::1": true, "::ffff:93.184.215.14": true, "172.32.0.1": true,
		"127.0.0.1": false, "127.9.9.9": false, "::1": false, "::ffff:127.0.0.1": false, "0.0.0.0": false, "::": false, "0.1.2.3": false,
		"10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "::ffff:10.0.0.1": false, "fd00::1": false,
		"169.254.169.254": false, "::ffff:169.254.169.254": false, "fe80::1": false, "fe80::1%eth0": false, "fec0::1": false,
		"100.64.0.1": false, "100.100.100.200": false, "192.0.0.192": false, "198.18.0.1": false, "224.0.0.1": false, "255.255.255.255": false,
		"240.0.0.1": false, "ff02::1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:db8::1": false, "2001::1": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// TestListBucketsPrivate: no request reaches an address of this machine or its
// network, by number or by name, unless that is allowed. httptest listens there.
func TestListBucketsPrivate(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	endpoint := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer endpoint.Close()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(endpoint.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	pair := keys.KeyPair{Key: keys.Key{AccessKey: "AKEXAMPLE"}, Secret: secret.New("secret")}
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"} {
		at := keys.Region{ID: "de", Endpoint: host + ":" + port, Plain: true}
		for _, c := range []struct {
			cfg  Config
			want int64
		}{{Config{}, 0}, {Config{Plain: true}, 0}, {Config{Private: true}, 0}, {Config{Private: true, Plain: true}, 1}} {
			reached.Store(0)
			got := New(c.cfg).ListBuckets(t.Context(), at, pair)
			if reached.Load() != c.want || c.want == 0 && got.Failure != keys.NoConnection {
				t.Errorf("%s with %+v: %d requests, %+v", host, c.cfg, reached.Load(), got)
			}
		}
	}
}

// TestCheckAddress: a name is checked by the address that it is resolved to for the
// connection, not by an earlier one.
func TestCheckAddress(t *testing.T) {
	t.Parallel()
	dialer := net.Dialer{Control: checkAddress, Resolver: &net.Resolver{
		PreferGo: true,
		Dial: func(context.Context, string, string) (net.Conn, error) { // the hosts file answers
			return nil, errors.New("no name server")
		},
	}}
	if _, err := dialer.DialContext(t.Context(), "tcp", "localhost:9"); !errors.Is(err, errNotPublic) {
		t.Errorf("connecting: %v", err)
	}
}
