package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"keydeck/internal/keys"
	"keydeck/views/links"
	"keydeck/views/pages"
)

// FuzzLocalPath: whatever is taken leads, as browsers read it, to a path of this
// console.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{
		"/users?q=1", "//evil.example", `/\evil.example`, "/keys/../..//evil.example", "https:/evil.example", "/%2f%2fevil.example",
		"/users#//evil", "/keys/users;x=y", "/\tevil", "javascript:alert(1)", "/users?next=//evil.example", "/%5c%5cevil.example", "/．．/",
	} {
		f.Add(seed)
	}
	page, err := url.Parse("https://console.example/keys/sign-in")
	if err != nil {
		f.Fatal(err)
	}
	s := &Server{links: links.Links{Base: "/keys"}}
	f.Fuzz(func(t *testing.T, next string) {
		path := s.localPath(next)
		if path == "" {
			return
		}
		// As a browser does it: what it drops dropped, and its slashes.
		read := strings.ReplaceAll(strings.Map(func(r rune) rune {
			if r == '\t' || r == '\n' || r == '\r' {
				return -1
			}
			return r
		}, strings.TrimFunc(path, func(r rune) bool { return r <= ' ' })), `\`, "/")
		to, err := page.Parse(read)
		if err != nil || to.Host != page.Host || to.Scheme != page.Scheme || !strings.HasPrefix(to.Path, "/keys/") || to.User != nil {
			t.Errorf("%q became %q, which leads to %v, %v", next, path, to, err)
		}
		if again := s.localPath(path); again != path {
			t.Errorf("%q became %q, and then %q", next, path, again)
		}
	})
}

// FuzzSignInForm: what passes is fit to be sent to the APIs.
func FuzzSignInForm(f *testing.F) {
	f.Add("email=a%40b.example&password=x")
	f.Add("token=eyJ.eyJ.x&contract=1")
	f.Add("email=%00&password=&contract=%0d%0a")
	f.Add("email=a&email=b&password=%ff")
	f.Add("token=+%0a&email=x")
	s := &Server{}
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest(http.MethodPost, "/sign-in?email=address%40of.example&token=x", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		form, err := s.readSignIn(echo.New().NewContext(r, httptest.NewRecorder()))
		if err != nil || form.check() != (pages.SignInErrors{}) {
			return
		}
		if strings.Trim(form.contract, "0123456789") != "" || len(form.contract) > maxContract {
			t.Errorf("the contract is %q", form.contract)
		}
		if form.byToken {
			if form.token.IsZero() || len(form.token.Reveal()) > maxToken {
				t.Error("a token of no length, or of too much")
			}
			return
		}
		if form.email == "" || form.email == "address@of.example" || len(form.email) > maxEmail || !utf8.ValidString(form.email) || strings.ContainsFunc(form.email, isControl) {
			t.Errorf("the address is %q", form.email)
		}
		if form.password.IsZero() || len(form.password.Reveal()) > maxPassword {
			t.Error("a password of no length, or of too much")
		}
	})
}

// FuzzDescription: what passes is one line that can be seen, no longer than the
// API takes, and passes again unchanged.
func FuzzDescription(f *testing.F) {
	for _, seed := range []string{"backups", "  x  ", "a\nb", "a\x00b", "\xff", strings.Repeat("ü", 300), "\u202e", "\u2028", "\ufeff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		clean, err := keys.CleanDescription(typed)
		if err != nil {
			return
		}
		if utf8.RuneCountInString(clean) > 255 || !utf8.ValidString(clean) || strings.ContainsAny(clean, "\r\n\x00\u2028\u2029") {
			t.Errorf("%q became %q", typed, clean)
		}
		if again, err := keys.CleanDescription(clean); err != nil || again != clean {
			t.Errorf("%q became %q, and then %q, %v", typed, clean, again, err)
		}
	})
}
