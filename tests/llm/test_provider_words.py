"""What a server at a provider's address sends reaches the log and administrators, and no researcher."""

import logging
from dataclasses import asdict

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.usage.events import UsageFilter
from semblance_core.reports import exports
from semblance_core.store.codec import to_document
from tests.conftest import OpenPlatform
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, discussed, finished, session

BANNER = "INTERNAL-SERVICE-BANNER secret=hunter2"
STATUSES = (200, 400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503)


@pytest.fixture
def semblance(open_platform: OpenPlatform) -> Semblance:
    return open_platform(SEMBLANCE_CALL_ATTEMPTS=1)


def test_a_researcher_reads_our_words_of_every_failure_and_an_administrator_the_providers(
    semblance: Semblance, model_server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ws, admin = semblance.workspace("user"), semblance.workspace("admin")
    group = session(ws)
    for status in STATUSES:
        model_server.script = lambda asked, status=status: Reply(
            BANNER, status=status, body=BANNER.encode() if status == 200 else None
        )
        replies = asked_round(semblance, ws, group.id, f"What about {status}?")
        assert all(reply.error.endswith(".") for reply in replies[1:]), status
    tasks = [ws.personas.recruit(group.project_id, "Anybody", 2, ()), ws.findings.analyse(group.id)]
    done = [finished(semblance, ws, task) for task in tasks]
    assert [task.state.value for task in done] == ["failed", "failed"]
    talk, _ = discussed(semblance, ws, session(ws).id)
    semblance.gateway.batcher.flush()
    events = ws.usage.mine.calls(UsageFilter(), limit=500)
    seen = (
        *(message.error for message in ws.sessions.messages(group.id)),
        *(f"{task.error} {task.result}" for task in done),
        f"{talk.reason} {talk.reason_detail}",
        *(repr(asdict(event)) for event in (*events, *ws.sessions.calls(group.id))),
        *(repr(asdict(ws.usage.call(event.id))) for event in events),
        exports.usage_csv(events),
        exports.transcript_csv(ws.sessions.messages(group.id)),
    )
    assert "hunter2" not in " ".join(seen)
    assert "INTERNAL" not in " ".join(seen)
    told = [admin.usage.call(event.id).provider_said for event in events if event.status != "ok"]

    assert any("INTERNAL-SERVICE-BANNER" in said for said in told)
    assert not any("INTERNAL-SERVICE-BANNER" in str(vars(record)) for record in caplog.records), (
        "they may quote a prompt"
    )


def test_what_earlier_versions_stored_is_read_in_our_words(semblance: Semblance, model_server: ScriptedServer) -> None:
    ws, admin = semblance.workspace("user"), semblance.workspace("admin")
    model_server.script = lambda asked: Reply(status=500, body=b"{}")
    group = session(ws)
    (_, reply, *_) = asked_round(semblance, ws, group.id, "Anything?")
    semblance.gateway.batcher.flush()
    old = {"error": f"The provider failed: {BANNER}"}
    database = semblance.connection.database
    database["focus_group_messages"].update_many({"seq": reply.seq}, {"$set": old})
    database["usage_events"].update_many({}, {"$set": old, "$unset": {"provider_said": ""}})
    database["focus_groups"].update_many({}, {"$set": {"reason_detail": old["error"]}})
    assert ws.sessions.messages(group.id, reply.seq, reply.seq)[0].error == "The provider failed."
    assert ws.sessions.get(group.id).reason_detail == "The provider failed."
    (event, *_) = ws.usage.mine.calls(UsageFilter())
    assert (event.error, event.provider_said) == ("The provider failed.", "")
    assert BANNER in admin.usage.call(event.id).provider_said
    assert "hunter2" not in str(to_document(event))
