"""The live feed: who gets it, what it tells, and when it ends."""

import signal
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Any

import jwt
import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from api.feed.live import FOREIGN, PAGE, REFUSED
from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.store.accounts.sign_ins import fingerprint
from semblance_core.workspace import Workspace
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, session
from ui.app import gate
from ui.app.runtime import running_semblance

PATIENCE_S = 90
"""A test that waits for something never told ends nevertheless, and fails."""


@pytest.fixture
def group(workspace: Workspace) -> FocusGroup:
    return session(workspace)


def ticket(semblance: Semblance, group_id: str, user: str = "user", **claims: Any) -> str:
    token = semblance.store.sign_ins.open(user, semblance.clock())
    return signed(semblance, group_id, token, **claims)


def signed(semblance: Semblance, group_id: str, token: str, **claims: Any) -> str:
    usual = {
        "for": "live feed",
        "group": group_id,
        "by": fingerprint(token),
        "exp": semblance.clock() + timedelta(minutes=1),
    }
    return jwt.encode(usual | claims, gate.cookie_key(), algorithm="HS256")


@contextmanager
def feed(client: TestClient, **hello: Any):  # type: ignore[no-untyped-def]
    with client.websocket_connect("/api/live") as socket:
        socket.send_json(hello)
        before = signal.signal(signal.SIGALRM, _nothing_told)
        signal.alarm(PATIENCE_S)
        try:
            yield socket
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)


def _nothing_told(*_: object) -> None:
    raise TimeoutError(f"What the test waits for was not told within {PATIENCE_S} s.")


def until(socket: WebSocketTestSession, claim) -> dict[str, Any]:  # type: ignore[no-untyped-def]
    """The first thing told of which the claim is true; raises where there is none."""
    while True:
        told = socket.receive_json()
        if claim(told):
            return told


def said(told: dict[str, Any]) -> list[str]:
    return [message["text"] for message in told.get("news", []) if message["status"] == "said"]


def refused(socket: WebSocketTestSession) -> int:
    """The code that the server closes the feed with, whatever it tells before."""
    try:
        while True:
            socket.receive_json()
    except WebSocketDisconnect as closed:
        return int(closed.code)


def test_who_opens_it_gets_the_newest_messages_and_then_each_as_it_is_written(
    client: TestClient, semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    asked_round(semblance, workspace, group.id, "What comes to mind?")
    with feed(client, ticket=ticket(semblance, group.id)) as socket:
        page = until(socket, lambda told: "page" in told)
        assert [message["seq"] for message in page["page"]] == [1, 2, 3, 4]
        assert page["page"][0]["text"] == "What comes to mind?"
        model_server.script = lambda asked: Reply("Something else altogether.")
        workspace.sessions.post(group.id, "And then?")
        heard: list[str] = []  # how much is told at a time depends on who is quicker

        def over(told: dict[str, Any]) -> bool:
            heard.extend(said(told))
            return told.get("now", {}).get("total") == 8 and told["now"]["retry"]

        until(socket, over)
        assert heard[-4:] == ["And then?", *["Something else altogether."] * 3]


def test_replies_are_told_while_they_are_written_and_stored_whole_alone(
    client: TestClient, semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    text = "Maya Rao: It splits in my coffee, and that is all that I have to say of it. Ben Cole: Mine too."
    seen = Event()
    model_server.script = lambda asked: Reply(text, rest_after=seen)
    with feed(client, ticket=ticket(semblance, group.id)) as socket:
        until(socket, lambda told: told.get("now"))
        app = running_semblance()  # whose own engine gets the reply
        app.workspace("user").sessions.post(group.id, "@Maya, you first?")
        written = until(socket, lambda told: told.get("writing"))["writing"][0]
        stored = workspace.sessions.messages(group.id, first=2, last=2)[0]
        seen.set()
        told = until(socket, said)
    assert (written["seq"], written["speaker"]) == (2, "Maya Rao")
    assert said(told)[0].startswith(written["text"])
    assert stored.text == ""
    assert "Ben" not in said(told)[0]
    app.engine.wait("focus_group", group.id)
    assert app.gateway.writing.of_session(group.id) == {}


def test_it_names_those_whose_words_are_awaited(
    client: TestClient, semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    model_server.latency_s = 3.0  # longer than a loaded machine needs to look
    with feed(client, ticket=ticket(semblance, group.id)) as socket:
        workspace.sessions.post(group.id, "@Maya, you first?")
        assert until(socket, lambda told: told.get("now", {}).get("speaking"))["now"]["speaking"] == ["Maya Rao"]
        model_server.latency_s = 1.0
        semblance.engine.wait("focus_group", group.id)
        workspace.sessions.start(group.id)
        awaited = [until(socket, lambda told: told.get("now", {}).get("speaking"))["now"] for _ in range(4)]
        workspace.sessions.stop(group.id)
    messages = {message.seq: message.speaker for message in workspace.sessions.messages(group.id)}
    checked = [(now["speaking"], messages[now["total"] + 1]) for now in awaited if now["total"] + 1 in messages]
    assert checked
    assert all(speaking == [speaker] for speaking, speaker in checked)


def test_a_failed_reply_that_is_asked_for_again_is_told_again(
    client: TestClient, semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply("no", status=400)
    (_, failed) = asked_round(semblance, workspace, group.id, "@Maya, well?")
    with feed(client, ticket=ticket(semblance, group.id)) as socket:
        until(socket, lambda told: "page" in told)
        model_server.script = lambda asked: Reply("Now I can say it.")
        workspace.sessions.retry(group.id, failed.seq)
        assert until(socket, lambda told: "Now I can say it." in said(told))


def test_earlier_and_later_messages_come_a_page_at_a_time(
    client: TestClient, semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = session(workspace, size=24)
    for number in range(3):
        asked_round(semblance, workspace, group.id, f"Question {number}?")
    with feed(client, ticket=ticket(semblance, group.id)) as socket:
        assert until(socket, lambda told: "page" in told)["first"] == 75 - PAGE + 1
        socket.send_json({"before": 26})
        assert [message["seq"] for message in until(socket, lambda told: "page" in told)["page"]] == list(range(1, 26))
        socket.send_json({"after": 70})
        assert [message["seq"] for message in until(socket, lambda told: "page" in told)["page"]] == list(range(71, 76))


@pytest.mark.parametrize(
    "claims",
    [{"exp": 1}, {"for": "something else"}, {"group": "there-is-none"}, {"by": "nobody"}],
    ids=["over", "another purpose", "no such session", "no such sign-in"],
)
def test_a_ticket_that_does_not_fit_opens_nothing(
    client: TestClient, semblance: Semblance, group: FocusGroup, claims: dict[str, Any]
) -> None:
    with feed(client, ticket=ticket(semblance, group.id, **claims)) as socket:
        assert refused(socket) == REFUSED


def test_a_forged_ticket_opens_nothing(client: TestClient, semblance: Semblance, group: FocusGroup) -> None:
    forged = jwt.encode({"group": group.id}, "another key of thirty-two characters", algorithm="HS256")
    for wrong in (forged, "no ticket", "", None, 7):
        with feed(client, ticket=wrong) as socket:
            assert refused(socket) == REFUSED


def test_somebody_elses_session_opens_to_administrators_only(
    client: TestClient, semblance: Semblance, group: FocusGroup
) -> None:
    with feed(client, ticket=ticket(semblance, group.id, "other")) as socket:
        assert refused(socket) == REFUSED
    with feed(client, ticket=ticket(semblance, group.id, "admin")) as socket:
        assert "page" in socket.receive_json()


@pytest.mark.parametrize("end", ["signed out", "disabled", "deleted"])
def test_it_ends_within_moments_of_the_right_to_watch(
    client: TestClient, semblance: Semblance, group: FocusGroup, end: str
) -> None:
    token = semblance.store.sign_ins.open("user", semblance.clock())
    with feed(client, ticket=signed(semblance, group.id, token)) as socket:
        until(socket, lambda told: "page" in told)
        if end == "signed out":
            semblance.store.sign_ins.revoke(token)
        elif end == "disabled":
            semblance.workspace("admin").accounts.set_disabled("user", True)
        else:
            semblance.workspace("user").sessions.delete(group.id)
        assert refused(socket) == REFUSED


def test_a_feed_with_nothing_to_tell_is_not_silent_for_long(
    client: TestClient, semblance: Semblance, group: FocusGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.feed.live.BEAT_S", 0.5)
    with feed(client, ticket=ticket(semblance, group.id)) as socket:
        until(socket, lambda told: "page" in told)
        assert [until(socket, lambda told: not told) for _ in range(2)] == [{}, {}]


def test_a_page_of_another_site_cannot_open_it(client: TestClient, semblance: Semblance, group: FocusGroup) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        client.websocket_connect("/api/live", headers={"origin": "https://evil.example"}),
    ):
        pass
    assert closed.value.code == FOREIGN
    with client.websocket_connect("/api/live", headers={"origin": "http://testserver"}) as socket:
        socket.send_json({"ticket": ticket(semblance, group.id)})
        assert "page" in socket.receive_json()


@pytest.mark.parametrize(
    "request_",
    [
        '{"before": -1}',
        '{"after": "1"}',
        "[1]",
        "{",
        '{"before": 1e300}',
        "[" * 3_000,
        '"' + "x" * 5_000 + '"',
        '{"after": true}',
    ],
)
def test_what_is_no_request_ends_it(client: TestClient, semblance: Semblance, group: FocusGroup, request_: str) -> None:
    with feed(client, ticket=ticket(semblance, group.id)) as socket:
        until(socket, lambda told: "page" in told)
        socket.send_text(request_)
        assert refused(socket) == REFUSED
