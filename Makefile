# Two commands need nothing but Python 3.11 or newer and a C++ compiler: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help dist docs run smoke gauntlet test laws test-peers peers peers-rust peers-go peers-ts flows record clean reliability

help:  ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: $(VENV)/.run peers  ## Replay the parity probe against the Python, Rust and Go runtimes
	$(VENV)/bin/conformance run cases/validatord

smoke: $(VENV)/.run peers  ## Run the smokes on the reference stack, and on the peers those that they support
	$(VENV)/bin/conformance run cases/smoke

gauntlet: $(VENV)/.test peers  ## Run the whole chain that a change has to pass, and give a verdict
	$(VENV)/bin/tox run -q -x 'testenv:check.commands=conformance gauntlet'

test: $(VENV)/.test peers  ## Lint, type-check, check imports, run all tests
	$(VENV)/bin/tox run

laws: $(VENV)/.test  ## Try the two laws of comparison on 10,000 random runs each
	LAW_RUNS=10000 $(VENV)/bin/tox run -q -x 'testenv:check.commands=pytest -q tests/comparison/test_truth.py tests/comparison/test_extra_elements.py tests/comparison/test_restriction.py'

reliability: $(VENV)/.test peers  ## Measure how reliable all is and write docs/reliability.md; QUICK=1 takes 5 minutes, not 60
	$(VENV)/bin/tox run -q -x 'testenv:check.commands=python -m tests.reliability $(if $(QUICK),--quick)'

test-peers: peers-ts  ## Test the Rust, Go and TypeScript peers; needs cargo, go and npm
	cargo test --quiet --release --locked --manifest-path peers/rust/Cargo.toml
	cd peers/go && test -z "$$(gofmt -l .)" && go vet ./... && go test ./...
	cd peers/ts && node_modules/.bin/tsc --noEmit && node_modules/.bin/bun test

record: $(VENV)/.run peers  ## Record the peers' answers again
	$(VENV)/bin/conformance record cases

peers: peers-rust peers-go peers-ts  ## Build the peers whose toolchains are here

peers-rust:
	@if command -v cargo >/dev/null; then cargo build --quiet --release --locked --manifest-path peers/rust/Cargo.toml; \
	else echo "cargo is missing: the recording of the Rust peer stands in"; fi

peers-go:
	@if command -v go >/dev/null; then cd peers/go && go build -trimpath -buildvcs=false -o bin/lakehouse ./cmd/lakehouse; \
	else echo "go is missing: the recording of the Go peer stands in"; fi

peers-ts:
	@if command -v npm >/dev/null; then cd peers/ts && { test node_modules -nt package-lock.json || \
	{ npm ci --silent --no-audit --no-fund --ignore-scripts && node node_modules/bun/install.js && touch node_modules; }; }; \
	else echo "npm is missing: the recording of the TypeScript peer stands in"; fi

FLOWS := peers/flows

flows: $(FLOWS)/.venv/.installed $(FLOWS)/node_modules  ## Install the servers of the example flows; needs npm

$(FLOWS)/.venv/.installed: $(FLOWS)/requirements.txt
	$(PYTHON) -m venv $(FLOWS)/.venv
	$(FLOWS)/.venv/bin/python -m pip install --quiet --requirement $<
	@touch $@

$(FLOWS)/node_modules: $(FLOWS)/package-lock.json
	@if command -v npm >/dev/null; then cd $(FLOWS) && npm ci --silent --no-audit --no-fund --ignore-scripts && touch node_modules; \
	else echo "npm is missing: the recordings of two servers of the flows stand in"; fi

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV) || { echo "no virtual environment: Debian has it in the package python3-venv" >&2; exit 1; }

$(VENV)/.run: $(VENV)/bin/python pyproject.toml reference_impl/pyproject.toml
	$(VENV)/bin/python -m pip install --quiet --editable ./reference_impl --editable '.[reference]'
	@touch $@

$(VENV)/.test: $(VENV)/bin/python pyproject.toml
	$(VENV)/bin/python -m pip install --quiet 'tox>=4.30'
	@touch $@

dist: $(VENV)/bin/python  ## Build both distributions into dist/, and check what the index would take
	$(VENV)/bin/python -m pip install --quiet 'build>=1.3' 'twine>=6.2'
	rm -rf dist
	$(VENV)/bin/python -m build --outdir dist .
	$(VENV)/bin/python -m build --outdir dist reference_impl
	$(VENV)/bin/python -m twine check --strict dist/*

docs: $(VENV)/bin/python pyproject.toml  ## Build the docs site into build/site/, strictly
	$(VENV)/bin/python -m pip install --quiet --editable ./reference_impl --editable '.[docs,pytest]'
	$(VENV)/bin/python -m tests.docs.site_pages
	$(VENV)/bin/zensical build --strict --clean

clean:  ## Remove everything that was made
	rm -rf $(VENV) .tox build dist reports/runs peers/rust/target peers/go/bin peers/ts/node_modules $(FLOWS)/.venv $(FLOWS)/node_modules
