package main

import "runtime/debug"

// version is stamped by the linker, with -ldflags "-X main.version=…". That
// works on package variables alone, which is why this one exists.
var version string

// versionName is the stamped version, or else what the Go tool recorded when
// it built the program from a checkout.
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
