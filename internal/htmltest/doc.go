// Package htmltest asserts what rendered HTML holds, by CSS selectors, and
// what every page of ours must be like: [NoInline] and [Sound].
//
// It reads HTML alone: it starts no browser, and knows nothing of the console.
package htmltest

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// TB is what is needed of a test; *testing.T is one.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Source is where HTML comes from.
type Source interface{ string | []byte }

// Doc is a parsed document. A part of a page is taken for the content of an
// otherwise empty one.
type Doc struct {
	t      TB
	root   *html.Node
	source []byte
}

// Parse reads a document or a part of one.
func Parse[S Source](t TB, source S) *Doc {
	t.Helper()
	d := &Doc{t: t, source: []byte(source)}
	var err error
	if d.root, err = html.Parse(bytes.NewReader(d.source)); err != nil {
		t.Fatalf("the HTML cannot be read: %v", err)
	}
	return d
}

// ParseFrom reads a document to its end.
func ParseFrom(t TB, r io.Reader) *Doc {
	t.Helper()
	source, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("the HTML cannot be read: %v", err)
	}
	return Parse(t, source)
}

// One is the only element that the selector finds. None or several end the
// test.
func (d *Doc) One(selector string) *Element {
	d.t.Helper()
	return one(d.t, d.root, selector)
}

// All are the elements that the selector finds, in the document's order.
func (d *Doc) All(selector string) []*Element {
	d.t.Helper()
	return all(d.t, d.root, selector)
}

// Count is how many elements the selector finds.
func (d *Doc) Count(selector string) int {
	d.t.Helper()
	return len(d.All(selector))
}

// Has reports whether the selector finds anything.
func (d *Doc) Has(selector string) bool {
	d.t.Helper()
	return d.Count(selector) > 0
}

// Text is [Element.Text] of the only element that the selector finds.
func (d *Doc) Text(selector string) string {
	d.t.Helper()
	return d.One(selector).Text()
}

// Attr is [Element.Attr] of the only element that the selector finds.
func (d *Doc) Attr(selector, name string) string {
	d.t.Helper()
	return d.One(selector).Attr(name)
}

// Value is [Element.Value] of the only element that the selector finds.
func (d *Doc) Value(selector string) string {
	d.t.Helper()
	return d.One(selector).Value()
}

func one(t TB, within *html.Node, selector string) *Element {
	t.Helper()
	found := all(t, within, selector)
	if len(found) != 1 {
		t.Fatalf("%d elements, not one, match %s%s", len(found), selector, listed(found))
	}
	return found[0]
}

func all(t TB, within *html.Node, selector string) []*Element {
	t.Helper()
	compiled, err := cascadia.ParseGroup(selector)
	if err != nil {
		t.Fatalf("the selector %q cannot be read: %v", selector, err)
	}
	var found []*Element
	for _, node := range cascadia.QueryAll(within, compiled) {
		found = append(found, &Element{t, node})
	}
	return found
}

// listed names the first few elements, for a message.
func listed(elements []*Element) string {
	var names []string
	for _, e := range elements[:min(len(elements), 5)] {
		names = append(names, e.String())
	}
	if len(names) == 0 {
		return ""
	}
	return ": " + strings.Join(names, " ")
}

// elements gives every element below a node, in the document's order.
func elements(root *html.Node) []*html.Node {
	return slices.Collect(func(yield func(*html.Node) bool) {
		for node := range root.Descendants() {
			if node.Type == html.ElementNode && !yield(node) {
				return
			}
		}
	})
}
