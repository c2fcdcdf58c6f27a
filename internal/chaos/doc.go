// Package chaos has tests alone: they run the console and the sandbox as processes,
// kill and starve them, and compare the state of the sandbox with what the pages
// showed. TestChaos is the large one: a person acts in two sessions, administrators
// change the keys of members, and pages are left while their change is under way.
// `make chaos` gives it its full size, and `make load` measures what the console
// carries.
package chaos
