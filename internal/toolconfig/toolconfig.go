// Package toolconfig writes a key pair in the form of each S3 tool: a
// configuration file, a script, a bookmark. The tools are in one table. A tool
// reads every secret back unchanged, or the format refuses it. The package does
// not know pages.
package toolconfig

import (
	"slices"
	"strings"

	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

// Access is the data for a tool's configuration.
type Access struct {
	Pair  keys.KeyPair
	At    keys.Region // of the endpoint
	Email string      // of the key's owner
	// Unverified: it could not be checked that this is the key's secret. The files
	// say so, the CSV in its name.
	Unverified bool
}

// Tool is an S3 client.
type Tool struct {
	ID    string // in URLs
	Name  string
	Files []File
	// Command returns a command line that tests the tool, without the secret. It
	// is nil for tools without a command line.
	Command func(Access) string
}

// File is a text to copy or download.
type File struct {
	Name  string // in URLs, and of the download
	Place string // the path where the tool reads it; empty if there is none
	Type  string // media type; text/plain if empty
	// Alone means that the file does not hold the secret: the tool prompts for
	// it.
	Alone bool

	download func(Access) string // the download's name, if it depends on the key
	write    func(Access) (string, error)
}

// Find returns the tool with an id.
func Find(id string) (Tool, bool) {
	i := slices.IndexFunc(tools, func(t Tool) bool { return t.ID == id })
	if i < 0 {
		return Tool{}, false
	}
	return tools[i], true
}

// Tools returns all tools, the most common first.
func Tools() []Tool { return slices.Clone(tools) }

// File returns the file with a name.
func (t Tool) File(name string) (File, bool) {
	i := slices.IndexFunc(t.Files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return File{}, false
	}
	return t.Files[i], true
}

// Text returns the content of the file. It returns [ErrControl], [ErrEdges] or
// [ErrExpansion] if the format cannot hold the secret.
func (f File) Text(a Access) (secret.Value, error) {
	text, err := f.write(a)
	return secret.New(text), err
}

// DownloadName returns the name of the download.
func (f File) DownloadName(a Access) string {
	if f.download != nil {
		return f.download(a)
	}
	return f.Name
}

// MediaType returns the file's media type.
func (f File) MediaType() string {
	if f.Type == "" {
		return "text/plain; charset=utf-8"
	}
	return f.Type
}

// profile returns a name for the endpoint in a tool's configuration.
func (a Access) profile() string {
	return "ionos-" + strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, a.At.ID)
}
