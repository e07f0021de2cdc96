#!/usr/bin/env bash
# Starts Semblance on 127.0.0.1:8501; installs what it needs first, once. Arguments go on to `streamlit run`.
set -euo pipefail
cd "$(dirname "$0")"
. ./environment.sh requirements.txt
export SEMBLANCE_ENV="${SEMBLANCE_ENV:-development}"
exec python -m streamlit run app.py "$@"
