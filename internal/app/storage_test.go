package app

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestStorageURL: in the console's process and with
// the sandbox alone.
func TestStorageURL(t *testing.T) {
	a := newApp(t, testConfig(t))
	start(t, a)
	for _, tt := range []struct{ method, path, code string }{
		{http.MethodGet, "/", "AccessDenied"},
		{http.MethodGet, "/bucket/object", "AccessDenied"},
	} {
		status, body := get(t, a.StorageURL()+tt.path)
		if status != http.StatusForbidden || !strings.Contains(body, "<Code>"+tt.code+"</Code>") {
			t.Errorf("%s answered %d, %s", tt.path, status, body)
		}
	}
	token := a.Sandbox().Token("member@keydeck.example", time.Minute)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.SandboxURL()+"/regions", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(body), `"endpoint":"`+strings.TrimPrefix(a.StorageURL(), "http://")+`"`); got != 6 {
		t.Errorf("%d regions are at %s: %s", got, a.StorageURL(), body)
	}
}

func TestStorageURLWithoutAddress(t *testing.T) {
	cfg := testConfig(t)
	cfg.SandboxStorageAddr = ""
	a := newApp(t, cfg)
	start(t, a)
	if a.StorageURL() != "" || len(a.endpoints()) != 3 {
		t.Errorf("there is one at %q", a.StorageURL())
	}
}
