package pages

import (
	"strings"
	"testing"
	"time"

	"keydeck/internal/keys"
)

func TestKeyOrder(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	list := []keys.Key{
		{AccessKey: "CCCC", Created: day(3)}, {AccessKey: "BBBB", Created: day(2)}, {AccessKey: "AAAA", Created: day(1)},
		{AccessKey: "DDDD"},
	}
	for sort, want := range map[string]string{
		"": "CCCC BBBB AAAA DDDD", "oldest": "AAAA BBBB CCCC DDDD", "<b>": "CCCC BBBB AAAA DDDD",
	} {
		var got []string
		for _, k := range NewKeyOrder(sort).Apply(list) {
			got = append(got, k.AccessKey)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %s", sort, got, want)
		}
	}
	if list[0].AccessKey != "CCCC" {
		t.Error("the list itself was sorted")
	}
}
