#!/bin/sh
# Runs tests, with the race detector. Go's own summary comes last, and its exit
# status is ours.
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
# The tests stay on this machine, where a proxy would not find it; modules are
# fetched by then.
go mod download
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
exec env CGO_ENABLED=1 go test -race -timeout 15m "$@"
