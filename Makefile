PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8899

.PHONY: help demo test check accuracy bench mutation docs notice lock pictures format clean

help:
	@echo "make demo   the bot, a chat page and sample data in one process (no token, no network)"
	@echo "make test   set up and run every check"
	@echo "make bench  measure, print a table"
	@echo "make mutation  change the rules of the terms one by one: does a test notice?"
	@echo "make accuracy  score the readers on the shown cases, renew the tables of docs/reading.md"
	@echo "make docs   draw the diagrams in docs/ anew"
	@echo "make notice  list the licences of the dependencies in NOTICE anew, refuse GPL and AGPL"
	@echo "make pictures  take the pictures in docs/ anew (needs chromium)"
	@echo "make lock   pin the dependencies anew, with hashes (needs uv)"
	@echo "make format lay the code out as the checks want it"

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
	$(BIN)/python -m docs.licences --check
	$(BIN)/pytest -n 2 --cov
	@command -v chromium >/dev/null || echo "WARNING: no chromium here: the browser tests did NOT run. Debian: apt-get install chromium fonts-noto-cjk"

pictures: .venv/ready
	GREEN_CHANNEL_PICTURES=1 $(BIN)/pytest tests/browser

bench: .venv/ready
	$(BIN)/python -m benchmarks $(if $(KEEP),--write)
	$(BIN)/python -m benchmarks.readers $(if $(KEEP),--write)

mutation: .venv/ready
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-mutation.txt
	rm -rf mutants
	$(BIN)/mutmut run --max-children 2
	$(BIN)/mutmut results

accuracy: .venv/ready
	$(BIN)/python -m benchmarks.accuracy tests/examples/*.json --write docs/reading.md

docs: .venv/ready
	$(BIN)/python -m docs.draw

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-strip-extras --quiet

lock:
	$(LOCK) --output-file requirements.txt
	$(LOCK) --group dev --output-file requirements-dev.txt
	$(LOCK) --group dev --group mutation --output-file requirements-mutation.txt

notice: .venv/ready
	$(BIN)/python -m docs.licences

format: .venv/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv var mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
