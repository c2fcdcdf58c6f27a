package ionos_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"keydeck/internal/keys"
)

// forms are the ways in which the body of a response comes.
var forms = []struct {
	name, prefix, kind string
	readable           bool // the API's message can be read
}{
	{"JSON", "", "application/json", true},
	{"JSON with a charset", "", "application/json; charset=utf-8", true},
	{"problem JSON", "", "application/problem+json", true},
	{"as text", "", "text/plain", true},
	{"as HTML", "", "text/html; charset=utf-8", true},
	{"unlabelled", "", "", true},
	{"byte order mark", "\xef\xbb\xbf", "application/json", true},
	{"white space", " \r\n\t", "application/json", true},
	{"a web page", "<html>", "text/html", false},
	{"cut off", "{", "application/json", false},
}

// TestStatusErrorForms calls each operation with each error status and each form
// of body: the error is what the status says, with the API's own words and its
// wait, and names the API.
func TestStatusErrorForms(t *testing.T) {
	t.Parallel()
	const words = "contract 31718824 is locked"
	kinds := map[int][]error{
		400: {keys.ErrRejected}, 401: {keys.ErrUnauthorized}, 403: {keys.ErrForbidden, keys.ErrNoPrivilege},
		404: {keys.ErrNotFound, keys.ErrRejected}, 409: {keys.ErrConflict}, 422: {keys.ErrRejected},
		429: {keys.ErrThrottled}, 500: {keys.ErrUnavailable}, 503: {keys.ErrUnavailable}, 504: {keys.ErrTimeout},
	}
	for _, c := range calls {
		for status, want := range kinds {
			for _, form := range forms {
				t.Run(fmt.Sprintf("%s/%d/%s", c.name, status, form.name), func(t *testing.T) {
					t.Parallel()
					body := form.prefix + fmt.Sprintf(`{"httpStatus":"%d","messages":[{"errorCode":5,"message":"[VDC-5-451] %s"}]}`, status, words)
					err := c.run(t.Context(), play(t, answer(status, body, "Content-Type", form.kind, "Retry-After", "120")))
					message := ""
					if form.readable {
						message = words
					}
					if !slices.ContainsFunc(want, func(kind error) bool { return errors.Is(err, kind) }) || keys.Message(err) != message {
						t.Errorf("got error %v, message %q; want one of %v with %q", err, keys.Message(err), want, message)
					}
					if wait := keys.RetryAfter(err); status == http.StatusTooManyRequests && wait != 2*time.Minute {
						t.Errorf("the wait is %v", wait)
					}
					if keys.HTTPStatus(err) != status || !strings.HasSuffix(keys.APIName(err), " API") {
						t.Errorf("status %d of %q", keys.HTTPStatus(err), keys.APIName(err))
					}
				})
			}
		}
	}
}

// TestNotFoundOfNothing: a 404 says that a thing is missing only where the
// address names one.
func TestNotFoundOfNothing(t *testing.T) {
	t.Parallel()
	unnamed := []string{"OwnKeys", "CreateOwnKey", "Regions", "Users", "UsersByEmail", "Groups", "Contract", "SignIn", "Renew"}
	for _, c := range calls {
		want := keys.ErrNotFound
		if slices.Contains(unnamed, c.name) {
			want = keys.ErrRejected
		}
		if err := c.run(t.Context(), play(t, says(404, "no"))); !errors.Is(err, want) {
			t.Errorf("%s: got error %v, want %v", c.name, err, want)
		}
	}
}

// TestCollections: an empty collection comes in several forms; another object is
// none.
func TestCollections(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"OwnKeys", "UserKeys", "Regions", "Users", "UsersByEmail", "UserGroups", "Groups", "GroupMembers"} {
		for body, readable := range map[string]bool{
			`{"items":[]}`:          true,
			`{"items":null}`:        true,
			`{"type":"collection"}`: true,
			`{"id":"x","type":"collection","href":"x","offset":"0","limit":"100","_links":{}}`: true,
			`{"items":[null]}`:                    true,
			`{}`:                                  false,
			`{"items":{}}`:                        false,
			`{"items":"none"}`:                    false,
			`{"id":"x","type":"user"}`:            false,
			`[]`:                                  false,
			`null`:                                false,
			`{"httpStatus":200,"messages":[{}]}`:  false,
			`{"type":"collection","items":false}`: false,
		} {
			err := named(t, name).run(t.Context(), play(t, answer(200, body)))
			if readable && err != nil || !readable && !errors.Is(err, keys.ErrUnavailable) {
				t.Errorf("%s of %s: got error %v", name, body, err)
			}
		}
	}
}

// TestUnique: what is twice in a list is there once. Pages of users are as long as
// the API sent them, since their length tells whether they are the last.
func TestUnique(t *testing.T) {
	t.Parallel()
	twice := answer(200, `{"items":[{"id":"a","properties":{}},{"id":"a","properties":{}},{"id":"b","properties":{}}]}`)
	regions, err := play(t, twice).Regions(t.Context())
	if len(regions) != 2 || err != nil {
		t.Errorf("regions %v, %v", regions, err)
	}
	userKeys, err := play(t, twice).UserKeys(t.Context(), userID)
	if len(userKeys) != 2 || err != nil {
		t.Errorf("user's keys %v, %v", userKeys, err)
	}
	for name, list := range map[string]func(p *scripted) ([]keys.Group, error){
		"groups":        func(p *scripted) ([]keys.Group, error) { return p.Groups(t.Context()) },
		"user's groups": func(p *scripted) ([]keys.Group, error) { return p.UserGroups(t.Context(), userID) },
	} {
		if groups, err := list(play(t, twice)); len(groups) != 2 || err != nil {
			t.Errorf("%s %v, %v", name, groups, err)
		}
	}
	if users, err := play(t, twice).Users(t.Context(), keys.Page{}); len(users) != 3 || err != nil {
		t.Errorf("users %v, %v", users, err)
	}
}

// TestDecodeLenient reads scalars of other types than the SDKs expect.
func TestDecodeLenient(t *testing.T) {
	t.Parallel()
	for _, form := range forms {
		if !form.readable {
			continue
		}
		t.Run(form.name, func(t *testing.T) {
			t.Parallel()
			play := func(body string) *scripted { return play(t, answer(200, form.prefix+body, "Content-Type", form.kind)) }
			own := ownKeyJSON(resourceID, `"contractUserId":"1:`+userID+`"`, `,"status":"AVAILABLE","administrative":"true"`)
			list := strings.Replace(ownList(own), `"limit":1000`, `"limit":"1000"`, 1)
			if got, err := play(list).OwnKeys(t.Context()); err != nil || len(got) != 1 || !got[0].Admin || got[0].Created.IsZero() {
				t.Errorf("own keys %+v, %v", got, err)
			}
			got, err := play(`{"items":[{"id":"`+accessKey+`","metadata":{"createdDate":0},"properties":{"active":"true"}},
				{"id":12345,"properties":{"active":"false"}}]}`).UserKeys(t.Context(), userID)
			if err != nil || len(got) != 2 || got[0].Activity != keys.Active || got[1].Activity != keys.Inactive || got[1].AccessKey != "12345" {
				t.Errorf("user's keys %+v, %v", got, err)
			}
			u, err := play(`{"id":"x","metadata":{"lastLogin":0,"createdDate":"2023-05-31T13:49:52"},
				"properties":{"email":"a@example.com","active":1,"administrator":"1","lastname":7,"firstname":true}}`).User(t.Context(), userID)
			if err != nil || !u.Active || !u.Administrator || u.Name() != "true 7" || !u.LastLogin.IsZero() || u.Created.IsZero() {
				t.Errorf("user %+v, %v", u, err)
			}
			contract, err := play(`{"items":[{"properties":{"contractNumber":"12345678"}}]}`).Contract(t.Context())
			if err != nil || contract.Number != "12345678" {
				t.Errorf("contract %+v, %v", contract, err)
			}
			groups, err := play(`{"items":[{"id":"g","properties":{"s3Privilege":"true"}}]}`).UserGroups(t.Context(), userID)
			if err != nil || len(groups) != 1 || !groups[0].UseObjectStorage {
				t.Errorf("groups %+v, %v", groups, err)
			}
		})
	}
}
