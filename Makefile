# What a newcomer needs: `make run` and `make test`. Everything else is a part of those two, or
# asks more of the same tests.

VENV := .venv
BIN := $(VENV)/bin
# The first Python on this machine that is new enough.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard app/translations/*/LC_MESSAGES/messages.po))
PYTEST := $(BIN)/pytest -n 2 --dist worksteal
# In seconds; the longest of the full figures takes an hour on a slow machine.
PATIENT := -o faulthandler_timeout=7200
# What `make check` asks, and the rest of the tests need not ask again.
CHECKED := tests/guards/test_translations.py tests/guards/test_requirements.py
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.PHONY: run test test-deep mutants bench check lint format messages lock

run: $(VENV)/.runtime $(CATALOGUES)
	@scripts/run_demo.sh

# The browser goes last and by itself: its time-outs are meant for pages, not for a machine that is
# busy with something else.
test: check
	$(PYTEST) --ignore=tests/browser $(CHECKED:%=--ignore=%)
	$(PYTEST) tests/browser

test-deep: check
	$(PYTEST) --deep $(PATIENT) --ignore=tests/browser $(CHECKED:%=--ignore=%)
	$(PYTEST) --deep $(PATIENT) tests/browser

# Faults planted in the rule of need-to-know, one at a time: tests/model has to notice each.
mutants: $(VENV)/.dev
	$(BIN)/python scripts/mutants.py

# What the main pages cost, in a small and a large region on both databases; ARGS=--quick is a look
# at whether it still runs.
bench: $(VENV)/.dev $(CATALOGUES)
	$(BIN)/python scripts/bench.py $(ARGS)

check: lint
	$(BIN)/pytest -q $(CHECKED)

lint: $(VENV)/.dev $(CATALOGUES)
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Gathers the Dutch sentences from code and templates into the other languages' catalogues.
messages: $(VENV)/.dev
	$(BIN)/pybabel -q extract -F pyproject.toml -k _l -k lazy_gettext --sort-output --no-location \
		--omit-header -o $(VENV)/messages.pot .
	$(BIN)/pybabel -q update -N --ignore-obsolete --ignore-pot-creation-date \
		-i $(VENV)/messages.pot -d app/translations

lock: $(VENV)/.dev
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) -c requirements.txt requirements-dev.in -o requirements-dev.txt

%.mo: %.po $(VENV)/.runtime
	$(BIN)/pybabel compile -i $< -o $@

$(BIN)/pip:
	$(or $(PYTHON),$(error Python 3.11 or newer is needed)) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
