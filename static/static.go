// Package static embeds the console's stylesheet, scripts and pictures and serves
// them under URLs that change with their content, so that browsers may cache them
// forever. It does not know pages.
//
// The embedded folder is static/packed, which static/pack generates from css, js
// and the pictures.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed packed
var packed embed.FS

// mimes are the media types of the assets, by name.
var mimes = map[string]string{
	"app.css":     "text/css; charset=utf-8",
	"app.js":      "text/javascript; charset=utf-8",
	"htmx.js":     "text/javascript; charset=utf-8",
	"icons.svg":   "image/svg+xml",
	"favicon.svg": "image/svg+xml",
}

// Assets serves the embedded files under content-hashed URLs.
type Assets struct {
	paths map[string]string // by name
	files map[string]file   // by path
}

// A file is the data of a response.
type file struct {
	mime, etag string
	codings    []coding // the smallest first; the last one is not compressed
}

// A coding is the content in one encoding.
type coding struct {
	name   string // as in Content-Encoding; empty for none
	body   []byte
	length string
}

// New returns the assets, which are hashed and compressed once.
func New() (*Assets, error) { return load() }

var load = sync.OnceValues(func() (*Assets, error) {
	a := &Assets{paths: map[string]string{}, files: map[string]file{}}
	for name := range mimes {
		if err := a.add(name); err != nil {
			return nil, fmt.Errorf("static: %s: %w", name, err)
		}
	}
	return a, nil
})

// Path returns the path of an asset: "app.css" is at "/static/app.<hash>.css".
// The names are app.css, app.js, htmx.js, icons.svg and favicon.svg. Path panics
// for any other name.
func (a *Assets) Path(name string) string {
	hashed, ok := a.paths[name]
	if !ok {
		panic("static: no asset " + strconv.Quote(name))
	}
	return hashed
}

func (a *Assets) add(name string) error {
	content, err := fs.ReadFile(packed, "packed/"+name)
	if err != nil {
		return err
	}
	tight, err := fs.ReadFile(packed, "packed/"+name+".br")
	if err != nil {
		return err
	}
	zipped, err := zip(content)
	if err != nil {
		return err
	}
	hashed := HashedName(name, content)
	f := file{mime: mimes[name], etag: `W/"` + hashed + `"`}
	f.add("br", tight)
	f.add("gzip", zipped)
	f.add("", content)
	a.paths[name], a.files["/static/"+hashed] = "/static/"+hashed, f
	return nil
}

func (f *file) add(name string, body []byte) {
	f.codings = append(f.codings, coding{name, body, strconv.Itoa(len(body))})
}

// HashedName returns an asset's name with the hash of its content: "app.css"
// becomes "app.<hash>.css".
func HashedName(name string, content []byte) string {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
}

func zip(content []byte) ([]byte, error) {
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
