"""Documents through the API: handed in as they are, and answered with what was left out of each."""

from semblance_core.bootstrap import Semblance
from semblance_core.domain.asset import MOST_BYTES
from tests.api.scripts.conftest import As
from tests.documents.office import p, run, word
from tests.studies import eventually, session

HIDDEN = word(p("Shown. ", run("Not.", "<w:vanish/>")), comments=f'<w:comment w:id="1">{p("No.")}</w:comment>')
POLISH = "Wiśniewski".encode("cp1250")


def test_documents_are_handed_in_and_answered_with_what_was_left_out(client: As, semblance: Semblance) -> None:
    speaks, workspace = client("user"), semblance.workspace("user")
    address = f"/focus-groups/{session(workspace).id}/stimuli"

    def become(name: str, content: bytes, encoding: str = "") -> dict[str, str]:
        query = {"name": name} | ({"encoding": encoding} if encoding else {})
        begun = speaks.post(address, params=query, content=content)
        assert begun.status_code == 202, begun.text
        assert begun.headers["Location"] == begun.json()["status_url"]
        path = begun.json()["status_url"].removeprefix("/api")
        eventually(lambda: speaks.get(path).json()["is_over"])
        result: dict[str, str] = speaks.get(path).json()["result"]["files"]["0"]
        return result

    assert "asset_id" in become("Plan.docx", HIDDEN)
    assert "asset_id" in become("a.txt", POLISH, "Windows-1250")
    assert become("Broken.pdf", b"%PDF-1.7 nothing")["why"].startswith("Broken.pdf is ")
    plan, text = speaks.get(address).json()
    assert plan["notes"] == ["1 comment is left out.", "1 hidden passage is left out."]
    assert plan["left_out"] == [
        {"kind": "comment", "count": 1, "pages": []},
        {"kind": "hidden passage", "count": 1, "pages": []},
    ]
    assert (text["encoding"], text["notes"]) == ("cp1250", [])
    assert workspace.stimulus_text(text["id"]) == "Wiśniewski"


def test_what_is_not_taken_is_refused_at_once(client: As, semblance: Semblance) -> None:
    speaks = client("user")
    address = f"/focus-groups/{session(semblance.workspace('user')).id}/stimuli"
    for query, content, status, words in (
        ({"name": "a.txt", "encoding": "rot13"}, b"Oat", 422, "no encoding that is known"),
        ({"name": "a.txt"}, b"", 422, "This file is empty"),
        (
            {"name": "IMG.HEIC"},
            b"\0\0\0\x18ftypheic" + bytes(40),
            422,
            "is a picture in HEIC; PNG and JPEG can be read",
        ),
        ({}, b"Oat", 422, "name"),
        ({"name": "a.txt"}, bytes(MOST_BYTES + 1), 422, "at most 25 MB"),
        ({"name": "a.txt"}, bytes(MOST_BYTES + 1_000_000), 413, "25 MB"),
    ):
        refused = speaks.post(address, params=query, content=content)
        assert refused.status_code == status, (query, refused.text)
        assert words in refused.json()["detail"], query
