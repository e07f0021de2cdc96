# Sourced by start.sh and test.sh: a virtual environment with the pinned requirements of the file named, installed once.
if ! command -v python3 >/dev/null; then
  echo "Semblance needs Python 3.11 or newer, and there is no python3 on PATH." >&2
  exit 1
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Semblance needs Python 3.11 or newer; python3 is $(python3 --version)." >&2
  exit 1
fi
if [ -z "${VIRTUAL_ENV:-}" ]; then
  [ -x .venv/bin/python ] || python3 -m venv .venv
  # shellcheck disable=SC1091
  . .venv/bin/activate
fi
wanted=$(cat requirements*.txt constraints.txt | cksum)
stamp="$VIRTUAL_ENV/.semblance-$1"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  echo "Installing $1 into $VIRTUAL_ENV …" >&2
  python -m pip install --quiet --disable-pip-version-check uv==0.13.9
  python -m uv pip install --quiet --python "$(command -v python)" -r "$1"
  echo "$wanted" >"$stamp"
fi
