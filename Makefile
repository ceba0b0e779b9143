# `make demo` and `make test` set up everything they need; nothing else has to be installed first.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help demo test check oracles bench pictures clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/demo ## train, draw and explain: the main job on real data
	$(RUN) -m examples.demo

test: $(VENV)/dev ## all tests
	$(RUN) -m pytest

check: $(VENV)/dev ## lint, format and types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

oracles: $(VENV)/oracles ## compare with PyTorch and micrograd
	$(RUN) -m pytest tests/oracles

pictures: $(VENV)/demo ## draw the pictures of the README and the documents
	$(RUN) -m examples.pictures

bench: $(VENV)/bench ## time beside the peers, in one run
	$(RUN) -m benchmarks

clean: ## remove what was built
	rm -rf $(VENV) demo-out build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -exec rm -rf {} +

$(VENV)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chainrule needs Python 3.11 or newer; try: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/demo: $(VENV)/python pyproject.toml
	$(RUN) -m pip install --quiet --editable '.[plots,progress]'
	touch $@

$(VENV)/dev: $(VENV)/python pyproject.toml
	$(RUN) -m pip install --quiet --editable '.[dev]'
	touch $@

$(VENV)/bench: $(VENV)/python benchmarks/requirements.txt
	$(RUN) -m pip install --quiet --editable . -r benchmarks/requirements.txt
	touch $@

$(VENV)/oracles: $(VENV)/dev
	$(RUN) -m pip install --quiet torch==2.13.0 micrograd
	touch $@
