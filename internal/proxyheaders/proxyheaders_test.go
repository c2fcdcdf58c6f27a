package proxyheaders_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"testing"

	"keydeck/internal/proxyheaders"
)

// through gives a request as the handler behind Wrap sees it.
func through(t *testing.T, public, trusted string, r *http.Request) *http.Request {
	t.Helper()
	u, err := url.Parse(public)
	if err != nil {
		t.Fatal(err)
	}
	proxies, err := proxyheaders.ParseTrusted(trusted)
	if err != nil {
		t.Fatal(err)
	}
	var seen *http.Request
	proxyheaders.Wrap(proxyheaders.Config{Public: u, Trusted: proxies}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		seen = r
	})).ServeHTTP(httptest.NewRecorder(), r)
	return seen
}

// arrival is a request as it reaches us, and what is to be found of its way.
type arrival struct {
	name, public, trusted, peer string
	encrypted                   bool
	header                      http.Header
	address, host               string
	tls                         bool
}

const trusted = "10.0.0.0/8, 2001:db8::/32"

var arrivals = []arrival{{"no proxy", "", "", "203.0.113.9:4711", false, nil, "203.0.113.9", "console", false},
	{"TLS of our own", "", "", "203.0.113.9:4711", true, nil, "203.0.113.9", "console", true},
	{
		"a stranger's word", "", trusted, "203.0.113.9:4711", false,
		http.Header{"X-Forwarded-For": {"127.0.0.1"}, "X-Forwarded-Proto": {"https"}, "X-Forwarded-Host": {"evil.example"}},
		"203.0.113.9", "console", false,
	},
	{
		"anybody's word where none is trusted", "", "", "10.1.1.1:4711", false,
		http.Header{"X-Forwarded-For": {"127.0.0.1"}, "X-Forwarded-Proto": {"https"}, "Forwarded": {"for=127.0.0.1;proto=https"}},
		"10.1.1.1", "console", false,
	},
	{
		"a proxy's word", "", trusted, "10.1.1.1:4711", false,
		http.Header{"X-Forwarded-For": {"203.0.113.9"}, "X-Forwarded-Proto": {"https"}, "X-Forwarded-Host": {"keys.example.com"}},
		"203.0.113.9", "keys.example.com", true,
	},
	{
		"what the browser wrote before the proxy", "", trusted, "10.1.1.1:4711", false,
		http.Header{"X-Forwarded-For": {"127.0.0.1, 198.51.100.1, 203.0.113.9"}, "X-Forwarded-Proto": {"https, http"}, "X-Forwarded-Host": {"evil.example, keys.example.com"}},
		"203.0.113.9", "keys.example.com", false,
	},
	{
		"two proxies, two lines", "", trusted, "10.1.1.1:4711", false,
		http.Header{"X-Forwarded-For": {"127.0.0.1, 203.0.113.9:999", "10.2.2.2"}},
		"203.0.113.9", "console", false,
	},
	{"IPv6", "", trusted, "[2001:db8::1]:4711", false, http.Header{"X-Forwarded-For": {"[2001:db9::7]:443"}}, "2001:db9::7", "console", false},
	{"IPv4 in IPv6", "", trusted, "[::ffff:10.1.1.1]:4711", false, http.Header{"X-Forwarded-For": {"203.0.113.9"}}, "203.0.113.9", "console", false},
	{"nonsense for an address", "", trusted, "10.1.1.1:4711", false, http.Header{"X-Forwarded-For": {"127.0.0.1, unknown"}}, "10.1.1.1", "console", false},
	{"nothing from the proxy", "", trusted, "10.1.1.1:4711", false, nil, "10.1.1.1", "console", false},
	{"a host that is none", "", trusted, "10.1.1.1:4711", false, http.Header{"X-Forwarded-Host": {"evil.example/path?"}}, "10.1.1.1", "console", false},
	{"https in public, no proxy trusted", "https://keys.example.com", "", "10.1.1.1:4711", false, nil, "10.1.1.1", "console", false},
	{"https in public, from the proxy", "https://keys.example.com", trusted, "10.1.1.1:4711", false, nil, "10.1.1.1", "console", true},
	{
		"https in public, and the proxy says otherwise", "https://keys.example.com", trusted, "10.1.1.1:4711", false,
		http.Header{"X-Forwarded-Proto": {"http"}}, "10.1.1.1", "console", false,
	},
	{"https in public, around the proxy", "https://keys.example.com", trusted, "203.0.113.9:4711", false, nil, "203.0.113.9", "console", false},
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, tt := range arrivals {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/users", nil)
			r.Host, r.RemoteAddr = "console", tt.peer
			if tt.encrypted {
				r.TLS = &tls.ConnectionState{}
			}
			for name, values := range tt.header {
				r.Header[name] = values
			}
			seen := through(t, tt.public, tt.trusted, r)
			if got := proxyheaders.Address(seen); got != tt.address {
				t.Errorf("the address is %s, want %s", got, tt.address)
			}
			if seen.Host != tt.host || proxyheaders.OverTLS(seen) != tt.tls {
				t.Errorf("the host is %s, over TLS: %v; want %s, %v", seen.Host, proxyheaders.OverTLS(seen), tt.host, tt.tls)
			}
			for name := range tt.header {
				if seen.Header.Get(name) != "" {
					t.Errorf("%s is still there to be believed", name)
				}
				if r.Header.Get(name) == "" {
					t.Errorf("%s was taken from the caller's request", name)
				}
			}
		})
	}
}

func TestWrapPrefix(t *testing.T) {
	t.Parallel()
	tests := []struct{ public, target, want string }{
		{"", "/users?q=1", "/users?q=1"},
		{"https://keys.example.com/", "/users", "/users"},
		{"https://tools.example.com/keys/", "/keys/users?q=1", "/keys/users?q=1"},
		{"https://tools.example.com/keys", "/users?q=1", "/keys/users?q=1"},
		{"https://tools.example.com/keys", "/keys", "/keys/"},
		{"https://tools.example.com/keys", "/keys?a=b", "/keys/?a=b"},
		{"https://tools.example.com/keys", "/keys/", "/keys/"},
		{"https://tools.example.com/keys", "/", "/keys/"},
		{"https://tools.example.com/keys", "/keysmith", "/keys/keysmith"},
		{"https://tools.example.com/a/b", "/a/users", "/a/b/a/users"},
		{"https://tools.example.com/keys", "/users/a%2Fb", "/keys/users/a%2Fb"},
	}
	for _, tt := range tests {
		seen := through(t, tt.public, "", httptest.NewRequest(http.MethodGet, tt.target, nil))
		if got := seen.URL.RequestURI(); got != tt.want {
			t.Errorf("%s at %s became %s, want %s", tt.target, tt.public, got, tt.want)
		}
	}
	asterisk := httptest.NewRequest(http.MethodOptions, "*", nil)
	if seen := through(t, "https://tools.example.com/keys", "", asterisk); seen.URL.Path != "*" {
		t.Errorf("OPTIONS * became %s", seen.URL)
	}
}

func TestParseTrusted(t *testing.T) {
	t.Parallel()
	got, err := proxyheaders.ParseTrusted(" 10.1.2.3/8 ,192.0.2.7,, ::ffff:192.0.2.8, 2001:db8::1/64")
	want := []string{"10.0.0.0/8", "192.0.2.7/32", "192.0.2.8/32", "2001:db8::/64"}
	if err != nil || len(got) != len(want) {
		t.Fatalf("%v, %v", got, err)
	}
	for i := range want {
		if got[i] != netip.MustParsePrefix(want[i]) {
			t.Errorf("%v, want %s", got[i], want[i])
		}
	}
	for _, wrong := range []string{"proxy.example.com", "10.0.0.0/33", "0.0.0.0/0", "::/0", "10.0.0.1-10.0.0.9", "fe80::1%eth0", "*"} {
		if got, err := proxyheaders.ParseTrusted(wrong); err == nil {
			t.Errorf("%q is %v", wrong, got)
		}
	}
}
