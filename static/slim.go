package static

import (
	"bytes"
	"path"
	"regexp"
)

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssAround  = regexp.MustCompile(`\s*([{};,>])\s*`) // no text in our style holds these
	cssColon   = regexp.MustCompile(`:\s+`)            // no selector has a blank there
)

// slim leaves out what only readers of the source need: comments and blanks of
// our own files. It is no minifier: in scripts it drops indentation and whole
// comment lines alone, so they must not hold texts of several lines. Vendored
// files stay as they came.
func slim(name string, text []byte) []byte {
	ext := path.Ext(name)
	switch {
	case path.Base(name) == "htmx.min.js":
		return text
	case ext == ".css":
		text = cssComment.ReplaceAll(text, nil)
		text = cssAround.ReplaceAll(text, []byte("$1"))
		text = cssColon.ReplaceAll(text, []byte(":"))
		return bytes.ReplaceAll(bytes.TrimSpace(text), []byte(";}"), []byte("}"))
	}
	var out []byte
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || ext == ".js" && bytes.HasPrefix(line, []byte("//")) {
			continue
		}
		out = append(append(out, line...), '\n')
	}
	return out
}
