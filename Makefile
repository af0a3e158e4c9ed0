# Every target does its own set-up: python3 (3.11 or newer), pip and make are enough.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
PIP_AUDIT_VERSION := 2.10.1
READY := $(VENV)/.ready
PRISM := tests/prism/node_modules/.package-lock.json
# Where the environment forbids compiled modules, every process that a test starts would compile the package again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo sandbox docs test test-soak test-lowest test-newest check regenerate update release-check lock audit bench bench-quick build clean

help: ## What each target does.
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml requirements-dev.lock
	@echo "Setting up $(VENV); this takes a minute the first time."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## Start the local Patchworks and let the SDK work against it.
	@$(BIN)/python -m examples.tour

sandbox: $(READY) ## The local Patchworks with ten environments, and a page to look at: make sandbox ARGS='--port 8301'
	@$(BIN)/python -m patchworks_core_client.sandbox --seed --control $(ARGS)

# Without it, its tests are left out and say so.
$(PRISM): tests/prism/package-lock.json
	@npm ci --prefix tests/prism --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null && touch $@ || echo "npm could not install Prism."

test: $(READY) $(PRISM) ## Every test.
	@rm -f .coverage .coverage.* && mkdir -p build
	@$(BIN)/coverage run -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage report --fail-under=100 > build/coverage.txt || { cat build/coverage.txt; exit 1; }

test-soak: $(READY) $(PRISM) ## Every test, the long runs included.
	@$(BIN)/python -m pytest --soak

test-lowest: $(PRISM) ## Every test with the lowest versions that the package allows, on the oldest Python.
	@$(PYTHON) -m venv build/lowest
	@$(PYTHON) scripts/lowest_dependencies.py > build/lowest/constraints.txt
	@build/lowest/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint build/lowest/constraints.txt --editable '.[dev]'
	@build/lowest/bin/python -m pytest

test-newest: $(PRISM) ## Every test with the newest versions that the package allows, whatever the lock says.
	@$(PYTHON) -m venv build/newest
	@build/newest/bin/python -m pip install --quiet --disable-pip-version-check --upgrade --editable '.[dev]'
	@build/newest/bin/python -m pytest

check: $(READY) ## Lint, format, imports, types, generated code up to date, public surface.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@$(BIN)/pyright --pythonpath $(BIN)/python
	@$(BIN)/python scripts/regenerate.py --check
	@$(BIN)/python scripts/check_release.py
	@$(BIN)/python scripts/check_workflows.py

regenerate: $(READY) ## Fragments to spec to generated code, in place.
	@$(BIN)/python scripts/regenerate.py

update: $(READY) ## What the documentation says now: fetch it, regenerate, and say what changed in build/report.md.
	@mkdir -p build
	@$(BIN)/python scripts/fetch_pages.py --into build/pages --unlisted build/unlisted.txt $(FETCH)
	@$(BIN)/python scripts/report_changes.py --pages build/pages --unlisted build/unlisted.txt --output build/report.md
	@$(BIN)/python scripts/regenerate.py --pages build/pages
	@$(BIN)/python scripts/check_release.py --write --raise-version --append-to build/report.md

release-check: $(READY) ## Whether TAG may be released: make release-check TAG=v1.2.3
	@$(BIN)/python scripts/check_release.py --tag '$(TAG)'

bench: $(READY) ## The benchmarks, side by side with the peers: about 20 minutes, into benchmarks/results/.
	@$(BIN)/python -m benchmarks

bench-quick: $(READY) ## A short form of them, once set up under two minutes.
	@$(BIN)/python -m benchmarks --quick

lock: ## The newest allowed versions of everything that development takes, with hashes, into requirements-dev.lock.
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@UV_CUSTOM_COMPILE_COMMAND='make lock' build/lock/bin/uv pip compile --quiet pyproject.toml --extra dev \
		--universal --python-version 3.11 --generate-hashes --no-annotate --upgrade --output-file requirements-dev.lock

docs: $(READY) ## The documentation site, into build/site.
	@$(BIN)/python -m sphinx --builder html --fail-on-warning --keep-going --quiet --doctree-dir build/doctrees docs build/site
	@echo "Open build/site/index.html"

audit: ## The lock against the advisories of PyPI: needs a network.
	@$(PYTHON) -m venv build/audit
	@build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==$(PIP_AUDIT_VERSION)
	@build/audit/bin/pip-audit --requirement requirements-dev.lock --disable-pip --require-hashes --strict \
		|| { echo "make audit: where no advisory is listed above, there was no data, and nothing was checked." >&2; exit 1; }

build: $(READY) ## The wheel and the source distribution, in dist/.
	@$(BIN)/python -m build --no-isolation --quiet

clean: ## Remove what the other targets made.
	rm -rf $(VENV) .venv-peers .venv-bench dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
