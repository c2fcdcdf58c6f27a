# The project's tasks. `make` lists them.

TOOLS   := $(CURDIR)/.tools
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)

# Paths of what setup installs, for the browser tests.
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

test: setup check ## install what is missing, check, and run all tests
	@.make/test.sh

e2e: setup ## run the browser tests alone
	@.make/test.sh ./e2e/...

pictures: setup ## take the README's pictures
	@KEYDECK_PICTURES=$(CURDIR)/docs .make/test.sh -count=1 -run TestPictures ./e2e/

check: setup ## check formatting, vet, linters, dead code, generated files, go.mod
	@.make/check.sh

generate: ## write *_templ.go from the .templ files, and static/packed
	go tool templ generate
	go run ./static/pack

bench: setup ## measure: Go's benchmarks, the browser's, and the real binary from outside
	@.make/bench.sh

chaos: ## kill the console repeatedly under load and failing APIs; takes minutes
	KEYDECK_CHAOS=long go test -count=1 -v -timeout 40m -run '^TestChaos' ./internal/chaos

load: ## measure 1,000 sessions and 10,000 connections; takes a minute
	KEYDECK_LOAD=yes go test -count=1 -v -timeout 15m -run '^TestLoad$$' ./internal/chaos

setup: ## install what the tests need
	@.make/setup.sh

vendor-js: ## fetch the pinned htmx
	@.make/vendor-js.sh
