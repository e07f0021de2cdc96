"""Documents through the API: handed in as they are, and answered with what was left out of each."""

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.asset import MOST_BYTES
from tests.api.scripts.conftest import As, told
from tests.documents.office import p, run, word
from tests.studies import eventually, panel, session

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
    assert workspace.stimuli.text(text["id"]) == "Wiśniewski"


def test_what_is_not_taken_is_refused_at_once(client: As, semblance: Semblance) -> None:
    speaks = client("user")
    address = f"/focus-groups/{session(semblance.workspace('user')).id}/stimuli"
    for query, content, status, words in (
        ({"name": "a.txt", "encoding": "rot13"}, b"Oat", 422, "not a known encoding"),
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


def test_a_guide_shows_stimuli_at_its_questions(client: As, semblance: Semblance) -> None:
    workspace = semblance.workspace("user")
    project = workspace.projects.create("Oat milk", numbered=True)
    people = [workspace.personas.add(project.id, person).id for person in panel(2)]
    wanted = {"project_id": project.id, "title": "Concepts", "persona_ids": people, "model": "simulator/instant"}
    guide = "- First?\n  show: concept a\n- Second?\n  show: concept b.txt\n"
    user = client("user")
    made = user.post("/focus-groups", json=wanted | {"guide": guide, "rotate_stimuli": True, "group_number": 2}).json()
    assert made["guide"][0]["shows"] == [["concept a"], ["concept b.txt"]]
    assert (made["rotate_stimuli"], made["stimulus_plan"]) == (True, None)
    address = f"/focus-groups/{made['id']}"
    refused = told(user.post(f"{address}/messages", json={"text": "Hello?"}), 422)
    assert "no stimulus has this name" in refused["detail"]
    for name in ("Concept A.txt", "Concept B.txt"):
        semblance.engine.wait(
            "task", user.post(f"{address}/stimuli?name={name}", content=name.encode()).json()["task_id"]
        )
    told(user.post(f"{address}/messages", json={"text": "Hello?", "question": 2}), 422)
    assert user.post(f"{address}/messages", json={"text": "Hello?", "question": 1}).status_code == 202
    semblance.engine.wait("focus_group", made["id"])
    first = user.get(f"{address}/messages").json()["items"][0]
    assert (first["question"], first["stimuli"]) == (1, ["Concept A.txt"])
    plan = user.get(address).json()["stimulus_plan"]
    assert plan["group_number"] == 2
    assert [(each["question"], each["name"]) for each in plan["placed"]] == [(0, "Concept B.txt"), (1, "Concept A.txt")]
