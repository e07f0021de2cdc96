#!/usr/bin/env bash
# Builds and starts Semblance with docker compose, or brings a running installation up to this version. Data is never
# touched: no volume is removed and nothing is pruned.
set -euo pipefail

TRIES=30
PAUSE_S=2
REQUIRED=(MONGO_ROOT_PASSWORD MONGO_APP_PASSWORD MONGO_KEYFILE RABBITMQ_PASSWORD SEMBLANCE_COOKIE_KEY)
READY='import http.client as h; c = h.HTTPConnection("127.0.0.1", 8501, timeout=4); '
READY+='c.request("GET", "/api/health/ready"); a = c.getresponse(); print(a.read().decode()); exit(a.status != 200)'

usage() {
  cat <<'HELP'
Usage: ./deploy.sh [--env-file FILE] [--dry-run] [--help]

Checks the keys in .env, gets and builds the images, starts all services, waits until the app is ready, takes over the
price list, and checks that a worker answers. Run it again after each change of .env and for each new version.

  --env-file FILE  read the keys from FILE instead of .env beside this script
  --dry-run        check the keys, print each command, run none of them
  --help           this text

Exit code 0: all is up. 1: something failed, said in words. 2: keys or arguments are not usable.
HELP
}

say() { printf '%s\n' "$*"; }
complain() { printf 'deploy.sh: %s\n' "$*" >&2; }

# The value of a key in the file, without its quotes; the last line that sets it counts, as for compose.
value_of() {
  local line value=""
  while IFS= read -r line || [ -n "$line" ]; do
    if [[ "$line" =~ ^[[:space:]]*(export[[:space:]]+)?"$1"[[:space:]]*=[[:space:]]*(.*)$ ]]; then
      value="${BASH_REMATCH[2]}"
      if [[ "$value" =~ ^\"([^\"]*)\" || "$value" =~ ^\'([^\']*)\' ]]; then
        value="${BASH_REMATCH[1]}"
      else
        value="${value%%[[:space:]]#*}"
        value="${value%"${value##*[![:space:]]}"}"
      fi
    fi
  done <"$env_file"
  printf '%s' "$value"
}

keys_of_file() {
  sed -nE 's/^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)[[:space:]]*=.*/\2/p' "$env_file" | sort -u
}

is_placeholder() {
  local told='change[-_ ]?me|replace[-_ ]?me|placeholder|your[-_ ].*(key|password|secret)'
  [[ "${1,,}" =~ ($told|(^|[-_])x{3,}$|x{5}|^todo$|^\.+$|^<.*>$|example) ]]
}

check_key() {
  local name="$1" value least=16
  value="$(value_of "$name")"
  case "$name" in
    SEMBLANCE_COOKIE_KEY | MONGO_KEYFILE) least=32 ;;
  esac
  if [ -z "$value" ]; then
    complain "$name is not set in $env_file."
  elif is_placeholder "$value"; then
    complain "$name in $env_file still holds a placeholder."
  elif [ "${#value}" -lt "$least" ]; then
    complain "$name in $env_file is too short: ${#value} characters, $least are needed."
  elif [[ "$name" == *_PASSWORD && ! "$value" =~ ^[A-Za-z0-9._~-]+$ ]]; then
    complain "$name in $env_file may have letters, digits and . _ ~ - only, because it stands in an address."
  elif [[ "$name" == MONGO_KEYFILE && ! "$value" =~ ^[A-Za-z0-9+/=]{32,1024}$ ]]; then
    complain "MONGO_KEYFILE in $env_file may have letters, digits and + / = only, 1024 at most."
  else
    return 0
  fi
  return 1
}

check_keys() {
  local name value wrong=0
  if [ ! -r "$env_file" ]; then
    complain "there is no file $env_file that can be read: cp .env.example .env, and put your values in."
    return 1
  fi
  for name in "${REQUIRED[@]}"; do
    check_key "$name" || wrong=1
  done
  for name in $(keys_of_file); do
    [[ " ${REQUIRED[*]} " == *" $name "* ]] && continue
    value="$(value_of "$name")"
    [[ "$name" == *_KEY || "$name" == *PASSWORD* || "$name" == *_URL ]] || continue
    if [ -n "$value" ] && is_placeholder "$value"; then
      complain "$name in $env_file still holds a placeholder: put a value in, or take the line out."
      wrong=1
    fi
  done
  if [[ "$(value_of SEMBLANCE_ENV)" == development ]]; then
    complain "SEMBLANCE_ENV in $env_file is development, whose accounts anybody can guess: take the line out."
    wrong=1
  fi
  return "$wrong"
}

check_machine() {
  if ! command -v docker >/dev/null; then
    complain "docker was not found. Install Docker Engine with its compose plugin."
    return 1
  fi
  if ! docker compose version >/dev/null 2>&1; then
    complain "docker has no compose plugin (docker compose version fails). Install it."
    return 1
  fi
  if ! docker info >/dev/null 2>&1; then
    complain "the Docker service does not answer. Start it, or run this as somebody who may use it."
    return 1
  fi
}

compose() {
  local command=(docker compose --env-file "$env_file" "$@")
  if [ "$dry_run" = yes ]; then
    printf '+ %s\n' "$(printf '%q ' "${command[@]}" | sed 's/ $//')"
  else
    "${command[@]}"
  fi
}

# What failed, and the last that the services named said.
fail() {
  complain "$1"
  shift
  if [ "$#" -gt 0 ]; then
    complain "the last lines of $*:"
    compose logs --no-color --tail 40 "$@" >&2 || complain "their log could not be read."
  fi
  exit 1
}

# until_answers WORDS COMMAND…: tries it up to 30 times; on failure the last answer stays in $answer.
until_answers() {
  local words="$1" try
  shift
  if [ "$dry_run" = yes ]; then
    compose "$@"
    return 0
  fi
  say "Waiting until $words …"
  for ((try = 1; try <= TRIES; try++)); do
    if answer="$(compose "$@" 2>&1)"; then
      return 0
    fi
    [ "$try" -eq "$TRIES" ] || sleep "$PAUSE_S"
  done
  return 1
}

cd "$(dirname "${BASH_SOURCE[0]}")"
env_file=.env
dry_run=no
answer=""
while [ "$#" -gt 0 ]; do
  case "$1" in
    --env-file)
      [ "$#" -gt 1 ] || { complain "--env-file needs a file."; exit 2; }
      [[ "$2" == /* ]] && env_file="$2" || env_file="${OLDPWD:-$PWD}/$2"
      shift
      ;;
    --dry-run) dry_run=yes ;;
    -h | --help) usage; exit 0 ;;
    *) complain "there is no option $1."; usage >&2; exit 2 ;;
  esac
  shift
done

check_keys || exit 2
# The file counts, and not what this shell happens to have under the same names.
for name in $(keys_of_file); do
  [[ "$name" =~ ^(PATH|HOME|UID)$ ]] || unset "$name"
done
model=""
for name in GEMINI_API_KEY OPENAI_API_KEY GEMINI_BASE_URL OPENAI_BASE_URL SEMBLANCE_MODEL; do
  model+="$(value_of "$name")"
done
if [ -z "$model" ]; then
  say "No model's key is set: the built-in simulator will answer, and say so."
fi
if [ -z "$(value_of SEMBLANCE_URL)" ]; then
  say "SEMBLANCE_URL is not set: the app will answer under any name. Set it to the address that people open."
fi
[ "$dry_run" = yes ] || check_machine || exit 1

# MongoDB and RabbitMQ read these as users of their own, also where the checkout was made under a strict umask.
if [ "$dry_run" = yes ]; then
  say "+ chmod -R a+rX deploy"
else
  chmod -R a+rX deploy || fail "the files in deploy/ cannot be made readable for the services."
fi
compose config --quiet || fail "compose.yaml and $env_file do not fit together."
compose pull mongo rabbitmq || fail "the images of MongoDB and RabbitMQ could not be pulled; what is running was left as it is."
compose build --pull app || fail "the image could not be built; what is running was left as it is."
compose up --detach --remove-orphans || fail "not every service came up." mongo mongo-setup rabbitmq app
until_answers "the app is ready" exec -T app python -c "$READY" ||
  fail "the app was not ready after $TRIES tries: ${answer##*$'\n'}" app
compose exec -T app python -m semblance_core seed-pricing ||
  fail "the price list could not be taken over." app
until_answers "a worker answers" exec -T app python -m semblance_core workers ||
  fail "no worker answered in $TRIES tries: ${answer##*$'\n'}" worker

if [ "$dry_run" = yes ]; then
  say "Nothing was run."
  exit 0
fi
say "Semblance is up: the app is ready, and these workers answer:"
say "$answer"
say "The first account: docker compose exec app python -m semblance_core add-user NAME --role admin"
