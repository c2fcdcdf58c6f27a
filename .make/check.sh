#!/bin/sh
# Everything that can be said of the code without running it.
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
.tools/bin/golangci-lint run ./...
step SECURITY.md
for test in $(grep -oE '`(Test|Fuzz)[A-Za-z]+`' SECURITY.md | tr -d '\140' | sort -u); do
	git grep -q "^func $test(" -- '*_test.go' || {
		echo "SECURITY.md names $test, which there is not" >&2
		exit 1
	}
done
step govulncheck
if ! found=$(.tools/vuln/govulncheck ./... 2>&1); then
	case $found in
	*'fetching vulnerabilities'*) echo "check: skipped: the database of vulnerabilities cannot be reached" ;;
	*)
		echo "$found" >&2
		exit 1
		;;
	esac
fi
