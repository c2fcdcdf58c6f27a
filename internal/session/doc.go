// Package session keeps signed-in browsers, and what must outlive one of
// their requests: operations that may happen only once, and values that are
// shown for a short while.
//
// A browser holds a cookie "id.secret". The record of the session lies under
// the id in a [Backend], sealed under a key derived from the secret, which is
// stored nowhere: a stolen store yields no tokens. Operations and kept values
// are records of their own beside it, because parallel requests would lose
// them in a record that is read, changed and written back.
//
// The package is the only one that knows gorilla/sessions and the databases
// behind it. It knows no keys, no roles' meaning, no pages and no APIs, and
// it logs nothing.
package session
