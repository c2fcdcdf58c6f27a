package web

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// wireWords are names that only the protocols of the APIs and of the web have: headers,
// methods, formats, states and fields. A person who manages keys knows none of them.
var wireWords = regexp.MustCompile(`\b(X-[A-Z]\w*|[A-Z][a-z]+(-[A-Z][A-Za-z]+)+|HTTP|JSON|UUIDs?|JWT|[Hh]eaders?|` +
	`GET|POST|PUT|PATCH|PROVISIONING|AVAILABLE|DESTROYING|FAILED|VDC-\d+|[4-5]\d\d|[a-z]+[A-Z]\w*)\b`)

// exempt are what things are called, and the status of a metric.
var exempt = regexp.MustCompile(`\beyJ\b|Download JSON|499 for a client that has gone`)

// tags are those in a piece of a page, which may begin and end within one.
var tags = regexp.MustCompile(`^"[^<>]*>?|<[^>]*>?`)

// TestSentences: no sentence of the console holds a word of the wire. What an API says
// is quoted as it is.
func TestSentences(t *testing.T) {
	t.Parallel()
	found := 0
	for _, folder := range []string{".", "../views/pages", "../views/components", "../views/layout"} {
		for _, file := range sources(t, folder) {
			ast.Inspect(file, func(n ast.Node) bool {
				literal, ok := n.(*ast.BasicLit)
				if !ok || literal.Kind != token.STRING {
					return true
				}
				text, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				text = exempt.ReplaceAllString(tags.ReplaceAllString(text, " "), "")
				if len(strings.Fields(text)) < 3 { // no sentence, nor a part of one
					return true
				}
				found++
				if word := wireWords.FindString(text); word != "" {
					t.Errorf("%s: %q is a word of the wire, in %q", file.Name, word, text)
				}
				return true
			})
		}
	}
	if found < 500 {
		t.Errorf("%d sentences were found", found)
	}
}
