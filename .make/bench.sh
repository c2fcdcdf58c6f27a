#!/bin/sh
# Measures. First Go's benchmarks in benchstat's format, without the race
# detector; those of e2e are taken in the browser. Then the binary from outside,
# as a table.
set -eu
cd "$(dirname "$0")/.."

PLAYWRIGHT_NODEJS_PATH=$(command -v node)
for browser in chromium chromium-browser google-chrome; do
	if command -v "$browser" >/dev/null 2>&1; then
		KEYDECK_TEST_CHROMIUM=$(command -v "$browser")
		break
	fi
done
export PLAYWRIGHT_NODEJS_PATH KEYDECK_TEST_CHROMIUM
go test -run '^$' -bench . -benchmem -benchtime 0.3s ./internal/... ./web/... ./views/... ./static/...
go test -run '^$' -bench . -benchtime 1x ./e2e/
exec go run ./internal/bench "$@"
