"""Coding through the API: codes, spans, memos, each with who made it; edits that clash; taking back."""

from semblance_core.bootstrap import Semblance
from tests.api.scripts.conftest import As
from tests.studies import eventually, session


def test_coding_from_a_first_code_to_taking_it_back(client: As, semblance: Semblance) -> None:
    api, workspace = client("user"), semblance.workspace("user")
    group = session(workspace, 2, model="simulator/instant")
    workspace.sessions.post(group.id, "What do you think of oat milk?")
    eventually(lambda: not api.get(f"/focus-groups/{group.id}").json()["is_busy"], within_s=60)
    codes = f"/projects/{group.project_id}/codes"
    money = api.post(codes, json={"name": "Money", "definition": "About cost."})
    assert money.status_code == 201
    price = api.post(codes, json={"name": "Price", "parent_id": money.json()["id"]}).json()
    assert api.post(codes, json={"name": "price"}).status_code == 409
    assert (price["made"]["user_id"], price["made"]["model"], price["confirmed"]) == ("user", "", None)
    edited = client("admin").patch(f"/codes/{price['id']}", json={"definition": "A sum.", "base": price["version"]})
    assert edited.json()["version"] == price["version"] + 1
    late = api.patch(f"/codes/{price['id']}", json={"definition": "Mine.", "base": price["version"]})
    assert late.status_code == 409

    message = workspace.sessions.messages(group.id)[1]
    words = " ".join(message.text.split()[:2])
    codings = f"/focus-groups/{group.id}/codings"
    given = {"seq": message.seq, "code_ids": [price["id"]]}
    (coding,) = api.post(codings, json=given | {"words": words}).json()
    assert (coding["words"], coding["start"], coding["made"]["user_id"]) == (words, 0, "user")
    assert api.post(codings, json=given | {"words": "nobody said this"}).status_code == 422
    assert [each["id"] for each in api.get(codings).json()] == [coding["id"]]
    memo = {"about": "message", "target": str(message.seq), "group_id": group.id, "text": "Look again."}
    written = api.post(f"/projects/{group.project_id}/memos", json=memo)
    assert (written.status_code, written.json()["target"]) == (201, str(message.seq))
    assert api.get(f"/projects/{group.project_id}/codebook").text.count("Price") >= 1
    undone = [api.post(f"/projects/{group.project_id}/coding/undo").json()["words"] for _ in range(2)]
    assert undone == ["wrote a memo on a message", f"coded message {message.seq} with “Price”"]
    assert api.get(codings).json() == []
    api.post(codings, json=given)
    assert api.delete(f"/codes/{price['id']}").status_code == 204
    assert api.get(codings).json() == []
