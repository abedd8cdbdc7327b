PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8899

.PHONY: help demo test check bench docs format clean

help:
	@echo "make demo   the bot, a chat page and sample data in one process (no token, no network)"
	@echo "make test   set up and run every check"
	@echo "make bench  measure, print a table"
	@echo "make docs   draw the diagrams in docs/ anew"
	@echo "make format lay the code out as the checks want it"
	@echo "make accuracy  score the readers on the shown cases, renew the tables of docs/reading.md"

.venv/ready: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: .venv/ready
	$(BIN)/python main.py demo --port $(PORT)

test: check

check: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.draw --check
	$(BIN)/pytest -n 2
	@command -v chromium >/dev/null || echo "WARNING: no chromium here: the browser tests did NOT run. Debian: apt-get install chromium fonts-noto-cjk"

bench: .venv/ready
	$(BIN)/python -m benchmarks --write

docs: .venv/ready
	$(BIN)/python -m docs.draw

format: .venv/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: accuracy
accuracy: .venv/ready
	$(BIN)/python main.py accuracy tests/examples/*.json --write docs/reading.md

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
