#!/bin/sh
# Installs what the tests need and the machine lacks: Debian's packages with
# apt, the rest into .tools/. Where all is there it does nothing, and needs no
# network.
set -eu
cd "$(dirname "$0")/.."

GOLANGCI=v2.12.2
PLAYWRIGHT=1.57.0
AXE=4.10.3
GOVULNCHECK=v1.1.4

has() { command -v "$1" >/dev/null 2>&1; }

packages() {
	missing=
	need() { missing="$missing $*"; }
	has gcc || need gcc
	# The race detector links against the C library.
	[ -e /usr/include/stdlib.h ] || need libc6-dev
	has node || need nodejs
	has npm || need npm
	has git || need git
	has chromium || has chromium-browser || has google-chrome || need chromium
	has aws || [ -x /usr/bin/aws ] || need awscli
	has rclone || need rclone
	has s3cmd || need s3cmd
	has redis-server || has valkey-server || need redis-server
	has fc-list && fc-list | grep -qi liberation || need fonts-liberation
	[ -n "$missing" ] || return 0

	if ! has apt-get; then
		echo "make: this machine has no apt-get; install by hand:$missing" >&2
		exit 1
	fi
	sudo=
	if [ "$(id -u)" -ne 0 ]; then
		if ! has sudo; then
			echo "make: neither root nor sudo; install by hand:$missing" >&2
			exit 1
		fi
		sudo=sudo
	fi
	echo "installing$missing"
	export DEBIAN_FRONTEND=noninteractive
	$sudo apt-get update -qq
	# shellcheck disable=SC2086 # one word for each package
	$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# A folder of .tools counts as there only with the version's mark in it, which
# is written last: what was cut off is fetched again.
marked() { [ "$(cat ".tools/$1/version" 2>/dev/null)" = "$2" ]; }

linter() {
	marked bin "$GOLANGCI" && return 0
	echo "building golangci-lint $GOLANGCI"
	rm -rf .tools/bin
	mkdir -p .tools/bin
	GOBIN="$PWD/.tools/bin" GOFLAGS='' CGO_ENABLED=0 \
		go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$GOLANGCI"
	echo "$GOLANGCI" >.tools/bin/version
}

vulnerabilities() {
	marked vuln "$GOVULNCHECK" && return 0
	echo "building govulncheck $GOVULNCHECK"
	mkdir -p .tools/vuln
	GOBIN="$PWD/.tools/vuln" GOFLAGS='' CGO_ENABLED=0 go install "golang.org/x/vuln/cmd/govulncheck@$GOVULNCHECK"
	echo "$GOVULNCHECK" >.tools/vuln/version
}

# from_npm NAME PACKAGE VERSION unpacks an npm archive, which holds a folder
# named package, into .tools/NAME. Its scripts are not run.
from_npm() {
	marked "$1" "$3" && return 0
	echo "fetching $2 $3"
	rm -rf ".tools/$1" ".tools/$1.part"
	mkdir -p ".tools/$1.part"
	npm pack --silent --pack-destination ".tools/$1.part" "$2@$3" >/dev/null
	tar xzf ".tools/$1.part/"*.tgz -C ".tools/$1.part"
	rm -f ".tools/$1.part/"*.tgz
	mv ".tools/$1.part" ".tools/$1"
	echo "$3" >".tools/$1/version"
}

mkdir -p .tools
packages
from_npm playwright playwright-core "$PLAYWRIGHT"
from_npm axe axe-core "$AXE"
linter
vulnerabilities
