// Package e2e drives the console as people do: in a real browser, on what
// app.New makes, against the sandbox. It holds tests alone.
//
// A test begins with [startConsole] and opens browsers on it, which watch
// over every page: an error in its console, a request to another host, an
// answer of 4xx or 5xx that was not expected, or more than a page may weigh
// fails the test. Most are in Chromium; the main job, and leaving a dialog whose
// change is on its way, are in Firefox and WebKitGTK besides. KEYDECK_SCREENSHOTS=DIR has pictures
// written to DIR.
package e2e
