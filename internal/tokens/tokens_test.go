package tokens_test

import (
	"testing"
	"time"

	"keydeck/internal/session"
	"keydeck/internal/tokens"
)

func TestNew(t *testing.T) {
	t.Parallel()
	whole := tokens.Config{Auth: &api{}, Sessions: &session.Manager{}, Idle: idle, Max: most}
	cases := map[string]struct {
		change func(*tokens.Config)
		ok     bool
	}{
		"complete":    {func(*tokens.Config) {}, true},
		"no Auth":     {func(c *tokens.Config) { c.Auth = nil }, false},
		"no Sessions": {func(c *tokens.Config) { c.Sessions = nil }, false},
		"no Idle":     {func(c *tokens.Config) { c.Idle = 0 }, false},
		"no Max":      {func(c *tokens.Config) { c.Max = 0 }, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := whole
			c.change(&cfg)
			if _, err := tokens.New(cfg); (err == nil) != c.ok {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestTTL(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ idle, most, want time.Duration }{
		"default":                   {30 * time.Minute, 12 * time.Hour, 62 * time.Minute},
		"no longer than a session":  {30 * time.Minute, time.Hour, time.Hour},
		"idle for most of the time": {11 * time.Hour, 12 * time.Hour, 12 * time.Hour},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, err := tokens.New(tokens.Config{Auth: &api{}, Sessions: &session.Manager{}, Idle: c.idle, Max: c.most})
			if err != nil {
				t.Fatal(err)
			}
			if got := k.TTL(); got != c.want {
				t.Errorf("TTL %v, want %v", got, c.want)
			}
		})
	}
}
