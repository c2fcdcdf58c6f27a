#!/bin/sh
# Runs tests, with the race detector. Go's own summary comes last, and its exit
# status is ours.
set -eu
cd "$(dirname "$0")/.."

PLAYWRIGHT_NODEJS_PATH=$(command -v node)
KEYDECK_TEST_CHROMIUM=$(.make/chromium.sh)
export PLAYWRIGHT_NODEJS_PATH KEYDECK_TEST_CHROMIUM
# The tests stay on this machine, where a proxy would not find it; modules are
# fetched by then.
go mod download
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
exec env CGO_ENABLED=1 go test -race -timeout 18m "$@"
