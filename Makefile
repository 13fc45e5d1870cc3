# Every target needs only Python 3.11; packages come into .venv, servers from packages.
PYTHON ?= python3
PORT ?= 8000
DATA ?=
T ?=
# `web` is the providers' web sites; a folder of that name is ./web.
FROM := $(if $(filter web,$(DATA)),--web,$(if $(DATA),--data "$(DATA)"))
BIN := .venv/bin
# LightGBM wants the system's libgomp.so.1, which a bare Debian lacks: see decisions/0005.
export LD_LIBRARY_PATH := $(CURDIR)/.venv/openmp:$(LD_LIBRARY_PATH)
# Images of containers often forbid compiled modules; each command would then compile for seconds.
export PYTHONDONTWRITEBYTECODE :=
# Threads that wait by spinning slow down whatever runs beside them: see decisions/0022.
export OMP_WAIT_POLICY := passive
# What a checker of settings needs to load them without any server.
DUMMY := DATABASE_URL=postgresql://x:y@127.0.0.1:1/z REDIS_URL=redis://127.0.0.1:1/0 \
  SECRET_KEY=a-key-for-checks-only-that-is-long-and-varied-enough-0123456789 \
  API_KEY_PEPPER=another-for-checks-only-0123456789
DEVELOPMENT := SOCCERPREDICT_LOCAL=True DJANGO_SETTINGS_MODULE=soccerpredict.development LOG_FORMAT=console

.DEFAULT_GOAL := run
.PHONY: help run serve test faults coverage check fix diagram bench screenshots lock clean

help:  ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/runtime  ## the whole platform, until Ctrl-C (PORT=8000, DATA=web or a folder of files)
	SOCCERPREDICT_LOCAL=True $(BIN)/python manage.py run --port $(PORT) $(FROM)

serve: .venv/dev  ## pages and API on the sample, reloaded when code changes, with a debug toolbar
	SOCCERPREDICT_LOCAL=True $(BIN)/python manage.py quickstart $(FROM)
	$(DEVELOPMENT) $(BIN)/python manage.py runserver $(PORT)

test: .venv/dev  ## all tests, or those of T=path at once, on the database of the last time
	$(BIN)/python -m pytest $(if $(T),-n 0 --reuse-db $(T),-n 2 --no-loadscope-reorder)

faults: .venv/dev  ## what the platform promises while parts of it are broken, with what that took
	$(BIN)/python -m pytest -n 0 -m fault --moments 10 -rA --no-header --show-capture=no

coverage: .venv/dev  ## all tests or those of T=path, and the share of lines and branches that they run
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(if $(T),-n 0 --reuse-db $(T),-n 2 --no-loadscope-reorder)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report $(if $(T),,--fail-under=95)

check: .venv/dev  ## lint, types, import contracts, settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/python -m docs.diagram --check
	$(DUMMY) $(BIN)/mypy
	$(DUMMY) $(BIN)/python manage.py makemigrations --check --dry-run
	$(DUMMY) HTTPS=True ALLOWED_HOSTS=example.org $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(DUMMY) $(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null
	$(BIN)/python -m pip check

fix: .venv/dev  ## format, and mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

diagram: .venv/dev  ## the picture in docs/architecture.md, from the import contracts
	$(BIN)/python -m docs.diagram

bench: .venv/dev  ## every promised number, measured (DATA=folder of files)
	$(BIN)/python -m benchmarks $(if $(DATA),--data $(DATA))

screenshots: .venv/dev  ## pictures of every page, into docs/screenshots
	$(BIN)/python -m pytest -q tests/browser/test_pages.py --screenshots docs/screenshots

lock: .venv/bin/uv  ## requirements*.txt from pyproject.toml
	$(BIN)/uv pip compile -q --system-certs --custom-compile-command 'make lock' pyproject.toml --extra embedded -o requirements.txt
	$(BIN)/uv pip compile -q --system-certs --custom-compile-command 'make lock' pyproject.toml --extra embedded --extra dev -o requirements-dev.txt

clean:  ## remove all that was made, data too
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*

.venv/bin/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

.venv/runtime: requirements.txt | .venv/bin/uv
	$(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python -r requirements.txt
	@$(BIN)/python deploy/openmp.py
	@touch $@

.venv/dev: requirements-dev.txt .venv/runtime
	$(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python -r requirements-dev.txt
	@touch $@
