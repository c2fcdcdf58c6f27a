package kv_test

import (
	"strings"
	"testing"

	"keydeck/internal/kv"
)

func TestWarnings(t *testing.T) {
	t.Parallel()
	evicting := []string{"--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"}
	user := "user limited on >secret ~keydeck:* +@all"
	for name, tt := range map[string]struct {
		options []string
		setup   []any // an access rule, for the user "limited"
		says    string
	}{
		"noeviction":                      {says: ""},
		"allkeys-lru":                     {options: evicting, says: "allkeys-lru; set it to noeviction"},
		"volatile-ttl":                    {options: []string{"--maxmemory-policy", "volatile-ttl"}, says: "volatile-ttl; set it to noeviction"},
		"allkeys-lru, CONFIG not allowed": {options: evicting, setup: []any{"-config"}, says: "allkeys-lru; set it to noeviction"},
		"noeviction, CONFIG not allowed":  {setup: []any{"-config"}, says: ""},
		"neither CONFIG nor INFO allowed": {setup: []any{"-config", "-info"}, says: "cannot be read; make sure that it is noeviction"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startRedis(t, tt.options...)
			login := ""
			if tt.setup != nil {
				rule := []any{"acl", "setuser"}
				for _, part := range strings.Fields(user)[1:] {
					rule = append(rule, part)
				}
				s.do(append(rule, tt.setup...)...)
				login = "limited:secret@"
			}
			wantWarning(t, openRedis(t, "redis://"+login+s.address, nil), tt.says)
		})
	}
	t.Run("cluster", func(t *testing.T) {
		t.Parallel()
		wantWarning(t, openRedis(t, startCluster(t), nil), "")
	})
	t.Run("sentinel", func(t *testing.T) {
		t.Parallel()
		s := startSentinel(t)
		s.primary.do("config", "set", "maxmemory-policy", "allkeys-random")
		wantWarning(t, openRedis(t, s.url, nil), "allkeys-random; set it to noeviction")
	})
}

// wantWarning checks that there is one warning, or none for an empty text.
func wantWarning(t *testing.T, w kv.Warner, says string) {
	t.Helper()
	warnings := w.Warnings(t.Context())
	switch {
	case says == "" && len(warnings) > 0:
		t.Errorf("the warnings are %q, want none", warnings)
	case says != "" && (len(warnings) != 1 || !strings.Contains(warnings[0], says)):
		t.Errorf("the warnings are %q, want one that says %q", warnings, says)
	}
}
