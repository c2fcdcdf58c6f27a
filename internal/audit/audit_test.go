package audit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/audit"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

func TestRecord(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	audit.New(audit.Config{Out: &out, Now: clock}).Record(audit.Event{
		Action: audit.Reveal, Outcome: audit.Done, Actor: "a", Account: "a&b@keydeck.example", Target: "t", Contract: "1",
		AccessKey: "k", Session: "s", RequestID: "r", Address: "127.0.0.1",
	})
	var got map[string]string
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"time": "2026-03-01T12:00:00Z", "action": "reveal", "outcome": "done", "actor": "a", "account": "a&b@keydeck.example",
		"target": "t", "contract": "1", "access_key": "k", "session": "s", "request_id": "r", "address": "127.0.0.1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !strings.HasSuffix(out.String(), "}\n") || strings.Count(out.String(), "\n") != 1 || strings.Contains(out.String(), `\u0026`) {
		t.Errorf("not one plain line: %q", out.String())
	}
}

// TestRecordHiddenCharacters: no field can change how a line is shown, and every
// field can be read back.
func TestRecordHiddenCharacters(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"right-to-left override": "a\u202egnp.exe", "isolate": "a\u2066b\u2069", "mark": "a\u200fb\u061cc",
		"zero width": "a\u200bb\ufeffc", "escape sequence": "a\x1b[2Kb\x7fc", "C1 control": "a\u009bb",
		"line separator": "a\u2028b\u2029c\nd\re", "tag": "a\U000e0001b", "no-break space": "a\u00a0b",
		"plain": "Zoë Müller <zoe@keydeck.example> 鍵",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			audit.New(audit.Config{Out: &out}).Record(audit.Event{
				Account: text, TargetAs: text, Reason: text, AccessKey: text, Contract: text, Session: text, RequestID: text, Address: text,
			})
			line := strings.TrimSuffix(out.String(), "\n")
			for _, r := range line {
				if !unicode.IsPrint(r) {
					t.Errorf("%U stands in %q", r, line)
				}
			}
			var e audit.Event
			if err := json.Unmarshal([]byte(line), &e); err != nil || e.Account != text || e.Address != text {
				t.Errorf("read back as %q, %v", e.Account, err)
			}
		})
	}
}

func TestRecordConcurrent(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "audit.log")
	l, err := audit.Open(path, audit.Config{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	evil := "x\"}\n{\"action\":\"forged\"}\r\x00\u2028"
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 50 {
				l.Record(audit.Event{Action: audit.Delete, Account: evil, RequestID: fmt.Sprint(i, "-", j)})
			}
		})
	}
	all.Wait()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range read(t, path) {
		if e.Action != audit.Delete || e.Account != evil {
			t.Fatalf("a line is %+v", e)
		}
		seen[e.RequestID] = true
	}
	if len(seen) != 400 {
		t.Errorf("%d records, want 400", len(seen))
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
}

func read(t *testing.T, path string) []audit.Event {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var events []audit.Event
	for line := range strings.Lines(string(text)) {
		var e audit.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		events = append(events, e)
	}
	return events
}

func TestReopen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, moved := filepath.Join(dir, "audit.log"), filepath.Join(dir, "audit.log.1")
	if err := os.WriteFile(path, []byte(`{"request_id":"before"}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := audit.Open(path, audit.Config{})
	if err != nil {
		t.Fatal(err)
	}
	record := func(id string) { l.Record(audit.Event{RequestID: id}) }
	want := func(path string, ids ...string) {
		t.Helper()
		var got []string
		for _, e := range read(t, path) {
			got = append(got, e.RequestID)
		}
		if diff := cmp.Diff(ids, got); diff != "" {
			t.Errorf("%s: %s", filepath.Base(path), diff)
		}
	}
	record("one")
	if err := os.Rename(path, moved); err != nil {
		t.Fatal(err)
	}
	record("two")
	if err := l.Reopen(); err != nil {
		t.Fatal(err)
	}
	record("three")
	want(moved, "before", "one", "two")
	want(path, "three")

	// What cannot be opened leaves the file before in place.
	if err := os.Rename(path, moved); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := l.Reopen(); err == nil {
		t.Error("a folder was opened")
	}
	record("four")
	want(moved, "three", "four")
	if err := l.Check(); err != nil {
		t.Error(err)
	}
}

// full is a disk without room.
type full struct {
	full bool
	text bytes.Buffer
}

func (f *full) Write(p []byte) (int, error) {
	if f.full {
		return 0, errors.New("no space left on device")
	}
	return f.text.Write(p)
}

func TestRecordLost(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	disk, lost := &full{full: true}, 0
	l := audit.New(audit.Config{Out: disk, Logger: slog.New(slog.NewTextHandler(&log, nil)), Lost: func() { lost++ }})
	l.Record(audit.Event{Action: audit.Delete, RequestID: "abc"})
	if lost != 1 || l.Check() == nil {
		t.Errorf("%d lost, and all is well: %v", lost, l.Check())
	}
	if !strings.Contains(log.String(), "level=ERROR") || !strings.Contains(log.String(), "abc") || !strings.Contains(log.String(), "no space") {
		t.Errorf("the log says %s", log.String())
	}
	disk.full = false
	for range 2 {
		if err := l.Check(); err != nil {
			t.Error(err)
		}
	}
	if text := disk.text.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, `"action":"resumed"`) || !strings.Contains(text, `"lost":1`) {
		t.Errorf("the gap is told as %q", text)
	}
}

func TestRecordNilLog(t *testing.T) {
	t.Parallel()
	var none *audit.Log
	none.Record(audit.Event{})
	if none.Check() != nil || none.Rotates() || none.Reopen() != nil || none.Close() != nil {
		t.Error("no log is in trouble")
	}
	if _, err := audit.Open(filepath.Join(t.TempDir(), "none", "audit.log"), audit.Config{}); err == nil {
		t.Error("opened in a folder that there is not")
	}
}
