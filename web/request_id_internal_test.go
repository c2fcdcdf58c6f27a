package web

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"keydeck/internal/parallel"
)

// The name of a request may be read by several goroutines at once, which the race
// detector sees on a real connection alone.
func TestRequestIDConcurrently(t *testing.T) {
	t.Parallel()
	e := echo.New()
	e.Use(requestID)
	var ids [2]string
	e.GET("/", func(c echo.Context) error {
		parallel.Do(
			func() { ids[0] = requestIDOf(c) },
			func() { ids[1] = requestIDOf(c) },
		)
		return c.NoContent(http.StatusNoContent)
	})
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	answer, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if sent := answer.Header.Get(echo.HeaderXRequestID); sent == "" || ids != [2]string{sent, sent} {
		t.Errorf("sent as %q, read as %q", sent, ids)
	}
}
