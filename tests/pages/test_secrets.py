"""A provider's key is nowhere but in the settings, also where the provider's errors repeat it."""

import logging
import tarfile
from pathlib import Path
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.usage import UsageFilter
from semblance_core.reports import exports
from semblance_core.reports.html_report import report_html
from semblance_core.reports.report import report_markdown
from semblance_core.store.backup import back_up
from tests.pages.conftest import Visit
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, finished, session

CANARY = "canary_0123456789_abcdef"
COOKIE_KEY = "cookie_canary_0123456789_abcdef"


@pytest.fixture
def platform_settings(platform_settings: dict[str, Any]) -> dict[str, Any]:
    return platform_settings | {
        "OPENAI_API_KEY": CANARY,
        "SEMBLANCE_COOKIE_KEY": COOKIE_KEY,
        "SEMBLANCE_CALL_ATTEMPTS": 1,
    }


def echo(status: int) -> Reply:
    error = f'{{"error": {{"message": "Bearer {CANARY} was refused: {CANARY}", "type": "x", "code": "{CANARY}"}}}}'
    return Reply(status=status, body=error.encode())


def test_a_key_that_a_provider_repeats_is_nowhere(
    visit: Visit,
    semblance: Semblance,
    model_server: ScriptedServer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.INFO)
    ws = semblance.workspace("user")
    group = session(ws)
    for status in (401, 400, 500, 200):
        model_server.script = lambda asked, status=status: echo(status)
        replies = asked_round(semblance, ws, group.id, f"What about {status}?")
        assert {reply.status.value for reply in replies[1:]} == {"failed"}
    model_server.script = lambda asked: echo(401)
    tasks = [ws.recruit(group.project_id, "Anybody", 2, ()), ws.analyse(group.id)]
    assert [finished(semblance, ws, task).state.value for task in tasks] == ["failed", "failed"]
    semblance.gateway.clerk.flush()

    messages, events = ws.messages(group.id), ws.session_usage(group.id)
    assert not any("[key]" in message.error for message in messages)
    said = [event.provider_said for event in semblance.workspace("admin").find_events(UsageFilter(), limit=0)]
    assert any("[key]" in words for words in said)
    group = ws.focus_group(group.id)
    database = semblance.connection.database
    back_up(database, tmp_path / "backup.tar.gz", semblance.clock())
    with tarfile.open(tmp_path / "backup.tar.gz") as archive:
        parts = [archive.extractfile(member) for member in archive if member.isfile()]
        kept = b"".join(part.read() for part in parts if part)
    assert b"What about 401?" in kept  # it can be looked into
    places = {
        "database": repr([list(database[name].find()) for name in database.list_collection_names()]),
        "backup": kept.decode(errors="replace"),
        "transcript": exports.transcript_csv(messages) + exports.transcript_jsonl(messages),
        "usage": exports.usage_csv(semblance.workspace("admin").find_events(UsageFilter(), limit=0)),
        "report": report_html(group, messages, None, events) + report_markdown(group, messages, None, events),
        "settings": repr(semblance.settings) + str(semblance.settings),
    }
    for user, name, query in (
        ("user", "session", {"id": group.id}),
        ("user", "personas", {}),
        ("user", "findings", {"id": group.id}),
        ("user", "usage", {}),
        ("admin", "admin_usage", {}),
    ):
        page = visit(user, name, **query)
        places[f"{name} page"] = repr(page._tree) + repr([frame.value.to_dict() for frame in page.dataframe])
    places["log"] = caplog.text
    places["output"] = "".join(capfd.readouterr())
    assert {where for where, text in places.items() if CANARY in text or COOKIE_KEY in text} == set()
