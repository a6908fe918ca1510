#!/bin/sh
# The suite under coverage: at least 85 % overall and 95 % on the pure modules.
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh dev
coverage=.venv/bin/coverage
mkdir -p var/coverage
$coverage erase
$coverage run -m pytest -n 2 -m "not browser" "$@"
$coverage combine -q
$coverage report --skip-covered
$coverage report --format=total --fail-under=95 --include="rulebook/*,filings/states.py,\
budgets/checks/*,budgets/workbook.py,performance/evaluation.py,performance/reading.py,\
performance/scoring/*,disclosures/facts.py,disclosures/narrative/*,disclosures/report/*,\
reviews/workflow.py"
