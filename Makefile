# Préau. `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VERSION ?= $(shell cat VERSION)
GO ?= go
BIN := bin/preau
DEMO_DATA ?= data/demo
LDFLAGS := -s -w -X main.version=$(VERSION)
export CGO_ENABLED ?= 0
# All that the binary is made of, with what is embedded in it.
GO_SOURCES := $(shell find cmd internal -type f -not -name '*_test.go' -not -path '*/testdata/*' 2>/dev/null) web/embed.go go.mod go.sum VERSION
WEB_SOURCES := $(shell find web/src web/public web/scripts internal/i18n/catalogue -type f 2>/dev/null) web/index.html web/vite.config.ts web/package.json web/package-lock.json

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-16s %s\n", $$1, $$2}'

.PHONY: build
build: $(BIN) ## Build the web client and the binary, bin/preau

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci
	@touch $@

e2e/node_modules/.package-lock.json: e2e/package-lock.json
	cd e2e && npm ci
	@touch $@

web/dist/index.html: $(WEB_SOURCES) web/node_modules/.package-lock.json
	cd web && npm run build
	@touch web/dist/.gitkeep

$(BIN): $(GO_SOURCES) web/dist/index.html
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $@ ./cmd/preau

.PHONY: run
run: $(BIN) ## Start a demonstration school on http://localhost:8080
	$(BIN) demo --data-dir $(DEMO_DATA)

.PHONY: fresh
fresh: ## Forget the demonstration school's data
	rm -rf $(DEMO_DATA)

.PHONY: check
check: web/dist/index.html ## The quick part: format, vet, staticcheck, oxlint, types, unit tests
	bash scripts/check

.PHONY: lint
lint: web/dist/index.html
	bash scripts/check --go-later

.PHONY: test
test: ## Install what the tests need, then run everything (about half an hour on 2 cores)
	bash scripts/test-needs
	$(MAKE) lint generated-fresh licences
	$(MAKE) test-go test-e2e

# SQLite is C put into Go: its memory is its own, which the race detector knows nothing
# of, and watching it takes half of the time of these tests. What calls it is watched.
RACE := -race -gcflags='modernc.org/libc=-d=checkptr=0' -gcflags='modernc.org/sqlite/lib=-race=false'

.PHONY: test-go
test-go: web/dist/index.html ## Every Go test with the race detector, on SQLite and PostgreSQL
	TMPDIR=$$(bash scripts/test-room) GOTMPDIR=$${TMPDIR:-/tmp} CGO_ENABLED=1 $(GO) test $(RACE) -timeout 15m ./...

.PHONY: test-e2e
test-e2e: $(BIN) e2e/node_modules/.package-lock.json ## Each journey in a real browser
	cd e2e && npx tsc --noEmit && TMPDIR=$$(bash ../scripts/test-room) npx vitest run

.PHONY: api
api: ## Regenerate the web client's types from the server's routes
	bash scripts/generate-api

.PHONY: generated-fresh
generated-fresh: web/dist/index.html ## Fail when a generated file is stale
	bash scripts/generate-api --check

.PHONY: licences
licences: web/node_modules/.package-lock.json ## Check every dependency's licence against the allow-list
	$(GO) run ./scripts/licences check

.PHONY: notice
notice: web/node_modules/.package-lock.json ## Write NOTICE and the bill of materials (build/sbom.cdx.json)
	$(GO) run ./scripts/licences notice

.PHONY: bench-start
bench-start: $(BIN) ## Start time, memory, binary size, landing page weight, against the design's figures
	bash scripts/bench-start

.PHONY: bench-import
bench-import: $(BIN) e2e/node_modules/.package-lock.json ## How long 2,000 pupils take to import in a real browser
	cd e2e && npx vitest run --config vitest.bench.config.ts import

.PHONY: bench-lesson
bench-lesson: $(BIN) ## Lessons of simulated pupils: events, and video until packets are lost (about 15 minutes)
	mkdir -p build
	$(BIN) load lesson --folder build

.PHONY: bench-saves
bench-saves: $(BIN) ## Answers of 15,000 sittings: acknowledged a second, then the server killed while they come (about 2 minutes)
	mkdir -p build
	$(BIN) load sittings --folder build

.PHONY: bench-storm
bench-storm: $(BIN) ## 50,000 pupils begin within a minute while 100,000 save, then the server killed in a storm (about 10 minutes)
	mkdir -p build
	$(BIN) load storm --folder build

.PHONY: bench-journal
bench-journal: $(BIN) ## A journal of 10,000 pieces read 500 times a second while others come out (about 5 minutes)
	mkdir -p build
	$(BIN) load journal --folder build

.PHONY: deb
deb: $(BIN) ## Build the Debian package
	bash scripts/deb.sh

.PHONY: clean
clean: ## Remove what was built
	rm -rf bin build web/dist/* web/node_modules e2e/node_modules
