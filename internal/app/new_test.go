package app

import (
	"errors"
	"net"
	"strings"
	"testing"
)

func TestNewIncompleteConfig(t *testing.T) {
	tests := map[string]func(*Config){
		"no address":          func(c *Config) { c.Addr = "" },
		"no admin address":    func(c *Config) { c.AdminAddr = "" },
		"no sandbox address":  func(c *Config) { c.SandboxAddr = "" },
		"no APIs":             func(c *Config) { c.Sandbox = false },
		"no store":            func(c *Config) { c.SessionStore = "" },
		"no idle limit":       func(c *Config) { c.SessionIdle = 0 },
		"max shorter than it": func(c *Config) { c.SessionMax = c.SessionIdle - 1 },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig(t)
			spoil(&cfg)
			if _, err := New(t.Context(), cfg); err == nil {
				t.Error("no error")
			}
		})
	}
}

func TestNewClosesOnError(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	tests := map[string]func(*Config){
		"admin port taken":   func(c *Config) { c.AdminAddr = taken.Addr().String() },
		"sandbox port taken": func(c *Config) { c.SandboxAddr = taken.Addr().String() },
		"S3 port taken":      func(c *Config) { c.SandboxStorageAddr = taken.Addr().String() },
		"store cannot open":  func(c *Config) { c.SessionStore = "bolt:" + t.TempDir() },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			good := testConfig(t)
			good.Addr = freeAddr(t)
			bad := good
			spoil(&bad)
			if _, err := New(t.Context(), bad); err == nil {
				t.Fatal("no error")
			}
			start(t, newApp(t, good)) // on the address and the store of the one that failed
		})
	}
}

// freeAddr is an address that nothing listens on.
func freeAddr(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

func TestNewLockedStore(t *testing.T) {
	cfg := testConfig(t)
	start(t, newApp(t, cfg))
	_, err := New(t.Context(), cfg)
	if _, ok := errors.AsType[*StoreError](err); !ok || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want a store error of one line", err)
	}
}

func TestNewTakenPort(t *testing.T) {
	cfg := testConfig(t)
	first := newApp(t, cfg)
	start(t, first)
	second := testConfig(t)
	second.Addr = strings.TrimPrefix(first.URL(), "http://")
	_, err := New(t.Context(), second)
	listen, ok := errors.AsType[*ListenError](err)
	if !ok || listen.Listener != Console || listen.Addr != second.Addr || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want a listen error of one line", err)
	}
}
