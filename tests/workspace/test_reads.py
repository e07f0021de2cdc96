"""What the database is asked before an operation writes: the account and the session once each."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident
from typing import Any

import pytest
from pymongo import monitoring
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from semblance_core.bootstrap import Semblance
from tests.conftest import opened, settings_for
from tests.scripted_server import ScriptedServer
from tests.studies import panel, session, with_engine

READS, WRITES = ("find", "aggregate"), ("insert", "update", "findAndModify", "delete")


class Reads(CommandListener):
    """Counts the documents that this thread reads, by collection and id, until it first writes to a session."""

    def __init__(self) -> None:
        self.is_on, self.found = False, Counter[tuple[str, str]]()
        self.thread = get_ident()  # workers and sweepers read too

    def started(self, event: CommandStartedEvent) -> None:
        if not self.is_on or get_ident() != self.thread:
            return
        name, collection = event.command_name, str(event.command.get(event.command_name))
        if name in WRITES and collection in ("focus_groups", "focus_group_messages"):
            self.is_on = False
        elif name in READS:
            self.found[collection, str(_id(event.command))] += 1

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


def _id(command: Any) -> object:
    if "filter" in command:
        return command["filter"].get("_id")
    return next((stage["$match"].get("_id") for stage in command["pipeline"] if "$match" in stage), None)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    listener = Reads()
    monkeypatch.setattr(monitoring, "_LISTENERS", monitoring._Listeners([listener], [], [], [], []))
    return listener


@pytest.fixture
def semblance(data_dir: Path, reads: Reads) -> Iterator[Semblance]:
    with ScriptedServer() as server, opened(settings_for(data_dir, server)) as semblance:
        yield semblance


class NobodyHere:
    def submit(self, kind: str, work_id: str) -> None:
        pass


@contextmanager
def counted(reads: Reads) -> Iterator[Counter[tuple[str, str]]]:
    reads.is_on = True
    yield reads.found
    reads.is_on = False


@pytest.mark.parametrize("who", ["user", "admin"])
def test_a_message_is_posted_after_one_read_of_each_account_and_of_the_session(
    semblance: Semblance, reads: Reads, who: str
) -> None:
    group = session(semblance.workspace("user"))
    workspace = with_engine(semblance.workspace(who), NobodyHere())
    with counted(reads) as found:
        workspace.sessions.post(group.id, "Good morning")
    assert found["focus_groups", group.id] == 1
    accounts = {user_id: count for (collection, user_id), count in found.items() if collection == "users"}
    assert accounts == {"user": 1} | {who: 1}  # the owner's, whose quota it is, and the actor's


def test_an_edit_reads_what_it_edits_once(semblance: Semblance, reads: Reads) -> None:
    workspace = semblance.workspace("user")
    project = workspace.projects.mine()[0]
    persona = workspace.personas.add(project.id, panel(1)[0])
    with counted(reads) as found:
        workspace.personas.edit(persona.id, persona)
        workspace.projects.rename(project.id, "Another")
    assert (found["personas", persona.id], found["projects", project.id]) == (1, 1)
