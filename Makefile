.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: help run web worker test check types lint bench demo lock clean

help: ## List what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

$(VENV)/.product: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Adroom needs Python 3.11 or newer: make run PYTHON=python3.12"; exit 1; }
	@echo "Setting up (once, a minute or two) …"
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.tests: requirements-dev.txt $(VENV)/.product
	@echo "Setting up the tests …"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: $(VENV)/.product ## Start Adroom on this machine (WORKERS=2 does the runs in two processes beside it)
	@exec $(if $(WORKERS),env ADROOM_WORKERS=$(WORKERS) )$(RUN) app.py

web: $(VENV)/.product ## Start a web process alone (DATABASE_URL is set)
	@exec $(RUN) app.py web

worker: $(VENV)/.product ## Start a worker process alone (DATABASE_URL is set)
	@exec $(RUN) app.py worker

demo: $(VENV)/.product ## The whole main job without a browser (BRIEF=file for your own brief)
	@exec $(RUN) -m assistant.demo $(if $(BRIEF),"$(BRIEF)")

# One after the other where whole products and browsers want the machine for themselves.
test: $(VENV)/.tests ## Run everything that needs no key (TESTS=path for some of it)
ifdef TESTS
	@$(RUN) -m pytest $(TESTS)
else
	@$(RUN) -m pytest -n auto --maxprocesses 4 --dist loadfile --ignore tests/process --ignore tests/browser
	@$(RUN) -m pytest tests/process tests/browser
endif

lint: $(VENV)/.tests
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/lint-imports --no-cache

types: $(VENV)/.tests
	@$(VENV)/bin/basedpyright

check: lint types test ## Lint, types, import rules, tests

bench: $(VENV)/.tests ## Measure against the named peers
	@$(RUN) -m benchmarks

lock: ## Pin the requirements anew, with hashes and without naming an index
	@for name in requirements requirements-dev requirements-bench; do \
	  $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --no-header --no-emit-index-url --no-emit-find-links $$name.in -o $$name.txt; done

clean: ## Remove the virtual environment (the data folder stays)
	@rm -rf $(VENV)
