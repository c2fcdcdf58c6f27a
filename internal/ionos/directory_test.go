package ionos_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/keys"
)

const userJSON = `{"id":"` + userID + `","type":"user","href":"x",
 "metadata":{"etag":"x","createdDate":"2023-02-09T16:26:34Z","lastLogin":"2024-01-01T00:00:00+00:00"},
 "properties":{"firstname":"First","lastname":"Last","email":"first.last@example.com","administrator":true,"forceSecAuth":false,
 "secAuthActive":true,"s3CanonicalUserId":"c-1","active":true},"entities":{"groups":{"id":"x","type":"collection","href":"x"}}}`

var wantUser = keys.User{
	ID: userID, FirstName: "First", LastName: "Last", Email: "first.last@example.com",
	Administrator: true, Active: true, TwoFactor: true, CanonicalUserID: "c-1",
	Created: time.Date(2023, 2, 9, 16, 26, 34, 0, time.UTC), LastLogin: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC),
}

func TestUsers(t *testing.T) {
	t.Parallel()
	bare := `{"id":"` + userID + `","properties":{"s3CanonicalUserId":null},"metadata":{"lastLogin":null}}`
	for body, want := range map[string]keys.User{userJSON: wantUser, bare: {ID: userID}} {
		got, err := play(t, answer(200, body)).User(t.Context(), userID)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("error %v (-want +got)\n%s", err, diff)
		}
		p := play(t, answer(200, `{"items":[`+body+`,{}]}`))
		members, err := p.GroupMembers(t.Context(), resourceID, keys.Page{})
		if diff := cmp.Diff([]keys.User{want}, members); diff != "" || err != nil {
			t.Errorf("error %v (-want +got)\n%s", err, diff)
		}
	}
}

func TestUsersPages(t *testing.T) {
	t.Parallel()
	for page, want := range map[keys.Page]string{
		{}:                        "depth=3&limit=100&offset=0&pretty=false",
		{Offset: 40, Limit: 20}:   "depth=3&limit=20&offset=40&pretty=false",
		{Offset: -1, Limit: -1}:   "depth=3&limit=100&offset=0&pretty=false",
		{Offset: 1, Limit: 1000}:  "depth=3&limit=100&offset=1&pretty=false",
		{Offset: math.MaxInt - 1}: "",
	} {
		p := play(t, answer(200, `{"items":[],"offset":0,"limit":100}`))
		got, err := p.Users(t.Context(), page)
		if err != nil || len(got) != 0 {
			t.Errorf("%+v: got %v, error %v", page, got, err)
		}
		asked := ""
		if len(p.sent) > 0 {
			_, asked, _ = strings.Cut(p.sent[0].line, "?")
		}
		if asked != want {
			t.Errorf("%+v: asked %q, want %q", page, asked, want)
		}
	}
}

func TestUsersByEmail(t *testing.T) {
	t.Parallel()
	const query = "depth=3&filter.email=%s&limit=2&offset=0&pretty=false"
	for name, tt := range map[string]struct {
		email, escaped string
		answer         step
		want           []keys.User
		err            error
	}{
		"found":          {"first.last@example.com", "first.last%40example.com", answer(200, `{"items":[`+userJSON+`]}`), []keys.User{wantUser}, nil},
		"not found":      {"nobody@example.com", "nobody%40example.com", answer(200, `{"items":[]}`), []keys.User{}, nil},
		"odd address":    {"a+b&c=d%@example.com", "a%2Bb%26c%3Dd%25%40example.com", answer(200, `{"items":[]}`), []keys.User{}, nil},
		"filter refused": {"a@example.com", "a%40example.com", answer(422, `{"httpStatus":422,"messages":[{"message":"unknown property"}]}`), nil, keys.ErrRejected},
		"bad request":    {"a@example.com", "a%40example.com", answer(400, `{}`), nil, keys.ErrRejected},
		"not allowed":    {"a@example.com", "a%40example.com", answer(403, `{}`), nil, keys.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := play(t, tt.answer)
			got, err := p.UsersByEmail(t.Context(), tt.email)
			if diff := cmp.Diff(tt.want, got); diff != "" || !errors.Is(err, tt.err) {
				t.Errorf("error %v (-want +got)\n%s", err, diff)
			}
			if _, asked, _ := strings.Cut(p.sent[0].line, "?"); asked != fmt.Sprintf(query, tt.escaped) {
				t.Errorf("asked %q", asked)
			}
			if err != nil && strings.Contains(err.Error(), "@") {
				t.Errorf("the error %q names the address", err)
			}
		})
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	item := `{"id":"` + resourceID + `","type":"group","href":"x","properties":{"name":"Storage","createDataCenter":false,"s3Privilege":true}}`
	want := keys.Group{ID: resourceID, Name: "Storage", UseObjectStorage: true}
	p := play(t, answer(200, `{"items":[`+item+`]}`))
	of, err1 := p.UserGroups(t.Context(), userID)
	all, err2 := p.Groups(t.Context())
	if diff := cmp.Diff([][]keys.Group{{want}, {want}}, [][]keys.Group{of, all}); diff != "" || err1 != nil || err2 != nil {
		t.Errorf("errors %v, %v (-want +got)\n%s", err1, err2, diff)
	}
	one, err := play(t, answer(200, item)).Group(t.Context(), resourceID)
	if one != want || err != nil {
		t.Errorf("got %+v, error %v", one, err)
	}
}

func TestContract(t *testing.T) {
	t.Parallel()
	other := `{"type":"contract","properties":{"contractNumber":1,"owner":"x@example.com","status":"CANCELLED"}}`
	mine := `{"type":"contract","properties":{"contractNumber":12345678,"owner":"o@example.com","status":"BILLABLE"}}`
	for body, want := range map[string]keys.Contract{
		other + "," + mine: {Number: "12345678", OwnerEmail: "o@example.com", Status: "BILLABLE"},
		other:              {Number: "1", OwnerEmail: "x@example.com", Status: "CANCELLED"},
	} {
		got, err := play(t, answer(200, `{"items":[`+body+`]}`)).Contract(t.Context())
		if got != want || err != nil {
			t.Errorf("got %+v, error %v", got, err)
		}
	}
	if _, err := play(t, answer(200, `{"items":[]}`)).Contract(t.Context()); !errors.Is(err, keys.ErrUnavailable) {
		t.Errorf("got error %v", err)
	}
}

// TestGroupMembersPages: the API is asked for a page; if it gives all, that page is
// cut out.
func TestGroupMembersPages(t *testing.T) {
	t.Parallel()
	item := func(n int) string { return fmt.Sprintf(`{"id":"00000000-0000-4000-8000-%012d"}`, n) }
	all := []string{item(0), item(1), item(2), item(3), item(4)}
	p := play(t, answer(200, `{"items":[`+strings.Join(all, ",")+`]}`))
	got, err := p.GroupMembers(t.Context(), resourceID, keys.Page{Offset: 2, Limit: 2})
	if err != nil || len(got) != 2 || !strings.HasSuffix(got[0].ID, "2") || !strings.Contains(p.sent[0].line, "offset=2&limit=2") {
		t.Errorf("got %v for %s, error %v", got, p.sent[0].line, err)
	}
	p = play(t, answer(200, `{"items":[`+all[4]+`]}`))
	if got, err := p.GroupMembers(t.Context(), resourceID, keys.Page{Offset: 4, Limit: 2}); err != nil || len(got) != 1 {
		t.Errorf("got %v, error %v", got, err)
	}
}
