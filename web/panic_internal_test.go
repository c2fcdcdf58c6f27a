package web

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

// A panic is an error page and one line in the log, which does not hold what
// was panicked with: that could be anything.
func TestAPanicTellsNothing(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t-of-somebody"
	type holder struct{ Secret string }
	for name, value := range map[string]any{
		"text": secret, "error": errors.New(secret), "struct": holder{secret}, "pointer": &holder{secret},
	} {
		var log bytes.Buffer
		s := &Server{logger: slog.New(slog.NewTextHandler(&log, nil))}
		c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder())
		err := s.recoverPanic(func(echo.Context) error { panic(value) })(c)
		if problemOf(err).status != http.StatusInternalServerError {
			t.Errorf("%s: %v", name, err)
		}
		s.logProblem(c, problemOf(err), err)
		if strings.Contains(log.String(), secret) || !strings.Contains(log.String(), "panic: ") {
			t.Errorf("%s: the log says %s", name, log.String())
		}
	}
}
