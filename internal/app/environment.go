package app

import "keydeck/internal/ionos"

// CheckEnvironment refuses variables meant for other programs that would
// change what the console does, with an error that names the variable. New
// does so too, for the environment of the process; here the command can tell
// this mistake, which is its caller's, from a failure.
func CheckEnvironment(environ []string) error { return ionos.CheckEnvironment(environ) }
