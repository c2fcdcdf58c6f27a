package main

import (
	"reflect"
	"slices"
	"strings"
)

const prefix = "KEYDECK_"

// unknownVariable is a KEYDECK_* that means nothing to this version.
type unknownVariable struct {
	name    string
	nearest string // the variable that was probably meant; empty when none is close
}

// unknownVariables finds what is misspelt, or meant for another version.
// It is worth a warning and no more: Kubernetes puts variables such as
// KEYDECK_PORT into every container beside a service named keydeck.
func unknownVariables(environ []string) []unknownVariable {
	known := variableNames()
	var unknown []unknownVariable
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, prefix) && !slices.Contains(known, name) {
			unknown = append(unknown, unknownVariable{name, nearest(name, known)})
		}
	}
	return unknown
}

func variableNames() []string {
	var names []string
	for field := range reflect.TypeFor[config]().Fields() {
		names = append(names, field.Tag.Get("env"))
	}
	return names
}

// nearest gives the known name that is fewest changes away, and nothing where
// that is more than a third of the name: a guess must not mislead.
func nearest(name string, known []string) string {
	best, closest := "", len(strings.TrimPrefix(name, prefix))/3+1
	for _, candidate := range known {
		if d := distance(name, candidate); d < closest {
			best, closest = candidate, d
		}
	}
	return best
}

// distance is the Levenshtein distance: how many letters must be put in,
// taken out or replaced to make a into b.
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
