package app

import "keydeck/internal/ionos"

// CheckEnvironment returns an error for a variable of another program that would
// change what the console does. New returns it too; calling CheckEnvironment
// distinguishes an invalid configuration from other failures.
func CheckEnvironment(environ []string) error { return ionos.CheckEnvironment(environ) }
