"""A study whose process was killed goes on with `--resume` and leaves the files that an unbroken run would have left."""

import json
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from semblance_core.cli import main
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter
from tests.studies import GUIDE, NAMES, eventually
from tests.zygote import Zygote, kill

PANEL = [{"name": name, "age": 30, "occupation": "nurse"} for name in NAMES[:4]]
FILES = ("personas.json", "transcript.jsonl", "themes.json", "usage.csv", "report.md")
Begin = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "guide.md").write_text(GUIDE)
    (tmp_path / "personas.json").write_text(json.dumps(PANEL))
    return tmp_path


@pytest.fixture
def environment(platform_settings: dict[str, Any]) -> dict[str, str]:
    own = {"SEMBLANCE_ENV": "development", "SEMBLANCE_LEASE_S": 1.5, "SEMBLANCE_CALL_ATTEMPTS": 1}
    return {name: str(value) for name, value in (platform_settings | own).items()}


def answered(asked: Asked) -> Reply:
    """The same answer to the same prompt, however often it is asked."""
    if asked.feature == "code_transcript":
        said = next(line for line in asked.prompt.splitlines() if re.match(r"\[2\] ", line))
        speaker, _, text = said.removeprefix("[2] ").partition(": ")
        quote = " ".join(text.split()[:6])
        return Reply(
            json.dumps({"codes": [{"label": "a code", "verbatims": [{"seq": 2, "speaker": speaker, "quote": quote}]}]})
        )
    if asked.feature == "build_themes":
        return Reply(json.dumps({"themes": [{"name": "A theme", "summary": "Held.", "code_ids": [0]}]}))
    return Reply(chatter(sum(map(ord, asked.prompt)), 30))


def slowly(asked: Asked) -> Reply:
    return Reply(answered(asked).text, delay_s=0.08)


def study(mode: str) -> list[str]:
    return [
        "run",
        "--personas",
        "../personas.json",
        "--guide",
        "../guide.md",
        "--mode",
        mode,
        "--turns",
        "14",
        "--seed",
        "4",
    ]


@pytest.fixture
def begin(zygote: Zygote, folder: Path, environment: dict[str, str]) -> Begin:
    """Begins a command in a process of its own, whose files are in a folder of this name."""

    def start(name: str, *command: str) -> int:
        own = folder / name
        own.mkdir(exist_ok=True)
        (own / "code.txt").unlink(missing_ok=True)
        return zygote.start(environment, arguments=[*command, "--out", "out"], folder=str(own))

    return start


def code_of(folder: Path) -> int:
    """Its exit code, once it has ended."""
    eventually(lambda: (folder / "code.txt").exists() and (folder / "code.txt").read_text(), within_s=60)
    return int((folder / "code.txt").read_text())


def session_in(folder: Path) -> str:
    found = re.search(r"--resume (\S+)", (folder / "said.txt").read_text())
    assert found, (folder / "said.txt").read_text()
    return found[1]


def left_in(out: Path) -> tuple[Any, ...]:
    """What the files say, apart from ids, times and what the broken call cost."""
    assert {path.name for path in out.iterdir()} == set(FILES)
    messages = [json.loads(line) for line in (out / "transcript.jsonl").read_text().splitlines()]
    told = [(each["seq"], each["role"], each["speaker"], each["text"], each["status"]) for each in messages]
    headings = re.findall(r"^#+ .*$", (out / "report.md").read_text(), re.MULTILINE)
    return told, json.loads((out / "themes.json").read_text())["themes"], headings


def discussing(server: ScriptedServer) -> bool:
    return len(server.asked) >= 7


def analysing(server: ScriptedServer) -> bool:
    return any(asked.feature == "build_themes" for asked in server.asked)


@pytest.mark.parametrize(
    ("mode", "until"),
    [("autonomous", discussing), ("moderated", discussing), ("autonomous", analysing)],
    ids=["in the discussion", "in a moderated round", "in the analysis"],
)
def test_a_killed_study_is_resumed_and_ends_like_an_unbroken_one(
    folder: Path,
    begin: Begin,
    model_server: ScriptedServer,
    mode: str,
    until: Callable[[ScriptedServer], bool],
) -> None:
    model_server.script = slowly
    broken, whole = folder / "broken", folder / "whole"
    killed = begin("broken", *study(mode))
    eventually(lambda: until(model_server), within_s=60)
    kill(killed)
    session = session_in(broken)
    assert not list((broken / "out").glob("*.jsonl"))
    model_server.script = answered
    begin("broken", "run", "--resume", session)
    begin("whole", *study(mode))
    assert code_of(broken) == 0, (broken / "said.txt").read_text()
    assert code_of(whole) == 0
    assert left_in(broken / "out") == left_in(whole / "out")
    figures = json.loads((broken / "out.txt").read_text().splitlines()[-1])
    assert figures["ended_because"] == "guide_covered"
    # The calls in flight when it was killed were made again: they are on record, at what they can have cost at most.
    calls, unbroken = (len((each / "out" / "usage.csv").read_text().splitlines()) - 1 for each in (broken, whole))
    assert figures["calls"] == calls
    assert unbroken <= calls <= unbroken + 4
    # One that was about to be made is on record too, because nobody can tell.
    assert len(model_server.asked) <= calls + unbroken <= len(model_server.asked) + 4


def test_a_study_that_is_told_to_stop_hands_its_turn_back_and_says_how_to_go_on(
    folder: Path, begin: Begin, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply(answered(asked).text, delay_s=0.08 if asked.number < 6 else 60.0)
    stopped = begin("broken", *study("autonomous"))
    eventually(lambda: len(model_server.asked) >= 7, within_s=60)
    began = time.monotonic()
    kill(stopped, signal.SIGTERM)
    assert code_of(folder / "broken") == 143
    assert time.monotonic() - began < 10
    session = session_in(folder / "broken")
    model_server.script = answered
    began = time.monotonic()
    begin("broken", "run", "--resume", session)
    assert code_of(folder / "broken") == 0


def test_what_cannot_be_resumed_is_a_sentence(
    folder: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    assert main(["run", "--resume", "nothing", "--out", "out"]) == 2
    assert "There is no such focus group." in capsys.readouterr().err
    assert main(["run", "--out", "out"]) == 2
    assert "--resume" in capsys.readouterr().err
    assert main(["run", "--brief", "x", "--out", "out"]) == 2
    assert "--guide" in capsys.readouterr().err
