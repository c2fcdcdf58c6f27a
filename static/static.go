// Package static holds the console's stylesheet, scripts and pictures inside
// the binary and serves them under addresses that change with their content,
// so that browsers may keep them for good. It knows nothing of pages.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"iter"
	"strconv"
	"strings"
)

//go:embed css/*.css js/*.js *.svg packed
var files embed.FS

// An asset's parts are put after one another in this order: later style rules
// win over earlier ones, and a page needs one request for them all.
var bundles = []struct {
	name, ext, mime string
	parts           []string
}{
	{"icons", ".svg", "image/svg+xml", []string{"icons.svg"}},
	{"favicon", ".svg", "image/svg+xml", []string{"favicon.svg"}},
	{"app", ".css", "text/css; charset=utf-8", []string{
		"css/tokens.css", "css/base.css", "css/shell.css", "css/buttons.css", "css/forms.css",
		"css/messages.css", "css/tables.css", "css/dialogs.css", "css/pages.css", "css/media.css",
	}},
	{"app", ".js", "text/javascript; charset=utf-8", []string{
		"js/app.js", "js/open.js", "js/dialog.js", "js/answers.js", "js/copy.js", "js/busy.js", "js/counts.js",
	}},
	{"htmx", ".js", "text/javascript; charset=utf-8", []string{"js/htmx.min.js"}},
}

// Assets serves the embedded files under content-hashed addresses.
type Assets struct {
	paths map[string]string // name → address
	files map[string]file   // address → content
}

// A file is everything an answer needs, made once.
type file struct {
	mime, etag string
	codings    []coding // the tightest first; the last one is the content as it is
}

// A coding is a form in which content is sent.
type coding struct {
	name   string // as in Content-Encoding; empty for none
	body   []byte
	length string
}

// New hashes and compresses all files.
func New() (*Assets, error) {
	a := &Assets{paths: map[string]string{}, files: map[string]file{}}
	for _, b := range bundles {
		var content []byte
		for _, part := range b.parts {
			text, err := fs.ReadFile(files, part)
			if err != nil {
				return nil, fmt.Errorf("static: %w", err)
			}
			content = append(content, slim(part, text)...)
		}
		if b.ext == ".css" {
			content = a.linkPictures(content)
		}
		if err := a.add(b.name, b.ext, b.mime, content); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// Path is the address of an asset: "app.css" is at "/static/app.<hash>.css".
// The names are app.css, app.js, htmx.js, icons.svg and favicon.svg; another
// one is a mistake in the program, and panics.
func (a *Assets) Path(name string) string {
	path, ok := a.paths[name]
	if !ok {
		panic("static: no asset " + strconv.Quote(name))
	}
	return path
}

func (a *Assets) add(name, ext, mime string, content []byte) error {
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:6])
	packed, err := pack(content)
	if err != nil {
		return fmt.Errorf("static: %s%s: %w", name, ext, err)
	}
	path := "/static/" + name + "." + hash + ext
	f := file{mime: mime, etag: `W/"` + hash + `"`}
	// Made beforehand by make generate: it is there or out of date.
	if tight, err := fs.ReadFile(files, "packed/"+name+"."+hash+ext+".br"); err == nil {
		f.add("br", tight)
	}
	f.add("gzip", packed)
	f.add("", content)
	a.paths[name+ext], a.files[path] = path, f
	return nil
}

func (f *file) add(name string, body []byte) {
	f.codings = append(f.codings, coding{name, body, strconv.Itoa(len(body))})
}

// All gives the content of every asset, by the last part of its address.
func (a *Assets) All() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for path, f := range a.files {
			if !yield(strings.TrimPrefix(path, "/static/"), f.codings[len(f.codings)-1].body) {
				return
			}
		}
	}
}

// linkPictures turns url(icons.svg) into the picture's hashed name. It stays
// relative to the stylesheet, so it holds under any path prefix.
func (a *Assets) linkPictures(css []byte) []byte {
	for name, path := range a.paths {
		css = bytes.ReplaceAll(css, []byte("url("+name+")"),
			[]byte("url("+strings.TrimPrefix(path, "/static/")+")"))
	}
	return css
}

func pack(content []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
