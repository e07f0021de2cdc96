#!/usr/bin/env bash
# Runs the whole suite; installs what it needs first, once. Arguments go on to pytest.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=environment.sh
. ./environment.sh requirements-dev.txt
ruff check .
ruff format --check .
codespell
mypy
# Three at a time, a file's tests together and in their order (tests/conftest.py), because most of them wait for something;
# then, by themselves, those that hold an app to seconds.
run() {
  local code=0
  python -m pytest "$@" || code=$?
  [ "$code" -eq 5 ] || return "$code" # 5: none of the tests asked for is of this kind
}
run -n 3 --no-loadscope-reorder -m "not alone" "$@"
run -m alone "$@"
