package htmltest

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Sound fails the test for a page that some people, or some browsers, cannot
// use as it is meant. What only a browser can tell, such as contrast, is not
// looked at.
func Sound(t TB, d *Doc) {
	t.Helper()
	for selector, what := range map[string]string{"h1": "h1", "main": "main", "head > title": "title"} {
		if n := d.Count(selector); n != 1 {
			t.Errorf("the page has %d elements %s, not one", n, what)
		}
	}
	for _, e := range d.All("head > title, h1, h2, h3") {
		if e.Text() == "" {
			t.Errorf("%s is empty", e)
		}
	}
	if lang, _ := attribute(d.One("html").node, "lang"); lang == "" {
		t.Errorf("the page does not say its language")
	}
	SoundPart(t, d)
}

// SoundPart is [Sound] for an answer that is no whole page, such as a dialog.
func SoundPart(t TB, d *Doc) {
	t.Helper()
	checkNesting(t, d.source)
	ids := checkIDs(t, d)
	for _, node := range elements(d.root) {
		checkReferences(t, node, ids)
		switch node.Data {
		case "input", "select", "textarea":
			if !unseen(node) && !labelled(d, node) {
				t.Errorf("%s has no label", tag(node))
			}
		case "button", "a":
			if node.Data == "button" {
				checkButton(t, node)
			}
			if !named(node) {
				t.Errorf("%s says nothing", tag(node))
			}
		case "img":
			if _, ok := attribute(node, "alt"); !ok {
				t.Errorf("%s has no alt", tag(node))
			}
		}
	}
}

// checkIDs gives the ids, each of which must be there once.
func checkIDs(t TB, d *Doc) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for _, node := range elements(d.root) {
		id, ok := attribute(node, "id")
		switch {
		case !ok:
		case id == "" || strings.ContainsAny(id, " \t\r\n\f"):
			t.Errorf("%s: no id is empty or holds white space", tag(node))
		case ids[id]:
			t.Errorf("%s: there is another element with this id", tag(node))
		}
		if ok {
			ids[id] = true
		}
	}
	return ids
}

// references are the attributes that name other elements by their ids.
var references = []string{
	"for", "form", "list", "headers", "aria-labelledby", "aria-describedby", "aria-details", "aria-controls",
	"aria-owns", "aria-errormessage", "aria-activedescendant", "popovertarget", "commandfor",
}

func checkReferences(t TB, node *html.Node, ids map[string]bool) {
	t.Helper()
	for _, a := range node.Attr {
		switch {
		case slices.Contains(references, a.Key):
			targets := strings.Fields(a.Val)
			if len(targets) == 0 {
				t.Errorf("%s: %s names nothing", tag(node), a.Key)
			}
			for _, id := range targets {
				if !ids[id] {
					t.Errorf("%s: %s names %q, which is not there", tag(node), a.Key, id)
				}
			}
		case a.Key == "href" && len(a.Val) > 1 && a.Val[0] == '#' && !ids[a.Val[1:]]:
			t.Errorf("%s leads to an element that is not there", tag(node))
		}
	}
}

// unseen reports whether an input is not for users, so that it needs no label.
func unseen(node *html.Node) bool {
	kind, _ := attribute(node, "type")
	return node.Data == "input" && slices.Contains([]string{"hidden", "submit", "reset", "button", "image"}, kind)
}

func labelled(d *Doc, node *html.Node) bool {
	if label, _ := attribute(node, "aria-label"); label != "" {
		return true
	}
	if _, ok := attribute(node, "aria-labelledby"); ok {
		return true // that what it names is there is checked elsewhere
	}
	for above := range node.Ancestors() {
		if above.Data == "label" {
			return strings.TrimSpace(text(above)) != ""
		}
	}
	id, ok := attribute(node, "id")
	return ok && slices.ContainsFunc(elements(d.root), func(label *html.Node) bool {
		target, _ := attribute(label, "for")
		return label.Data == "label" && target == id && strings.TrimSpace(text(label)) != ""
	})
}

// checkButton: what does not say its type sends a form, and so belongs into one.
func checkButton(t TB, node *html.Node) {
	t.Helper()
	kind, said := attribute(node, "type")
	if said && !slices.Contains([]string{"submit", "button", "reset"}, kind) || !said && !inForm(node) {
		t.Errorf("%s does not say its type", tag(node))
	}
	if form := formOf(node); form != nil && sends(node) && posts(form) && !busyWords(node) && !busyWords(form) {
		t.Errorf("%s does not say what goes on once it was pressed", tag(node))
	}
}

// sends reports whether a button sends its form, in a page with scripts.
func sends(button *html.Node) bool {
	kind, said := attribute(button, "type")
	_, disabled := attribute(button, "disabled")
	for above := range button.Ancestors() {
		if above.Data == "noscript" {
			return false
		}
	}
	return !disabled && (!said || kind == "submit")
}

func posts(form *html.Node) bool {
	method, _ := attribute(form, "method")
	return strings.EqualFold(method, "post")
}

func busyWords(node *html.Node) bool {
	words, _ := attribute(node, "data-busy")
	return words != ""
}

// formOf is the form around a node, or nil.
func formOf(node *html.Node) *html.Node {
	for above := range node.Ancestors() {
		if above.Data == "form" {
			return above
		}
	}
	return nil
}

func inForm(node *html.Node) bool {
	if formOf(node) != nil {
		return true
	}
	_, elsewhere := attribute(node, "form")
	return elsewhere
}

// named reports whether a button or link says what it is for.
func named(node *html.Node) bool {
	if strings.TrimSpace(text(node)) != "" {
		return true
	}
	for _, name := range []string{"aria-label", "aria-labelledby"} {
		if value, _ := attribute(node, name); value != "" {
			return true
		}
	}
	return slices.ContainsFunc(elements(node), func(below *html.Node) bool {
		alt, _ := attribute(below, "alt")
		return alt != ""
	})
}
