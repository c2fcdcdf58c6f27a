package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The kinds of file systems, as statfs(2) numbers them.
const (
	sysfs = 0x62656572
	proc  = 0x9fa0
)

// mounted reports whether a folder is on a kind of file system; zero is any.
func mounted(folder string, kind int64) bool {
	var fs syscall.Statfs_t
	return syscall.Statfs(folder, &fs) == nil && (kind == 0 || fs.Type == kind)
}

// TestRunStoreError: a place that takes no store is named on one line, before
// anyone signs in. The places are what Linux has for every user, root too; one
// that is not mounted here is skipped.
func TestRunStoreError(t *testing.T) {
	for _, place := range []struct {
		path, reason string
		kind         int64
	}{
		{"/dev/full", "the disk is full; make room", 0},
		{"/sys/sessions.db", "no permission to write it; let the user", sysfs},
		{"/proc/sessions.db", "its folder does not exist; make the folder", proc},
		{"/tmp", "it is a folder; give the path of a file", 0},
	} {
		t.Run(place.path, func(t *testing.T) {
			if !mounted(filepath.Dir(place.path), place.kind) {
				t.Skip("not mounted here")
			}
			if place.path == "/dev/full" {
				if info, err := os.Stat(place.path); err != nil || info.Mode()&os.ModeCharDevice == 0 {
					t.Skip("no such device here")
				}
			}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			environ := []string{"KEYDECK_ADDR=127.0.0.1:0", "KEYDECK_ADMIN_ADDR=127.0.0.1:0", "KEYDECK_SESSION_STORE=bolt:" + place.path}
			var stdout, stderr bytes.Buffer
			code := run(ctx, nil, environ, &stdout, &stderr)
			if code != 1 || !strings.HasPrefix(stderr.String(), "keydeck: KEYDECK_SESSION_STORE: ") ||
				!strings.Contains(stderr.String(), place.path+": "+place.reason) || strings.Count(stderr.String(), "\n") != 1 {
				t.Errorf("exit %d, %q", code, stderr.String())
			}
		})
	}
}
