package toolconfig

import (
	"encoding/xml"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// The reasons why a format cannot hold a secret. A renewed secret may fit.
var (
	ErrControl   = errors.New("toolconfig: the format has no way to write a control character")
	ErrEdges     = errors.New("toolconfig: the format takes no spaces at either end")
	ErrExpansion = errors.New("toolconfig: the tool would take the value for a reference to another")
)

// line returns value, or ErrControl if it does not stay on one line.
func line(value string) (string, error) {
	if strings.ContainsFunc(value, unicode.IsControl) || strings.ContainsAny(value, "\u2028\u2029\u0085") {
		return "", ErrControl
	}
	return value, nil
}

// inPlainINI writes a value for the AWS tools, which read to the end of the line
// without surrounding spaces and without quoting.
func inPlainINI(value string) (string, error) {
	if strings.TrimSpace(value) != value {
		return "", ErrEdges
	}
	return line(value)
}

// reference matches what rclone replaces by another value.
var reference = regexp.MustCompile(`%\([^)]+\)s`)

// inRclone writes a value for rclone, which removes surrounding backquotes or
// triple quotes.
func inRclone(value string) (string, error) {
	if reference.MatchString(value) {
		return "", ErrExpansion
	}
	if strings.TrimSpace(value) != value || strings.HasPrefix(value, "`") || strings.HasPrefix(value, `"""`) {
		value = "`" + value + "`"
	}
	return line(value)
}

// inS3cmd writes a value for s3cmd, which removes one pair of quotes and expands
// a value that begins with a dollar sign as an environment variable.
func inS3cmd(value string) (string, error) {
	if strings.HasPrefix(value, "$") {
		return "", ErrExpansion
	}
	if strings.TrimSpace(value) != value || strings.HasPrefix(value, `"`) {
		value = `"` + value + `"`
	}
	return line(value)
}

// inShell writes a value for POSIX shells. Within single quotes only the quote is
// special.
func inShell(value string) (string, error) {
	if strings.Contains(value, "\x00") {
		return "", ErrControl
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'", nil
}

// inPowerShell writes a value for PowerShell, which treats typographic quotes as
// quotes.
func inPowerShell(value string) (string, error) {
	var b strings.Builder
	for _, r := range value {
		if strings.ContainsRune("'\u2018\u2019\u201a\u201b", r) {
			b.WriteRune(r)
		}
		b.WriteRune(r)
	}
	return line("'" + b.String() + "'")
}

// inCode writes a value as a string literal of Go and Python.
func inCode(value string) (string, error) { return strconv.Quote(value), nil }

// inHCL writes a value for Terraform, in which ${ and %{ begin an expression.
func inHCL(value string) (string, error) {
	if _, err := line(value); err != nil {
		return "", err
	}
	value = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", `\u0024{`, "%{", `\u0025{`).Replace(value)
	return `"` + value + `"`, nil
}

// inXML writes a value between tags.
func inXML(value string) (string, error) {
	if _, err := line(value); err != nil {
		return "", err
	}
	var b strings.Builder
	err := xml.EscapeText(&b, []byte(value))
	return b.String(), err
}
