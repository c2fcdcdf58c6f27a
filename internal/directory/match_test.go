package directory_test

import (
	"testing"

	"keydeck/internal/directory"
	"keydeck/internal/keys"
)

func TestMatches(t *testing.T) {
	t.Parallel()
	u := keys.User{
		ID: "5f9c7e0a-1b2c-4d3e-8f90-abcdef123456", CanonicalUserID: "31ae0b7e55cf4a6b8fdd4d6b0a3c7ceb",
		FirstName: "Mei-Ling", LastName: "ČHEN", Email: "Guest@keydeck.example",
	}
	for query, want := range map[string]bool{
		"": true, "chen": true, "ČHEN": true, "guest@ mei": true, "mei kim": false, "ling čhen": true, "LING": true, "straße": false,
		"5f9c7e0a-1b2c-4d3e-8f90-abcdef123456": true, "5F9C7E0A": true, "def123456": true, "5f9c": false,
		"31ae0b7e55cf4a6b8fdd4d6b0a3c7ceb": true, "0a3c7ceb": true,
		"31884391:5f9c7e0a-1b2c-4d3e-8f90-abcdef123456": true, "31884392:5f9c7e0a-1b2c-4d3e-8f90-abcdef123456": false,
		"mei 31ae0b7e": true, "kim 31ae0b7e": false, "\xffmei": true,
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			if got := directory.NewMatcher(query, "31884391").Matches(u); got != want {
				t.Errorf("%q matches: %v", query, got)
			}
		})
	}
	t.Run("user without e-mail", func(t *testing.T) {
		t.Parallel()
		if !directory.NewMatcher("strasse", "1").Matches(keys.User{LastName: "Straße"}) {
			t.Error("ß is not folded")
		}
	})
	for name, query := range map[string]string{"Øst": "ost", "Łukasz": "lukasz", "Đorđe": "dorde", "Æbelø": "aebelo", "Işık": "isik"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, query := range []string{query, name} {
				if !directory.NewMatcher(query, "1").Matches(keys.User{LastName: name}) {
					t.Errorf("%s is not found by %s", name, query)
				}
			}
		})
	}
}
