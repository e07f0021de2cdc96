"""Interviews through the API: estimated, begun once, read side by side, taken as CSV, analysed, deleted."""

from semblance_core.bootstrap import Semblance
from semblance_core.reports.interview_files import answers_csv
from tests.api.scripts.conftest import As
from tests.studies import GUIDE, eventually
from tests.surveys import project_with


def test_interviews_from_the_estimate_to_their_deletion(client: As, semblance: Semblance) -> None:
    api, workspace = client("user"), semblance.workspace("user")
    api.timeout = 60  # a loaded machine imports for long before a first estimate
    project_id = project_with(workspace, 2)
    body = {"project_id": project_id, "title": "Alone", "guide": GUIDE, "model": "simulator/instant", "seed": 7}
    assert api.post("/interviews/estimate", json=body).json()["calls"] >= 6
    assert api.post("/interviews", json=body | {"guide": "Nothing is asked"}).status_code == 422
    begun = api.post("/interviews", json=body)
    assert begun.status_code == 202
    round_id = begun.json()["id"]
    assert begun.headers["Location"].endswith(f"/interviews/{round_id}")
    assert api.post("/interviews", json=body).json()["id"] == round_id
    eventually(lambda: not api.get(f"/interviews/{round_id}").json()["is_busy"], within_s=120)

    read = api.get(f"/interviews/{round_id}").json()
    assert [(each["state"], each["answered"]) for each in read["interviews"]] == [("ended", 3)] * 2
    assert [each["question"] for each in read["questions"]] == [0, 1, 2]
    first = read["questions"][0]["answers"][1]
    said = workspace.sessions.messages(first["session_id"], first["said"][0]["seq"], first["said"][0]["seq"])
    assert (first["said"][0]["role"], first["said"][0]["text"]) == ("persona", said[0].text)
    assert [each["id"] for each in api.get(f"/projects/{project_id}/interviews").json()] == [round_id]
    assert api.get(f"/projects/{project_id}/focus-groups").json() == []
    assert api.get(f"/interviews/{round_id}/answers").text == answers_csv(workspace.interviews.held(round_id))

    assert api.get(f"/interviews/{round_id}/themes").json() is None
    task = api.post(f"/interviews/{round_id}/analyse").json()["task_id"]
    eventually(lambda: api.get(f"/tasks/{task}").json()["is_over"], within_s=120)
    found = api.get(f"/interviews/{round_id}/themes").json()
    quotes = [quote for theme in found["themes"] for quote in theme["verbatims"]]
    claims = [claim for of in (found, *found["themes"]) for claim in of["claims"]]
    assert any(claim["messages"] for claim in claims)
    assert all(len(claim["messages"]) == len(claim["session_ids"]) for claim in claims)
    assert {quote["session_id"] for quote in quotes} <= {each["session_id"] for each in read["interviews"]}
    assert api.delete(f"/interviews/{round_id}").status_code == 204
    assert api.get(f"/interviews/{round_id}").status_code == 404
