// Package web serves the console: it reads requests, calls packages keyops, keys and
// directory, and chooses a view. Every address is in the table of routes.go; every
// flow has a file of its own, named after what it is about and what it does.
//
// It is the only package of the console that knows Echo. It does not know the
// vendor's SDKs, how sessions are stored, or how pages look.
package web
