package web

import (
	"testing"

	"keydeck/views/links"
)

func TestLocalPath(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, next, want string }{
		{"nothing", "", ""},
		{"page", "/object-storage/keys", "/object-storage/keys"},
		{"with a query", "/users?q=a%20b&page=2", "/users?q=a%20b&page=2"},
		{"encoded letters", "/object-storage/keys/a%2Db", "/object-storage/keys/a%2Db"},
		{"fragment is dropped", "/users#x", "/users"},
		{"other host", "https://elsewhere.example/", ""},
		{"other host without scheme", "//elsewhere.example", ""},
		{"three slashes", "///elsewhere.example", ""},
		{"backslash", `/\elsewhere.example`, ""},
		{"two backslashes", `\\elsewhere.example`, ""},
		{"slash and backslash", `/\/elsewhere.example`, ""},
		{"encoded backslash", "/%5celsewhere.example", ""},
		{"encoded slash", "/%2felsewhere.example", ""},
		{"encoded slashes", "%2f%2felsewhere.example", ""},
		{"tab", "/\t/elsewhere.example", ""},
		{"encoded tab", "/%09/elsewhere.example", ""},
		{"line break", "/\n/elsewhere.example", ""},
		{"header injection", "/users\r\nX: y", ""},
		{"encoded header injection", "/users%0d%0aX:%20y", ""},
		{"leading space", " /users", ""},
		{"no slash", "users", ""},
		{"up", "/../elsewhere", ""},
		{"up at the end", "/users/..", ""},
		{"up and out", "/users/../../elsewhere", ""},
		{"encoded up", "/users/%2e%2e/elsewhere", ""},
		{"script", "javascript:alert(1)", ""},
		{"script with slashes", "javascript://%0aalert(1)", ""},
		{"data", "data:text/html,x", ""},
		{"user info", "//user@elsewhere.example", ""},
		{"full-width slash", "/／elsewhere.example", ""},
		{"encoded full-width slash", "/%ef%bc%8felsewhere.example", ""},
		{"null", "/\x00", ""},
		{"host in the middle", "/x//elsewhere.example", ""},
		{"bad escape", "/%zz", ""},
		{"scheme alone", "http:", ""},
		{"scheme and path", "http:/users", ""},
		{"query alone", "?x=//elsewhere", ""},
		{"sign-in itself", "/sign-in?next=/users", ""},
		{"sign-out", "/sign-out", ""},
		{"over-long", "/" + string(make([]byte, 4096)), ""},
	}
	s := &Server{}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := s.localPath(tt.next); got != tt.want {
				t.Errorf("%q became %q, want %q", tt.next, got, tt.want)
			}
		})
	}
}

func TestLocalPathUnderAPrefix(t *testing.T) {
	t.Parallel()
	s := &Server{links: links.Links{Base: "/keys"}}
	for next, want := range map[string]string{"/keys/users": "/keys/users", "/users": "", "/keysusers": "", "/keys": ""} {
		if got := s.localPath(next); got != want {
			t.Errorf("%q became %q, want %q", next, got, want)
		}
	}
}
