.PHONY: run test bench lint types layers migrations-check docs lock coverage

python := .venv/bin/python

run:  ## set up, load the sample, serve until Ctrl-C
	@scripts/run.sh

test:  ## the suite; browser tests when a Chromium is found
	@scripts/test.sh

bench:  ## CPU seconds and memory on the sample, into docs/benchmarks.md
	@scripts/setup.sh dev
	$(python) manage.py bench
	$(python) manage.py bench_print
	$(python) manage.py bench_lists

lint:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	git ls-files -z 'templates/*.html' | xargs -0 -r .venv/bin/djade --target-version 5.2 --check
	.venv/bin/bandit -q -ll -r -c pyproject.toml config rulebook departments filings budgets performance disclosures reviews portal

types:
	.venv/bin/mypy

layers:  ## imports only point left
	.venv/bin/lint-imports

migrations-check:
	$(python) manage.py makemigrations --check --dry-run

coverage:  ## of the suite without the browser; 85 % overall, 95 % on the pure modules
	@scripts/coverage.sh

docs:  ## docs/checks.md and the data dictionary, from the code
	$(python) manage.py checks_doc
	$(python) manage.py data_dictionary
	$(python) manage.py package_schema

lock:  ## after a change of the dependencies in pyproject.toml
	scripts/lock.sh
