"""Requests that fit are answered with what was asked for, and what forbids it is named."""

import base64

from semblance_core.bootstrap import Semblance
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.store.ids import new_id
from tests.api.scripts.conftest import GOOD, As, told
from tests.studies import eventually, panel, session

PLAIN = {"shows": [], "probes": [], "private": [], "minutes": 0, "turns": 0}


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
        semblance.workspace("admin").accounts.set_quota("user", UsageQuota())


def test_what_is_set_up_is_what_was_asked_for(client: As, semblance: Semblance) -> None:
    workspace = semblance.workspace("user")
    project = workspace.projects.create("Oat milk", numbered=True)
    maya = workspace.personas.add(project.id, panel(1)[0])
    wanted = {"title": "Oat milk", "topic": "Oat milk", "turn_limit": 12, "seed": 2**53 - 1, "model": "simulator/v1"}
    wanted |= {"probing": "deep", "private_first": True, "rotate_stimuli": True, "language": "Welsh"}
    wanted |= {"ballot": "# Oat milk\n\n## Like it?\ntype: open\n", "ballot_control": False}
    sent = wanted | {"guide": "## Price\n- Fair?", "project_id": project.id, "persona_ids": [maya.id]}
    made = client("user").post("/focus-groups", json=sent)
    assert made.status_code == 201
    found = client("user").get(made.headers["Location"].removeprefix("/api")).json()
    assert found == made.json()
    assert found.items() >= wanted.items()
    assert found["guide"] == [{"title": "Price", "questions": ["Fair?"], **PLAIN}]
    assert [(person["name"], person["age"]) for person in found["participants"]] == [(maya.name, maya.age)]
    assert (found["state"], found["is_busy"], found["last_seq"], found["owner_id"]) == ("draft", False, 0, "user")
    assert [line["id"] for line in client("user").get(f"/projects/{project.id}/focus-groups").json()] == [found["id"]]


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
    assert group["guide"] == [{"title": "Discussion", "questions": ["When?"], **PLAIN}]
    assert [(line["number"], line["text"]) for line in group["guide_left_out"]] == [
        (1, "Discussion guide"),
        (3, "[Show A]"),
    ]


def test_a_file_to_hand_over_is_named_for_its_session_in_any_script(client: As, semblance: Semblance) -> None:
    group = session(semblance.workspace("user"), 2, title="Øl – 牛乳 / «=1+1»")
    user = client("user")
    user.timeout = 60  # a loaded machine imports for long before a first deck
    deck = user.get(f"/focus-groups/{group.id}/files/deck", params={"parts": ["summary", "panel"]})
    assert deck.status_code == 200
    assert deck.content.startswith(b"PK")
    assert deck.headers["Content-Type"].endswith("presentationml.presentation")
    assert deck.headers["Content-Disposition"].endswith('.pptx"')
    told(user.get(f"/focus-groups/{group.id}/files/brochure"), 422)
    told(client("other").get(f"/focus-groups/{group.id}/files/deck"), 404)
