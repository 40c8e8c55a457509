SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BENCH_STAMP := $(VENV)/.bench-installed

.PHONY: help setup setup-bench demo run test test-faults test-hosts test-deploy test-alerts security backup restore lint format messages lock clean bench profile fuzz

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

setup-bench: $(BENCH_STAMP) ## what the benchmarks compare with, beside the rest

$(BENCH_STAMP): $(STAMP) requirements-bench.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $(BENCH_STAMP)

demo: setup ## everything on simulated services; DEMO_SECONDS=45 ends it, DEMO_FRESH=1 forgets earlier runs
	@$(BIN)/python -m sandbox.runner demo

run: setup ## everything on what the environment names, embedded or simulated parts for the rest
	@$(BIN)/python -m sandbox.runner run

test: setup ## every test, on real servers started for it
	@$(BIN)/python -m tests

test-faults: setup ## a seeded storm of faults over whole processes; FAULT_SEED=… FAULT_SECONDS=600 for another, longer one
	@$(BIN)/python -m pytest tests/faults

test-hosts: setup ## three worker hosts, one of them cut off (network namespaces: Linux, root, ip; says so where it has none)
	@$(BIN)/python -m tests.hosts

test-alerts: setup ## a real Prometheus and Alertmanager over real processes (says so where they are not installed)
	@$(BIN)/python -m pytest tests/deploy/test_alerts.py

test-deploy: setup ## the shipped containers on a real Docker engine (says so where it has none); STAND_INS=1 pulls no image
	@$(BIN)/python -m tests.deploy.compose

security: setup ## known holes of dependencies, patterns in the code, container files, secrets left in a text
	@$(BIN)/python -m tests.security

backup: setup ## the database of DATABASE_URL into a dump: make backup TO=/srv/backups
	@$(BIN)/python -m migrations.backup $(or $(TO),var/backups)

restore: setup ## a dump into the empty database of DATABASE_URL: make restore FROM=/srv/backups/skinbeat-….dump
	@$(BIN)/python -m migrations.restore $(FROM)

fuzz: setup ## damaged answers of the exchange; FUZZ_CASES=100000, FUZZ_SEED=7, FUZZ_CASE=1234 replays one
	@$(BIN)/python -m tests.fuzz

bench: setup-bench ## every measurement against its limit, or one: make bench-sweep; QUICK=1 takes under a minute each
	@$(BIN)/python -m benchmarks all $(if $(QUICK),--quick)

bench-%: setup-bench
	@$(BIN)/python -m benchmarks $* $(if $(QUICK),--quick)

profile: setup-bench ## where a worker's time goes during a scan: a flame graph in var/bench and a table; RECORD=FILE keeps real prices, RECORDED=FILE scans them
	@$(BIN)/python -m benchmarks.profile $(if $(RECORD),--record $(RECORD)) $(if $(RECORDED),--recorded $(RECORDED))

lint: setup ## style, types, import direction, dead code
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/vulture

format: setup ## rewrite the code in the one style
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

messages: setup ## the bot's sentences into the catalogues of its languages; names what is not translated
	@$(BIN)/python -m bot.catalogues

lock: setup ## renew the lock files from pyproject.toml (needs uv)
	@uv pip compile --universal --quiet --no-annotate --no-emit-index-url --generate-hashes --extra traces pyproject.toml -o requirements.lock
	@uv pip compile --universal --quiet --no-annotate --no-emit-index-url --generate-hashes --extra sandbox --extra dev --extra security --extra traces pyproject.toml -o requirements-dev.lock
	@uv pip compile --universal --quiet --no-annotate --no-emit-index-url --generate-hashes --extra bench --constraint requirements-dev.lock pyproject.toml -o requirements-bench.lock

clean: ## remove the databases and logs of demo and run
	@rm -rf var
