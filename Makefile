.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3#	interpreter that makes the virtual environment (3.11 or newer)
VENV ?= .venv#	the virtual environment
DJANGO ?= 52#	Django series to install: 42 or 52
BIN ?= $(VENV)/bin#	where the installed commands are
DEMO_ARGS ?=#	arguments of `moocdb demo`, e.g. DEMO_ARGS="--address 127.0.0.1:8001"
PYTEST_ARGS ?=#	arguments of pytest, e.g. PYTEST_ARGS="tests/unit -x"
PYTHON311 ?= python3.11
PYTHON312 ?= python3.12

PINS := $(wildcard requirements/*.txt)
STAMP := $(VENV)/.installed-django$(DJANGO)

.PHONY: help install system-packages demo test check quality golden docs bench requirements dist clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(STAMP)  ## Install the package and all tools into .venv, again only when requirements changed

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, but $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.12 …"; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian: apt-get install python3-venv"; \
	  exit 1; }
	$(PYTHON) -m venv $(VENV)

$(STAMP): $(PINS) setup.py | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet -r requirements/dev.txt -r requirements/django$(DJANGO).txt
	$(VENV)/bin/python -m pip install --quiet --no-deps --editable .
	@rm -f $(VENV)/.installed-*
	@touch $@

system-packages:  ## Install the servers and programs that tests use (as root on Debian), or name them
	scripts/system-packages $(PYTHON)

demo: install  ## Simulate a course, import its log, serve the pages (DEMO_ARGS)
	$(BIN)/moocdb demo $(DEMO_ARGS)

test: system-packages  ## Everything that must hold: install, quality, all tests (PYTEST_ARGS)
	$(MAKE) install
	$(MAKE) check
	$(BIN)/python -m pytest $(PYTEST_ARGS)

quality: install  ## Read the code: ruff, mypy, import rules, migrations, personal data
	$(MAKE) check

check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m django makemigrations --check --dry-run --settings tests.settings
	DJANGO_SETTINGS_MODULE=tests.settings PYTHONPATH=. $(BIN)/code_annotations django_find_annotations \
	  --config_file .pii_annotations.yml --lint --coverage

golden: install  ## Write the golden files of the event types again; read the diff before you commit it
	$(BIN)/python -m tests.golden.update

docs: install  ## Write docs/reference again from the code
	$(BIN)/python -m tests.docs.update

bench: install  ## Measure the numbers of the README
	$(BIN)/python benchmarks/location.py
	$(BIN)/python benchmarks/import.py

requirements:  ## Resolve requirements/*.in anew into pinned *.txt (needs both Pythons)
	scripts/compile-requirements $(PYTHON311) $(PYTHON312)

dist: install  ## Build the wheel and the source distribution into dist/
	$(BIN)/python -m build

clean:  ## Remove what the other targets made, but for .venv
	rm -rf build dist demo htmlcov pii_report benchmarks/data *.egg-info .coverage .coverage.*
	rm -rf .import_linter_cache .hypothesis .mypy_cache .pytest_cache .ruff_cache .tox
	find . -path ./$(VENV) -prune -o -type d -name __pycache__ -exec rm -rf {} +
