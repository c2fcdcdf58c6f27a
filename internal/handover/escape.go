package handover

import (
	"encoding/xml"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Why a format cannot hold a secret. Another secret will do: renew it.
var (
	ErrControl   = errors.New("handover: the format has no way to write a control character")
	ErrEdges     = errors.New("handover: the format takes no spaces at either end")
	ErrExpansion = errors.New("handover: the tool would take the value for a reference to another")
)

// line refuses what would not stay on its line.
func line(value string) (string, error) {
	if strings.ContainsFunc(value, unicode.IsControl) || strings.ContainsAny(value, "\u2028\u2029\u0085") {
		return "", ErrControl
	}
	return value, nil
}

// inPlainINI writes a value as the AWS tools read it: to the end of the line,
// without the spaces around it. There is no quoting.
func inPlainINI(value string) (string, error) {
	if strings.TrimSpace(value) != value {
		return "", ErrEdges
	}
	return line(value)
}

// reference is what rclone's reader replaces by another value.
var reference = regexp.MustCompile(`%\([^)]+\)s`)

// inRclone writes a value for rclone, which takes off backquotes or three
// quotes around it.
func inRclone(value string) (string, error) {
	if reference.MatchString(value) {
		return "", ErrExpansion
	}
	if strings.TrimSpace(value) != value || strings.HasPrefix(value, "`") || strings.HasPrefix(value, `"""`) {
		value = "`" + value + "`"
	}
	return line(value)
}

// inS3cmd writes a value for s3cmd, which takes off one pair of quotes, and
// then takes what begins with a dollar for a variable of the environment.
func inS3cmd(value string) (string, error) {
	if strings.HasPrefix(value, "$") {
		return "", ErrExpansion
	}
	if strings.TrimSpace(value) != value || strings.HasPrefix(value, `"`) {
		value = `"` + value + `"`
	}
	return line(value)
}

// inShell writes a value for every POSIX shell. Within single quotes nothing
// has a meaning but the quote.
func inShell(value string) (string, error) {
	if strings.Contains(value, "\x00") {
		return "", ErrControl
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'", nil
}

// inPowerShell writes a value for PowerShell, to which typographic quotes are
// quotes too.
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

// inCode writes a value as Go and Python both read it.
func inCode(value string) (string, error) { return strconv.Quote(value), nil }

// inHCL writes a value for Terraform, where ${ and %{ begin an expression.
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
