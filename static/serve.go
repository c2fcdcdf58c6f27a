package static

import (
	"net/http"
	"strconv"
	"strings"
)

// ServeHTTP serves GET and HEAD requests for the paths that Path returns, without
// the console's path prefix. It looks paths up in a table, so that none leads out
// of the embedded files.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
		return
	}
	f, ok := a.files[r.URL.Path]
	if !ok {
		http.Error(w, "Not Found", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", f.etag)
	h.Set("Vary", "Accept-Encoding")
	if matches(r.Header.Values("If-None-Match"), f.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.mime)
	sent := f.coded(r.Header.Values("Accept-Encoding"))
	if sent.name != "" {
		h.Set("Content-Encoding", sent.name)
	}
	h.Set("Content-Length", sent.length)
	if r.Method == http.MethodHead {
		return
	}
	// The only error is a closed connection.
	_, _ = w.Write(sent.body)
}

// coded returns the smallest coding that a client accepts.
func (f file) coded(headers []string) coding {
	last := len(f.codings) - 1
	for _, c := range f.codings[:last] {
		if accepts(headers, c.name) {
			return c
		}
	}
	return f.codings[last]
}

// matches reports whether If-None-Match headers match etag by weak comparison.
func matches(headers []string, etag string) bool {
	for _, header := range headers {
		for tag := range strings.SplitSeq(header, ",") {
			tag = strings.TrimSpace(tag)
			if tag == "*" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(etag, "W/") {
				return true
			}
		}
	}
	return false
}

// accepts reports whether Accept-Encoding headers name a coding with a quality
// above zero, or "*" without naming the coding.
func accepts(headers []string, name string) bool {
	star := false
	for _, header := range headers {
		for entry := range strings.SplitSeq(header, ",") {
			named, params, _ := strings.Cut(entry, ";")
			switch strings.TrimPrefix(strings.ToLower(strings.TrimSpace(named)), "x-") {
			case name:
				return quality(params) > 0
			case "*":
				star = quality(params) > 0
			}
		}
	}
	return star
}

// quality returns the weight in "q=0.5": 1 if there is none, and 0 if it is
// invalid, so that the client gets the uncompressed file.
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(param), "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return 0
		}
		return q
	}
	return 1
}
