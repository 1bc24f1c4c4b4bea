# Needs Python 3.11 or newer and make; everything else is installed in .venv by hash.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
ASSETS := registry/web/static/manifest.json
BENCH := .venv-bench
BENCH_INSTALLED := $(BENCH)/.installed
AUDIT_VENV := .venv-audit
AUDIT := $(AUDIT_VENV)/.installed
FUZZ_VENV := .venv-fuzz
FUZZ := $(FUZZ_VENV)/.installed
SECONDEN ?= 60
SHARE ?= 0.0625
WORKERS ?= 2
PIP_FLAGS := --quiet --disable-pip-version-check --no-input

# An editable install finds the packages through a path; a path of somebody else must not come first.
unexport PYTHONPATH

.DEFAULT_GOAL := help
.PHONY: help demo test lint unit bench bench-land bench-inspecteurs proof assets wheel lock clean sbom audit fuzz

help: ## toon deze lijst
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(INSTALLED) $(ASSETS) ## maak een verzonnen gemeente en haar werklijst in de map demo/
	$(BIN)/woonregister demo --map demo

test: lint unit ## controleer alles: stijl, typen, lagen en tests (SQLite en PostgreSQL)

lint: $(INSTALLED) ## controleer stijl en typen
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: $(INSTALLED) $(ASSETS) ## draai alleen de tests
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

proof: $(INSTALLED) $(ASSETS) ## draai de lange proeven (vóór een uitgave)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m proof

bench: $(BENCH_INSTALLED) $(ASSETS) ## meet snelheid en geheugen naast andere programma's
	$(BENCH)/bin/python -m benchmarks

bench-land: $(BENCH_INSTALLED) ## meet een deel van heel het land in PostgreSQL (SHARE=0.0625; een uur of langer)
	SHARE=$(SHARE) $(BENCH)/bin/python -m benchmarks national

bench-inspecteurs: $(BENCH_INSTALLED) $(ASSETS) ## meet vijftig inspecteurs terwijl een levering inleest (MINUTEN=10)
	$(BENCH)/bin/python -m benchmarks inspectors

assets: $(ASSETS) ## maak de opmaak van de webpagina's (haalt pakketten uit npm)

wheel: $(INSTALLED) $(ASSETS) ## bouw het pakket om elders te installeren, in dist/
	$(BIN)/python -m build --no-isolation --wheel

sbom: $(AUDIT) ## schrijf waaruit het programma bestaat (CycloneDX), in dist/
	$(AUDIT_VENV)/bin/python scripts/sbom.py

audit: $(AUDIT) ## vraag naar bekende kwetsbaarheden in wat het programma gebruikt
	$(AUDIT_VENV)/bin/python scripts/sbom.py --audit

fuzz: $(FUZZ) ## bestook elke bron met beschadigde bestanden (SECONDEN per vorm)
	$(FUZZ_VENV)/bin/python scripts/fuzz.py --seconds $(SECONDEN)

lock: $(INSTALLED) ## los de afhankelijkheden opnieuw op (voor beheerders van de code)
	$(BIN)/python -m pip install $(PIP_FLAGS) "uv>=0.9"
	scripts/lock $(BIN)/uv

clean: ## gooi weg wat gemaakt is (niet de database)
	rm -rf $(VENV) $(BENCH) $(AUDIT_VENV) $(FUZZ_VENV) build dist demo .mypy_cache .ruff_cache .hypothesis .import_linter_cache .pytest_cache

# The project itself is installed without its dependencies (they are there, by hash) and without an isolated build
# (that would fetch the build tools once more, without hashes).
$(INSTALLED): requirements-dev.txt pyproject.toml
	$(call make_venv,$(VENV))
	$(BIN)/python -m pip install $(PIP_FLAGS) --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install $(PIP_FLAGS) --no-deps --no-build-isolation --editable .
	@touch $@

# The files that pages load, from npm; the script does nothing when they are up to date.
$(ASSETS): $(INSTALLED) scripts/assets.py $(shell find registry/web/frontend registry/web/templates -type f)
	$(BIN)/python scripts/assets.py
	@touch $@

# Tools for who maintains the code; nothing of them is shipped or imported.
$(AUDIT): pyproject.toml
	$(call make_venv,$(AUDIT_VENV))
	$(AUDIT_VENV)/bin/python -m pip install $(PIP_FLAGS) "cyclonedx-bom>=7" "pip-audit>=2.9"
	@touch $@

$(FUZZ): requirements-dev.txt pyproject.toml
	$(call make_venv,$(FUZZ_VENV))
	$(FUZZ_VENV)/bin/python -m pip install $(PIP_FLAGS) --require-hashes -r requirements-dev.txt
	$(FUZZ_VENV)/bin/python -m pip install $(PIP_FLAGS) --no-deps --no-build-isolation --editable .
	$(FUZZ_VENV)/bin/python -m pip install $(PIP_FLAGS) "atheris>=3.0"
	@touch $@

$(BENCH_INSTALLED): requirements-bench.txt pyproject.toml
	$(call make_venv,$(BENCH))
	$(BENCH)/bin/python -m pip install $(PIP_FLAGS) --require-hashes -r requirements-bench.txt
	$(BENCH)/bin/python -m pip install $(PIP_FLAGS) --no-deps --no-build-isolation --editable .
	@touch $@

define make_venv
@command -v $(PYTHON) >/dev/null || \
	{ echo "Python is niet gevonden. Installeer Python 3.11 of nieuwer, of noem het: make PYTHON=/pad/naar/python3" >&2; exit 1; }
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Python 3.11 of nieuwer is nodig; dit is $$($(PYTHON) --version 2>&1). Kies een ander: make PYTHON=python3.12" >&2; exit 1; }
@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo "De module venv van Python ontbreekt. Installeer haar, op Debian en Ubuntu: apt-get install python3-venv" >&2; exit 1; }
@test -x $(1)/bin/python || $(PYTHON) -m venv $(1)
endef
