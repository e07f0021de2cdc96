"""A provider's key is nowhere but in the settings, also where the provider's errors repeat it."""

import logging
import tarfile
from pathlib import Path
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.events import UsageFilter
from semblance_core.reports import exports
from semblance_core.reports.html_report import report_html
from semblance_core.reports.report import report_markdown
from semblance_core.store.backups.backup import back_up
from tests.pages.conftest import Visit
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, finished, session

CANARY = "canary_0123456789_abcdef"
TYPED, SECRET_KEY = "canary_typed_0123456789_abcdef", "canary_secret_0123456789_abcdefgh"
TYPED_MODEL = "mistral/mistral-small-latest"
COOKIE_KEY = "cookie_canary_0123456789_abcdef"


@pytest.fixture
def platform_settings(platform_settings: dict[str, Any]) -> dict[str, Any]:
    return platform_settings | {
        "OPENAI_API_KEY": CANARY,
        "SEMBLANCE_COOKIE_KEY": COOKIE_KEY,
        "SEMBLANCE_SECRET_KEY": SECRET_KEY,
        "SEMBLANCE_CALL_ATTEMPTS": 1,
    }


def echo(status: int) -> Reply:
    keys = f"{CANARY} {TYPED}"
    error = f'{{"error": {{"message": "Bearer {CANARY} was refused: {keys}", "type": "x", "code": "{keys}"}}}}'
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
    ws, admin = semblance.workspace("user"), semblance.workspace("admin")
    admin.models.set_provider("mistral", TYPED, f"{model_server.url}/v1")
    with pytest.raises(InvalidInput):
        admin.models.set_provider("mistral", TYPED, f"https://somebody:{TYPED}@models.example.org/{TYPED}?key={TYPED}")
    model_server.script = lambda asked: echo(401)
    assert admin.models.test(TYPED_MODEL).why
    others = session(ws, model=TYPED_MODEL)
    assert {reply.status.value for reply in asked_round(semblance, ws, others.id, "And you?")[1:]} == {"failed"}
    group = session(ws)
    for status in (401, 400, 500, 200):
        model_server.script = lambda asked, status=status: echo(status)
        replies = asked_round(semblance, ws, group.id, f"What about {status}?")
        assert {reply.status.value for reply in replies[1:]} == {"failed"}
    model_server.script = lambda asked: echo(401)
    tasks = [ws.personas.recruit(group.project_id, "Anybody", 2, ()), ws.findings.analyse(group.id)]
    assert [finished(semblance, ws, task).state.value for task in tasks] == ["failed", "failed"]
    semblance.gateway.batcher.flush()

    messages, events = ws.sessions.messages(group.id), ws.sessions.calls(group.id)
    assert not any("[key]" in message.error for message in messages)
    said = [event.provider_said for event in semblance.workspace("admin").usage.everybody.calls(UsageFilter(), limit=0)]
    assert any("[key]" in words for words in said)
    group = ws.sessions.get(group.id)
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
        "usage": exports.usage_csv(semblance.workspace("admin").usage.everybody.calls(UsageFilter(), limit=0)),
        "report": report_html(group, messages, None, events) + report_markdown(group, messages, None, events),
        "settings": repr(semblance.settings) + str(semblance.settings),
    }
    for user, name, query in (
        ("user", "session", {"id": group.id}),
        ("user", "personas", {}),
        ("user", "findings", {"id": group.id}),
        ("user", "usage", {}),
        ("admin", "admin_usage", {}),
        ("user", "session", {"id": others.id}),
        ("admin", "models", {}),
        ("admin", "admin", {"view": "Audit log"}),
    ):
        page = visit(user, name, **query)
        places[f"{name} page"] = repr(page._tree) + repr([frame.value.to_dict() for frame in page.dataframe])
    places["log"] = caplog.text
    places["output"] = "".join(capfd.readouterr())
    places["operations"] = repr(admin.models.providers()) + repr(semblance.gateway.model) + repr(semblance.allowed)
    secret = (CANARY, COOKIE_KEY, TYPED, SECRET_KEY)
    assert {where for where, text in places.items() if any(each in text for each in secret)} == set()
