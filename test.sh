#!/usr/bin/env bash
# Runs the whole suite; installs what it needs first, once. Arguments go on to pytest.
set -euo pipefail
cd "$(dirname "$0")"
. ./environment.sh requirements-dev.txt
ruff check .
ruff format --check .
mypy
# A file's tests stay together, in the order in which they stand.
python -m pytest -n 2 --dist loadfile --no-loadscope-reorder "$@"
