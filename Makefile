# What people do with this project. `make` lists it.

TOOLS   := $(CURDIR)/.tools
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)

# What the browser tests need to know of what setup has installed.
export PLAYWRIGHT_DRIVER_PATH := $(TOOLS)/playwright
export KEYDECK_TEST_AXE       := $(TOOLS)/axe/package/axe.min.js

.DEFAULT_GOAL := help
.PHONY: help generate setup check test e2e pictures build run bench chaos load vendor-js

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "  %-12s %s\n", $$1, $$2 }'

run: ## start the console with the sandbox on http://127.0.0.1:8080 (needs only Go)
	KEYDECK_SANDBOX=true go run ./cmd/keydeck

build: ## build bin/keydeck, a static binary
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/keydeck ./cmd/keydeck

test: setup check ## install what is missing, then check and test everything, browser tests included
	@.make/test.sh ./...

e2e: setup ## run the browser tests alone
	@.make/test.sh ./e2e/...

pictures: setup ## take the README's pictures, in docs/, from the running console
	@KEYDECK_PICTURES=$(CURDIR)/docs .make/test.sh -count=1 -run TestPictures ./e2e/

check: setup ## formatting, vet, linter, generated files, go.mod
	@.make/check.sh

generate: ## write *_templ.go from the .templ files, and static/packed
	go tool templ generate
	go run ./static/pack

bench: setup ## measure: Go's benchmarks, the browser's, and the real binary from outside
	@.make/bench.sh

chaos: ## kill the console again and again while people use it and the APIs fail; minutes
	KEYDECK_CHAOS=long go test -count=1 -v -timeout 40m -run '^TestChaos' ./internal/chaos

load: ## measure what the console carries: 1,000 sessions, 10,000 connections; a minute
	KEYDECK_LOAD=yes go test -count=1 -v -timeout 15m -run '^TestLoad$$' ./internal/chaos

setup: ## install what the tests need and this machine lacks
	@.make/setup.sh

vendor-js: ## fetch the pinned htmx again
	@.make/vendor-js.sh
