# Every target sets up what it needs: a virtual environment with exactly the hashed versions of requirements.lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test check bench bench-search picture lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once, about two minutes)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

EXAMPLES := $(sort $(wildcard evals/gold/examples/*.json))

demo: setup
	@$(BIN)/chartproof code $(EXAMPLES)
	@echo "The same charts under the policy straight_through: what may be final without a person"
	@echo
	@$(BIN)/chartproof code --brief --policy straight_through $(EXAMPLES)

test: setup
	@$(BIN)/python -m pytest

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: setup
	@$(BIN)/python -m evals.bench

# Search beside simple baselines and without each of its parts; CHARTPROOF_SHARED names the folder of development data.
bench-search: setup
	@$(BIN)/python -m evals.bench_search

# The picture in the README: one example chart as the command prints it.
picture: setup
	@$(BIN)/python -m service.picture evals/gold/examples/example-office-knee.json docs/result.svg

lock:
	uv pip compile --quiet --generate-hashes --python-version 3.11 --extra dev --no-emit-index-url \
	  --no-annotate --no-header pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) build *.egg-info
