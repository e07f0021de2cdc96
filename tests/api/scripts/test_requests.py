"""What requests may look like, what is answered, and what hostile ones are told."""

import base64
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from semblance_core.accounts import DEVELOPMENT_PASSWORD, check_tries, hash_password
from semblance_core.bootstrap import Semblance
from semblance_core.domain.people import Role, User
from semblance_core.domain.usage import UsageQuota
from semblance_core.store.ids import new_id
from semblance_core.workspace import Workspace
from tests.api.scripts.conftest import As
from tests.studies import REPOSITORY, eventually, panel, process_environment, session
from ui.platform import platform

JSON = {"Content-Type": "application/json"}
GOOD = "a good password"


@pytest.fixture
def dana(semblance: Semblance) -> str:
    """Somebody with a password."""
    name = f"dana-{new_id()}"
    semblance.store.users.add(User(name, "Dana Doe", Role.RESEARCHER, semblance.clock()), hash_password(GOOD))
    return name


def told(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem that was answered, with that status and in the one form that all have."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found.keys() == {"type", "title", "status", "detail", "code", "errors"}
    assert found["status"] == status
    assert found["detail"].endswith(".")
    return found


# Signing in


def test_signing_in_opens_what_signing_out_closes_and_no_other_sign_in(client: As, dana: str) -> None:
    def sign_in() -> httpx.Response:
        return client().post("/auth/login", json={"username": dana, "password": GOOD})

    opened = sign_in()
    assert opened.status_code == 200
    assert opened.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in opened.headers
    expires = datetime.fromisoformat(opened.json()["expires_at"])
    assert timedelta(days=13) < expires - datetime.now(UTC) < timedelta(days=15)
    one, other = (client(token=answer.json()["access_token"]) for answer in (opened, sign_in()))
    assert one.get("/me").json()["user"] | {"created_at": ""} == {
        "id": dana,
        "name": "Dana Doe",
        "role": "researcher",
        "disabled": False,
        "version": 0,
        "created_at": "",
        "quota": {"usd": None, "tokens": None},
    }
    assert one.post("/auth/logout").status_code == 204
    assert "Sign in again" in told(one.get("/me"), 401)["detail"]
    assert other.get("/me").status_code == 200


def test_a_wrong_password_an_unknown_name_and_odd_ones_are_told_the_same(client: As, dana: str) -> None:
    tries = [
        (dana, "wrong"),
        ("nobody", GOOD),
        ("nobody\0", "\0"),
        ("$ne", DEVELOPMENT_PASSWORD),
    ]
    refused = [client().post("/auth/login", json={"username": name, "password": password}) for name, password in tries]
    assert {str(told(answer, 401)) for answer in refused} == {str(told(refused[0], 401))}
    assert refused[0].json()["code"] == "sign_in_failed"
    assert refused[0].headers["WWW-Authenticate"] == "Bearer"


def test_tries_are_counted_together_with_those_of_the_sign_in_page(semblance: Semblance, client: As, dana: str) -> None:
    for _ in range(10):
        check_tries(semblance.store, dana, "local")
    refused = client().post("/auth/login", json={"username": dana, "password": GOOD})
    assert told(refused, 429)["code"] == "too_many_tries"
    assert refused.headers["Retry-After"] == "900"


# What is sent


HOSTILE = {
    "no JSON": (400, b"{", JSON),
    "empty text": (422, b"", JSON),
    "deep": (400, b"[" * 200_000, JSON),
    "deep inside": (400, b'{"name":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, JSON),
    "not UTF-8": (400, b'{"name": "\xff"}', JSON),
    "a number of 5,000 digits": (400, b'{"name": ' + b"9" * 5_000 + b"}", JSON),
    "a number that no database holds": (422, b'{"name": ' + b"9" * 40 + b"}", JSON),
    "no number at all": (422, b'{"name": NaN}', JSON),
    "half a character": (422, b'{"name": "\\ud800"}', JSON),
    "half a character as a key": (422, b'{"name": "a", "\\udfff": 1}', JSON),
    "NUL": (422, b'{"name": "a\\u0000b"}', JSON),
    "NUL as a key": (422, b'{"name": "a", "$where\\u0000": 1}', JSON),
    "blank": (422, b'{"name": " \\u00a0 "}', JSON),
    "another type": (422, b'{"name": {"$ne": 1}}', JSON),
    "a list": (422, b"[]", JSON),
    "null": (422, b"null", JSON),
    "too long": (422, b'{"name": "' + b"a" * 121 + b'"}', JSON),
    "a field that is not known": (422, b'{"name": "a", "owner_id": "admin"}', JSON),
    "too large": (413, b'{"name": "' + b"a" * 1_000_000 + b'"}', JSON),
    "another kind": (415, b'{"name": "a"}', {"Content-Type": "text/plain"}),
    "a form": (415, b"name=a", {"Content-Type": "application/x-www-form-urlencoded"}),
    "no kind": (415, b'{"name": "a"}', {}),
    "a broken kind": (415, b'{"name": "a"}', {"Content-Type": "application/json/;;,"}),
    "compressed": (400, b"\x1f\x8b\x08\x00", JSON | {"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_fitting_body_is_refused_in_words(client: As, semblance: Semblance, what: str) -> None:
    status, body, headers = HOSTILE[what]
    user = client("user")
    before = len(semblance.store.projects.of_owner("user"))
    told(user.post("/projects", content=body, headers=headers), status)
    assert len(semblance.store.projects.of_owner("user")) == before


def test_a_body_that_does_not_say_how_large_it_is_is_bounded_too(client: As) -> None:
    pieces = (b" " * 100_000 for _ in range(30))
    told(client("user").post("/projects", content=pieces, headers=JSON), 413)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/projects/",
        "/projects/%00/personas",
        "/projects/%0a/personas",
        "/tasks/%ff%fe",
        "/tasks/" + "x" * 9_000,
    ],
)
def test_an_address_with_nothing_behind_it_is_told_so(client: As, path: str) -> None:
    assert told(client("user").get(path), 404)["code"] == "not_found"


def test_another_method_is_told_which_there_are(client: As) -> None:
    for path in ("/projects", "/focus-groups/there-is-none/messages", "/admin/users"):
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            refused = client("user").request(method, path, headers={"Origin": "https://elsewhere.example"})
            assert "GET, POST" in told(refused, 405)["detail"]
            assert refused.headers["Allow"] == "GET, POST"
            assert not [name for name in refused.headers if name.startswith("access-control")]


def test_every_wrong_value_is_named_with_its_place_and_never_repeated(client: As) -> None:
    given = {"username": "x", "password": ["a secret"], "otp": "another secret"}
    found = told(client().post("/auth/login", json=given), 422)
    assert [fault["where"] for fault in found["errors"]] == ["body.password", "body.otp"]
    assert "secret" not in str(found)


def test_a_failure_of_ours_says_nothing_of_itself(client: As, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Workspace) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(Workspace, "projects", broken)
    found = told(client("user").get("/projects"), 500)
    assert found["code"] == "internal_error"
    assert "secret" not in str(found)


# What is answered


def test_a_message_is_answered_before_its_replies_are_there(client: As, semblance: Semblance) -> None:
    group = session(semblance.workspace("user"), 2)
    user = client("user")
    asked = user.post(f"/focus-groups/{group.id}/messages", json={"text": "Ever?", "to": [group.participants[0].id]})
    assert asked.status_code == 202
    assert asked.headers["Location"] == f"/api/focus-groups/{group.id}/messages?after=1"
    assert asked.json() == {"seq": 1, "replies": [2], "messages_url": asked.headers["Location"]}
    address = asked.headers["Location"].removeprefix("/api")
    at_once = user.get(address).json()
    assert (at_once["is_busy"], [said["status"] for said in at_once["items"]]) == (True, ["pending"])
    eventually(lambda: not user.get(address).json()["is_busy"], within_s=120)
    page = user.get(address).json()
    assert [(said["seq"], said["status"], said["cost_usd"]) for said in page["items"]] == [(2, "said", "0")]
    assert page["last_seq"] == 2
    first = user.get(f"/focus-groups/{group.id}/messages", params={"limit": 1}).json()["items"]
    assert [(said["seq"], said["text"]) for said in first] == [(1, "Ever?")]
    told(user.get(f"/focus-groups/{group.id}/messages", params={"limit": 501}), 422)
    told(user.get(f"/focus-groups/{group.id}/messages", params={"before": 1}), 422)


def test_what_a_person_should_know_first_is_said_with_the_status_that_fits(client: As, semblance: Semblance) -> None:
    workspace = semblance.workspace("user")
    group = session(workspace)
    user, admin = client("user"), client("admin")
    in_project = {"project_id": group.project_id, "title": "Another"}
    refused = user.post("/focus-groups", json=in_project | {"persona_ids": ["elsewhere"]})
    assert "no persona with the id elsewhere" in told(refused, 422)["detail"]
    assert "names no model" in told(user.post("/focus-groups", json=in_project | {"model": "nothing"}), 422)["detail"]
    shares = [{"field": "gender", "shares": {"women": 0.5}}]
    panel_of_one = {"project_id": group.project_id, "brief": "Anybody", "size": 1}
    refused = user.post("/ai-personas/generate", json=panel_of_one | {"margins": shares})
    assert "50%" in told(refused, 422)["detail"]
    assert told(user.get(f"/focus-groups/{group.id}/findings"), 409)["code"] == "conflict"
    account = {"username": f"new-{new_id()}", "name": "New", "password": GOOD}
    assert admin.post("/admin/users", json=account).json()["role"] == "researcher"
    assert "already" in told(admin.post("/admin/users", json=account), 409)["detail"]
    assert admin.put("/admin/users/user/quota", json={"usd": "0.000000001", "tokens": 0}).status_code == 204
    try:
        assert user.get("/me").json()["month"]["quota"] == {"usd": "0.000000001", "tokens": 0}
        refused = user.post("/ai-personas/generate", json=panel_of_one | {"model": "openai/gpt-4o-mini"})
        assert told(refused, 429)["code"] == "quota_exceeded"
        assert "Retry-After" not in refused.headers
    finally:
        semblance.workspace("admin").set_quota("user", UsageQuota())


def test_what_is_set_up_is_what_was_asked_for(client: As, semblance: Semblance) -> None:
    workspace = semblance.workspace("user")
    project = workspace.create_project("Oat milk")
    maya = workspace.add_persona(project.id, panel(1)[0])
    wanted = {"title": "Oat milk", "topic": "Oat milk", "turn_limit": 12, "seed": 2**53 - 1, "model": "simulator/v1"}
    sent = wanted | {"guide": "## Price\n- Fair?", "project_id": project.id, "persona_ids": [maya.id]}
    made = client("user").post("/focus-groups", json=sent)
    assert made.status_code == 201
    found = client("user").get(made.headers["Location"].removeprefix("/api")).json()
    assert found == made.json()
    assert found.items() >= wanted.items()
    assert found["guide"] == [{"title": "Price", "questions": ["Fair?"]}]
    assert [(person["name"], person["age"]) for person in found["participants"]] == [(maya.name, maya.age)]
    assert (found["state"], found["is_busy"], found["last_seq"], found["owner_id"]) == ("draft", False, 0, "user")
    assert [line["id"] for line in client("user").get(f"/projects/{project.id}/focus-groups").json()] == [found["id"]]


# The server


def test_nothing_waits_for_a_password_that_is_being_checked(
    client: As, semblance: Semblance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty tries to sign in, of which two at a time are checked, leave other requests their threads."""
    checking = threading.Event()
    monkeypatch.setattr("semblance_core.accounts.password_fits", lambda *_: not checking.wait(20))
    tries = [
        threading.Thread(
            target=client().post, args=("/auth/login",), kwargs={"json": {"username": f"n{n}", "password": "x"}}
        )
        for n in range(40)
    ]
    for each in tries:
        each.start()
    began = time.monotonic()
    answer = client("user").get("/projects")
    took = time.monotonic() - began
    checking.set()
    for each in tries:
        each.join()
    assert answer.status_code == 200
    assert took < 15


def test_the_way_to_the_first_page_does_not_load_the_api() -> None:
    build = "import sys; from api.routes import plain_routes; plain_routes(); print('fastapi' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", build],
        env=process_environment({}),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_a_database_that_is_away_is_told_and_when_to_try_again(client: As) -> None:
    user = client("user")
    assert user.get("/me").status_code == 200
    platform().close()
    try:
        refused = user.get("/me")
    finally:
        platform.clear()
    assert told(refused, 503)["code"] == "unavailable"
    assert refused.headers["Retry-After"] == "5"
    assert user.get("/me").status_code == 200


def test_personas_come_from_a_file_with_how_it_was_read(client: As) -> None:
    user = client("user")
    project = user.post("/projects", json={"name": "From a file"}).json()["id"]
    table = base64.b64encode("name;age;shoes\nŁucja Gąska;34,0;40\n".encode("cp1250")).decode()
    answer = user.post(f"/projects/{project}/personas/preview", json={"base64": table})
    assert answer.status_code == 200, answer.text
    asked = answer.json()
    assert asked["count"] == 0
    assert asked["reading"]["encoding"] == "cp1250"
    assert asked["reading"]["left_out"] == [{"column": "shoes", "why": "No field of a persona goes by this name."}]
    (question,) = asked["reading"]["questions"]
    assert (question["kind"], [choice["value"] for choice in question["choices"]]) == ("numbers", ["comma", "point"])
    assert asked["reading"]["rows"] == [["Łucja Gąska", "34,0", "40"]]
    told(user.post(f"/projects/{project}/personas", json={"base64": table}), 422)
    done = user.post(f"/projects/{project}/personas", json={"base64": table, "numbers": "comma", "encoding": "cp1250"})
    assert done.status_code == 201
    assert [(each["name"], each["age"]) for each in done.json()["personas"]] == [("Łucja Gąska", 34)]
    assert [each["name"] for each in user.get(f"/projects/{project}/personas").json()] == ["Łucja Gąska"]
    told(user.post(f"/projects/{project}/personas", json={"text": "name\nA", "base64": table}), 422)
    told(client("other").post(f"/projects/{project}/personas/preview", json={"text": "name\nA"}), 404)
    guide = "Discussion guide\n1.\tWhen?\n[Show A]\n"
    group = user.post("/focus-groups", json={"project_id": project, "title": "A", "guide": guide}).json()
    assert group["guide"] == [{"title": "Discussion", "questions": ["When?"]}]
    assert [(line["number"], line["text"]) for line in group["guide_left_out"]] == [
        (1, "Discussion guide"),
        (3, "[Show A]"),
    ]
