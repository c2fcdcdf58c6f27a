package secret_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/secret"
)

const text = "wJalrXUtnFEMI/K7MDENG"

// holder has a secret where fmt can call its methods and where it cannot.
type holder struct {
	Shown  secret.Value
	hidden secret.Value
	nested struct{ list []secret.Value }
	byName map[string]secret.Value
	any    any
	point  *secret.Value
}

func newHolder() holder {
	v := secret.New(text)
	h := holder{Shown: v, hidden: v, byName: map[string]secret.Value{"key": v}, any: v, point: &v}
	h.nested.list = []secret.Value{v}
	return h
}

// leaks reports whether output holds the secret, in clear or in hexadecimal.
func leaks(output string) bool {
	hex := fmt.Sprintf("%x", text)
	return strings.Contains(output, text) || strings.Contains(strings.ToLower(strings.ReplaceAll(output, " ", "")), hex)
}

func TestFormat(t *testing.T) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%p", "%T", "%80v", "%!"} {
		for name, value := range map[string]any{
			"value": secret.New(text), "pointer": new(secret.New(text)), "slice": []secret.Value{secret.New(text)},
			"holder": newHolder(), "holder pointer": new(newHolder()),
		} {
			t.Run(verb+" "+name, func(t *testing.T) {
				if got := fmt.Sprintf(verb, value); leaks(got) {
					t.Errorf("printed as %s", got)
				}
			})
		}
	}
	if got := fmt.Sprintf("%v", struct{ hidden secret.Value }{secret.New(text)}); !strings.Contains(got, "[redacted]") {
		t.Errorf("from an unexported field: %s", got)
	}
	if got := fmt.Sprintf("%s %v", secret.New(text), secret.New(text)); got != "[redacted] [redacted]" {
		t.Errorf("got %q", got)
	}
}

func TestLogValue(t *testing.T) {
	var out bytes.Buffer
	for name, h := range map[string]slog.Handler{"text": slog.NewTextHandler(&out, nil), "JSON": slog.NewJSONHandler(&out, nil)} {
		out.Reset()
		slog.New(h).Info("message", "value", secret.New(text), "holder", newHolder(), slog.Group("group", "value", secret.New(text)))
		if got := out.String(); leaks(got) || !strings.Contains(got, "[redacted]") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

type xmlHolder struct{ Value secret.Value }

func TestMarshalText(t *testing.T) {
	for name, encode := range map[string]func() ([]byte, error){
		"JSON": func() ([]byte, error) { return json.Marshal(newHolder()) },
		"XML":  func() ([]byte, error) { return xml.Marshal(xmlHolder{secret.New(text)}) },
	} {
		got, err := encode()
		if err != nil || leaks(string(got)) || !strings.Contains(string(got), "[redacted]") {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func TestReveal(t *testing.T) {
	v, none := secret.New(text), secret.New("")
	if v.Reveal() != text || v.IsZero() {
		t.Errorf("the secret did not come back, or is zero")
	}
	if none.Reveal() != "" || !none.IsZero() {
		t.Errorf("the empty secret is not the zero one")
	}
}

func TestEqual(t *testing.T) {
	same, other := secret.New(strings.Clone(text)), secret.New("another")
	if !secret.New(text).Equal(same) || secret.New(text).Equal(other) || secret.New(text).Equal(secret.Value{}) {
		t.Error("Equal does not tell secrets apart by their text")
	}
	if !cmp.Equal(secret.New(text), same) || cmp.Equal(secret.New(text), other) {
		t.Error("cmp.Equal does not use Equal")
	}
}

func TestFingerprint(t *testing.T) {
	a, b := secret.New(text).Fingerprint(), secret.New("another").Fingerprint()
	if a == b || a != secret.New(text).Fingerprint() || leaks(a) || secret.New("").Fingerprint() != "" {
		t.Errorf("fingerprints %q and %q", a, b)
	}
}
