package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keydeck/internal/waittest"
)

func TestRunExitCodes(t *testing.T) {
	taken := listen(t)
	garbage := filepath.Join(t.TempDir(), "sessions.db")
	if err := os.WriteFile(garbage, bytes.Repeat([]byte("garbage "), 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name           string
		args, environ  []string
		want           int
		stdout, stderr string // parts of them; empty for nothing written
	}{
		{name: "help", args: []string{"--help"}, stdout: "KEYDECK_SESSION_STORE"},
		{name: "help in short", args: []string{"-h"}, stdout: "KEYDECK_SESSION_STORE"},
		{name: "help as a word", args: []string{"help"}, stdout: "KEYDECK_SESSION_STORE"},
		{name: "help with an invalid variable", args: []string{"--help"}, environ: []string{"KEYDECK_ADDR=x"}, stdout: "KEYDECK_ADDR"},
		{name: "version", args: []string{"--version"}, stdout: "keydeck "},
		{name: "unknown argument", args: []string{"serve"}, want: 2, stderr: `"serve" is not known`},
		{name: "too many arguments", args: []string{"sandbox", "now"}, want: 2, stderr: `"now" is one argument too many`},
		{name: "invalid variable", environ: []string{"KEYDECK_LOG_LEVEL=loud"}, want: 2, stderr: "KEYDECK_LOG_LEVEL: "},
		{name: "invalid variable of the sandbox", args: []string{"sandbox"}, environ: []string{"KEYDECK_SANDBOX_ADDR=x"}, want: 2, stderr: "KEYDECK_SANDBOX_ADDR: "},
		{name: "variable of the SDKs", environ: []string{"IONOS_PINNED_CERT=x"}, want: 2, stderr: "IONOS_PINNED_CERT"},
		{name: "taken port", environ: []string{"KEYDECK_ADDR=" + taken}, want: 1, stderr: "KEYDECK_ADDR: the console cannot listen on " + taken},
		{name: "taken admin port", environ: []string{"KEYDECK_ADMIN_ADDR=" + taken}, want: 1, stderr: "KEYDECK_ADMIN_ADDR: "},
		{name: "taken sandbox port", environ: []string{"KEYDECK_SANDBOX=true", "KEYDECK_SANDBOX_ADDR=" + taken}, want: 1, stderr: "KEYDECK_SANDBOX_ADDR: "},
		{name: "taken port, sandbox alone", args: []string{"sandbox"}, environ: []string{"KEYDECK_SANDBOX_ADDR=" + taken}, want: 1, stderr: "KEYDECK_SANDBOX_ADDR: "},
		{name: "taken S3 port", environ: []string{"KEYDECK_SANDBOX=true", "KEYDECK_SANDBOX_S3_ADDR=" + taken}, want: 1, stderr: "KEYDECK_SANDBOX_S3_ADDR: the sandbox's S3 endpoint cannot listen on " + taken},
		{name: "taken S3 port, sandbox alone", args: []string{"sandbox"}, environ: []string{"KEYDECK_SANDBOX_S3_ADDR=" + taken}, want: 1, stderr: "KEYDECK_SANDBOX_S3_ADDR: "},
		{name: "sandbox for other machines", environ: []string{"KEYDECK_SANDBOX=true", "KEYDECK_SANDBOX_ADDR=0.0.0.0:0"}, want: 1, stderr: "KEYDECK_SANDBOX_EXPOSE=true"},
		{name: "sandbox alone for other machines", args: []string{"sandbox"}, environ: []string{"KEYDECK_SANDBOX_S3_ADDR=:0"}, want: 1, stderr: "KEYDECK_SANDBOX_EXPOSE=true"},
		{name: "corrupt store", environ: []string{"KEYDECK_SESSION_STORE=bolt:" + garbage}, want: 1, stderr: "KEYDECK_SESSION_STORE: "},
		{name: "store in no folder", environ: []string{"KEYDECK_SESSION_STORE=bolt:" + garbage + "/x"}, want: 1, stderr: "KEYDECK_SESSION_STORE: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			free := []string{"KEYDECK_ADDR=127.0.0.1:0", "KEYDECK_ADMIN_ADDR=127.0.0.1:0", "KEYDECK_SANDBOX_ADDR=127.0.0.1:0",
				"KEYDECK_SANDBOX_S3_ADDR=127.0.0.1:0", "KEYDECK_SESSION_STORE=bolt:" + filepath.Join(t.TempDir(), "sessions.db")}
			var stdout, stderr bytes.Buffer
			if got := run(t.Context(), test.args, append(free, test.environ...), &stdout, &stderr); got != test.want {
				t.Errorf("exit code %d, want %d", got, test.want)
			}
			if !wrote(stdout.String(), test.stdout) || !wrote(stderr.String(), test.stderr) {
				t.Errorf("stdout %q, stderr %q", stdout.String(), stderr.String())
			}
			if test.stderr != "" && (strings.Count(stderr.String(), "\n") != 1 || !strings.HasPrefix(stderr.String(), "keydeck: ")) {
				t.Errorf("stderr is not one line: %q", stderr.String())
			}
		})
	}
}

func wrote(got, part string) bool {
	if part == "" {
		return got == ""
	}
	return strings.Contains(got, part)
}

func TestRunConsole(t *testing.T) {
	printed := started(t, nil, "KEYDECK_SANDBOX=true", "KEYDECK_AUDIT_LOGG=x", "KEYDECK_AUTH_API_URL=https://api.ionos.com/auth/v1")
	for _, part := range []string{"Keydeck   http://127.0.0.1:", "Sandbox   http://127.0.0.1:", "S3        http://127.0.0.1:", "member@keydeck.example", "sandbox"} {
		if !strings.Contains(printed.stdout, part) {
			t.Errorf("stdout lacks %q:\n%s", part, printed.stdout)
		}
	}
	for _, part := range []string{"KEYDECK_AUDIT_LOGG", "the sandbox is used in its place", "keydeck is up", "stopping"} {
		if !strings.Contains(printed.stderr, part) {
			t.Errorf("the log lacks %q:\n%s", part, printed.stderr)
		}
	}
	if printed.code != exitOK {
		t.Errorf("exit code %d", printed.code)
	}
}

func TestRunSandbox(t *testing.T) {
	printed := started(t, []string{"sandbox"})
	for _, part := range []string{"KEYDECK_CLOUD_API_URL=http://127.0.0.1:", "/auth/v1", "S3   http://127.0.0.1:", "owner@keydeck.example"} {
		if !strings.Contains(printed.stdout, part) {
			t.Errorf("stdout lacks %q:\n%s", part, printed.stdout)
		}
	}
	if printed.code != exitOK {
		t.Errorf("exit code %d", printed.code)
	}
}

type printed struct {
	code           int
	stdout, stderr string
}

// started runs keydeck until it has printed what it prints once it is up,
// whose end is an empty line below the accounts, and then has it stop.
func started(t *testing.T, args []string, environ ...string) printed {
	t.Helper()
	environ = append(environ, "KEYDECK_ADDR=127.0.0.1:0", "KEYDECK_ADMIN_ADDR=127.0.0.1:0", "KEYDECK_SANDBOX_ADDR=127.0.0.1:0",
		"KEYDECK_SANDBOX_S3_ADDR=127.0.0.1:0", "KEYDECK_SESSION_STORE=bolt:"+filepath.Join(t.TempDir(), "sessions.db"))
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var stdout, stderr bytes.Buffer
	reader, writer := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, args, environ, writer, &stderr)
		_ = writer.Close()
	}()
	chunk := make([]byte, 4096)
	for {
		n, err := reader.Read(chunk)
		stdout.Write(chunk[:n])
		if err != nil {
			break
		}
		if text := stdout.String(); strings.Contains(text, "E-mail") && strings.HasSuffix(text, "\n\n") {
			stop()
		}
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Fatalf("not up after a minute; stdout %q, stderr %q", stdout.String(), stderr.String())
	}
	return printed{waittest.Receive(t, code, "the exit code"), stdout.String(), stderr.String()}
}

func TestCheckHealth(t *testing.T) {
	well := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			t.Errorf("asked for %s", r.URL.Path)
		}
	}))
	defer well.Close()
	ill := httptest.NewServer(http.NotFoundHandler())
	defer ill.Close()
	tests := []struct {
		name, addr string
		want       int
	}{
		{"well", well.Listener.Addr().String(), 0},
		{"on every interface", strings.Replace(well.Listener.Addr().String(), "127.0.0.1", "0.0.0.0", 1), 0},
		{"on every interface, by IPv6", strings.Replace(well.Listener.Addr().String(), "127.0.0.1", "[::]", 1), 0},
		{"ill", ill.Listener.Addr().String(), 1},
		{"down", "127.0.0.1:1", 1},
		{"invalid", "nowhere", 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			got := run(t.Context(), []string{"healthcheck"}, []string{"KEYDECK_ADMIN_ADDR=" + test.addr}, &stdout, &stderr)
			if got != test.want {
				t.Errorf("exit code %d, want %d; %s", got, test.want, stderr.String())
			}
		})
	}
}

// listen takes a port for as long as the test runs.
func listen(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String()
}
