// Package pages draws the console's pages: one file a page, with the struct
// that it is drawn from and the parts that it is made of. Domain values come
// in; no request, no session and no API is known here.
package pages
