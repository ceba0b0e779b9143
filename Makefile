# `make demo` and `make test` set up everything they need; nothing else has to be installed first.

PYTHON ?= python3
VENV := .venv
BENCH := .venv-bench
HIPS := .venv-hips
RUN := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help demo test check fuzz oracles bench probes docs coverage subgradients pictures katex clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/demo ## train, draw and explain: the main job on real data
	$(RUN) -m examples.demo

test: $(VENV)/dev ## all tests
	$(RUN) -m pytest -n auto

check: $(VENV)/dev ## lint, format and types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

fuzz: $(VENV)/dev ## 10,000 random programs, every gradient against the definition
	$(RUN) -m tests.fuzz 10000

oracles: $(VENV)/oracles ## compare with PyTorch and micrograd
	$(RUN) -m pytest tests/oracles

pictures: $(VENV)/demo ## draw the pictures of the README and the documents
	$(RUN) -m examples.pictures

docs: $(VENV)/docs ## the site: docs-out/html/index.html; any warning is an error
	$(RUN) -m docs.site docs-out/source
	$(RUN) -m sphinx -W --keep-going -q -j auto -c docs/site docs-out/source docs-out/html

katex: ## KaTeX, with which the tests and the site typeset formulas; needs npm
	npm install --silent --no-audit --no-fund --prefix .katex katex@0.19.1

coverage: $(VENV)/dev ## try every function of NumPy, and write docs/coverage.md
	$(RUN) -W ignore -m autograd coverage > docs/coverage.md

subgradients: $(VENV)/dev ## differentiate where it is not unique, and write docs/subgradients.md
	$(RUN) -m autograd subgradients > docs/subgradients.md

bench: $(BENCH)/peers $(HIPS)/peers ## measure beside the peers, in one run: a table, bench-out/bench.json and bench.svg
	mkdir -p bench-out
	$(BENCH)/bin/python -m benchmarks --hips $(HIPS)/bin/python --json bench-out/bench.json --plot bench-out/bench.svg

probes: $(BENCH)/peers $(HIPS)/peers ## gradients that go wrong easily, beside the peers: a table
	$(BENCH)/bin/python -m benchmarks.probes --hips $(HIPS)/bin/python

clean: ## remove what was built
	rm -rf $(VENV) $(BENCH) $(HIPS) .katex bench-out demo-out docs-out build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -exec rm -rf {} +

$(VENV)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chainrule needs Python 3.11 or newer; try: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/demo: $(VENV)/python pyproject.toml
	$(RUN) -m pip install --quiet --editable '.[plots]'
	touch $@

$(VENV)/dev: $(VENV)/python pyproject.toml
	$(RUN) -m pip install --quiet --editable '.[dev]'
	touch $@

$(VENV)/docs: $(VENV)/dev
	$(RUN) -m pip install --quiet --editable '.[docs]'
	touch $@

$(BENCH)/peers: benchmarks/requirements.txt pyproject.toml
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --editable '.[plots]' -r benchmarks/requirements.txt
	touch $@

$(HIPS)/peers: benchmarks/requirements-hips.txt
	$(PYTHON) -m venv $(HIPS)
	$(HIPS)/bin/python -m pip install --quiet -r benchmarks/requirements-hips.txt
	touch $@

$(VENV)/oracles: $(VENV)/dev
	$(RUN) -m pip install --quiet torch==2.13.0 micrograd expecttest
	touch $@
