package web_test

import (
	"context"
	"net/http"

	"keydeck/internal/keys"
	"keydeck/internal/s3check"
)

// fixedResult is a checker with one result.
type fixedResult keys.EndpointResult

func (f fixedResult) ListBuckets(context.Context, keys.Region, keys.KeyPair) keys.EndpointResult {
	return keys.EndpointResult(f)
}

// checkerOver is a checker that uses a transport.
func checkerOver(transport http.RoundTripper) keys.Checker {
	return s3check.New(s3check.Config{Transport: transport, Plain: true})
}
