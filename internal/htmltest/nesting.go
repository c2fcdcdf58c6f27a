package htmltest

import (
	"bytes"

	"golang.org/x/net/html"
)

// notWithin says which elements must not be inside which others. Parsers
// repair such a page by taking it apart, so that only its source tells.
var notWithin = map[string][]string{
	"form":     {"form"},
	"a":        {"a", "button"},
	"button":   {"a", "button"},
	"input":    {"a", "button"},
	"select":   {"a", "button"},
	"textarea": {"a", "button"},
	"details":  {"a", "button"},
	"label":    {"label", "a", "button"},
	"main":     {"main"},
	"dialog":   {"form"},
}

// checkNesting reads the source as it was written, tag by tag.
func checkNesting(t TB, source []byte) {
	t.Helper()
	open := map[string]int{}
	tokens := html.NewTokenizer(bytes.NewReader(source))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			break
		}
		token := tokens.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, outer := range notWithin[token.Data] {
				if open[outer] > 0 {
					t.Errorf("%s is inside a <%s>", token, outer)
				}
			}
			if kind == html.StartTagToken {
				open[token.Data]++
			}
		case html.ErrorToken, html.TextToken, html.CommentToken, html.DoctypeToken:
		case html.EndTagToken:
			open[token.Data]--
			if _, counts := notWithin[token.Data]; counts && open[token.Data] < 0 {
				t.Errorf("%s ends what has not begun", token)
				open[token.Data] = 0
			}
		}
	}
	for name := range notWithin {
		if open[name] > 0 && name != "input" {
			t.Errorf("a <%s> does not end", name)
		}
	}
}
