# Pixelated Empathy. `make demo` shows what it does; `make test` proves it. Both set up what they need first.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PIXELATED := target/release/pixelated
DEMO_DIR  := target/demo
VENV      := .venv

.PHONY: help
help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.PHONY: demo
demo: setup-build ## import the example conversations and show what comes out
	@cargo build --release --quiet --package pixelated
	@scripts/demo $(PIXELATED) $(DEMO_DIR)

.PHONY: test
test: setup-build setup-python setup-postgres lint docs licences ## everything that must pass
	PIXELATED_PYTHON=$(CURDIR)/$(VENV)/bin/python scripts/with-postgres cargo test --release --workspace

.PHONY: lint
lint: setup-build ## format and clippy, warnings are errors
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- --deny warnings

.PHONY: docs
docs: setup-build ## the crates' documentation, warnings are errors
	RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps --quiet

.PHONY: licences
licences: setup-deny ## licences, bans and sources of every dependency
	cargo deny check --hide-inclusion-graph licenses bans sources

.PHONY: generate
generate: setup-build ## write generated files and the golden digest anew
	PIXELATED_GOLDEN=write cargo test --release --workspace --test generated --test golden

.PHONY: evaluate
evaluate: setup-build ## print every published figure beside its trivial rules
	cargo run --release --quiet --package pixelated -- evaluate

.PHONY: figures
figures: setup-build ## write docs/figures.md from the labelled data
	scripts/figures

.PHONY: bench
bench: ## measure speed and memory beside peers; BENCH_SIZE=1000000 for more, ARGS=--check to hold it to bench/limits.toml
	scripts/bench --json target/bench.json --markdown docs/benchmarks.md $(ARGS)

.PHONY: bench-scale
bench-scale: ## import, search and export N=2592223 conversations, end to end
	scripts/bench scale $(or $(N),2592223) --json target/bench-scale.json $(ARGS)

.PHONY: fuzz
fuzz: setup-build ## fuzz every reader, two minutes each; FUZZ_SECONDS= and FUZZ_MEMORY= (in MB) change that
	fuzz/run

.PHONY: train-emotion
train-emotion: setup-build ## train the emotion model from the labelled data
	cargo run --release --package pe-training -- emotion --data "$${PIXELATED_EVAL_DATA:-../shared/data}" --out models/emotion

.PHONY: setup-build setup-python setup-deny setup-postgres
setup-build:
	@scripts/setup build
setup-python:
	@scripts/setup python $(VENV)
setup-deny:
	@scripts/setup deny
setup-postgres:
	@scripts/setup postgres
