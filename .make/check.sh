#!/bin/sh
# Checks the code without running it.
set -eu
cd "$(dirname "$0")/.."

step() { echo "check: $*"; }

step gofmt
unformatted=$(gofmt -l $(git ls-files '*.go'))
if [ -n "$unformatted" ]; then
	echo "not formatted: $unformatted" >&2
	exit 1
fi
step templ
go tool templ generate -check >/dev/null || {
	echo "generated files are out of date: run make generate" >&2
	exit 1
}
step go mod tidy
go mod tidy -diff
step go vet
go vet ./...
step golangci-lint
# The linter's cache names files by their paths from where it ran last, so that
# one shared by two clones reports the generated files of the other.
GOLANGCI_LINT_CACHE=$PWD/.cache/golangci-lint
export GOLANGCI_LINT_CACHE
.tools/bin/golangci-lint run ./...
step go statements
# A panic in a goroutine ends the process; parallel returns it to the caller.
if git grep -nE '^[[:space:]]*go (func\(|[A-Za-z_][A-Za-z0-9_.]*\()' -- '*.go' ':!*_test.go' ':!internal/parallel' ':!internal/app' ':!internal/bench'; then
	echo "use internal/parallel in place of go statements" >&2
	exit 1
fi
step waits of tests
go test -count=1 ./internal/waittest >/dev/null || {
	go test -count=1 ./internal/waittest >&2
	exit 1
}
step deadcode
dead=$(.tools/deadcode/deadcode -test ./...)
if [ -n "$dead" ]; then
	echo "$dead" >&2
	exit 1
fi
step SECURITY.md
for test in $(grep -oE '`(Test|Fuzz)[A-Za-z]+`' SECURITY.md | tr -d '\140' | sort -u); do
	git grep -q "^func $test(" -- '*_test.go' || {
		echo "SECURITY.md names $test, which does not exist" >&2
		exit 1
	}
done
step ARCHITECTURE.md
if [ "$(wc -w <ARCHITECTURE.md)" -gt 1500 ]; then
	echo "ARCHITECTURE.md has more than 1,500 words" >&2
	exit 1
fi
for file in docs/decisions/*.md; do
	grep -qF "($file)" ARCHITECTURE.md || {
		echo "ARCHITECTURE.md does not link $file" >&2
		exit 1
	}
done
for file in $(grep -ohE '\]\([a-zA-Z][A-Za-z0-9_./-]*\)' ./*.md | sed 's/^](//; s/)$//' | sort -u); do
	[ -e "$file" ] || {
		echo "a document links $file, which does not exist" >&2
		exit 1
	}
done
step govulncheck
if ! found=$(.tools/vuln/govulncheck ./... 2>&1); then
	case $found in
	*'fetching vulnerabilities'*) echo "check: skipped: the vulnerability database is not available" ;;
	*)
		echo "$found" >&2
		exit 1
		;;
	esac
fi
