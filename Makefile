# The front door. `make demo` and `make test` need only python3 and make; they set up the rest.
PY := .venv/bin/python
RUN := PATH="$(CURDIR)/.venv/bin:$$PATH"

# Tests and demo start many processes; each would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test lint types bench objectives load crash cartridge clean

help:
	@echo "make demo       mock platform and bridge, 200 orders, a table, an audit"
	@echo "make test       lint, types, import rules and all tests"
	@echo "make lint       ruff, import-linter, eslint, tsc   make types   mypy --strict"
	@echo "make bench      cost of one order beside Meta's SDK, as a ratio (bench.json)"
	@echo "make objectives what is wanted of speed, measured: bench, load, backlog (ten minutes)"
	@echo "make crash      kill -9 of hook and senders, 500 times, held against the platform's books"
	@echo "make load PROFILE=smoke DATABASE=sqlite RATE=20 SECONDS=10     the whole path under load"
	@echo "make cartridge SITE=RefArch                  cartridges and site import archive, in dist/"
	@echo "make clean      remove .venv, caches and demo data"

setup:
	@.ci/setup

demo: setup
	@$(PY) -m loadtests.demo

test: setup lint types
	@.ci/setup strace curl openssl chromium rhino
	@.ci/node_setup tests/mock_platform/node
	@$(RUN) pytest -n 2

lint: setup
	@$(RUN) ruff check --quiet .
	@$(RUN) ruff format --check --quiet .
	@$(RUN) lint-imports --no-logo
	@.ci/node_setup
	@cd cartridge_spec && npm run --silent lint && npm run --silent types

types: setup
	@$(RUN) mypy

bench: setup
	@$(PY) -m loadtests.bench

objectives: setup
	@$(PY) -m loadtests.objectives

PROFILE ?= smoke
load: setup
	@$(PY) -m loadtests.load $(PROFILE) --database $(DATABASE) $(RATE:%=--rate %) $(SECONDS:%=--seconds %) $(WORSE:%=--worse %)

KILLS ?= 500
SEED ?= 1
DATABASE ?= sqlite
crash: setup
	@.ci/setup strace
	@$(PY) -m loadtests.crash --kills $(KILLS) --seed $(SEED) --database $(DATABASE)

cartridge: setup
	@$(PY) -m cartridge_spec.archive --site $(or $(SITE),RefArch)

clean:
	rm -rf .venv cartridge_spec/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench.json var
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
