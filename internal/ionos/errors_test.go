package ionos_test

import (
	"errors"
	"strings"
	"testing"

	"keydeck/internal/keys"
)

func TestStatusError(t *testing.T) {
	t.Parallel()
	const missing = "The access key cannot be found, please double-check the key id and try again."
	const privilege = "[VDC-21-2] The user needs to be part of a group that has ACCESS_S3_OBJECT_STORAGE privilege"
	tests := []struct {
		name    string
		call    string
		step    step
		kind    error
		message string
	}{
		{"credentials", "OwnKeys", says(401, "Unauthorized"), keys.ErrUnauthorized, "Unauthorized"},
		{"Management's 403", "OwnKeys", says(403, "Access denied"), keys.ErrNoPrivilege, "Access denied"},
		{"Management's 403 on a change", "CreateOwnKey", says(403, "Access denied"), keys.ErrNoPrivilege, "Access denied"},
		{"regions are for all", "Regions", says(403, "Access denied"), keys.ErrForbidden, "Access denied"},
		{"Cloud's 403", "Users", says(403, "[VDC-1-2] Access denied"), keys.ErrForbidden, "Access denied"},
		{"Cloud's 403 for the privilege", "UserKeys", says(403, privilege), keys.ErrNoPrivilege, privilege[11:]},
		{"Auth's 403", "SignIn", says(403, "Access denied"), keys.ErrForbidden, "Access denied"},
		{"missing", "User", says(404, "[VDC-5-1] Resource does not exist"), keys.ErrNotFound, "Resource does not exist"},
		{"missing key", "UserKeyPair", says(422, missing), keys.ErrNotFound, missing},
		{"missing key to toggle", "SetUserKeyActive", says(422, "[VDC-21-1] "+missing), keys.ErrNotFound, missing},
		{"missing privilege", "CreateUserKey", says(422, privilege), keys.ErrNoPrivilege, privilege[11:]},
		{"conflict", "RenewOwnKey", says(409, "Busy"), keys.ErrConflict, "Busy"},
		{"sixth key", "CreateUserKey", says(422, "Limit of 5 reached"), keys.ErrRejected, "Limit of 5 reached"},
		{"bad request", "CreateOwnKey", says(400, "Bad"), keys.ErrRejected, "Bad"},
		{"media type", "CreateOwnKey", says(415, "Bad"), keys.ErrRejected, "Bad"},
		{"method", "CreateOwnKey", says(405, "Bad"), keys.ErrRejected, "Bad"},
		{"teapot", "CreateOwnKey", says(418, "Bad"), keys.ErrRejected, "Bad"},
		{"slow client", "CreateOwnKey", says(408, "Slow"), keys.ErrTimeout, "Slow"},
		{"two messages", "User", answer(404, `{"messages":[{"message":"[VDC-1-1] One."},{"message":"[VDC-1-2] Two."}]}`), keys.ErrNotFound, "One. Two."},
		{"no messages", "User", answer(404, `{"httpStatus":404}`), keys.ErrNotFound, ""},
		{"an empty body", "User", answer(404, ``), keys.ErrNotFound, ""},
		{"a wrong type", "User", answer(404, `{"messages":"`+canary+`"}`), keys.ErrNotFound, ""},
		{"a wrong type within", "User", answer(404, `{"messages":[{"message":{"x":"`+canary+`"}}]}`), keys.ErrNotFound, ""},
		{"HTML", "User", answer(404, "<h1>"+canary, "Content-Type", "text/html"), keys.ErrNotFound, ""},
		{"plain text", "User", answer(404, canary, "Content-Type", "text/plain"), keys.ErrNotFound, ""},
		{"JSON by another name", "User", answer(404, `{"messages":[{"message":"No."}]}`, "Content-Type", "application/problem+json; charset=utf-8"), keys.ErrNotFound, "No."},
		{"control characters", "User", answer(404, `{"messages":[{"message":"a\u0000b\u001b[31m\u202ec\r\nd\te"}]}`), keys.ErrNotFound, "ab[31mc d e"},
		{"a long message", "User", says(404, strings.Repeat("é", 1000)), keys.ErrNotFound, strings.Repeat("é", 299) + "…"},
		{"the token in a message", "User", says(401, "bad token "+token().Reveal()), keys.ErrUnauthorized, "bad token [redacted]"},
		{"the password in a message", "SignIn", says(401, "bad password "+canary), keys.ErrUnauthorized, "bad password [redacted]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := named(t, test.call).run(t.Context(), play(t, test.step))
			e, ok := errors.AsType[*keys.Error](err)
			if !ok || !errors.Is(err, test.kind) || e.Message != test.message {
				t.Errorf("got error %#v\nwant kind %q and message %q", err, test.kind, test.message)
			}
		})
	}
}

func named(t *testing.T, name string) call {
	t.Helper()
	for _, c := range calls {
		if c.name == name {
			return c
		}
	}
	t.Fatalf("no call is named %s", name)
	return call{}
}
