package static_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/andybalholm/brotli"

	"keydeck/static"
)

func get(a *static.Assets, path string, header map[string]string) *httptest.ResponseRecorder {
	return ask(a, http.MethodGet, path, header)
}

func ask(a *static.Assets, method, path string, header map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/", nil)
	r.URL.Path = path
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w
}

func TestServeImmutable(t *testing.T) {
	a := newAssets(t)
	for name, mime := range map[string]string{
		"app.css":     "text/css; charset=utf-8",
		"app.js":      "text/javascript; charset=utf-8",
		"htmx.js":     "text/javascript; charset=utf-8",
		"icons.svg":   "image/svg+xml",
		"favicon.svg": "image/svg+xml",
	} {
		w := get(a, a.Path(name), nil)
		if w.Code != http.StatusOK || w.Body.Len() == 0 {
			t.Errorf("%s: %d, %d bytes", name, w.Code, w.Body.Len())
		}
		for header, want := range map[string]string{
			"Content-Type":     mime,
			"Cache-Control":    "public, max-age=31536000, immutable",
			"Vary":             "Accept-Encoding",
			"Content-Encoding": "",
		} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
	}
}

func TestServeCompressed(t *testing.T) {
	a := newAssets(t)
	plain := get(a, a.Path("app.css"), nil).Body.Bytes()
	for name, test := range map[string]struct{ accept, coding string }{
		"browsers":                    {"gzip, deflate, br, zstd", "br"},
		"browsers without encryption": {"gzip, deflate", "gzip"},
		"upper case":                  {"GZIP", "gzip"},
		"old name":                    {"x-gzip", "gzip"},
		"with a weight":               {"br;q=1.0, gzip;q=0.8, *;q=0.1", "br"},
		"with spaces":                 {"gzip ; q=0.5", "gzip"},
		"anything":                    {"*", "br"},
		"nothing":                     {"", ""},
		"others":                      {"compress, zstd", ""},
		"refused":                     {"gzip;q=0", ""},
		"one refused":                 {"br;q=0, gzip", "gzip"},
		"refused to the third digit":  {"gzip; q=0.000, br", "br"},
		"refused, the rest welcome":   {"*;q=1, br;q=0, gzip;q=0", ""},
		"rest refused":                {"identity, *;q=0", ""},
		"weight that is none":         {"gzip;q=often", ""},
		"weight out of range":         {"gzip;q=2", ""},
		"a name that begins so":       {"gzipped", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := get(a, a.Path("app.css"), map[string]string{"Accept-Encoding": test.accept})
			if coding := w.Header().Get("Content-Encoding"); coding != test.coding {
				t.Fatalf("sent as %q, want %q", coding, test.coding)
			}
			if !bytes.Equal(unpack(t, test.coding, w.Body), plain) {
				t.Error("what arrives is not the file")
			}
		})
	}
}

func unpack(t *testing.T, coding string, packed io.Reader) []byte {
	t.Helper()
	var err error
	switch coding {
	case "gzip":
		packed, err = gzip.NewReader(packed)
	case "br":
		packed = brotli.NewReader(packed)
	}
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(packed)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestServeNotModified(t *testing.T) {
	a := newAssets(t)
	path := a.Path("app.js")
	tag := get(a, path, nil).Header().Get("ETag")
	strong := tag[2:]
	tests := map[string]int{
		tag:                       http.StatusNotModified,
		strong:                    http.StatusNotModified,
		`"other", ` + tag:         http.StatusNotModified,
		"*":                       http.StatusNotModified,
		`"other"`:                 http.StatusOK,
		strong[1 : len(strong)-1]: http.StatusOK,
	}
	for header, want := range tests {
		w := get(a, path, map[string]string{"If-None-Match": header})
		if w.Code != want {
			t.Errorf("If-None-Match: %s: %d, want %d", header, w.Code, want)
		}
		if want == http.StatusNotModified && (w.Body.Len() > 0 || w.Header().Get("ETag") != tag) {
			t.Errorf("If-None-Match: %s: %d bytes, ETag %s", header, w.Body.Len(), w.Header().Get("ETag"))
		}
	}
}

func TestServeHead(t *testing.T) {
	a := newAssets(t)
	path := a.Path("app.css")
	w, whole := ask(a, http.MethodHead, path, nil), get(a, path, nil)
	if w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("HEAD: %d, %d bytes", w.Code, w.Body.Len())
	}
	if got, want := w.Header().Get("Content-Length"), whole.Header().Get("Content-Length"); got != want || got == "" {
		t.Errorf("Content-Length is %q, of GET %q", got, want)
	}
}

func TestServeNotFound(t *testing.T) {
	a := newAssets(t)
	for _, path := range []string{
		"/static/", "/static", "/", "", "/static/app.css", "/static/app.000000000000.css", "/static/css/base.css",
		"/static/static.go", "/static/../static.go", "/static/..%2fstatic.go", "/static/%2e%2e/static.go",
		"/static/js/../../go.mod", "//" + a.Path("app.css"), a.Path("app.css") + "/", "/../../../../etc/passwd",
		"/static/..\\static.go", "/static/css/", "/static/VENDOR.md",
	} {
		w := get(a, path, nil)
		if w.Code != http.StatusNotFound {
			t.Errorf("%q: %d, want 404", path, w.Code)
		}
		if got := w.Header().Get("Cache-Control"); got != "" {
			t.Errorf("%q: kept by browsers: %s", path, got)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		w := ask(a, method, a.Path("app.css"), nil)
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d, Allow %q", method, w.Code, w.Header().Get("Allow"))
		}
	}
}

// An answer costs no more than a look into a table.
func TestServeAllocations(t *testing.T) {
	a := newAssets(t)
	r := httptest.NewRequest(http.MethodGet, a.Path("htmx.js"), nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	w := discard{http.Header{}}
	if got := testing.AllocsPerRun(100, func() { a.ServeHTTP(w, r) }); got > 10 {
		t.Errorf("%v allocations a request", got)
	}
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}
