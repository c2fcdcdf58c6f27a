package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"keydeck/internal/app"
)

// healthTimeout is shorter than the timeout of container runtimes.
const healthTimeout = 3 * time.Second

// checkHealth requests /healthz of the running console, for container images
// without a shell or curl.
func checkHealth(ctx context.Context, adminAddr string) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+app.Reachable(adminAddr)+"/healthz", nil)
	if err != nil {
		return err
	}
	// The default transport would use a proxy of the environment.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(io.LimitReader(response.Body, 200))
		return fmt.Errorf("%s answered %s: %q", request.URL, response.Status, body)
	}
	return nil
}
