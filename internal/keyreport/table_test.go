package keyreport_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"keydeck/internal/contractkeys"
	"keydeck/internal/keyreport"
	"keydeck/internal/keys"
)

// TestTable: names cannot move the cursor, and each row is one line.
func TestTable(t *testing.T) {
	t.Parallel()
	s := someKeys()
	u := s.Entries[2].User
	u.FirstName = "\x1b[2Jclear\n\tfake"
	s.Entries[2] = &contractkeys.Entry{User: u, State: contractkeys.Read, Keys: s.Entries[2].Keys}
	var out bytes.Buffer
	stream := keyreport.Stream{
		Source: func(context.Context) (contractkeys.Snapshot, error) { return s, nil },
		Filter: keyreport.Filter{Older: 400, Sort: "created"}, Now: func() time.Time { return now },
	}
	s.Entries[4].Reason = keys.ErrNoPrivilege
	if _, err := stream.Write(t.Context(), keyreport.NewTable(&out, now)); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 4 || strings.ContainsAny(out.String(), "\x1b\t") {
		t.Fatalf("%q", out.String())
	}
	for i, want := range []string{"ACCESS KEY ID", legacy + " 2023-12-14 900", long(1) + " 2025-04-27 400", "could not be read: no privilege"} {
		if !strings.Contains(strings.Join(strings.Fields(lines[i]), " "), want) {
			t.Errorf("line %d is %s", i, lines[i])
		}
	}
}

func TestFileName(t *testing.T) {
	t.Parallel()
	if got, want := keyreport.FileName("31718824", now, "csv"), "object-storage-keys-31718824-2026-06-01.csv"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
