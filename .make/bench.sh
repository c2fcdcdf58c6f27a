#!/bin/sh
# Measures. First Go's benchmarks in benchstat's format, without the race
# detector; those of e2e are taken in the browser. Then the binary from outside,
# as a table.
set -eu
cd "$(dirname "$0")/.."

PLAYWRIGHT_NODEJS_PATH=$(command -v node)
KEYDECK_TEST_CHROMIUM=$(.make/chromium.sh)
export PLAYWRIGHT_NODEJS_PATH KEYDECK_TEST_CHROMIUM
go test -run '^$' -bench . -benchmem -benchtime 0.3s ./internal/... ./web/... ./views/... ./static/...
go test -run '^$' -bench . -benchtime 1x ./e2e/
exec go run ./internal/bench "$@"
