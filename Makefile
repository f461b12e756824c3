# What people do here. `make` lists it.

CARGO ?= cargo

.DEFAULT_GOAL := help
.PHONY: help needs dev test test-faults check fmt build release schema clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Installs what the exact solver is built with when it may, and else says what is missing.
needs:
	@bash -c 'source tests/setup.sh && prepare_solver'

dev: needs ## run the demo county on embedded SQLite
	@$(CARGO) run --quiet -- dev

test: ## format, lints and every test, on SQLite and PostgreSQL
	@tests/run.sh

test-faults: ## the whole fault campaign of the mails; prints what it counted
	@tests/faults.sh

check: needs ## format and lints only
	@$(CARGO) fmt --all --check
	@$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

fmt: ## format the sources
	@$(CARGO) fmt --all

build: needs ## build the program for development
	@$(CARGO) build --locked

release: needs ## build the program for production: target/release/tongpan
	@$(CARGO) build --release --locked

# Written aside first: a program that fails leaves the old schema as it is.
schema: ## write schema.graphql from the code
	@$(CARGO) run --quiet -- schema > target/schema.graphql
	@mv target/schema.graphql schema.graphql

clean: ## remove what was built
	@$(CARGO) clean
	@rm -rf .venv
