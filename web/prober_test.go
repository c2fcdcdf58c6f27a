package web_test

import (
	"context"
	"net/http"

	"keydeck/internal/keys"
	"keydeck/internal/probe"
)

// saying is a prober that has one answer.
type saying keys.Probe

func (s saying) ListBuckets(context.Context, keys.Region, keys.KeyPair) keys.Probe {
	return keys.Probe(s)
}

// proberOver asks by way of a transport.
func proberOver(transport http.RoundTripper) keys.Prober {
	return probe.New(probe.Config{Transport: transport})
}
