# `make` lists the targets. Works from any directory by `make -C`; needs Python 3.11 or newer, nothing else.
.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: help run demo test check lint types format bench lock clients clean FORCE

VENV := .venv
NODE := tests/openapi/node_modules
GENERATOR := $(VENV)/clients
PY := $(VENV)/bin/python
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3.13 python3.12 python3.11 python3 python)
PIP := $(PY) -m pip install --quiet --quiet --disable-pip-version-check --no-input --root-user-action=ignore
# tests wait for processes most of the time, so that more of them than processors pay; a file stays in one process
PROCESSES := 3
TEST = $(PY) -m pytest --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder
# a virtual environment whose interpreter went away is made anew
BROKEN := $(shell $(PY) -c '' 2>/dev/null || echo FORCE)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(VENV)/.run ## the whole stack on this machine, until Ctrl-C; the data stays in .local
	@exec $(PY) -m ops up

demo: $(VENV)/.run ## two months of real figures, beside the published circular
	@exec $(PY) -m ops demo

test: $(VENV)/.dev ## every test, in parallel processes on servers of their own
	@$(TEST)

check: lint types ## all that must be green before a change goes in; with the coverage of branches
	@$(TEST) --cov --cov-report=term

lint: $(VENV)/.dev ## format, style, import contracts
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/lint-imports

types: $(VENV)/.dev ## static types
	@$(PY) -m mypy

format: $(VENV)/.dev ## put the source into its form
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

bench: $(VENV)/.dev ## measure against limits of this machine (minutes)
	@$(PY) -m bench

lock: $(VENV)/.dev ## pin all requirements anew, with hashes and no registry address
	@command -v uv >/dev/null || test -x $(VENV)/bin/uv || $(PIP) uv
	@PATH="$$PATH:$(CURDIR)/$(VENV)/bin"; compile="uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-strip-extras"; \
	$$compile pyproject.toml -o requirements.lock && \
	$$compile pyproject.toml --group dev -o requirements-dev.lock && \
	$$compile --group clients -o requirements-clients.lock

clients: $(NODE)/.installed $(GENERATOR)/.installed ## the linter and the generators of clients that tests of the APIs need

clean: ## remove .venv and caches; the data in .local stays
	rm -rf $(VENV) $(NODE) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.run: requirements.lock $(BROKEN)
	@$(PY) -m pip --version >/dev/null 2>&1 || { $(make-venv) }
	@echo "Installing requirements.lock (once, about a minute) …"
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing requirements-dev.lock (once, about a minute) …"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

# exact versions stand in package.json; a lock file would name a registry
$(NODE)/.installed: tests/openapi/package.json
	@if command -v npm >/dev/null; then \
	  npm install --prefix tests/openapi --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error && touch $@; \
	else echo "npm is not installed: the tests that need it will skip" >&2; fi

$(GENERATOR)/.installed: requirements-clients.lock $(VENV)/.dev
	@$(PY) -m venv --clear $(GENERATOR)
	@$(subst $(PY),$(GENERATOR)/bin/python,$(PIP)) --require-hashes -r $<
	@touch $@

# a name on PATH may be a shim that does not run, or an old version: each is tried
define make-venv
found=; \
for python in $(CANDIDATES); do \
  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { found=$$python; break; }; \
done; \
if test -z "$$found"; then \
  echo "Shensu needs Python 3.11 or newer; none of these is: $(CANDIDATES). Install one, or name it: make PYTHON=/path/to/python" >&2; exit 1; \
fi; \
if ! "$$found" -c 'import venv, ensurepip' 2>/dev/null; then \
  echo "$$found has no venv module: install it (Debian, Ubuntu: apt-get install python3-venv), then run make again" >&2; exit 1; \
fi; \
echo "Making $(VENV) with $$("$$found" --version) …"; \
"$$found" -m venv --clear $(VENV) || exit 1;
endef
