package htmltest

import (
	"strings"

	"golang.org/x/net/html"
)

// Element is one element of a document.
type Element struct {
	t    TB
	node *html.Node
}

// One is the only element within this one that the selector finds.
func (e *Element) One(selector string) *Element {
	e.t.Helper()
	return one(e.t, e.node, selector)
}

// All are the elements within this one that the selector finds.
func (e *Element) All(selector string) []*Element {
	e.t.Helper()
	return all(e.t, e.node, selector)
}

// Has reports whether the selector finds anything within this element.
func (e *Element) Has(selector string) bool {
	e.t.Helper()
	return len(e.All(selector)) > 0
}

// Text is all text within the element, with white space as a reader sees it:
// none at the ends, one blank elsewhere.
func (e *Element) Text() string {
	return strings.Join(strings.Fields(text(e.node)), " ")
}

// Attr is the value of an attribute. One that is not there ends the test, so
// that it is not taken for an empty one.
func (e *Element) Attr(name string) string {
	e.t.Helper()
	value, ok := attribute(e.node, name)
	if !ok {
		e.t.Fatalf("%s has no attribute %s", e, name)
	}
	return value
}

// HasAttr reports whether there is an attribute of that name.
func (e *Element) HasAttr(name string) bool {
	_, ok := attribute(e.node, name)
	return ok
}

// Value is what a form would send of the element, or what is copied of a code or pre,
// to the letter.
func (e *Element) Value() string {
	e.t.Helper()
	switch e.node.Data {
	case "textarea", "code", "pre":
		return text(e.node)
	case "select":
		options := e.All("option[selected]")
		if len(options) == 0 {
			options = e.All("option")
		}
		if len(options) == 0 {
			return ""
		}
		return options[0].Value()
	case "option":
		if value, ok := attribute(e.node, "value"); ok {
			return value
		}
		return e.Text()
	case "input", "button":
		value, _ := attribute(e.node, "value")
		return value
	}
	e.t.Fatalf("%s is no field", e)
	return ""
}

// String is the element's own tag as it may have been written.
func (e *Element) String() string { return tag(e.node) }

func tag(node *html.Node) string {
	var b strings.Builder
	b.WriteString("<" + node.Data)
	for _, a := range node.Attr {
		b.WriteString(" " + a.Key)
		if a.Val != "" {
			b.WriteString(`="` + shortened(a.Val) + `"`)
		}
	}
	return b.String() + ">"
}

func shortened(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

func text(node *html.Node) string {
	if node.Type == html.TextNode {
		return node.Data
	}
	var b strings.Builder
	for below := range node.Descendants() {
		if below.Type == html.TextNode {
			b.WriteString(below.Data)
		}
	}
	return b.String()
}

func attribute(node *html.Node, name string) (string, bool) {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}
