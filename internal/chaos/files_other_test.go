//go:build !linux

package chaos

// openFiles is how many files a process may have open, at the least.
func openFiles() int { return 2048 }
