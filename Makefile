PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check bench format docs

.venv/ready: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

check: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

test: check

bench: .venv/ready
	$(BIN)/python -m benchmarks $(if $(KEEP),--write)
