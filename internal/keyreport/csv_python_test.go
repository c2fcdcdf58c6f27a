package keyreport_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/contractkeys"
	"keydeck/internal/keyreport"
)

// pythonReader prints the records of a CSV file as JSON.
const pythonReader = `
import csv, io, json, sys
text = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="")
print(json.dumps([[cell.replace("\r\n", "\n") for cell in record] for record in csv.reader(text, strict=True)]))
`

// TestCSVPython: Python's csv module reads the same cells.
func TestCSVPython(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	s := someKeys()
	for i, name := range []string{`say "hi", all`, "two\nlines", "  edges  ", "=1+1", "Ünïcödé 日本 \u202e", `\back;slash`} {
		u := s.Entries[0].User
		u.FirstName, u.LastName, u.Email = name, name, name
		s.Entries = append(s.Entries, &contractkeys.Entry{User: u, State: contractkeys.Read, Keys: s.Entries[i].Keys})
	}
	var out bytes.Buffer
	f := keyreport.NewCSV(&out, now)
	if err := f.Begin(s); err != nil {
		t.Fatal(err)
	}
	file(t, f, keyreport.New(s, keyreport.Filter{}, threshold, now).Rows)
	want, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	reader := exec.CommandContext(t.Context(), python, "-c", pythonReader)
	reader.Stdin = &out
	printed, err := reader.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	if err := json.Unmarshal(printed, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Go's and Python's cells (-want +got):\n%s", diff)
	}
}
