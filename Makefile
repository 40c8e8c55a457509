SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help setup demo run test lint format lock clean bench

help: ## what each command does
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/'

setup: $(STAMP) ## virtual environment with the locked dependencies

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; name one with PYTHON=python3.11")'
	@echo "Setting up .venv with the locked dependencies; about half a minute the first time."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: setup ## everything on simulated services; DEMO_SECONDS=45 ends it, DEMO_FRESH=1 forgets earlier runs
	@$(BIN)/python -m sandbox.runner demo

run: setup ## everything on what the environment names, embedded or simulated parts for the rest
	@$(BIN)/python -m sandbox.runner run

test: setup ## every test, on real servers started for it
	@$(BIN)/python -m pytest

bench: setup ## every measurement against its limit, or one: make bench-sweep; QUICK=1 takes under a minute each
	@$(BIN)/python -m benchmarks all $(if $(QUICK),--quick)

bench-%: setup
	@$(BIN)/python -m benchmarks $* $(if $(QUICK),--quick)

lint: setup ## style, types, import direction, dead code
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/vulture

format: setup ## rewrite the code in the one style
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: setup ## renew the lock files from pyproject.toml (needs uv)
	@uv pip compile --universal --quiet --no-annotate --no-emit-index-url --generate-hashes pyproject.toml -o requirements.lock
	@uv pip compile --universal --quiet --no-annotate --no-emit-index-url --generate-hashes --extra sandbox --extra dev pyproject.toml -o requirements-dev.lock

clean: ## remove the databases and logs of demo and run
	@rm -rf var
