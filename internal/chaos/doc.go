// Package chaos has tests alone: they run the console and the sandbox as the
// processes that people run, kill and starve them, and hold what is left
// against what people were told. TestChaos is the large one; `make chaos` gives
// it its full size, and `make load` measures what the console carries.
package chaos
