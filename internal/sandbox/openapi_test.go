package sandbox_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// spec is the OpenAPI document of the Management API.
type spec struct{ router routers.Router }

var readSpec = sync.OnceValues(func() (*spec, error) {
	doc, err := openapi3.NewLoader().LoadFromFile("testdata/object-storage-management.openapi.yaml")
	if err != nil {
		return nil, err
	}
	doc.Servers = nil // answer for any host
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC4122))
	router, err := legacy.NewRouter(doc)
	return &spec{router}, err
})

func loadSpec(t *testing.T) *spec {
	t.Helper()
	s, err := readSpec()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// check holds an answer of the Management API against the document: its status
// must be named there, and its body must have the form given for it.
func (s *spec) check(t *testing.T, r *http.Request, status int, header http.Header, body io.ReadCloser) {
	t.Helper()
	if !strings.HasPrefix(r.URL.Path, "/accesskeys") && !strings.HasPrefix(r.URL.Path, "/regions") {
		return
	}
	route, params, err := s.router.FindRoute(r)
	if err != nil {
		if status != http.StatusNotFound && status != http.StatusMethodNotAllowed {
			t.Errorf("%s %s is not in the OpenAPI document, yet answers %d", r.Method, r.URL.Path, status)
		}
		return
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 status, Header: header, Body: body,
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		reason, _, _ := strings.Cut(err.Error(), "\nSchema:") // what follows would print the values
		t.Errorf("%s %s answers %d against the OpenAPI document: %s", r.Method, r.URL.Path, status, reason)
	}
}
