package toolconfig_test

import (
	"context"
	"encoding/csv"
	"encoding/xml"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// readINI reads like the AWS tools: values to the end of the line, nested ones
// by their own names.
func readINI(t *testing.T, text string) read {
	t.Helper()
	got := read{}
	for l := range strings.Lines(text) {
		l = strings.TrimSpace(l)
		switch {
		case l == "" || l[0] == '#' || l[0] == ';':
		case l[0] == '[' && l[len(l)-1] == ']':
			got[" section"] = l[1 : len(l)-1]
		default:
			name, value, found := strings.Cut(l, "=")
			if !found {
				t.Errorf("a line without a value: %q", l)
			}
			got[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return got
}

// readRclone: a value may be in backquotes or in three quotes, and is searched
// for names of others.
func readRclone(t *testing.T, text string) read {
	got := readINI(t, text)
	for name, value := range got {
		for _, quote := range []string{"`", `"""`} {
			if len(value) >= 2*len(quote) && strings.HasPrefix(value, quote) {
				value = value[len(quote):strings.LastIndex(value, quote)]
				break
			}
		}
		got[name] = regexp.MustCompile(`%\([^)]+\)s`).ReplaceAllString(value, "")
	}
	return got
}

// readS3cmd: one pair of quotes comes off, a dollar begins a variable.
func readS3cmd(t *testing.T, text string) read {
	t.Helper()
	got := read{}
	data, quotes := regexp.MustCompile(`^\s*(\w+)\s*=\s*(.*)`), regexp.MustCompile(`^"(.*)"\s*$`)
	for l := range strings.Lines(text) {
		found := data.FindStringSubmatch(strings.TrimSuffix(l, "\n"))
		if found == nil {
			continue
		}
		value := found[2]
		if quotes.MatchString(value) {
			value = value[1 : len(value)-1]
		}
		if strings.HasPrefix(value, "$") {
			value = ""
		}
		got[found[1]] = value
	}
	return got
}

// readShell has the shell itself read the script.
func readShell(t *testing.T, text string) read {
	t.Helper()
	script := text + "\nfor name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL_S3; do\n" +
		"printf '%s=' \"$name\"; eval 'printf \"%s\\0\" \"$'\"$name\"'\"'; done"
	command := exec.CommandContext(context.Background(), "/bin/sh", "-euc", script)
	command.Env = []string{}
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	got := read{}
	for part := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		name, value, _ := strings.Cut(part, "=")
		got[name] = value
	}
	return got
}

// readPowerShell: within quotes of any kind, two of them stand for one.
func readPowerShell(t *testing.T, text string) read {
	t.Helper()
	const quotes = "'\u2018\u2019\u201a\u201b"
	got := read{}
	if ascii := strings.Trim(text, "\ufeff") == text; ascii == strings.ContainsAny(text, "\u00fc\u00df\u2019") {
		t.Error("a file beyond ASCII is not marked, or one of ASCII is")
	}
	for l := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		if strings.HasPrefix(l, "# ") {
			continue
		}
		name, rest, found := strings.Cut(strings.TrimPrefix(l, "$env:"), " = '")
		if !found {
			t.Errorf("%q sets nothing", l)
		}
		var value strings.Builder
		runes := []rune(rest)
		end := -1
		for i := 0; i < len(runes); i++ {
			if strings.ContainsRune(quotes, runes[i]) {
				if i++; i >= len(runes) || !strings.ContainsRune(quotes, runes[i]) {
					end = i
					break
				}
			}
			value.WriteRune(runes[i])
		}
		if end < 0 || string(runes[end:]) != "\n" {
			t.Errorf("the value does not end with its line: %q", l)
		}
		got[name] = value.String()
	}
	return got
}

func readBookmark(t *testing.T, text string) read {
	t.Helper()
	got, decoder := read{}, xml.NewDecoder(strings.NewReader(text))
	name, element := "", ""
	for {
		next, err := decoder.Token()
		if next == nil {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch next := next.(type) {
		case xml.StartElement:
			element = next.Name.Local
		case xml.EndElement:
			element = ""
		case xml.CharData:
			switch element {
			case "key":
				name = string(next)
			case "string":
				got[name] += string(next)
			}
		}
	}
	return got
}

// readPython reads the literals of arguments: in these, Go's are Python's.
func readPython(t *testing.T, text string) read {
	t.Helper()
	got := read{}
	for _, found := range regexp.MustCompile(`(?m)^    (\w+)=("(?:[^"\\]|\\.)*"),$`).FindAllStringSubmatch(text, -1) {
		value, err := strconv.Unquote(found[2])
		if err != nil {
			t.Fatal(err)
		}
		got[found[1]] = value
	}
	return got
}

// readGo reads literals by the field or function that they are for.
func readGo(t *testing.T, text string) read {
	t.Helper()
	formatted, err := format.Source([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(formatted), text); diff != "" {
		t.Errorf("it is not formatted: (-want +got)\n%s", diff)
	}
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := read{}
	literal := func(name string, e ast.Expr) {
		if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
			got[name], _ = strconv.Unquote(l.Value)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			literal(n.Key.(*ast.Ident).Name, n.Value)
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok {
				for i, argument := range n.Args {
					literal(f.Sel.Name+strings.TrimSuffix(" "+strconv.Itoa(i), " 0"), argument)
				}
			}
		}
		return true
	})
	return got
}

func readHCL(t *testing.T, text string) read {
	t.Helper()
	file, diagnostics := hclsyntax.ParseConfig([]byte(text), "x.tf", hcl.InitialPos)
	if diagnostics.HasErrors() {
		t.Fatal(diagnostics)
	}
	got := read{}
	for _, block := range file.Body.(*hclsyntax.Body).Blocks {
		for name, attribute := range block.Body.Attributes {
			value, diagnostics := attribute.Expr.Value(nil)
			if diagnostics.HasErrors() {
				t.Fatal(diagnostics)
			}
			got[name] = value.AsString()
		}
	}
	return got
}

func readFields(_ *testing.T, text string) read {
	got := read{}
	for l := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSuffix(l, "\n"), ":")
		got[name] = value[16-len(name)-1:]
	}
	return got
}

func readCSV(t *testing.T, text string) read {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	got := read{}
	for i, name := range rows[0] {
		got[name] = rows[1][i]
	}
	return got
}
