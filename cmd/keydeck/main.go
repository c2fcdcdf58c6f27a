// Command keydeck serves the console or the sandbox. It reads the configuration
// from the environment, reports errors on one line, and runs internal/app.
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

// The exit codes, which --help lists.
const (
	exitOK      = 0
	exitFailed  = 1
	exitInvalid = 2

	// of keydeck report alone
	exitMatched    = 3
	exitIncomplete = 4
)

func main() {
	ignoreHangup()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the process without waiting for requests.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

// command is a subcommand.
type command func(ctx context.Context, cfg config, logger *slog.Logger, stdout, stderr io.Writer) error

// run runs the program and returns its exit code.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	argument := ""
	if len(args) > 0 {
		argument = args[0]
	}
	if argument == "report" {
		return runReport(ctx, args[1:], environ, stdout, stderr)
	}
	if len(args) > 1 {
		return fail(stderr, exitInvalid, fmt.Errorf("%q is one argument too many; see keydeck --help", args[1]))
	}
	switch argument {
	case "":
		if err := app.CheckEnvironment(environ); err != nil {
			return fail(stderr, exitInvalid, err)
		}
		return configured(ctx, "", runConsole, environ, stdout, stderr)
	case "sandbox":
		return configured(ctx, argument, runSandbox, environ, stdout, stderr)
	case "healthcheck":
		return configured(ctx, argument, runHealthcheck, environ, stdout, stderr)
	case "help", "--help", "-help", "-h":
		return exitOf(stderr, writeHelp(stdout))
	case "version", "--version", "-version":
		_, err := fmt.Fprintln(stdout, "keydeck", versionName())
		return exitOf(stderr, err)
	default:
		return fail(stderr, exitInvalid, fmt.Errorf("%q is not known; see keydeck --help", argument))
	}
}

// configured reads the configuration and runs a subcommand.
func configured(ctx context.Context, argument string, do command, environ []string, stdout, stderr io.Writer) int {
	cfg, err := readConfig(environ)
	if err != nil {
		return fail(stderr, exitInvalid, err)
	}
	logger := newLogger(cfg, stderr)
	warn(logger, cfg, environ, argument)
	return exitOf(stderr, do(ctx, cfg, logger, stdout, stderr))
}

func runHealthcheck(ctx context.Context, cfg config, _ *slog.Logger, _, _ io.Writer) error {
	return checkHealth(ctx, cfg.AdminAddr)
}

// exitOf returns the exit code for err, and prints err if it is not nil.
func exitOf(stderr io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	return fail(stderr, exitFailed, err)
}
