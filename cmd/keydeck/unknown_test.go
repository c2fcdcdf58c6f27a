package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnknownVariables(t *testing.T) {
	environ := []string{
		"PATH=/bin", "KEYDECK_ADDR=:80", "KEYDECK_ADR=:80", "KEYDECK_SESSION_MAXIMUM=1h",
		"KEYDECK_SANBOX=1", "MY_KEYDECK_ADDR=1", "KEYDECK_PORTS=1", "KEYDECK_COLOUR=red",
	}
	want := []unknownVariable{
		{"KEYDECK_ADR", "KEYDECK_ADDR"},
		{"KEYDECK_SESSION_MAXIMUM", "KEYDECK_SESSION_MAX"},
		{"KEYDECK_SANBOX", "KEYDECK_SANDBOX"},
		{"KEYDECK_PORTS", ""},
		{"KEYDECK_COLOUR", ""},
	}
	got := unknownVariables(environ)
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(unknownVariable{})); diff != "" {
		t.Error(diff)
	}
}

// TestUnknownVariablesService: what Kubernetes injects for a Service is neither
// a mistake nor a variable of ours.
func TestUnknownVariablesService(t *testing.T) {
	for _, service := range []string{"KEYDECK", "KEYDECK_ADMIN", "KEYDECK_2"} {
		environ := []string{
			service + "_SERVICE_HOST=10.96.0.7", service + "_SERVICE_PORT=8080", service + "_SERVICE_PORT_HTTP=8080",
			service + "_PORT=tcp://10.96.0.7:8080", service + "_PORT_8080_TCP=tcp://10.96.0.7:8080",
			service + "_PORT_8080_TCP_PROTO=tcp", service + "_PORT_8080_TCP_PORT=8080", service + "_PORT_8080_TCP_ADDR=10.96.0.7",
		}
		if got := unknownVariables(environ); len(got) > 0 {
			t.Errorf("%s: unknown %v", service, got)
		}
	}
	for _, name := range variableNames() {
		if serviceVariable.MatchString(name) {
			t.Errorf("%s is taken for one of a Service", name)
		}
	}
}

func TestDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "a", 0}, {"a", "", 1}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"ADDR", "ADR", 1},
	}
	for _, test := range tests {
		if got := distance(test.a, test.b); got != test.want {
			t.Errorf("distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
