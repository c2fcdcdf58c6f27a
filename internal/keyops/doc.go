// Package keyops changes access keys, each change at most once, and finds out the
// outcome of a change whose answer was lost.
//
// Every change has one shape: load the owner's operations; list the keys and
// apply the rules; acquire the operation, with what is needed to find out its
// outcome; ask the API, once; complete the operation. All operations on a
// person's keys are in one log, so the rules count on changes that another
// session, person or replica has made and the lists do not show yet.
//
// It knows the rules of package keys, sessions and operations; it knows neither
// HTTP nor pages.
package keyops
