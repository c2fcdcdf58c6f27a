package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestPlacesThatTakeNoStore are told on one line, before anybody signs in. They
// are what Linux has for everybody, root too.
func TestPlacesThatTakeNoStore(t *testing.T) {
	for path, reason := range map[string]string{
		"/dev/full":         "the disk is full; make room",
		"/sys/sessions.db":  "no permission to write it; let the user",
		"/proc/sessions.db": "its folder does not exist; make the folder",
		"/tmp":              "it is a folder; give the path of a file",
	} {
		environ := []string{"KEYDECK_ADDR=127.0.0.1:0", "KEYDECK_ADMIN_ADDR=127.0.0.1:0", "KEYDECK_SESSION_STORE=bolt:" + path}
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), nil, environ, &stdout, &stderr)
		if code != 1 || !strings.HasPrefix(stderr.String(), "keydeck: KEYDECK_SESSION_STORE: ") ||
			!strings.Contains(stderr.String(), path+": "+reason) || strings.Count(stderr.String(), "\n") != 1 {
			t.Errorf("%s: exit %d, %q", path, code, stderr.String())
		}
	}
}
