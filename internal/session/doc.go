// Package session stores the sessions of signed-in browsers, values that are shown
// for a short time, an index of each person's sessions and a log of their
// activities; and it signs the idempotency keys of their forms.
//
// A browser has a cookie "id.secret". The record of the session is stored under
// the id in a [kv.Store], sealed with a key derived from the secret, which is
// not stored: a stolen store contains no tokens. Values are records of
// their own in the same group, since concurrent requests would
// overwrite them in a record that is read, changed and written. The index and the
// log are in groups of the person, in plain.
//
// The package is the only one that knows gorilla/sessions. It does not know keys,
// the meaning of roles, pages or APIs, and it logs nothing.
package session
