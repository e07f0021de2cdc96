"""Requests that do not fit are refused in words, whatever they hold."""

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.workspace.operations.projects import Projects
from tests.api.scripts.conftest import As, told

JSON = {"Content-Type": "application/json"}

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
    def broken(_: Projects) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(Projects, "mine", broken)
    found = told(client("user").get("/projects"), 500)
    assert found["code"] == "internal_error"
    assert "secret" not in str(found)
