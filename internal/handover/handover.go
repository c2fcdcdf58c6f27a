// Package handover writes a key pair in the form that each S3 tool takes: a
// part of its configuration, a script, a bookmark. There is one table of the
// tools; whatever a secret holds, it comes out of the tool's own reading as it
// went in, or is refused. It knows nothing of pages.
package handover

import (
	"slices"
	"strings"

	"keydeck/internal/keys"
)

// Access is what a tool needs to be told.
type Access struct {
	Pair  keys.KeyPair
	At    keys.Region // whose endpoint is to be used
	Email string      // of whose key it is
}

// Tool is something that works with S3.
type Tool struct {
	ID    string // in addresses
	Name  string
	Files []File
	// Command tries the tool, where it has a command line. It holds no secret.
	Command func(Access) string
}

// File is a text to copy, or a file to download.
type File struct {
	Name  string // in addresses, and of the download
	Place string // where the tool looks for it; empty where it does not
	Type  string // media type; text/plain when empty
	// Alone says that the secret is not in it: the tool asks for that.
	Alone bool

	download func(Access) string // its name, where that depends on the key
	write    func(Access) (string, error)
}

// Find gives the tool with an id.
func Find(id string) (Tool, bool) {
	i := slices.IndexFunc(tools, func(t Tool) bool { return t.ID == id })
	if i < 0 {
		return Tool{}, false
	}
	return tools[i], true
}

// Tools lists the tools, the commonest first.
func Tools() []Tool { return slices.Clone(tools) }

// File gives the file of a name.
func (t Tool) File(name string) (File, bool) {
	i := slices.IndexFunc(t.Files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return File{}, false
	}
	return t.Files[i], true
}

// Text writes the file. The error is one of those below, where the format
// cannot hold the secret.
func (f File) Text(a Access) (keys.Secret, error) {
	text, err := f.write(a)
	return keys.NewSecret(text), err
}

// DownloadName is what the file is called when it is saved.
func (f File) DownloadName(a Access) string {
	if f.download != nil {
		return f.download(a)
	}
	return f.Name
}

// MediaType is the file's.
func (f File) MediaType() string {
	if f.Type == "" {
		return "text/plain; charset=utf-8"
	}
	return f.Type
}

// profile names the endpoint among others that a tool may know.
func (a Access) profile() string {
	return "ionos-" + strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, a.At.ID)
}
