package sandbox_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestFactsTable: docs/emulator-facts.md names a test for every fact, and every
// test that it names exists.
func TestFactsTable(t *testing.T) {
	table, err := os.ReadFile("../../docs/emulator-facts.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	inside, err := filepath.Glob("*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	exists := map[string]bool{}
	for _, file := range append(files, inside...) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`).FindAllSubmatch(source, -1) {
			exists[string(found[1])] = true
		}
	}
	name := regexp.MustCompile("`((?:Test|Fuzz)\\w+)(?:/[^`]+)?`")
	for row := range bytes.Lines(table) {
		if bytes.HasPrefix(row, []byte("| ")) && !bytes.HasPrefix(row, []byte("| fact |")) && !name.Match(row) {
			t.Errorf("a fact without a test: %s", row)
		}
	}
	named := name.FindAllSubmatch(table, -1)
	if len(named) < 100 {
		t.Errorf("the table names %d tests", len(named))
	}
	for _, found := range named {
		if !exists[string(found[1])] {
			t.Errorf("%s is in the table, and not in the tests", found[1])
		}
	}
}
