package app

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// disk is a stream that takes nothing while it is full.
type disk struct{ full atomic.Bool }

func (d *disk) Write(p []byte) (int, error) {
	if d.full.Load() {
		return 0, errors.New("no space left on device")
	}
	return len(p), nil
}

// A record that is lost shows: in the metrics, and in a console that is not
// ready until records can be written again.
func TestReadyAuditLost(t *testing.T) {
	cfg, d := testConfig(t), &disk{}
	cfg.AuditOut = d
	a := newApp(t, cfg)
	start(t, a)
	d.full.Store(true)
	w := newWiretap(t, a)
	header, _ := w.do(http.MethodPost, "/sign-in", map[string][]string{"email": {"member@keydeck.example"}, "password": {"sandbox"}})
	if header.Get("Location") == "" {
		t.Error("signing in was refused for want of a record")
	}
	if status, text := get(t, a.AdminURL()+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(text, "audit records cannot be written") || strings.Contains(text, "no space") {
		t.Errorf("it says of itself: %d %s", status, text)
	}
	if _, metrics := get(t, a.AdminURL()+"/metrics"); !strings.Contains(metrics, "keydeck_audit_records_lost_total 1") {
		t.Error("it was not counted")
	}
	d.full.Store(false)
	if status, text := get(t, a.AdminURL()+"/readyz"); status != http.StatusOK {
		t.Errorf("with room again: %d %s", status, text)
	}
}

func TestNewAuditError(t *testing.T) {
	cfg := testConfig(t)
	cfg.AuditPath = filepath.Join(t.TempDir(), "none", "audit.log")
	_, err := New(t.Context(), cfg)
	if _, ok := errors.AsType[*AuditError](err); !ok || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
