"""deploy.sh with a stand-in for docker, which records what it is asked and answers as told."""

import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.studies import REPOSITORY

KEYS = {
    "MONGO_ROOT_PASSWORD": "0f3c9a7714b2d5e8a6c1",
    "MONGO_APP_PASSWORD": "7be1f20c55d94a3388ef",
    "MONGO_KEYFILE": "Zm9jdXMtZ3JvdXBzLWFyZS1zeW50aGV0aWMtaGVyZQ==",
    "RABBITMQ_PASSWORD": "c4b8d13f9e6a2075d1aa",
    "SEMBLANCE_COOKIE_KEY": "9d8c7b6a5f4e3d2c1b0a9d8c7b6a5f4e3d2c1b0a",
    "GEMINI_API_KEY": "AIza-real-looking-key",
}
STAND_IN = """#!/usr/bin/env bash
echo "$*" >>"$CALLS"
env >"$CALLS.environment"
times() { grep -cF -- "$1" "$CALLS"; }
case "$*" in
  *"compose version"*) [ -z "${NO_COMPOSE:-}" ] ;;
  info) [ -z "${NO_SERVICE:-}" ] ;;
  *" config "*) [ -z "${BAD_FILE:-}" ] ;;
  *" pull "*) [ -z "${NO_PULL:-}" ] ;;
  *" build "*) [ -z "${NO_BUILD:-}" ] ;;
  *" up "*) [ -z "${NO_UP:-}" ] ;;
  *" logs "*) echo "log of ${*: -1}: the disk is full" ;;
  *health/ready*)
    [ "$(times health/ready)" -ge "${READY_AT:-1}" ] || { echo "the database does not answer"; exit 1; } ;;
  *seed-pricing*) [ -z "${NO_PRICES:-}" ] ;;
  *" workers"*)
    [ "$(times " workers")" -ge "${WORKER_AT:-1}" ] || { echo "semblance: no worker answers."; exit 1; }
    echo celery@w1 ;;
esac
"""
STEPS = ["config", "pull", "build", "up", "ready", "prices", "workers"]
DESTRUCTIVE = re.compile(r"\bdown\b|\brm\b|\bprune\b|\bvolumes?\b|--volumes|-v\b|\bkill\b|--force-recreate|-V\b")


@dataclass(frozen=True)
class Run:
    code: int
    said: str
    calls: list[str]
    sleeps: int
    environment: str

    @property
    def steps(self) -> list[str]:
        """What was asked of compose, each step once."""
        marks = {"health/ready": "ready", "seed-pricing": "prices", " workers": "workers"}
        found: list[str] = []
        for call in self.calls:
            if not call.startswith("compose --env-file"):
                continue
            word = call.split()[3]
            step = next((step for mark, step in marks.items() if mark in call), word)
            found += [step] if step not in found else []
        return found


class Script:
    """deploy.sh over an .env of the test's own."""

    def __init__(self, folder: Path):
        self._folder = folder
        self.env_file = folder / "env"
        self._calls = folder / "calls"
        programs = folder / "bin"
        programs.mkdir()
        for name, text in {"docker": STAND_IN, "sleep": f'#!/bin/sh\necho "$1" >>"{folder}/sleeps"\n'}.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        self.path = f"{programs}:{os.environ['PATH']}"

    def run(self, *arguments: str, keys: dict[str, str] | None = None, **told: str) -> Run:
        if keys is not None or not self.env_file.exists():
            self.write("".join(f"{name}={value}\n" for name, value in (KEYS if keys is None else keys).items()))
        for old in ("calls", "calls.environment", "sleeps"):
            (self._folder / old).unlink(missing_ok=True)
        done = subprocess.run(
            [str(REPOSITORY / "deploy.sh"), "--env-file", str(self.env_file), *arguments],
            env={"PATH": self.path, "HOME": os.environ.get("HOME", "/"), "CALLS": str(self._calls), **told},
            capture_output=True,
            text=True,
            timeout=60,
            cwd=self._folder,
        )
        text = {name: p.read_text() if (p := self._folder / name).exists() else "" for name in ("calls", "sleeps")}
        environment = p.read_text() if (p := self._folder / "calls.environment").exists() else ""
        calls, sleeps = text["calls"].splitlines(), text["sleeps"].splitlines()
        return Run(done.returncode, done.stdout + done.stderr, calls, len(sleeps), environment)

    def write(self, text: str) -> None:
        self.env_file.write_text(text)


@pytest.fixture
def script(tmp_path: Path) -> Script:
    return Script(tmp_path)


def test_a_good_start_takes_every_step_in_order_and_says_which_workers_answer(script: Script) -> None:
    run = script.run()
    assert (run.code, run.steps, run.sleeps) == (0, STEPS, 0), run.said
    assert "celery@w1" in run.said
    assert "add-user" in run.said


def test_an_app_that_is_ready_at_the_third_try_is_waited_for(script: Script) -> None:
    run = script.run(READY_AT="3")
    assert (run.code, run.steps, run.sleeps) == (0, STEPS, 2)


def test_an_app_that_is_never_ready_fails_after_thirty_tries_with_its_log(script: Script) -> None:
    run = script.run(READY_AT="99")
    assert (run.code, run.sleeps) == (1, 29)
    assert sum("health/ready" in call for call in run.calls) == 30
    assert "the app was not ready after 30 tries: the database does not answer" in run.said
    assert "log of app: the disk is full" in run.said
    assert run.steps == ["config", "pull", "build", "up", "ready", "logs"]


def test_a_worker_that_never_answers_fails_with_its_log(script: Script) -> None:
    run = script.run(WORKER_AT="99")
    assert run.code == 1
    assert "no worker answered in 30 tries: semblance: no worker answers." in run.said
    assert "log of worker: the disk is full" in run.said


@pytest.mark.parametrize(
    ("told", "last", "words"),
    [
        ("BAD_FILE", "config", "do not fit together"),
        ("NO_PULL", "pull", "could not be pulled; what is running was left as it is"),
        ("NO_BUILD", "build", "could not be built; what is running was left as it is"),
        ("NO_UP", "up", "not every service came up"),
        ("NO_PRICES", "prices", "price list could not be taken over"),
    ],
)
def test_a_step_that_fails_is_the_last_one_and_is_named(script: Script, told: str, last: str, words: str) -> None:
    run = script.run(**{told: "1"})
    assert run.code == 1
    assert [step for step in run.steps if step != "logs"] == STEPS[: STEPS.index(last) + 1]
    assert words in run.said


@pytest.mark.parametrize(
    ("told", "words"), [("NO_COMPOSE", "no compose plugin"), ("NO_SERVICE", "the Docker service does not answer")]
)
def test_a_machine_without_what_is_needed_is_told_what(script: Script, told: str, words: str) -> None:
    run = script.run(**{told: "1"})
    assert (run.code, run.steps) == (1, [])
    assert words in run.said


def test_a_machine_without_docker_is_told_so(script: Script, tmp_path: Path) -> None:
    (tmp_path / "bin/docker").unlink()
    bare = tmp_path / "bare"
    bare.mkdir()
    for program in ("bash", "env", "dirname", "sed", "sort", "cat"):
        (bare / program).symlink_to(Path("/usr/bin") / program)
    script.path = str(bare)
    run = script.run()
    assert run.code == 1
    assert "docker was not found" in run.said


@pytest.mark.parametrize("name", sorted(set(KEYS) - {"GEMINI_API_KEY"}))
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "is not set"),
        ("", "is not set"),
        ('""', "is not set"),
        ("change-me", "placeholder"),
        ("CHANGE_ME_PLEASE_OH_PLEASE_DO_IT_NOW", "placeholder"),
        ("<at least forty characters out of a generator>", "placeholder"),
        ("abcdefghijklmnopxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "placeholder"),
        ("xxx", "placeholder"),
        ("'changeme-changeme-changeme-changeme'", "placeholder"),
        ("f00d1e5", "too short"),
        ("f00d1e5 # a remark is no part of the value", "too short"),
    ],
)
def test_a_required_key_that_is_no_secret_is_refused_before_anything_runs(
    script: Script, name: str, value: str | None, words: str
) -> None:
    keys = {key: given for key, given in (KEYS | {name: value}).items() if given is not None}
    run = script.run(keys=keys)
    assert (run.code, run.calls) == (2, [])
    assert re.search(rf"{name} .*{words}", run.said), run.said
    assert run.said.count("deploy.sh:") == 1


def test_every_wrong_key_is_named_at_once_and_no_value_is_shown(script: Script) -> None:
    run = script.run(keys=KEYS | {"RABBITMQ_PASSWORD": "s3cr3t", "MONGO_APP_PASSWORD": "with:a/colon@inside"})
    assert run.code == 2
    assert "RABBITMQ_PASSWORD" in run.said
    assert re.search("MONGO_APP_PASSWORD.* it stands in an address", run.said)
    assert "s3cr3t" not in run.said
    assert "colon" not in run.said


def test_optional_keys_may_be_missing_but_not_placeholders(script: Script) -> None:
    without = script.run(keys={name: value for name, value in KEYS.items() if name != "GEMINI_API_KEY"})
    assert without.code == 0
    assert "the built-in simulator will answer" in without.said
    left = script.run(keys=KEYS | {"OPENAI_API_KEY": "<your key>"})
    assert (left.code, left.calls) == (2, [])
    assert "OPENAI_API_KEY" in left.said


def test_development_is_not_deployed(script: Script) -> None:
    run = script.run(keys=KEYS | {"SEMBLANCE_ENV": "development"})
    assert (run.code, run.calls) == (2, [])


def test_the_example_as_it_is_shipped_is_refused_key_by_key(script: Script) -> None:
    script.write((REPOSITORY / ".env.example").read_text())
    run = script.run()
    assert (run.code, run.calls) == (2, [])
    assert {name for name in KEYS if f"{name} " in run.said} == set(KEYS) - {"GEMINI_API_KEY"}


def test_keys_are_read_as_compose_reads_them(script: Script) -> None:
    lines = [f'export {name}="{value}"  # a remark' for name, value in KEYS.items()]
    script.write("\r\n".join(["# MONGO_APP_PASSWORD=change-me", "MONGO_APP_PASSWORD=change-me", *lines]))
    assert script.run("--dry-run").code == 0
    script.write("".join(f"{name} = {value}  # a remark\r\n" for name, value in KEYS.items()))
    assert script.run("--dry-run").code == 0


def test_what_the_shell_has_under_the_same_name_does_not_count(script: Script) -> None:
    run = script.run(MONGO_ROOT_PASSWORD="of-another-installation")
    assert run.code == 0
    assert "of-another-installation" not in run.environment


def test_a_dry_run_checks_the_keys_prints_every_command_and_runs_none(script: Script, tmp_path: Path) -> None:
    real = [call for call in script.run().calls if call.startswith("compose --env-file")]
    dry = script.run("--dry-run")
    assert (dry.code, dry.calls) == (0, [])
    printed = [line[2:] for line in re.findall(r"^\+ .*", dry.said, re.MULTILINE)]
    assert printed[0] == "chmod -R a+rX deploy"
    assert [" ".join(shlex.split(line)[1:]) for line in printed[1:]] == real
    assert script.run("--dry-run", keys=KEYS | {"MONGO_KEYFILE": "change-me"}).code == 2


@pytest.mark.parametrize("told", ["READY_AT", "WORKER_AT", "NO_UP", "NO_PULL", "NO_BUILD", "NO_PRICES", ""])
def test_data_is_never_touched(script: Script, told: str) -> None:
    run = script.run(**({told: "99"} if told else {}))
    assert run.calls
    assert [call for call in run.calls if DESTRUCTIVE.search(call.replace("compose version", ""))] == []


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(REPOSITORY / "deploy.sh"), "--env-file", "nowhere"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert f"there is no file {tmp_path}/nowhere that can be read: cp .env.example .env" in done.stderr


def test_help_tells_the_options_and_an_unknown_one_is_refused(script: Script) -> None:
    told = script.run("--help")
    assert (told.code, told.calls) == (0, [])
    assert all(option in told.said for option in ("--env-file", "--dry-run", "--help"))
    assert script.run("--down").code == 2
