# Everything a person types to work on Contreseing. `make help` lists it.
#
# Each target does its own set-up: a virtual environment in .venv, the packages pinned by hash in requirements/, the
# project itself. Packages are installed again only when their list changes (the stamp files in .venv).

SHELL := /bin/sh
.DEFAULT_GOAL := help

BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SCREENS := $(shell find channels/web -type f -not -path '*/node_modules/*' -not -path '*/dist/*')
# The interpreter of .venv, where it is not the first one found: `make clean`, then `make bench PYTHON=/usr/bin/python3`.
PYTHON ?=
CANDIDATES := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11
PINS := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

# Given to the demo as they are: `make demo DEMO_ARGS=--once`.
DEMO_ARGS ?=
# Given to the benchmark as they are: `make bench BENCH_ARGS=--help`.
BENCH_ARGS ?=
# Given to pytest as they are: `make test TEST_ARGS="tests/cap -x"`.
TEST_ARGS ?=
# Processes the suite runs in: while the tests of one wait, those of the other compute (tests/workers.py); 0 is none.
WORKERS ?= 2
# Given to the outside checker as they are: `make chaos CHAOS_ARGS="--seconds 1200 --seed 7"`; `--help` tells them all.
CHAOS_ARGS ?=
# Given to libFuzzer as they are, for each target: `make fuzz FUZZ_ARGS=-max_total_time=3600`.
FUZZ_ARGS ?= -max_total_time=60

# Some environments forbid Python to keep what it compiled: each of the hundreds of processes that tests and demo start
# would compile every file again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo bench test screens chaos fuzz web lint format pins test-packages clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /|/' | awk -F'|' '{ printf "  make %-14s %s\n", $$1, $$2 }'

demo: .venv/demo.stamp ## Watch a remittance held, countersigned by card and reader, and released
	@if why=$$(deploy/node-there 2>&1); then $(MAKE) --no-print-directory web; else \
		echo "The demo goes on without building its screens. $$why" >&2; \
	fi
	@$(BIN)/python -m deploy.demo $(DEMO_ARGS)

test: lint test-packages web ## Check style, types and imports, then run every test
	$(BIN)/pytest --numprocesses=$(WORKERS) --durations=15 $(TEST_ARGS)

screens: .venv/test.stamp test-packages web ## Take the pictures of docs/screens again, from the tests of the screens
	CONTRESEING_SCREENS=1 $(BIN)/pytest tests/browser

bench: .venv/test.stamp ## Measure complete approvals against the real server and databases
	@$(BIN)/python -m tests.bench $(BENCH_ARGS)

chaos: .venv/test.stamp test-packages ## Sign while servers, databases, links and clocks fail; then compare all journals
	@$(BIN)/python -m tests.flows.chaos $(CHAOS_ARGS)

fuzz: .venv/fuzz.stamp ## Feed the parsers of cards and signatures with bytes; a crash ends with 1 and is kept in var/fuzz
	@for target in $$($(BIN)/python -m tests.fuzz --list); do \
		echo "Feeding $$target"; \
		$(BIN)/python -m tests.fuzz $$target $(FUZZ_ARGS) || exit 1; \
	done

web: channels/web/dist/manifest.json ## Build the screens: the app, the advisers' desk, the widget

lint: .venv/test.stamp channels/web/node_modules/.package-lock.json ## Check style, types and imports
	@deploy/node-there
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --explicit-package-bases deploy/demo tests
	$(BIN)/lint-imports
	cd channels/web && npm run --silent check

format: .venv/test.stamp ## Put every file in the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pins: .venv/test.stamp ## Make requirements/*.txt again from pyproject.toml
	$(PINS) --upgrade pyproject.toml requirements/build.in --extra test --output-file requirements/test.txt
	$(PINS) pyproject.toml requirements/build.in --extra demo --constraint requirements/test.txt \
		--output-file requirements/demo.txt
	$(PINS) pyproject.toml --constraint requirements/test.txt --output-file requirements/server.txt
	$(PINS) pyproject.toml requirements/build.in --extra test --extra fuzz --constraint requirements/test.txt \
		--output-file requirements/fuzz.txt
	$(PINS) requirements/build.in --constraint requirements/test.txt --output-file requirements/build.txt

test-packages:
	@deploy/test-packages

clean: ## Remove everything the other targets made
	rm -rf channels/web/dist channels/web/node_modules
	rm -rf .venv var dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up ------------------------------------------------------------------------------------------------

.venv/bin/python:
	@for name in $(CANDIDATES); do \
		if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Contreseing needs Python 3.11 or later, and found none. On Debian 12 or later: apt install python3 python3-venv" >&2; \
		exit 1; \
	fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
		version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "$$python cannot make virtual environments. On Debian and Ubuntu: apt install python$$version-venv" >&2; \
		exit 1; \
	fi; \
	rm -rf .venv && $$python -m venv .venv

.venv/demo.stamp: requirements/demo.txt pyproject.toml | .venv/bin/python
	@echo "Installing the packages of requirements/demo.txt into .venv"
	@$(PIP_INSTALL) --require-hashes --requirement requirements/demo.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# The test list holds the demo's packages in the same versions, so one installation serves both.
# pyscard is built from source, with headers of test-packages.txt.
.venv/test.stamp: requirements/test.txt pyproject.toml | .venv/bin/python test-packages
	@echo "Installing the packages of requirements/test.txt into .venv"
	@$(PIP_INSTALL) --require-hashes --requirement requirements/test.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@ .venv/demo.stamp

# Beside the tests' own packages, so that a person who only runs the tests needs no fuzzer.
.venv/fuzz.stamp: requirements/fuzz.txt pyproject.toml .venv/test.stamp
	@echo "Installing the packages of requirements/fuzz.txt into .venv"
	@$(PIP_INSTALL) --require-hashes --requirement requirements/fuzz.txt
	@touch $@

channels/web/node_modules/.package-lock.json: channels/web/package-lock.json
	@deploy/node-there
	@cd channels/web && npm ci --loglevel=error --no-audit --no-fund --ignore-scripts
	@touch $@

channels/web/dist/manifest.json: channels/web/node_modules/.package-lock.json $(SCREENS)
	@deploy/node-there
	@cd channels/web && npm run --silent build
