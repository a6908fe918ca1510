#!/bin/sh
# Write both locks from pyproject.toml: hashes, every platform, and no address of an index.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python -m pip install -q uv
compile() {
    .venv/bin/uv pip compile -q pyproject.toml --generate-hashes --universal --no-header \
        --no-annotate --no-emit-index-url --no-emit-find-links --python-version 3.11 "$@"
}
compile -o requirements.txt
compile --extra dev -c requirements.txt -o requirements-dev.txt
