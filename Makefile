# Everything a person or a machine does here. `make help` lists it.
SHELL := /bin/bash
GO ?= go
N ?= 10
BIN := bin/omnichannel
LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 60s
CLIENT := clients/typescript
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund

.PHONY: help
help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: build
build: ## the binary, in bin/
	$(GO) build -tags nomsgpack -o $(BIN) ./cmd/omnichannel

.PHONY: run
run: build ## server, local MongoDB and simulated providers; a conversation takes place
	@exec ./$(BIN) sandbox

.PHONY: test
test: build ## every test there is, with the servers they need
	$(GO) run ./internal/mongodb/local/withmongod $(GO) test -race -timeout 30m ./...
	cd $(CLIENT) && $(NPM_CI) && npm test

.PHONY: check
check: format vet lint ## format, vet and lint

.PHONY: format
format:
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "not formatted:"; echo "$$out"; exit 1; fi

.PHONY: vet
vet:
	$(GO) vet ./...

.PHONY: lint
lint:
	$(GO) run $(LINT) run ./...

.PHONY: bench
bench: build ## the figures of bench/RESULTS.md, through HTTP, with a load process of its own
	$(GO) run ./bench

.PHONY: crash
crash: build ## kill -9 of server and mongod under load, N times: nothing lost, twice or out of order
	$(GO) run ./bench/crash -n $(N)

.PHONY: fuzz
fuzz: ## each fuzz target for FUZZTIME (60s)
	@set -e; grep -rlE '^func Fuzz' --include='*_test.go' --exclude-dir=node_modules . | sort | while read -r file; do \
	  grep -oE '^func Fuzz[A-Za-z0-9]+' $$file | sed 's/func //' | while read -r target; do \
	    echo "$$target ($$file)"; $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) ./$$(dirname $$file); done; done

.PHONY: generate
generate: ## what is made from something else
	$(GO) generate ./...
	cd $(CLIENT) && $(NPM_CI) && npm run generate

.PHONY: verify
verify: generate ## generated files are up to date
	@git diff --exit-code
