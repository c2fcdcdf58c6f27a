package web

import (
	"strings"
	"unicode/utf8"
)

// named is what a browser is called, by a word in what it says of itself. The
// first that is found counts: most say that they are others as well.
type named struct{ word, name string }

var (
	browsers = []named{
		{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"OPR/", "Opera"}, {"Vivaldi/", "Vivaldi"},
		{"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
		{"HeadlessChrome/", "Chrome"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
		{"curl/", "curl"}, {"Wget/", "Wget"}, {"python-requests/", "Python"}, {"Go-http-client/", "a Go program"},
	}
	systems = []named{
		{"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"CrOS", "ChromeOS"},
		{"Mac OS X", "macOS"}, {"Linux", "Linux"},
	}
)

// otherBrowser bounds what is shown of an unknown browser.
const otherBrowser = 40

// browserName says in a few words what a person signed in with, from what the
// browser says of itself. It is for people to tell their sessions apart, and
// nothing is decided by it.
func browserName(userAgent string) string {
	browser, known := find(browsers, userAgent)
	if !known {
		browser, _, _ = strings.Cut(userAgent, " ")
		if browser == "" || !utf8.ValidString(browser) || strings.ContainsFunc(browser, isControl) {
			return "an unknown browser"
		}
		browser = string([]rune(browser)[:min(otherBrowser, utf8.RuneCountInString(browser))])
	}
	if system, known := find(systems, userAgent); known {
		return browser + " on " + system
	}
	return browser
}

func find(among []named, text string) (string, bool) {
	for _, n := range among {
		if strings.Contains(text, n.word) {
			return n.name, true
		}
	}
	return "", false
}
