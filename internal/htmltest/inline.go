package htmltest

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// addresses are the attributes that hold one.
var addresses = map[string]bool{
	"href": true, "src": true, "action": true, "formaction": true, "poster": true, "data": true, "cite": true,
	"background": true, "manifest": true, "ping": true, "hx-get": true, "hx-post": true, "hx-put": true,
	"hx-patch": true, "hx-delete": true, "hx-push-url": true, "hx-replace-url": true,
}

// evaluated are the attributes of htmx whose values may be script.
var evaluated = map[string]bool{"hx-vals": true, "hx-vars": true, "hx-headers": true, "hx-request": true}

// NoInline fails the test for whatever our content security policy forbids:
// scripts and styles inside the page, and addresses that are not the
// console's own.
func NoInline(t TB, d *Doc) {
	t.Helper()
	for _, node := range elements(d.root) {
		switch node.Data {
		case "style":
			t.Errorf("%s: styles belong in static/css", tag(node))
		case "script":
			if _, ok := attribute(node, "src"); !ok || strings.TrimSpace(text(node)) != "" {
				t.Errorf("%s: scripts belong in static/js", tag(node))
			}
		case "meta":
			if kind, _ := attribute(node, "http-equiv"); strings.EqualFold(kind, "refresh") {
				t.Errorf("%s: the server redirects, pages do not", tag(node))
			}
		case "base":
			t.Errorf("%s changes what every address means", tag(node))
		}
		for _, a := range node.Attr {
			if wrong := wrongAttribute(a); wrong != "" {
				t.Errorf("%s: %s %s", tag(node), a.Key, wrong)
			}
		}
	}
}

// documentation is where links may lead besides the console itself: the vendor's pages.
const documentation = "https://api.ionos.com/docs/"

// wrongAttribute says what is wrong with an attribute, or nothing.
func wrongAttribute(a html.Attribute) string {
	name := strings.TrimPrefix(a.Key, "data-hx-")
	switch {
	case name != a.Key:
		return wrongAttribute(html.Attribute{Key: "hx-" + name, Val: a.Val})
	case name == "style":
		return "is a style inside the page"
	case name == "srcdoc":
		return "is a page inside the page"
	case strings.HasPrefix(name, "on"), strings.HasPrefix(name, "hx-on"):
		return "is a script inside the page"
	case evaluated[name] && (strings.HasPrefix(a.Val, "js:") || strings.HasPrefix(a.Val, "javascript:")):
		return "is a script inside the page"
	case name == "hx-trigger" && strings.Contains(a.Val, "["):
		return "has a condition, which is a script inside the page"
	case name == "srcset":
		for candidate := range strings.SplitSeq(a.Val, ",") {
			if wrong := wrongAddress(strings.Fields(candidate + " .")[0]); wrong != "" {
				return wrong
			}
		}
	case name == "href" && (strings.HasPrefix(a.Val, documentation) || strings.HasPrefix(a.Val, "mailto:")):
		return ""
	case addresses[name]:
		return wrongAddress(a.Val)
	}
	return ""
}

// wrongAddress says why an address, as browsers read it, leads elsewhere.
func wrongAddress(address string) string {
	address = strings.TrimFunc(address, func(r rune) bool { return r <= ' ' })
	address = strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(address)
	parsed, err := url.Parse(address)
	switch {
	case err != nil:
		return "cannot be read as an address"
	case parsed.Scheme != "" || strings.HasPrefix(address, "//"):
		return "leads out of the console: " + shortened(address)
	}
	return ""
}
