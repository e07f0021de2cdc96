"""The shell's commands on backups."""

import re
from pathlib import Path
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.cli import main
from semblance_core.settings import load_settings
from semblance_core.store.ids import new_id
from semblance_core.workspace import Workspace
from tests.studies import discussed, session


@pytest.fixture
def semblance(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A platform with a simulated session in it, and the environment that leads the command line to it."""
    settings = {"SEMBLANCE_DATA_DIR": str(data_dir), "SEMBLANCE_DATABASE": f"test-{new_id()}"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with open_semblance(load_settings(SEMBLANCE_SIMULATOR_DELAY_S=0.0)) as semblance:
        workspace = semblance.workspace("user")
        discussed(semblance, workspace, session(workspace, turn_limit=9).id)
        yield semblance
        semblance.connection.database.client.drop_database(semblance.connection.database.name)


@pytest.fixture
def workspace(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


def test_a_backup_goes_into_the_embedded_database_of_a_fresh_folder(
    semblance: Semblance,
    workspace: Workspace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file, name = tmp_path / "backup.tar.gz", semblance.connection.database.name
    assert main(["backup", str(file)]) == 0
    out, err = capsys.readouterr()
    told = (
        rf"{re.escape(str(file))} holds {name} as it was at 20..-..-.. ..:..:.. UTC: \d+ documents, 0\.\d MB, "
        r"packed 0\.\d MB\. It was read back whole\.\n"
    )
    assert re.fullmatch(told, out)
    messages = semblance.connection.database["focus_group_messages"].count_documents({})
    assert re.search(rf"^focus_group_messages: {messages} documents, 0\.\d MB$", err, re.M)
    group = workspace.sessions.of_project(workspace.projects.mine()[0].id)[0]
    said = workspace.sessions.messages(group.id)

    monkeypatch.setenv("SEMBLANCE_DATA_DIR", str(tmp_path / "fresh"))
    monkeypatch.delenv("SEMBLANCE_DATABASE")
    assert main(["restore", str(file)]) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(
        rf"semblance holds what {name} held at 20..-..-.. ..:..:.. UTC: \d+ documents, 0\.\d MB\.\n", out
    )
    assert re.search(rf"^focus_group_messages: {messages} documents, 0\.\d MB$", err, re.M)
    assert main(["check-usage"]) == 0
    assert "they agree to the nano-dollar" in capsys.readouterr().out
    with open_semblance() as restored:
        there = restored.workspace("user")
        assert there.sessions.messages(group.id) == said
        assert there.sessions.get(group.id) == workspace.sessions.get(group.id)


def test_a_backup_goes_into_another_database_of_the_same_server(
    semblance: Semblance, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, other = str(tmp_path / "backup.tar.gz"), f"test-{new_id()}"
    client = semblance.connection.database.client
    assert main(["backup", file]) == 0
    assert main(["restore", file, "--database", other]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith(f"{other} holds what")
    names = ("users", "focus_group_messages", "usage_events", "budgets")
    for name in names:
        assert list(client[other][name].find()) == list(semblance.connection.database[name].find()) != []
    client.drop_database(other)


def test_what_cannot_be_done_as_asked_is_a_sentence_and_exit_code_2(
    semblance: Semblance, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "backup.tar.gz"
    assert main(["restore", str(file)]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err
    assert main(["backup", str(file)]) == 0
    assert main(["backup", str(file)]) == 2
    assert f"semblance: {file} is there already" in capsys.readouterr().err
    assert main(["restore", str(file)]) == 2
    assert re.search(r"semblance: The database test-\w+ holds \w+ already", capsys.readouterr().err)
