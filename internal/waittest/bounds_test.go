package waittest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// module is the root of the module, seen from here.
const module = "../.."

// TestWaitsAreBounded: no test of the module receives from a channel without a
// bound. A receive is bounded in a select, in a synctest bubble (which fails when
// all its goroutines wait), on a timer and on a context; else [waittest.Receive]
// does it. A WaitGroup is as bounded as what its goroutines do.
func TestWaitsAreBounded(t *testing.T) {
	files := 0
	err := filepath.WalkDir(module, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != module && strings.HasPrefix(entry.Name(), "."):
			return filepath.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		files++
		for _, place := range unbounded(t, path, nil) {
			t.Errorf("%s: a receive without a bound: use a select or waittest.Receive", place)
		}
		return nil
	})
	if err != nil || files < 100 {
		t.Errorf("%d files read, %v", files, err)
	}
}

// TestUnbounded keeps the rule itself from accepting everything.
func TestUnbounded(t *testing.T) {
	const source = `package p
func f(t T) {
	<-c
	x := 1 + <-c
	<-time.After(d)
	<-ctx.Done()
	select { case <-c: <-c; case v := <-d: }
	synctest.Test(t, func(t T) { <-c })
	other.Test(t, func(t T) { <-c })
	select { case <-c: }
}`
	if got := strings.Join(unbounded(t, "p_test.go", source), " "); got != "p_test.go:3 p_test.go:4 p_test.go:7 p_test.go:9 p_test.go:10" {
		t.Errorf("found %s", got)
	}
}

// unbounded returns the places of a file's receives without a bound.
func unbounded(t *testing.T, path string, source any) []string {
	t.Helper()
	var places []string
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var visit func(ast.Node) bool
	visit = func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.SelectStmt:
			if len(n.Body.List) == 1 {
				places = append(places, placeOf(fset, n))
			}
		case *ast.CommClause: // what it receives is one of several
			for _, statement := range n.Body {
				ast.Inspect(statement, visit)
			}
			return false
		case *ast.CallExpr:
			return !isCall(n, "synctest", "Test")
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && !isCall(n.X, "time", "After") && !isCall(n.X, "", "Done") {
				places = append(places, placeOf(fset, n))
			}
		}
		return true
	}
	ast.Inspect(file, visit)
	return places
}

func placeOf(fset *token.FileSet, node ast.Node) string {
	place := fset.Position(node.Pos())
	place.Column = 0
	return place.String()
}

// isCall reports whether an expression calls a method or function of a name, on
// any value if on is empty.
func isCall(expression ast.Expr, on, name string) bool {
	call, ok := expression.(*ast.CallExpr)
	if !ok {
		return false
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != name {
		return false
	}
	value, ok := selector.X.(*ast.Ident)
	return on == "" || ok && value.Name == on
}
