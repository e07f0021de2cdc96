#!/usr/bin/env bash
# Runs before the image's own entrypoint: writes the keyfile, which mongod takes only from a file that nobody but its own
# user can read. KEYFILE lies in memory (a tmpfs) and is made anew at each start.
set -euo pipefail
keyfile="${KEYFILE:-/run/mongodb/keyfile}"
if [[ ! "${MONGO_KEYFILE:-}" =~ ^[A-Za-z0-9+/=]{6,1024}$ ]]; then
  echo "MONGO_KEYFILE must have 6 to 1024 characters out of A-Z a-z 0-9 + / =; 'openssl rand -base64 48' makes one." >&2
  exit 1
fi
umask 077
rm -f "$keyfile"
printf '%s\n' "$MONGO_KEYFILE" >"$keyfile"
chmod 400 "$keyfile"
unset MONGO_KEYFILE
exec docker-entrypoint.sh "$@"
