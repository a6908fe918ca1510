#!/bin/sh
# Set up with the development lock, then the suite; further arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh dev
# Each worker, and each process a test starts, would compile every module again.
unset PYTHONDONTWRITEBYTECODE
exec .venv/bin/python -m pytest -n 3 --dist worksteal "$@"
