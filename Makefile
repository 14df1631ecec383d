# Wardkeeper. `make test` installs what the tests need (as root, with apt) and runs them all.
GO      ?= go
TOOLS   := $(GO) tool -modfile=tools/go.mod
DATA    ?= ../shared/data
CORPUS  ?= $(DATA)/pcaps
FUZZTIME ?= 2m
ENVIRON := WARDKEEPER_DATA=$(abspath $(DATA))

.PHONY: demo test unit deps lint bench accuracy fuzz prove generate release clean

demo:            ## a living, synthetic hospital on this machine
	$(GO) run . demo

test: deps unit  ## install what the tests need, then run every test

unit:            ## every test, with what is installed
	$(ENVIRON) $(GO) test -timeout 20m ./...

deps:            ## Debian packages (as root) and npm test assets; skipped loudly where not possible
	./scripts/test-deps.sh

lint:            ## formatting, vet, staticcheck, generated code up to date, known vulnerabilities
	./scripts/lint.sh

bench:           ## speed and size beside the peers, in one run; needs ndpiReader, tshark and prads (apt)
	$(ENVIRON) $(GO) run ./bench

accuracy:        ## precision and recall over labelled captures: make accuracy [CORPUS=DIR]
	$(GO) run ./bench/accuracy -corpus $(CORPUS)

fuzz:            ## every fuzz target for FUZZTIME each
	./scripts/fuzz.sh $(FUZZTIME)

prove:           ## the randomised trials with their full counts
	WARDKEEPER_PROVE=1 $(ENVIRON) $(GO) test -timeout 2h -count=1 ./...

generate:        ## templates and tables of facts
	$(TOOLS) templ generate -path web

release:         ## reproducible binaries for linux/amd64 and linux/arm64 in dist/
	./scripts/release.sh

clean:
	rm -rf dist .artifacts
