package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnknownVariables(t *testing.T) {
	environ := []string{
		"PATH=/bin", "KEYDECK_ADDR=:80", "KEYDECK_ADR=:80", "KEYDECK_PORT=tcp://10.0.0.1:80",
		"KEYDECK_SESSION_MAXIMUM=1h", "KEYDECK_SERVICE_HOST=10.0.0.1", "KEYDECK_SANBOX=1", "MY_KEYDECK_ADDR=1",
	}
	want := []unknownVariable{
		{"KEYDECK_ADR", "KEYDECK_ADDR"},
		{"KEYDECK_PORT", ""},
		{"KEYDECK_SESSION_MAXIMUM", "KEYDECK_SESSION_MAX"},
		{"KEYDECK_SERVICE_HOST", ""},
		{"KEYDECK_SANBOX", "KEYDECK_SANDBOX"},
	}
	got := unknownVariables(environ)
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(unknownVariable{})); diff != "" {
		t.Error(diff)
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
