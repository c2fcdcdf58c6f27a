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
