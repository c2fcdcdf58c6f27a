package main

import (
	"fmt"
	"io"
	"iter"
	"reflect"
)

const usage = `Keydeck is a web console for the access keys of IONOS Object Storage.

Usage:
  keydeck                run the console until SIGINT or SIGTERM
  keydeck sandbox        run the sandbox alone, APIs and S3 endpoint, for a console or any other client
  keydeck report         list all access keys of a contract; keydeck report --help has its flags
  keydeck healthcheck    ask /healthz on KEYDECK_ADMIN_ADDR; exit 0 when it is well
  keydeck --help         print this
  keydeck --version      print the version

It is configured by the environment alone:

`

const exitCodes = `
SIGHUP reopens an audit log that is a file, and does nothing else.

Exit codes: 0 ended as asked, 1 could not run (a taken port, a locked session
store), 2 wrong arguments or an invalid variable.
`

// variables yields the fields of all variables.
func variables() iter.Seq[reflect.StructField] {
	return func(yield func(reflect.StructField) bool) {
		for _, t := range []reflect.Type{reflect.TypeFor[config](), reflect.TypeFor[reportConfig]()} {
			for field := range t.Fields() {
				if !yield(field) {
					return
				}
			}
		}
	}
}

// writeHelp lists every variable from the tags of config and reportConfig.
func writeHelp(w io.Writer) error {
	if _, err := io.WriteString(w, usage); err != nil {
		return err
	}
	for field := range variables() {
		preset := field.Tag.Get("envDefault")
		if preset == "" {
			preset = "empty"
		}
		if _, err := fmt.Fprintf(w, "  %s (default: %s)\n      %s\n", field.Tag.Get("env"), preset, field.Tag.Get("help")); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, exitCodes)
	return err
}
