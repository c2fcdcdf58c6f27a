package main

import "runtime/debug"

// version is set by the linker, with -ldflags "-X main.version=…".
var version string

// versionName returns version, or the version that the Go tool recorded in the
// build.
func versionName() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return info.Main.Version
}
