package main

import (
	"regexp"
	"slices"
	"strings"
)

const prefix = "KEYDECK_"

// unknownVariable is a KEYDECK_* variable that this version does not know.
type unknownVariable struct {
	name    string
	nearest string // the most similar known variable; empty if none is similar
}

// serviceVariable matches what Kubernetes sets in every container of the
// namespace of a Service named keydeck, or keydeck-x, such as KEYDECK_SERVICE_HOST,
// KEYDECK_SERVICE_PORT_HTTP, KEYDECK_PORT and KEYDECK_PORT_8080_TCP_ADDR.
var serviceVariable = regexp.MustCompile(`^KEYDECK(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$`)

// unknownVariables returns misspelt variables and those of other versions, which
// are ignored, and so no error. It passes over the variables of a Kubernetes
// Service.
func unknownVariables(environ []string) []unknownVariable {
	known := variableNames()
	var unknown []unknownVariable
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, prefix) && !slices.Contains(known, name) && !serviceVariable.MatchString(name) {
			unknown = append(unknown, unknownVariable{name, nearest(name, known)})
		}
	}
	return unknown
}

func variableNames() []string {
	var names []string
	for field := range variables() {
		names = append(names, field.Tag.Get("env"))
	}
	return names
}

// nearest returns the known name with the least distance, or "" if the distance
// is more than a third of the name.
func nearest(name string, known []string) string {
	best, closest := "", len(strings.TrimPrefix(name, prefix))/3+1
	for _, candidate := range known {
		if d := distance(name, candidate); d < closest {
			best, closest = candidate, d
		}
	}
	return best
}

// distance returns the Levenshtein distance of a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
