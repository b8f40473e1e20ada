# Two commands: `make run` and `make test`. They need Python 3.11 or newer and nothing else.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv/bin

.PHONY: run setup test quick bench soak tck lock words format clean clean-data python
export PORT

run: python        ## prepare what is missing and serve on http://127.0.0.1:8600 (PORT=8601 for another)
	@$(PYTHON) -m scripts.run
setup: python      ## the tools of a developer, without running anything
	@$(PYTHON) -m scripts.check setup
test: python       ## lint, types, import contracts, all tests, then the browser's
	@$(PYTHON) -m scripts.check all
quick: python      ## lint, types, contracts and tests, without browser and slow ones
	@$(PYTHON) -m scripts.check quick
bench: setup       ## milliseconds per step against the floor, page times, state sizes, the race of 8; SIZES="1000 1000000": open tasks
	@$(VENV)/python -m tests.benchmarks $(SIZES)
soak: setup        ## hostile expressions, definitions, forms and kills by the thousand; one part: make soak PART=feel
	@$(VENV)/python -m tests.soak $(PART)
tck: setup         ## the public DMN conformance suite against our FEEL and DMN: make tck TCK=FOLDER
	@$(VENV)/python -m tests.tck $(TCK)
lock: python       ## renew requirements/*.txt from pyproject.toml
	@$(VENV)/python -m pip install --quiet --disable-pip-version-check uv
	@$(VENV)/python -m scripts.lock
words: setup       ## renew the English catalogues from what the code says; names what has no English yet
	@$(VENV)/python -m scripts.catalogues
format: setup      ## put the code into the one shape
	@$(VENV)/ruff format . && $(VENV)/ruff check --fix .
clean:             ## remove everything that is made, except the data
	rm -rf .venv web/frontend/node_modules web/static/dist test-results .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis *.egg-info build
	find engine storage web scripts tests -name __pycache__ -prune -exec rm -rf {} +
clean-data:        ## remove the demo's database and files (not to be undone)
	rm -rf var
python:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "✗ 没有找到 Python 3.11 以上版本。怎么办：安装后重试，或指明位置：make run PYTHON=/路径/python3"; \
		echo "✗ Python 3.11 or newer was not found. What to do: install it, or name it: make run PYTHON=/path/to/python3"; exit 1; }
