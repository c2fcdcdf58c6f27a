package ionos_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/keys"
)

func userKeyJSON(created, properties string) string {
	return fmt.Sprintf(`{"id":%q,"type":"s3key","href":"x","metadata":{"etag":"x","createdDate":%s,"createdBy":"x"},"properties":{%s}}`,
		accessKey, created, properties)
}

func TestUserKeys(t *testing.T) {
	t.Parallel()
	created := time.Date(2023, 5, 31, 13, 49, 52, 0, time.UTC)
	tests := []struct {
		name, item string
		created    time.Time
		activity   keys.Activity
	}{
		{"a time without a zone", userKeyJSON(`"2023-05-31T13:49:52"`, `"active":true`), created, keys.Active},
		{"a time in Z", userKeyJSON(`"2023-05-31T13:49:52Z"`, `"active":false`), created, keys.Inactive},
		{"a time with an offset of zero", userKeyJSON(`"2023-05-31T13:49:52+00:00"`, `"active":true`), created, keys.Active},
		{"a time with an offset", userKeyJSON(`"2023-05-31T15:49:52+02:00"`, `"active":true`), created, keys.Active},
		{"a time that is null", userKeyJSON(`null`, `"active":true`), time.Time{}, keys.Active},
		{"a time that is none", userKeyJSON(`"yesterday"`, `"active":true`), time.Time{}, keys.Active},
		{"an empty time", userKeyJSON(`""`, `"active":true`), time.Time{}, keys.Active},
		{"activity unknown", userKeyJSON(`null`, `"active":null`), time.Time{}, keys.ActivityUnknown},
		{"a reference alone", fmt.Sprintf(`{"id":%q}`, accessKey), time.Time{}, keys.ActivityUnknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := play(t, answer(200, `{"id":"x","type":"collection","items":[`+test.item+`,{"type":"s3key"}]}`))
			got, err := p.UserKeys(t.Context(), userID)
			want := []keys.Key{{AccessKey: accessKey, KnownFrom: keys.Cloud, Created: test.created, Activity: test.activity}}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("error %v (-want +got)\n%s", err, diff)
			}
			if want := []string{"GET /cloudapi/v6/um/users/" + userID + "/s3keys?depth=1&pretty=false"}; !slices.Equal(p.lines(), want) {
				t.Errorf("asked %q", p.lines())
			}
		})
	}
}

func TestUserKeyPair(t *testing.T) {
	t.Parallel()
	path := "/cloudapi/v6/um/users/" + userID + "/s3keys"
	for _, status := range []int{200, 201, 202} {
		p := play(t, answer(status, userKeyJSON(`null`, `"active":true,"secretKey":"ab+/cd=="`)))
		made, err := p.CreateUserKey(t.Context(), userID)
		if err != nil || made.Secret.Reveal() != "ab+/cd==" || made.Key.AccessKey != accessKey {
			t.Errorf("%d: got %+v, error %v", status, made, err)
		}
		if !strings.HasPrefix(p.sent[0].line, "POST "+path+"?") || p.sent[0].body != "" {
			t.Errorf("sent %q with body %q", p.sent[0].line, p.sent[0].body)
		}
	}
	for _, body := range []string{userKeyJSON(`null`, `"active":true`), `{"properties":{"secretKey":"x"}}`, `{"id":"x"}`} {
		if _, err := play(t, answer(201, body)).CreateUserKey(t.Context(), userID); !keys.Indeterminate(err) {
			t.Errorf("%s: got error %v", body, err)
		}
		if _, err := play(t, answer(200, body)).UserKeyPair(t.Context(), userID, accessKey); !errors.Is(err, keys.ErrUnavailable) || keys.Indeterminate(err) {
			t.Errorf("%s: got error %v", body, err)
		}
	}
}

// TestRequestID by the Location header, of which nothing is followed.
func TestRequestID(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{
		"https://api.ionos.com/cloudapi/v6/requests/" + requestID + "/status": requestID,
		"/cloudapi/v6/requests/" + requestID + "/status?depth=1":              requestID,
		"/requests/" + requestID: requestID,
		"":                       "",
		"https://elsewhere.test/requests/../../status":                           "",
		"https://elsewhere.test/requests/" + requestID + "/status/and/elsewhere": "",
	} {
		for _, body := range []string{"", userKeyJSON("null", `"active":true`)} {
			p := play(t, answer(202, body, "Location", location))
			toggled, err := p.SetUserKeyActive(t.Context(), userID, accessKey, false)
			if err != nil || toggled.RequestID != want {
				t.Errorf("%q: got %+v, error %v", location, toggled, err)
			}
			if sent := p.sent[0].body; strings.TrimSpace(sent) != `{"properties":{"active":false}}` {
				t.Errorf("sent %s", sent)
			}
			deleted, err := p.DeleteUserKey(t.Context(), userID, accessKey)
			if err != nil || deleted.RequestID != want {
				t.Errorf("%q: got %+v, error %v", location, deleted, err)
			}
		}
	}
}

func TestChangeState(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]keys.ChangeState{
		`{"metadata":{"status":"QUEUED"}}`:                              {},
		`{"metadata":{"status":"RUNNING","message":"working"}}`:         {},
		`{"metadata":{"status":"DONE","message":"ok"}}`:                 {Done: true},
		`{"metadata":{"status":"FAILED","message":"no\u0007  luck"}}`:   {Failed: true, Message: "no luck"},
		`{"metadata":{"status":"FAILED","message":null,"targets":[]}}`:  {Failed: true},
		`{"metadata":{"status":"SOMETHING NEW","message":"who knows"}}`: {},
	} {
		p := play(t, answer(200, body))
		got, err := p.ChangeState(t.Context(), keys.Change{RequestID: requestID})
		if err != nil || got != want {
			t.Errorf("%s: got %+v, error %v", body, got, err)
		}
		if want := "GET /cloudapi/v6/requests/" + requestID + "/status?depth=1&pretty=false"; p.sent[0].line != want {
			t.Errorf("asked %s", p.sent[0].line)
		}
	}
}

// TestInvalidIDs are not asked for: some would be another address.
func TestInvalidIDs(t *testing.T) {
	t.Parallel()
	bad := []string{"", ".", "..", "../..", "a/b", "a%2Fb", "a?b", "a#b", "a b", "ä", "\x00", strings.Repeat("a", 300)}
	for _, name := range bad {
		p := play(t, answer(200, "{}"))
		errs := map[string]error{
			"DescribeOwnKey":      p.DescribeOwnKey(t.Context(), name, ""),
			"RenewOwnKey":         dropping(p.RenewOwnKey(t.Context(), name)),
			"DeleteOwnKey":        p.DeleteOwnKey(t.Context(), name),
			"UserKeys":            dropping(p.UserKeys(t.Context(), name)),
			"UserKeyPair":         dropping(p.UserKeyPair(t.Context(), userID, name)),
			"UserKeyPair of":      dropping(p.UserKeyPair(t.Context(), name, accessKey)),
			"CreateUserKey":       dropping(p.CreateUserKey(t.Context(), name)),
			"SetUserKeyActive":    dropping(p.SetUserKeyActive(t.Context(), userID, name, true)),
			"DeleteUserKey":       dropping(p.DeleteUserKey(t.Context(), userID, name)),
			"ChangeState":         dropping(p.ChangeState(t.Context(), keys.Change{RequestID: name})),
			"User":                dropping(p.User(t.Context(), name)),
			"UserGroups":          dropping(p.UserGroups(t.Context(), name)),
			"Group":               dropping(p.Group(t.Context(), name)),
			"GroupMembers":        dropping(p.GroupMembers(t.Context(), name, keys.Page{})),
			"AddMember":           p.AddMember(t.Context(), name, userID),
			"AddMember of":        p.AddMember(t.Context(), userID, name),
			"RemoveMember":        p.RemoveMember(t.Context(), name, userID),
			"RemoveMember of":     p.RemoveMember(t.Context(), userID, name),
			"SetUseObjectStorage": p.SetUseObjectStorage(t.Context(), name, true),
			"SetUserActive":       p.SetUserActive(t.Context(), keys.User{ID: name}, true),
			"Revoke":              p.client.Revoke(t.Context(), keys.Access{}, name),
		}
		for method, err := range errs {
			if !errors.Is(err, keys.ErrNotFound) || keys.Indeterminate(err) {
				t.Errorf("%s(%q): got error %v", method, name, err)
			}
		}
		if len(p.sent) != 0 {
			t.Errorf("%q: sent %q", name, p.lines())
		}
	}
}
