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
	"strconv"
	"strings"
)

//go:embed css/*.css js/*.js *.svg
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
		"js/app.js", "js/dialog.js", "js/answers.js", "js/copy.js", "js/busy.js",
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
	mime, etag    string
	plain, packed []byte
	length        [2]string // of plain and packed
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
	a.paths[name+ext] = path
	a.files[path] = file{
		mime: mime, etag: `W/"` + hash + `"`, plain: content, packed: packed,
		length: [2]string{strconv.Itoa(len(content)), strconv.Itoa(len(packed))},
	}
	return nil
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
