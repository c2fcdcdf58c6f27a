// Command keydeck serves the console, or the sandbox alone. It turns the
// environment into a configuration, says on one line what stops it, and
// leaves everything else to internal/app.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"keydeck/internal/app"
)

// What the process exits with; --help tells these too.
const (
	exitOK      = 0
	exitFailed  = 1
	exitInvalid = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the next one kills, for whoever will not wait
	// for requests to finish.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

// command is one thing that keydeck does with a configuration.
type command func(ctx context.Context, cfg config, logger *slog.Logger, stdout, stderr io.Writer) error

// run is the whole program but for what belongs to the process.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	argument := ""
	if len(args) > 0 {
		argument = args[0]
	}
	if len(args) > 1 {
		return fail(stderr, exitInvalid, fmt.Errorf("%q is one argument too many; see keydeck --help", args[1]))
	}
	switch argument {
	case "":
		if err := app.CheckEnvironment(environ); err != nil {
			return fail(stderr, exitInvalid, err)
		}
		return configured(ctx, runConsole, environ, stdout, stderr)
	case "sandbox":
		return configured(ctx, runSandbox, environ, stdout, stderr)
	case "healthcheck":
		return configured(ctx, runHealthcheck, environ, stdout, stderr)
	case "help", "--help", "-help", "-h":
		return exitOf(stderr, writeHelp(stdout))
	case "version", "--version", "-version":
		_, err := fmt.Fprintln(stdout, "keydeck", versionName())
		return exitOf(stderr, err)
	default:
		return fail(stderr, exitInvalid, fmt.Errorf("%q is not known; see keydeck --help", argument))
	}
}

// configured reads the environment and does what was asked.
func configured(ctx context.Context, do command, environ []string, stdout, stderr io.Writer) int {
	cfg, err := readConfig(environ)
	if err != nil {
		return fail(stderr, exitInvalid, err)
	}
	logger := newLogger(cfg, stderr)
	warn(logger, cfg, environ)
	return exitOf(stderr, do(ctx, cfg, logger, stdout, stderr))
}

func runHealthcheck(ctx context.Context, cfg config, _ *slog.Logger, _, _ io.Writer) error {
	return checkHealth(ctx, cfg.AdminAddr)
}

// exitOf turns how a command ended into an exit code, and one line for what
// went wrong.
func exitOf(stderr io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	return fail(stderr, exitFailed, err)
}
