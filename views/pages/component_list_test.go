package pages

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestComponentList: the page of components shows each of them, and each says what it
// is for.
func TestComponentList(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("component_list.templ")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../components/*_templ.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	shown := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range file.Decls {
			component, ok := declared.(*ast.FuncDecl)
			if !ok || component.Recv != nil || !component.Name.IsExported() {
				continue
			}
			shown++
			if call := "components." + component.Name.Name + "("; !strings.Contains(string(page), call) {
				t.Errorf("%s: %s is not shown", name, component.Name)
			}
			if !strings.HasPrefix(component.Doc.Text(), component.Name.Name+" ") {
				t.Errorf("%s: %s has no comment", name, component.Name)
			}
		}
	}
	if shown < 20 {
		t.Errorf("only %d components were found", shown)
	}
}
