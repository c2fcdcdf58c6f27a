package sessiontest_test

import (
	"testing"
	"time"

	"keydeck/internal/session"
	"keydeck/internal/session/sessiontest"
)

func TestMemory(t *testing.T) {
	sessiontest.TestBackend(t, func(t *testing.T, now func() time.Time) session.Backend {
		return sessiontest.NewMemory(now)
	})
}
