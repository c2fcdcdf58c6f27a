package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const preferences = "/account/preferences"

// The choice is kept by the browser, for every page, signed in or not.
func TestTheme(t *testing.T) {
	t.Parallel()
	c := newConsole(t)
	b := c.signIn("member@keydeck.example")
	for _, tt := range []struct {
		choice, scheme string
		marked         bool
	}{
		{"dark", "dark", true}, {"light", "light", true}, {"auto", "light dark", false},
	} {
		answer := b.post(preferences, url.Values{"theme": {tt.choice}, "back": {keysPage + "?q=nas"}})
		if answer.status != http.StatusSeeOther || answer.header.Get("Location") != keysPage+"?q=nas" {
			t.Errorf("%s: %d to %q", tt.choice, answer.status, answer.header.Get("Location"))
		}
		for _, address := range []string{keysPage, "/nowhere"} {
			page := b.get(address).doc(t)
			if page.Has(`html[data-theme="`+tt.choice+`"]`) != tt.marked {
				t.Errorf("%s: %s is %s", tt.choice, address, page.One("html"))
			}
			if got := page.Attr(`meta[name="color-scheme"]`, "content"); got != tt.scheme {
				t.Errorf("%s: %s has scheme %q", tt.choice, address, got)
			}
			if got := page.Attr("#account form [aria-current]", "value"); got != tt.choice {
				t.Errorf("%s: %s shows %q as chosen", tt.choice, address, got)
			}
		}
	}
}

func TestThemeOfNobody(t *testing.T) {
	t.Parallel()
	b := newConsole(t).browser()
	page := b.get("/sign-in?next=%2Fusers").doc(t)
	back := page.Attr("#account input[name=back]", "value")
	if back != "/sign-in?next=%2Fusers" {
		t.Errorf("the page says that it is %q", back)
	}
	answer := b.post(preferences, url.Values{"theme": {"dark"}, "back": {back}})
	if answer.status != http.StatusSeeOther || answer.header.Get("Location") != back {
		t.Errorf("%d to %q", answer.status, answer.header.Get("Location"))
	}
	if got := b.get(back).doc(t).One("html").Attr("data-theme"); got != "dark" {
		t.Errorf("signing in has theme %q", got)
	}
}

// A page that came by POST is returned to at an address that can be opened.
func TestThemeAfterAForm(t *testing.T) {
	t.Parallel()
	b := newConsole(t).signIn("member@keydeck.example")
	for address, want := range map[string]string{
		keysPage:                                keysPage,
		keysPage + "/" + fullsKey + "/activate": keysPage,
		"/nowhere":                              keysPage,
	} {
		if got := b.post(address, url.Values{}).doc(t).Attr("#account input[name=back]", "value"); got != want {
			t.Errorf("%s leads back to %q", address, got)
		}
	}
}

func TestBadPreferences(t *testing.T) {
	t.Parallel()
	b := newConsole(t).signIn("member@keydeck.example")
	for _, choice := range []string{"", "DARK", "dark ", "<b>", "dark\r\nSet-Cookie: x=y", strings.Repeat("dark", 1000)} {
		answer := b.post(preferences, url.Values{"theme": {choice}})
		if answer.status != http.StatusUnprocessableEntity || answer.header.Get("Set-Cookie") != "" {
			t.Errorf("%.20q: %d, %q", choice, answer.status, answer.header.Get("Set-Cookie"))
		}
	}
	for _, back := range []string{"", "//elsewhere", `/\elsewhere`, "https://elsewhere", "sign-in", "/sign-out", "/sign-in/../x"} {
		answer := b.post(preferences, url.Values{"theme": {"dark"}, "back": {back}})
		if answer.header.Get("Location") != "/" {
			t.Errorf("%q leads to %q", back, answer.header.Get("Location"))
		}
	}
	answer := b.post(preferences, url.Values{"theme": {"dark"}, "back": {"/sign-in?next=//elsewhere"}})
	if answer.header.Get("Location") != "/sign-in" {
		t.Errorf("it leads to %q", answer.header.Get("Location"))
	}
	// What is in the cookie is a theme or nothing.
	stranger := newConsole(t).browser()
	page := stranger.get("/sign-in", header{"Cookie", "keydeck-theme=sepia"}).doc(t)
	if page.One("html").HasAttr("data-theme") {
		t.Error("a theme of its own was taken")
	}
}
