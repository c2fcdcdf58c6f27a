package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mattn/go-isatty"

	"keydeck/internal/app"
	"keydeck/internal/contractkeys"
	"keydeck/internal/keyreport"
	"keydeck/internal/keys"
)

// runReport runs keydeck report and returns its exit code.
func runReport(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	arguments, err := parseReportArguments(args)
	if errors.Is(err, flag.ErrHelp) {
		_, err := io.WriteString(stdout, reportUsage)
		return exitOf(stderr, err)
	}
	if err != nil {
		return fail(stderr, exitInvalid, fmt.Errorf("%w; see keydeck report --help", err))
	}
	cfg, err := readConfig(environ)
	if err != nil {
		return fail(stderr, exitInvalid, err)
	}
	secretToken, err := readToken(environ)
	if err == nil {
		err = app.CheckEnvironment(environ)
	}
	if err != nil {
		return fail(stderr, exitInvalid, err)
	}
	report := app.ReportConfig{
		CloudURL: cfg.CloudURL, AuthURL: cfg.AuthURL, ManagementURL: cfg.ManagementURL,
		Token: secretToken, Filter: arguments.filter, Version: versionName(),
	}
	if arguments.format == "" {
		arguments.format = map[bool]string{true: "table", false: "csv"}[isTerminal(stdout)]
	}
	report.Format, report.Filter.Sort = reportFormat(arguments.format, stdout)
	if isTerminal(stderr) {
		report.Progress = func(s contractkeys.Snapshot) { showProgress(stderr, s) }
	}
	result, err := app.Report(ctx, report)
	if report.Progress != nil {
		_, _ = fmt.Fprint(stderr, eraseLine)
	}
	return reportExit(stderr, arguments.fail, result, err)
}

// reportFormat returns a format by its name, and how it is sorted. A table comes at
// its end anyway.
func reportFormat(name string, stdout io.Writer) (keyreport.Format, string) {
	now := time.Now()
	switch name {
	case "table":
		return keyreport.NewTable(stdout, now), keyreport.SortCreated
	case "json":
		return keyreport.NewJSON(stdout, now), ""
	default:
		return keyreport.NewCSV(stdout, now), ""
	}
}

// reportExit returns the exit code of a report. That something is missing counts for
// more than what was found.
func reportExit(stderr io.Writer, failOnMatch bool, result keyreport.Result, err error) int {
	switch {
	case errors.Is(err, keys.ErrInvalid):
		return fail(stderr, exitInvalid, fmt.Errorf("KEYDECK_TOKEN: %w", err))
	case err != nil:
		return fail(stderr, exitFailed, err)
	case !result.Complete:
		unread := len(result.Last.Entries) - result.Last.Looked + result.Last.Failed()
		incomplete := fmt.Errorf("the report is not complete: users whose keys could not be read: %d", unread)
		if result.Err != nil {
			incomplete = fmt.Errorf("%w: %w", incomplete, result.Err)
		}
		return fail(stderr, exitIncomplete, incomplete)
	case failOnMatch && result.Keys > 0:
		return exitMatched
	default:
		return exitOK
	}
}

// eraseLine moves the cursor to the beginning of the line and clears it.
const eraseLine = "\r\x1b[K"

// showProgress replaces the line of progress on a terminal.
func showProgress(w io.Writer, s contractkeys.Snapshot) {
	words := fmt.Sprintf("reading the users: %d so far", s.Users)
	if s.Listed {
		words = fmt.Sprintf("reading the keys: %d of %d users", s.Looked, len(s.Entries))
	}
	if s.Wait >= time.Second {
		words += fmt.Sprintf("; the API asks to wait for %v", s.Wait.Round(time.Second))
	}
	_, _ = fmt.Fprint(w, eraseLine+words)
}

// isTerminal reports whether what is written is shown on a terminal.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}
