package static_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"keydeck/static"
)

const htmxSum = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"

func newAssets(t *testing.T) *static.Assets {
	t.Helper()
	a, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Only a changed file may change its address, or browsers would keep an old
// one, or none.
func TestPath(t *testing.T) {
	a, again := newAssets(t), newAssets(t)
	for _, name := range []string{"app.css", "app.js", "htmx.js", "icons.svg", "favicon.svg"} {
		path := a.Path(name)
		if path != again.Path(name) {
			t.Errorf("%s has two addresses", name)
		}
		answer := get(a, path, nil)
		sum := sha256.Sum256(answer.Body.Bytes())
		stem, ext, _ := strings.Cut(name, ".")
		if want := "/static/" + stem + "." + hex.EncodeToString(sum[:6]) + "." + ext; path != want {
			t.Errorf("%s is at %s, want %s", name, path, want)
		}
	}
}

func TestPathUnknown(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an unknown name got an address")
		}
	}()
	newAssets(t).Path("app.less")
}

// What is vendored is what was published, and the record of it is true.
func TestVendoredHtmx(t *testing.T) {
	a := newAssets(t)
	sum := sha256.Sum256(get(a, a.Path("htmx.js"), nil).Body.Bytes())
	if got := hex.EncodeToString(sum[:]); got != htmxSum {
		t.Errorf("htmx.js has sha256 %s, want %s", got, htmxSum)
	}
	record, err := os.ReadFile("VENDOR.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(record, []byte(htmxSum)) {
		t.Errorf("VENDOR.md does not record %s", htmxSum)
	}
}

// A stylesheet is one text: a brace or comment left open in one part would
// swallow the next.
func TestParts(t *testing.T) {
	parts, err := filepath.Glob("css/*.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range parts {
		text, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		bare := regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAll(text, nil)
		if open, shut := bytes.Count(bare, []byte("{")), bytes.Count(bare, []byte("}")); open != shut {
			t.Errorf("%s opens %d braces and closes %d", part, open, shut)
		}
		if bytes.Contains(bare, []byte("*/")) || bytes.Contains(bare, []byte("/*")) {
			t.Errorf("%s leaves a comment open", part)
		}
		if lines := bytes.Count(text, []byte("\n")); lines > 200 {
			t.Errorf("%s has %d lines", part, lines)
		}
	}
}

// TestTokens: tokens.css has every colour and size. Line widths, sizes relative to
// the text, and the widths that pages are arranged by are no tokens.
func TestTokens(t *testing.T) {
	parts, err := filepath.Glob("css/*.css")
	if err != nil {
		t.Fatal(err)
	}
	skipped := regexp.MustCompile(`(?s)/\*.*?\*/|@(media|container|supports)[^{]*|url\([^)]*\)`)
	size := regexp.MustCompile(`[\d.]+(rem|px)\b`)
	colour := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|(rgb|hsl|oklch|light-dark)a?\(|\b(white|black|red|green|blue|gr[ae]y)(;| |,|\))`)
	for _, part := range parts {
		if filepath.Base(part) == "tokens.css" {
			continue
		}
		text, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		bare := skipped.ReplaceAllString(string(text), "")
		for _, found := range colour.FindAllString(bare, -1) {
			t.Errorf("%s has the colour %s", part, found)
		}
		for _, found := range size.FindAllString(bare, -1) {
			if found != "1px" && found != "2px" {
				t.Errorf("%s has the size %s", part, found)
			}
		}
	}
}

// Comments are for readers of the source; nothing may be fetched from
// elsewhere, and pictures are asked for by their hashed names.
func TestStylesheet(t *testing.T) {
	a := newAssets(t)
	css := get(a, a.Path("app.css"), nil).Body.String()
	for _, not := range []string{"/*", "http:", "https:", "//", "@import", "data:", "url(icons.svg)"} {
		if strings.Contains(css, not) {
			t.Errorf("the stylesheet holds %q", not)
		}
	}
	if picture := strings.TrimPrefix(a.Path("icons.svg"), "/static/"); !strings.Contains(css, "url("+picture+")") {
		t.Errorf("the stylesheet does not name %s", picture)
	}
	var used, defined []string
	for _, m := range regexp.MustCompile(`var\((--[\w-]+)\)`).FindAllStringSubmatch(css, -1) {
		used = append(used, m[1])
	}
	for _, m := range regexp.MustCompile(`(--[\w-]+):`).FindAllStringSubmatch(css, -1) {
		defined = append(defined, m[1])
	}
	for _, name := range used {
		if !strings.Contains(" "+strings.Join(defined, " ")+" ", " "+name+" ") {
			t.Errorf("%s is used and nowhere defined", name)
		}
	}
}

func TestScript(t *testing.T) {
	a := newAssets(t)
	js := get(a, a.Path("app.js"), nil).Body.String()
	for _, not := range []string{"//", "http:", "https:", "eval(", ".innerHTML="} {
		if strings.Contains(js, not) {
			t.Errorf("the script holds %q", not)
		}
	}
}

// A page has 40 KB on a cold load; this is what it shares with all others.
func TestWeight(t *testing.T) {
	a := newAssets(t)
	gzip := map[string]string{"Accept-Encoding": "gzip"}
	var own int64
	for _, name := range []string{"app.css", "app.js", "icons.svg", "favicon.svg"} {
		n, err := io.Copy(io.Discard, get(a, a.Path(name), gzip).Body)
		if err != nil {
			t.Fatal(err)
		}
		own += n
	}
	if own > 14600 {
		t.Errorf("style, scripts and pictures are %d bytes compressed, at most 14,600", own)
	}
}

// TestClasses: every class of the stylesheet is one that a view or a script gives.
// Those of htmx are its own.
func TestClasses(t *testing.T) {
	words := map[string]bool{}
	for _, pattern := range []string{"../views/*/*.templ", "../views/*/*.go", "js/*.js"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_templ.go") || strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, literal := range regexp.MustCompile("\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`").FindAllString(string(text), -1) {
				for _, word := range regexp.MustCompile(`[\w-]+`).FindAllString(literal, -1) {
					words[word] = true
				}
			}
		}
	}
	parts, err := filepath.Glob("css/*.css")
	if err != nil {
		t.Fatal(err)
	}
	classes := regexp.MustCompile(`\.([a-zA-Z][\w-]*)`)
	for _, part := range parts {
		text, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		selectors := regexp.MustCompile(`(?s)/\*.*?\*/|\{[^{}]*\}`).ReplaceAllString(string(text), " ")
		for _, class := range classes.FindAllStringSubmatch(selectors, -1) {
			name := class[1]
			kind := strings.LastIndex(name, "-") + 1 // "badge-" and "danger" stand apart
			if !words[name] && (kind == 0 || !words[name[:kind]] || !words[name[kind:]]) && !strings.HasPrefix(name, "htmx-") {
				t.Errorf("%s: nothing has the class %s", part, name)
			}
		}
	}
}
