package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// wordless are the errors that have no entry among the problems, and why.
var wordless = map[string]string{
	"keyops.ErrSignedOut": "is answered as errSignedOut",
	"errNoRandomness":     "is a fault of the console",
	"errForeignReferer":   "is a cause of errForeignSite",
	"errPageTooLong":      "is a fault of the console",
	"errSignedOut":        "leads to the sign-in",
	"keyops.ErrRepeated":  "comes with the error of the first time",
	"errNoSuchPerson":     "is told above the field of new members",
	"keys.ErrAmbiguous":   "is told beside the field of the search",
}

// TestProblems: every error that a handler may return has its words.
func TestProblems(t *testing.T) {
	t.Parallel()
	listed := problemNames(t)
	for pkg, folder := range map[string]string{
		"": ".", "keys.": "../internal/keys", "keyops.": "../internal/keyops", "toolconfig.": "../internal/toolconfig",
	} {
		for _, name := range errorNames(t, folder) {
			_, exempt := wordless[pkg+name]
			if exempt == listed[pkg+name] {
				t.Errorf("%s%s is among the problems: %v, and among the wordless: %v", pkg, name, listed[pkg+name], exempt)
			}
			delete(listed, pkg+name)
		}
	}
	for _, entry := range problems {
		if entry.status < 400 || entry.title == "" {
			t.Errorf("%v has status %d and the title %q", entry.err, entry.status, entry.title)
		}
	}
}

// problemNames are the errors in the table of problems, as the source names them.
func problemNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, file := range sources(t, ".") {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || spec.Names[0].Name != "problems" {
				return true
			}
			for _, entry := range spec.Values[0].(*ast.CompositeLit).Elts {
				switch name := entry.(*ast.CompositeLit).Elts[0].(type) {
				case *ast.Ident:
					names[name.Name] = true
				case *ast.SelectorExpr:
					names[name.X.(*ast.Ident).Name+"."+name.Sel.Name] = true
				}
			}
			return false
		})
	}
	return names
}

// errorNames are the sentinel errors that a package declares, and that another can
// see unless it is this one.
func errorNames(t *testing.T, folder string) []string {
	t.Helper()
	pattern := regexp.MustCompile("^Err[A-Z]")
	if folder == "." {
		pattern = regexp.MustCompile("^err[A-Z]")
	}
	var names []string
	for _, file := range sources(t, folder) {
		for _, declaration := range file.Decls {
			general, ok := declaration.(*ast.GenDecl)
			if !ok || general.Tok != token.VAR {
				continue
			}
			for _, spec := range general.Specs {
				value := spec.(*ast.ValueSpec)
				if name := value.Names[0].Name; pattern.MatchString(name) && isCall(value) { // errors.New
					names = append(names, name)
				}
			}
		}
	}
	return names
}

func isCall(value *ast.ValueSpec) bool {
	if len(value.Values) == 0 {
		return false
	}
	_, ok := value.Values[0].(*ast.CallExpr)
	return ok
}

// sources are the files of a package, without its tests.
func sources(t *testing.T, folder string) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s has no source: %v", folder, err)
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}
