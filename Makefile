# make help lists the targets. Continuous integration runs .ci/run, which needs no make.

SHELL := /bin/bash

# Tests that compare with files write them anew under flags of this name.
REWRITE = $(shell sed -nE 's/.*flag\.Bool."(update|rewrite[a-z-]*)".*/-\1/p' scenarios/*_test.go)

# Reach of make bench, as nodes:duration; the million is a scenario of its own.
STEADY := 1000:1000s 10000:100s 100000:20s

.PHONY: help check fmt vet staticcheck tidy test race cross golden fuzz cover bench steady clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

check: fmt vet staticcheck tidy test race ## all that a change must pass before it is committed

fmt: ## fail if a file is not formatted
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w on:" $$unformatted; exit 1; fi

vet: ## go vet
	go vet ./...

staticcheck: ## staticcheck, at the version that continuous integration uses
	bash .ci/run staticcheck

tidy: ## the rules of the repository as a whole
	go test .

test: ## all tests
	go test ./...

race: ## the race detector on the small packages and the short scenarios
	bash .ci/run race

cross: ## the golden digests as 386 and as arm64, and no fused product on arm64
	bash .ci/run fma cross

golden: ## write the golden files anew from what the tests find; then read git diff
	go test ./chord ./dht -rewrite
	go test ./scenarios $(REWRITE)
	REWRITE=1 go test -count=1 ./cmd/chordsim

fuzz: ## every fuzz target; FUZZTIME=10m make fuzz for longer
	bash .ci/run fuzz

cover: ## coverage of the tests, with results/cover.html
	@mkdir -p results
	go test -coverprofile=results/cover.out -coverpkg=./sim,./chord,./seed,./dht,./scenarios,./plots,./cmd/chordsim ./...
	go tool cover -html=results/cover.out -o results/cover.html
	@go tool cover -func=results/cover.out | tail -n 1

bench: steady ## the speed table of the README: hot paths, steady rings, a million nodes, a million puts
	go run ./cmd/chordsim run million --workers 1
	go run ./cmd/chordsim run bench/puts --workers 1 --no-plots
	go test -run '^$$' -bench . -benchmem ./sim ./chord ./dht ./scenarios

steady: ## steady rings only
	@for reach in $(STEADY); do \
		go run ./cmd/chordsim run bench/steady --set nodes=$${reach%:*} --set duration=$${reach#*:} --workers 1 --no-plots || exit 1; \
	done

clean: ## remove what runs and tests leave behind
	rm -rf results
	go clean -testcache
