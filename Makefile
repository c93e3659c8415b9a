# `make` alone lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
AWS_CLI := .venv-aws/installed

# For the commands that need settings but no real pool.
export DJANGO_SETTINGS_MODULE ?= tests.settings

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: demo
demo: $(INSTALLED) ## Run the portal with its local pool (PORT, POOL_PORT, RESET=1)
	@exec $(BIN)/python deploy/demo.py

.PHONY: test
test: $(INSTALLED) $(AWS_CLI) ## Run every test, the browser's too (ARGS=tests/… for some of them)
	@$(PYTEST) $(ARGS)

.PHONY: coverage
coverage: $(INSTALLED) $(AWS_CLI) ## Count the lines that tests run through; 95 in a hundred are asked for
	@$(PYTEST) --cov --cov-report= $(foreach path,$(UNCOUNTED),--ignore=$(path))
	@$(BIN)/coverage report --include="localpool/*" --fail-under=95
	@$(BIN)/coverage report --omit="localpool/*,*/migrations/*" --fail-under=95

# Thousands of requests on ways that others count: counting lines makes them more than twice as slow.
UNCOUNTED = tests/machine tests/mfa_settings/preference/test_every_pool.py tests/browser tests/contract
# On every core; WORKERS=0 runs them one after the other.
PYTEST = AWS_CLI="$(CURDIR)/.venv-aws/bin/aws" $(BIN)/python -m pytest -n $(or $(WORKERS),auto) --dist worksteal

.PHONY: soak
soak: $(INSTALLED) ## Try to break the promises of tests/machine in new ways (SEQUENCES=10000, SEED=… again, SHRINK=1)
	@$(BIN)/python -m tests.machine

.PHONY: check
check: $(INSTALLED) ## Lint, types, import rules, templates, migrations, Django's own checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING

.PHONY: format
format: $(INSTALLED) ## Put code and templates into their shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

.PHONY: bench
bench: $(INSTALLED) ## Measure what a view and a save cost, in round trips to the pool
	@$(BIN)/python -m pytest -q tests/bench.py

.PHONY: screenshots
screenshots: $(INSTALLED) ## Take a picture of every page; those of the README go to docs/
	$(BIN)/python -m pytest -q tests/browser/screenshots.py

.PHONY: contract
contract: $(INSTALLED) ## Ask a pool what the sources leave open (ENDPOINT=local, or REGION=… for AWS)
	@$(BIN)/python -m tests.contract

.PHONY: requirements
requirements: $(INSTALLED) ## Compile the pinned, hashed lists from pyproject.toml (UPGRADE=1 for newer ones)
	$(COMPILE) --output-file requirements.txt pyproject.toml
	@# A constraint must not name extras; a pinned requirement must, or pip looks for a newer one.
	@sed -E 's/^([A-Za-z0-9_.-]+)\[[A-Za-z0-9,_-]+\]/\1/' requirements.txt > .venv/constraints.txt
	$(COMPILE) --extra dev --allow-unsafe --constraint .venv/constraints.txt --output-file requirements-dev.txt pyproject.toml
	$(COMPILE) --output-file tests/aws-cli/requirements.txt tests/aws-cli/requirements.in

COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --no-strip-extras $(if $(UPGRADE),--upgrade) \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.PHONY: clean
clean: ## Remove everything that these commands made
	rm -rf .venv .venv-aws .demo .cache .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache staticfiles portal.sqlite3* test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=python3.11")'
	@echo "Installing into .venv: a minute or two, the first time."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Apart, since the AWS CLI pins a botocore of its own.
$(AWS_CLI): tests/aws-cli/requirements.txt
	@echo "Installing the AWS CLI into .venv-aws: a minute, the first time."
	@$(PYTHON) -m venv .venv-aws
	@.venv-aws/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
