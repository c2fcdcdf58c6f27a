package audit_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/audit"
)

func TestRecord(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	audit.New(slog.New(slog.NewJSONHandler(&out, nil))).Record(t.Context(), audit.Event{
		Action: "reveal", Actor: "a", Subject: "s", Contract: "1", AccessKey: "k", Outcome: "done", RequestID: "r", Address: "127.0.0.1",
	})
	var got map[string]string
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	delete(got, "time")
	want := map[string]string{
		"level": "INFO", "msg": "audit", "action": "reveal", "outcome": "done", "actor": "a", "subject": "s",
		"contract": "1", "key": "k", "id": "r", "address": "127.0.0.1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutALogger(t *testing.T) {
	t.Parallel()
	audit.New(nil).Record(t.Context(), audit.Event{})
	(*audit.Log)(nil).Record(t.Context(), audit.Event{})
}
