#!/bin/sh
# Installs what the tests need: Debian packages with apt, the rest into .tools/.
# If everything is installed it does nothing and needs no network.
set -eu
cd "$(dirname "$0")/.."

GOLANGCI=v2.12.2
PLAYWRIGHT=1.57.0
AXE=4.10.3
GOVULNCHECK=v1.1.4
DEADCODE=v0.52.0

has() { command -v "$1" >/dev/null 2>&1; }

# aws_cli reports whether the tests find version 2 of the AWS CLI.
aws_cli() { .make/aws-cli.sh >/dev/null; }

packages() {
	missing=
	need() { missing="$missing $*"; }
	# The tests skip an engine besides Chromium where there is no apt-get.
	engine() { if has apt-get; then need "$1"; else echo "make: no $1: its tests are skipped"; fi; }
	has gcc || need gcc
	# The race detector links against the C library.
	[ -e /usr/include/stdlib.h ] || need libc6-dev
	has node || need nodejs
	has npm || need npm
	has git || need git
	.make/chromium.sh >/dev/null || need chromium-headless-shell
	aws_cli || need awscli
	python3 -c 'import boto3' 2>/dev/null || /usr/bin/python3 -c 'import boto3' 2>/dev/null || need python3-boto3
	has firefox-esr || has firefox || engine firefox-esr
	has WebKitWebDriver || engine webkit2gtk-driver
	has Xvfb || engine xvfb
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
		# A proxy that apt needs is in the environment.
		sudo='sudo --preserve-env=http_proxy,https_proxy,no_proxy,HTTP_PROXY,HTTPS_PROXY,NO_PROXY,DEBIAN_FRONTEND'
	fi
	echo "installing$missing"
	export DEBIAN_FRONTEND=noninteractive
	$sudo apt-get update -qq
	# shellcheck disable=SC2086 # one word for each package
	$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
	aws_cli || {
		echo "make: the tests need version 2 of the AWS CLI, which apt-get does not have here; install it as /usr/bin/aws or first on PATH" >&2
		exit 1
	}
}

# marked FOLDER VERSION reports whether a folder of .tools is complete: its
# version file is written last.
marked() { [ "$(cat ".tools/$1/version" 2>/dev/null)" = "$2" ]; }

# from_go FOLDER PACKAGE VERSION builds a Go command into .tools/FOLDER.
from_go() {
	marked "$1" "$3" && return 0
	echo "building $2 $3"
	rm -rf ".tools/$1"
	mkdir -p ".tools/$1"
	GOBIN="$PWD/.tools/$1" GOFLAGS='' CGO_ENABLED=0 go install "$2@$3"
	echo "$3" >".tools/$1/version"
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
from_go bin github.com/golangci/golangci-lint/v2/cmd/golangci-lint "$GOLANGCI"
from_go vuln golang.org/x/vuln/cmd/govulncheck "$GOVULNCHECK"
from_go deadcode golang.org/x/tools/cmd/deadcode "$DEADCODE"
