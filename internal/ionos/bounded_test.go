package ionos_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"keydeck/internal/keys"
)

// repeated is a list of n items, each with a name of its own.
func repeated(n int, item string) step {
	items := make([]string, n)
	for i := range items {
		uuid := fmt.Sprintf("%s%06d", userID[:30], i)
		items[i] = strings.NewReplacer(longKey, fmt.Sprintf("key-%d", i), `"id":"`+accessKey, fmt.Sprintf(`"id":"key-%d`, i),
			`"id":"`+userID, `"id":"`+uuid, `"id":"de"`, fmt.Sprintf(`"id":"de-%d"`, i)).Replace(item)
	}
	return answer(200, `{"id":"x","type":"collection","items":[`+strings.Join(items, ",")+`]}`)
}

// collections are the lists of the APIs, each with an item and the number of items
// there can be at most.
var collections = []struct {
	name, item string
	limit      int
	list       func(context.Context, keys.Remote) (int, error)
}{
	{"OwnKeys", ownKeyJSON(resourceID, `"contractUserId":"1:`+userID+`"`, `,"status":"AVAILABLE"`), 100, func(ctx context.Context, r keys.Remote) (int, error) {
		list, err := r.OwnKeys(ctx)
		return len(list), err
	}},
	{"UserKeys", `{"id":"` + accessKey + `"}`, 100, func(ctx context.Context, r keys.Remote) (int, error) {
		list, err := r.UserKeys(ctx, userID)
		return len(list), err
	}},
	{"Users", `{"id":"` + userID + `"}`, 100, func(ctx context.Context, r keys.Remote) (int, error) {
		list, err := r.Users(ctx, keys.Page{})
		return len(list), err
	}},
	{"UsersByEmail", `{"id":"` + userID + `"}`, 100, func(ctx context.Context, r keys.Remote) (int, error) {
		list, err := r.UsersByEmail(ctx, "a@example.com")
		return len(list), err
	}},
	{"Groups", `{"id":"` + userID + `"}`, 1000, func(ctx context.Context, r keys.Remote) (int, error) {
		list, err := r.Groups(ctx)
		return len(list), err
	}},
	{"UserGroups", `{"id":"` + userID + `"}`, 500, func(ctx context.Context, r keys.Remote) (int, error) {
		list, err := r.UserGroups(ctx, userID)
		return len(list), err
	}},
	{"Regions", `{"id":"de","properties":{"endpoint":"https://x"}}`, 200, func(ctx context.Context, r keys.Remote) (int, error) {
		list, err := r.Regions(ctx)
		return len(list), err
	}},
}

// TestBoundItems: as many items as there can be are a list; one more is a fault of
// the API, and never a part of the list.
func TestBoundItems(t *testing.T) {
	t.Parallel()
	for _, tt := range collections {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if n, err := tt.list(t.Context(), play(t, repeated(tt.limit, tt.item))); n != tt.limit || err != nil {
				t.Errorf("%d items: %d, %v", tt.limit, n, err)
			}
			n, err := tt.list(t.Context(), play(t, repeated(tt.limit+1, tt.item)))
			if n != 0 || !errors.Is(err, keys.ErrUnavailable) || !strings.Contains(fmt.Sprint(err), "more items") {
				t.Errorf("%d items: %d, %v", tt.limit+1, n, err)
			}
		})
	}
}

// TestBoundTexts: a text is cut, an id that is too long is a fault of the API.
func TestBoundTexts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 5000)
	name := func(item string) keys.User {
		list, err := play(t, repeated(1, item)).Users(t.Context(), keys.Page{})
		if err != nil {
			t.Fatal(err)
		}
		return list[0]
	}
	u := name(`{"id":"` + userID + `","properties":{"firstname":"` + long + `","email":"` + long + `"}}`)
	for _, text := range []string{u.FirstName, u.Email} {
		if len(text) > 256 || !utf8.ValidString(text) || !strings.HasSuffix(text, "…") {
			t.Errorf("cut to %d bytes: %q", len(text), text)
		}
	}
	for name, item := range map[string]string{"user": `{"id":"` + long + `"}`, "group": `{"id":"` + userID + `","entities":{"groups":{"items":[{"id":"` + long + `"}]}}}`} {
		if _, err := play(t, repeated(1, item)).Users(t.Context(), keys.Page{}); !errors.Is(err, keys.ErrUnavailable) {
			t.Errorf("the id of a %s is taken: %v", name, err)
		}
	}
}

// TestCheckBounds: what takes too much memory is refused before it is decoded, and
// the largest expected page is not.
func TestCheckBounds(t *testing.T) {
	t.Parallel()
	item := ownKeyJSON(resourceID, `"contractUserId":"1:`+requestID+`"`, `,"status":"AVAILABLE","supportedRegions":["`+strings.Repeat(`de","`, 19)+`de"]`)
	if _, err := play(t, repeated(1000, item), repeated(0, "")).OwnKeys(t.Context()); err != nil {
		t.Errorf("a full page: %v", err)
	}
	for name, body := range map[string]string{
		"empty items":   `{"items":[` + strings.Repeat("{},", 1_000_000) + `{}]}`,
		"numbers":       `{"items":[{"metadata":{"supportedRegions":[` + strings.Repeat("0,", 1_000_000) + `0]}}]}`,
		"nested":        `{"items":` + strings.Repeat("[", 1_000_000),
		"a long string": `{"items":[{"id":"` + strings.Repeat("x", 1_000_000) + `"}]}`,
		"a long escape": `{"items":[{"id":"` + strings.Repeat(`\"`, 1_000_000) + `"}]}`,
	} {
		_, err := play(t, answer(200, body)).OwnKeys(t.Context())
		if !errors.Is(err, keys.ErrUnavailable) || !strings.Contains(fmt.Sprint(err), "response with") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
