# `make` alone lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
# One environment, filled as far as a command needs it: the demo's list is a part of the whole one.
ENVIRONMENT := .venv/created
DEMO_INSTALLED := .venv/demo-installed
INSTALLED := .venv/installed
AWS_CLI := .venv-aws/installed

# For the commands that need settings but no real pool.
export DJANGO_SETTINGS_MODULE ?= tests.settings

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: demo
demo: $(DEMO_INSTALLED) ## Run the portal with its local pool (PORT, POOL_PORT, RESET=1)
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
check: $(INSTALLED) ## Lint, spelling, types, import rules, templates, migrations, Django's checks, vulnerabilities
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell $$(git ls-files)
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING
	@echo "$(BIN)/python manage.py check --deploy, with the settings of a production"
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	@# Only where the service answers for one package: a check must pass offline too, and say what it left out.
	@if reason=$$($(AUDIT) --format json -r requirements-uv.txt 2>&1 >.venv/audit.json) || test -s .venv/audit.json; then \
		$(MAKE) --no-print-directory audit; \
	else echo "SKIPPED: make audit can't ask for known vulnerabilities here: $${reason##*$$'\n'}"; fi

# Settings that may serve real people. Without COGNITO_MFA no check asks a pool, and there is none to ask.
PRODUCTION = env -i PATH="$(PATH)" DJANGO_SETTINGS_MODULE=portal.settings PORTAL_URL=https://account.example.com \
	PORTAL_SECRET_KEY=for-make-check-which-serves-nobody-and-keeps-nothing PORTAL_TOKEN_KEYS=Zm9yLW1ha2UtY2hlY2std2hpY2gtc2VydmVzLW5vYm8= \
	COGNITO_REGION=eu-central-1 COGNITO_USER_POOL_ID=eu-central-1_MakeCheck COGNITO_CLIENT_ID=makecheck \
	COGNITO_DOMAIN=https://auth.example.com

.PHONY: audit
audit: $(INSTALLED) ## Ask PyPI for known vulnerabilities of everything pinned; fails where it can't be asked
	$(AUDIT) -r requirements-dev.txt -r requirements-uv.txt -r tests/aws-cli/requirements.txt

# Strict: what the service does not know counts as not audited. The whole list holds the shorter ones.
AUDIT = $(BIN)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off

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
	@$(call constrain,requirements.txt)
	$(COMPILE) --extra localpool --constraint .venv/constraints.txt --output-file requirements-demo.txt pyproject.toml
	@$(call constrain,requirements-demo.txt)
	$(COMPILE) --extra localpool,dev --allow-unsafe --constraint .venv/constraints.txt --output-file requirements-dev.txt pyproject.toml
	echo uv | $(COMPILE) --output-file requirements-uv.txt -
	$(COMPILE) --output-file tests/aws-cli/requirements.txt tests/aws-cli/requirements.in

COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --no-strip-extras $(if $(UPGRADE),--upgrade) \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
# What one list pins holds in the next. A constraint must not name extras; a pinned requirement must, or pip looks for a newer one.
constrain = sed -E 's/^([A-Za-z0-9_.-]+)\[[A-Za-z0-9,_-]+\]/\1/' $(1) > .venv/constraints.txt

.PHONY: clean
clean: ## Remove everything that these commands made
	rm -rf .venv .venv-aws .demo .cache .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache staticfiles portal.sqlite3* test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv installs a hashed list in a third of pip's time. Where it can't (no build of it for this machine, an index that only
# pip's configuration names), pip does.
$(ENVIRONMENT): requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=python3.11")'
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@$(PIP) install $(HASHED) --only-binary :all: -r $< || true
	@touch $@

$(DEMO_INSTALLED): requirements-demo.txt | $(ENVIRONMENT)
	@echo "Installing what the demo runs into .venv: half a minute, the first time."
	@$(call install,.venv)
	@touch $@

$(INSTALLED): requirements-dev.txt | $(ENVIRONMENT)
	@echo "Installing everything into .venv: a minute or two, the first time."
	@$(call install,.venv)
	@touch $(DEMO_INSTALLED) $@

# Apart, since the AWS CLI pins a botocore of its own.
$(AWS_CLI): tests/aws-cli/requirements.txt | $(ENVIRONMENT)
	@echo "Installing the AWS CLI into .venv-aws: a minute, the first time."
	@$(PYTHON) -m venv --without-pip .venv-aws
	@$(call install,.venv-aws)
	@touch $@

PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check
HASHED = --require-hashes --no-compile
# The list of the rule into the environment that is named.
install = { test -x $(BIN)/uv && $(BIN)/uv pip install --quiet --require-hashes --python $(1)/bin/python -r $<; } \
	|| { echo "Without uv: pip installs it, which takes longer."; $(PIP) --python $(1)/bin/python install $(HASHED) -r $<; }
