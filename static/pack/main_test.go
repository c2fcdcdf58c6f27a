package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPackedUpToDate: what is embedded is what the sources make.
func TestPackedUpToDate(t *testing.T) {
	want, err := build(os.DirFS("..").(readFileFS))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, found := range readDir(t, "../packed") {
		names = append(names, found.Name())
		got, err := os.ReadFile(filepath.Join("..", "packed", found.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want[found.Name()]) {
			t.Errorf("packed/%s is out of date: run make generate", found.Name())
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), names); diff != "" {
		t.Errorf("packed holds other files than it should: run make generate (-want +got)\n%s", diff)
	}
}

// TestBuildParts: every part is in a bundle.
func TestBuildParts(t *testing.T) {
	bundled := slices.Concat(slices.Collect(maps.Values(bundles))...)
	slices.Sort(bundled)
	var parts []string
	for _, pattern := range []string{"css/*.css", "js/*.js", "*.svg"} {
		found, err := fs.Glob(os.DirFS(".."), pattern)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, found...)
	}
	slices.Sort(parts)
	if diff := cmp.Diff(parts, bundled); diff != "" {
		t.Errorf("the bundles are not all parts, each once (-want +got)\n%s", diff)
	}
}

// A mistake in the style or a script is told, not packed.
func TestBuildErrors(t *testing.T) {
	for name, text := range map[string]string{
		"css/base.css": "body { color: red;",
		"js/open.js":   "(() => { const a = ; })();",
	} {
		if _, err := build(spoilt{os.DirFS("..").(readFileFS), name, text}); err == nil {
			t.Errorf("%s with %q was packed", name, text)
		}
	}
	if _, err := build(os.DirFS(t.TempDir()).(readFileFS)); err == nil {
		t.Error("an empty folder was packed")
	}
}

// spoilt is a folder with another text in one file.
type spoilt struct {
	readFileFS
	name, text string
}

func (s spoilt) ReadFile(name string) ([]byte, error) {
	if name == s.name {
		return []byte(s.text), nil
	}
	return s.readFileFS.ReadFile(name)
}

func readDir(t *testing.T, folder string) []os.DirEntry {
	t.Helper()
	found, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
