package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"keydeck/internal/keyreport"
)

const reportUsage = `keydeck report lists all access keys of a contract.

Usage:
  keydeck report [--format table|csv|json] [--state active|inactive] [--older-than 90d]
                 [--valid user-owned|all] [--owner no-privilege|deactivated|administrator|member]
                 [--fail]

  --format      table on a terminal and csv else, unless it says another
  --state       keys that are active, or that are not
  --older-than  keys that are at least as old, in days
  --valid       keys that are valid for user-owned buckets only, or for all
  --owner       keys of users who may not use object storage, who are deactivated,
                who are owner or administrator, or who are neither
  --fail        exit with 3 if a key is listed

The API token of an owner or administrator is in KEYDECK_TOKEN, or in the file that
KEYDECK_TOKEN_FILE names. The addresses of the APIs are those of the console.

Exit codes: 0 all was read, 1 nothing could be read, 2 wrong arguments or an invalid
variable, 3 with --fail if a key is listed, 4 if the keys of a user could not be read.
`

// reportArguments are the arguments of keydeck report.
type reportArguments struct {
	format string // table, csv or json; empty for that of the place
	filter keyreport.Filter
	fail   bool
}

// parseReportArguments returns flag.ErrHelp for --help.
func parseReportArguments(args []string) (reportArguments, error) {
	var parsed reportArguments
	var older age
	values := url.Values{}
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Func("format", "", func(value string) error {
		parsed.format = value
		return oneOfChoices(value, "table", "csv", "json")
	})
	for _, name := range []string{"state", "valid", "owner"} {
		flags.Func(name, "", func(value string) error {
			values.Set(name, value)
			_, err := keyreport.Parse(values)
			if value == "" {
				err = errors.New("is empty")
			}
			return err
		})
	}
	flags.Func("older-than", "", func(value string) error {
		err := older.UnmarshalText([]byte(value))
		if err == nil && older == 0 {
			err = errors.New("it is at least 1d")
		}
		return err
	})
	flags.BoolVar(&parsed.fail, "fail", false, "")
	if err := flags.Parse(args); err != nil {
		return parsed, err
	}
	if flags.NArg() > 0 {
		return parsed, fmt.Errorf("%q is one argument too many", flags.Arg(0))
	}
	if older > 0 {
		values.Set("older", strconv.Itoa(int(time.Duration(older)/(24*time.Hour))))
	}
	filter, err := keyreport.Parse(values)
	parsed.filter = filter
	return parsed, err
}

func oneOfChoices(value string, choices ...string) error {
	if !slices.Contains(choices, value) {
		return errors.New("it is one of " + strings.Join(choices, ", "))
	}
	return nil
}
