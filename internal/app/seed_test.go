package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSeed(t *testing.T) {
	dir := t.TempDir()
	for name, tt := range map[string]struct{ text, says string }{
		"good.json":    {`{"users":[{"email":"ci@example.com"}]}`, ""},
		"bad.json":     {`{"users":[{"email":"ci"}]}`, "e-mail address is needed"},
		"missing.json": {"", "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig(t)
			cfg.SandboxSeed = filepath.Join(dir, name)
			if tt.text != "" {
				if err := os.WriteFile(cfg.SandboxSeed, []byte(tt.text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if tt.says == "" {
				accounts := newApp(t, cfg).Accounts()
				if last := accounts[len(accounts)-1]; last.Email != "ci@example.com" {
					t.Errorf("the last account is %s", last.Email)
				}
				return
			}
			_, err := New(t.Context(), cfg)
			if _, is := errors.AsType[*SeedError](err); !is || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v, want %q", err, tt.says)
			}
		})
	}
}
