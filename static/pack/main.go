// Command pack writes static/packed: the stylesheets and the scripts, bundled and
// minified, and the pictures. It also compresses them with brotli, which would
// take too long at every start. make generate runs it.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"

	"keydeck/static"
)

// bundles are the parts of each asset. The order matters: later style rules
// override earlier ones.
var bundles = map[string][]string{
	"icons.svg":   {"icons.svg"},
	"favicon.svg": {"favicon.svg"},
	"app.css": {
		"css/tokens.css", "css/base.css", "css/icons.css", "css/shell.css", "css/panels.css", "css/buttons.css", "css/menus.css",
		"css/tables.css", "css/messages.css", "css/forms.css", "css/dialogs.css", "css/pages.css", "css/media.css",
	},
	"app.js": {
		"js/config.js", "js/app.js", "js/keys.js", "js/open.js", "js/dialog.js", "js/answers.js", "js/notices.js", "js/copy.js", "js/busy.js",
		"js/counts.js", "js/menu.js", "js/times.js",
	},
	"htmx.js": {"js/htmx.min.js"},
}

func main() {
	if err := write("static"); err != nil {
		log.Fatal(err)
	}
}

// write packs the files in a folder into its subfolder packed.
func write(folder string) error {
	files, err := build(os.DirFS(folder).(readFileFS))
	if err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, "packed", name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// readFileFS reads the files of a folder.
type readFileFS interface {
	ReadFile(name string) ([]byte, error)
}

// build returns every file of static/packed.
func build(source readFileFS) (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, parts := range bundles {
		content, err := bundle(source, parts)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files[name] = content
	}
	// A URL relative to the stylesheet works under any path prefix.
	icons := static.HashedName("icons.svg", files["icons.svg"])
	files["app.css"] = bytes.ReplaceAll(files["app.css"], []byte("url(icons.svg)"), []byte("url("+icons+")"))
	for _, name := range slices.Collect(maps.Keys(files)) {
		tight, err := compress(files[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files[name+".br"] = tight
	}
	return files, nil
}

func bundle(source readFileFS, parts []string) ([]byte, error) {
	var all []byte
	for _, part := range parts {
		text, err := source.ReadFile(part)
		if err != nil {
			return nil, err
		}
		all = append(all, text...)
	}
	switch {
	case path.Base(parts[0]) == "htmx.min.js": // vendored: unchanged
		return all, nil
	case path.Ext(parts[0]) == ".svg":
		return joinLines(all), nil
	case path.Ext(parts[0]) == ".css":
		return minify(all, api.LoaderCSS)
	default:
		return minify(all, api.LoaderJS)
	}
}

// joinLines returns a picture without comment lines, indentation and line breaks.
func joinLines(picture []byte) []byte {
	var out []byte
	for line := range bytes.Lines(picture) {
		if line = bytes.TrimSpace(line); !bytes.HasPrefix(line, []byte("<!--")) {
			out = append(out, line...)
		}
	}
	return out
}

// minify removes comments and white space and shortens a script's local names. It
// does not rewrite anything for older browsers.
func minify(text []byte, loader api.Loader) ([]byte, error) {
	result := api.Transform(string(text), api.TransformOptions{
		Loader: loader, Target: api.ESNext, Charset: api.CharsetUTF8,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
	})
	for _, found := range slices.Concat(result.Errors, result.Warnings) {
		return nil, errors.New(found.Text)
	}
	return bytes.TrimSpace(result.Code), nil
}

func compress(content []byte) ([]byte, error) {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotli.BestCompression)
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
