#!/bin/sh
# Runs tests: all of them, or those that the arguments name as go test takes them. Go's
# own summary comes last, and its exit status is ours.
#
# The race detector watches all but the browser tests: it makes these take twice as long,
# and what they ask for is asked for under it by the tests of web, app and chaos.
set -eu
cd "$(dirname "$0")/.."

PLAYWRIGHT_NODEJS_PATH=$(command -v node)
KEYDECK_TEST_CHROMIUM=$(.make/chromium.sh)
export PLAYWRIGHT_NODEJS_PATH KEYDECK_TEST_CHROMIUM
# The tests stay on this machine, where a proxy would not find it; modules are
# fetched by then.
go mod download
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

run() { go test -timeout 18m "$@"; }
race() { env CGO_ENABLED=1 go test -race -timeout 18m "$@"; }

case "$*" in
'')
	status=0
	# shellcheck disable=SC2046 # one word for each package
	race $(go list ./... | grep -v /e2e) || status=$?
	run ./e2e/... || status=$?
	exit $status
	;;
*./e2e/*) run "$@" ;;
*) race "$@" ;;
esac
