"""The command line: files with the documented fields, one JSON object as the last line, exit codes, words on stderr."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.cli import main
from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.accounts.audit_log import AuditFilter
from tests.conftest import KEY
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter, sensible
from tests.studies import GUIDE, process_environment

FIGURES = {
    *("focus_group_id", "messages", "themes", "dropped_quotes", "calls", "prompt_tokens", "cached_tokens"),
    *("completion_tokens", "cost_usd", "recruit_s", "discussion_s", "wall_s", "ended_because", "simulated"),
}
MESSAGE = {
    *("seq", "role", "speaker", "persona_id", "text", "status", "feature", "model", "prompt_tokens"),
    *("cached_tokens", "completion_tokens", "cost_usd", "at"),
}


def shell(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "semblance_core", *arguments]
    return subprocess.run(
        command, cwd=folder, env=process_environment(environment), capture_output=True, text=True, timeout=120
    )


def coded(asked: Asked) -> Reply:
    """Sensible answers; codes quote the first participant's first words."""
    if asked.feature != "code_transcript":
        return sensible(asked)
    said = next(line for line in asked.prompt.splitlines() if line.startswith("[2] "))
    speaker, _, text = said.removeprefix("[2] ").partition(": ")
    quotes = [{"seq": 2, "speaker": speaker, "quote": quote} for quote in (text[:40].rsplit(" ", 1)[0], "Made up.")]
    return Reply(json.dumps({"codes": [{"label": "a code", "verbatims": quotes}]}))


def themed(asked: Asked) -> Reply:
    if asked.feature == "build_themes":
        return Reply(json.dumps({"themes": [{"name": "A theme", "summary": "Held.", "code_ids": [0]}]}))
    return coded(asked)


def read(out: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, str]], str]:
    messages = [json.loads(line) for line in (out / "transcript.jsonl").read_text().splitlines()]
    themes = json.loads((out / "themes.json").read_text())["themes"]
    calls = list(csv.DictReader(io.StringIO((out / "usage.csv").read_text())))
    return messages, themes, calls, (out / "report.md").read_text()


def test_a_study_from_a_brief_runs_autonomously_and_leaves_its_files(
    folder: Path, environment: dict[str, str], model_server: ScriptedServer
) -> None:
    model_server.script = themed
    done = shell(
        folder,
        environment,
        *("run", "--brief", "brief.txt", "--size", "3", "--guide", "guide.md", "--turns", "12", "--seed", "3"),
        *("--out", "out", "--concurrency", "4", "--title", "Oat | milk"),
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    messages, themes, calls, report = read(folder / "out")
    assert figures.keys() == FIGURES
    assert messages[0].keys() >= MESSAGE
    assert [message["seq"] for message in messages] == list(range(1, 13))
    assert {message["role"] for message in messages} == {"moderator", "persona"}
    assert (figures["messages"], figures["ended_because"], figures["simulated"]) == (12, "guide_covered", False)
    assert len(json.loads((folder / "out" / "personas.json").read_text())) == 3
    assert [(theme["name"], len(theme["verbatims"])) for theme in themes] == [("A theme", 1)]
    assert themes[0]["verbatims"][0].keys() == {"seq", "speaker", "quote", "sentiment", "by_hand"}
    assert (figures["themes"], figures["dropped_quotes"]) == (1, 1)

    assert figures["calls"] == len(calls) == len(model_server.asked)
    for name in ("prompt_tokens", "cached_tokens", "completion_tokens"):
        assert figures[name] == sum(int(call[name]) for call in calls)
    assert figures["cost_usd"] == pytest.approx(sum(float(call["cost_usd"]) for call in calls))
    assert 0 < figures["recruit_s"] < figures["wall_s"]
    assert 0 < figures["discussion_s"] < figures["wall_s"]
    assert report.startswith("# Oat \\| milk\n")
    assert "Recruiting 3 personas" in done.stderr
    assert KEY not in done.stdout + done.stderr + report + str(calls)


def test_a_study_with_given_personas_puts_each_question_once_to_all(
    folder: Path, environment: dict[str, str], model_server: ScriptedServer
) -> None:
    model_server.script = themed
    done = shell(
        folder,
        environment,
        *("run", "--personas", "personas.json", "--guide", "guide.md"),
        "--mode",
        "moderated",
        "--out",
        "out",
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    messages, *_ = read(folder / "out")
    assert [message["text"] for message in messages if message["role"] == "moderator"] == [
        line[2:] for line in GUIDE.splitlines() if line.startswith("- ")
    ]
    assert sum(message["role"] == "persona" for message in messages) == 9
    assert (figures["recruit_s"], figures["ended_because"], figures["messages"]) == (0, "guide_covered", 12)


def test_a_study_shows_its_stimuli_at_the_questions_that_name_them(
    folder: Path, environment: dict[str, str], model_server: ScriptedServer
) -> None:
    model_server.script = themed
    (folder / "shown.md").write_text("## A\n- First?\n  show: concept a\n- Second?\n  show: concept b\n- Third?\n")
    for name, word in (("Concept A.txt", "alphaword"), ("Concept B.txt", "betaword"), ("Free.md", "freeword")):
        (folder / name).write_text(f"It says {word}.")
    files = ("--stimulus", "Concept A.txt", "--stimulus", "Concept B.txt", "--stimulus", "Free.md")
    run = ("run", "--personas", "personas.json", "--guide", "shown.md", "--mode", "moderated", "--out", "out")
    done = shell(folder, environment, *run, *files, "--rotate", "2")
    assert done.returncode == 0, done.stderr
    assert "Added Concept A.txt." in done.stderr
    messages, _, _, report = read(folder / "out")
    shown = [message["stimuli"] for message in messages if message["role"] == "moderator"]
    assert shown == [["Free.md", "Concept B.txt"], ["Concept A.txt"], []]
    assert "as for group 2: Concept B.txt at question 1, Concept A.txt at question 2" in report.replace("\\", "")
    assert "First? (shows concept a)" in report.replace("\\", "")
    replies = [asked.prompt for asked in model_server.asked if "Speak now as" in asked.prompt]
    assert ["alphaword" in prompt for prompt in replies] == [False] * 3 + [True] * 6

    before = len(model_server.asked)
    refused = shell(folder, environment, *run, *files[:2])
    assert refused.returncode == 2
    assert "Question 2 shows “concept b”, but no stimulus has this name" in refused.stderr
    assert len(model_server.asked) == before


def test_a_study_with_the_simulator_needs_no_key_and_says_that_it_is_simulated(
    folder: Path, environment: dict[str, str]
) -> None:
    own = {name: value for name, value in environment.items() if not name.startswith("OPENAI")}
    own |= {"SEMBLANCE_MODEL": ""}
    command = ("run", "--brief", "UK shoppers who buy oat milk", "--size", "4", "--guide", "guide.md", "--turns", "20")
    done = shell(folder, own, *command, "--out", "out")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    messages, themes, calls, report = read(folder / "out")
    assert (figures["simulated"], figures["cost_usd"]) == (True, 0)
    assert themes
    texts = {message["seq"]: message["text"] for message in messages}
    assert all(said["quote"] in texts[said["seq"]] for theme in themes for said in theme["verbatims"])
    assert all(message["simulated"] for message in messages)
    assert {call["model"] for call in calls} == {"simulator/v1"}
    assert "simulator" in report


def test_a_model_that_fails_makes_the_run_fail_in_words(
    here: Path, model_server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    model_server.script = lambda asked: Reply(f"bad key {KEY}", status=401)
    assert main(["run", "--brief", "Anybody", "--guide", "guide.md", "--out", "out"]) == 1
    said = capsys.readouterr()
    assert "did not accept the API key" in said.err
    assert KEY not in said.err + said.out
    assert len(model_server.asked) == 1


def test_an_analysis_that_fails_still_leaves_the_transcript_and_its_whole_cost(
    here: Path, model_server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_themes(asked: Asked) -> Reply:
        return Reply("no themes", status=400) if asked.feature == "build_themes" else coded(asked)

    model_server.script = no_themes
    arguments = ["run", "--personas", "personas.json", "--guide", "guide.md", "--mode", "moderated", "--out", "out"]
    assert main(arguments) == 1
    said = capsys.readouterr()
    figures = json.loads(said.out.splitlines()[-1])
    messages, themes, calls, _ = read(here / "out")
    assert (len(messages), themes) == (12, [])
    assert figures["calls"] == len(calls) == len(model_server.asked) == 11
    assert "refused the request" in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--brief", "x", "--guide", "missing.md"], "missing.md cannot be read"),
        (["--brief", "x", "--guide", "brief.txt"], "The guide has no question"),
        (["--brief", "x", "--guide", "latin1.md"], "not a text in UTF-8"),
        (["--personas", "guide.md", "--guide", "guide.md"], "neither a JSON list"),
        (["--personas", "missing.json", "--guide", "guide.md"], "missing.json cannot be read"),
        (["--brief", "x", "--size", "0", "--guide", "guide.md"], "1 to 100"),
        (["--brief", " ", "--guide", "guide.md"], "Write a brief"),
        (["--brief", "x", "--turns", "0", "--guide", "guide.md"], "turn limit"),
        (["--brief", "x", "--size", "1", "--guide", "guide.md"], "at least two participants"),
        (["--brief", "x", "--size", "30", "--guide", "guide.md"], "at most 24"),
        (["--brief", "x", "--guide", "guide.md", "--title", " "], "title has"),
        (["--brief", "x", "--guide", "guide.md", "--as", "nobody"], "no user named nobody"),
    ],
)
def test_what_cannot_be_done_as_asked_is_a_sentence_and_costs_nothing(
    here: Path,
    model_server: ScriptedServer,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    (here / "latin1.md").write_bytes("- Où?".encode("latin-1"))
    assert main(["run", *arguments, "--out", "out"]) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.startswith("semblance: ")
    assert "Traceback" not in said.err
    assert model_server.asked == []


def test_a_folder_that_cannot_be_written_is_refused_before_any_call(
    here: Path, model_server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--brief", "x", "--guide", "guide.md", "--out", "brief.txt"]) == 2
    assert "brief.txt cannot be written" in capsys.readouterr().err
    assert model_server.asked == []


def test_a_setting_that_is_not_usable_is_named(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEMBLANCE_CONCURRENCY", "many")
    assert main(["run", "--brief", "x", "--guide", "guide.md", "--out", "out"]) == 1
    assert "SEMBLANCE_CONCURRENCY is not usable" in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["run"], ["doctor"], ["add-user"], ["disable-user"], ["read-document"]])
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([*command, "--help"])
    assert left.value.code == 0
    assert "usage: python -m semblance_core" in capsys.readouterr().out


def test_the_module_runs_from_the_shell(folder: Path, environment: dict[str, str]) -> None:
    helped = shell(folder, environment, "--help")
    assert (helped.returncode, "doctor" in helped.stdout) == (0, True)
    assert shell(folder, environment).returncode == 2
    assert shell(folder, environment, "run", "--brief", "x", "--out", "out").returncode == 2


def test_the_environment_of_this_suite_is_clean() -> None:
    assert not [name for name in os.environ if name.startswith(("SEMBLANCE_", "OPENAI_", "GEMINI_"))]
    assert chatter(1) == chatter(1)


def test_an_account_is_deleted_from_the_shell_and_the_log_says_so(
    here: Path, semblance: Semblance, capsys: pytest.CaptureFixture[str]
) -> None:
    semblance.store.users.add(User("dana", "Dana Doe", Role.RESEARCHER, semblance.clock()), None)
    assert main(["delete-user", "dana", "--delete-projects", "--anonymise"]) == 0
    assert "Deleted dana. Its usage is on record as deleted-user-1." in capsys.readouterr().out
    assert semblance.store.users.find("dana") is None
    (entry,) = semblance.store.audit_log.find(AuditFilter(action="delete_user"))
    assert (entry.actor_id, entry.owner_id, entry.about) == ("command line", "deleted-user-1", "")
    assert main(["delete-user", "nobody", "--delete-projects"]) == 2
