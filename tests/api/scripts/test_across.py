"""Synthesis and search through the API: brought together, read, edited, added to, found, deleted."""

from semblance_core.bootstrap import Semblance
from semblance_core.domain.findings.claims import Check, Claim
from semblance_core.domain.findings.theme import Sentiment, Theme, Verbatim
from semblance_core.workspace import config_of
from tests.api.scripts.conftest import As
from tests.studies import NAMES, found_themes, session

GOOD = Verbatim(2, NAMES[0], "I pay it gladly", Sentiment.POSITIVE)
BAD = Verbatim(7, NAMES[1], "I pay nothing for it", Sentiment.NEGATIVE)
PRICE = Theme("Price", "A litre costs more.", (GOOD,), (Claim("A litre costs more.", Check.INFERRED, (2,)),))
TASTE = Theme("Sweet taste", "Its sweetness spoils strong tea.", (GOOD,))


def test_a_synthesis_from_its_beginning_to_its_deletion_and_a_search(client: As, semblance: Semblance) -> None:
    api, workspace = client("user"), semblance.workspace("user")
    api.timeout = 120  # a loaded machine imports for long before a first synthesis
    first = session(workspace)
    second, third = (workspace.sessions.create(first.project_id, config_of(first)) for _ in range(2))
    found_themes(semblance, first, [PRICE, TASTE])
    found_themes(semblance, second, [Theme("Price", "It costs too much.", (BAD,)), TASTE])
    found_themes(semblance, third, [TASTE])
    project = f"/projects/{first.project_id}/syntheses"
    made = api.post(project, json={"title": "All", "sessions": [first.id, second.id]})
    assert made.status_code == 201
    path = f"/syntheses/{made.json()['id']}"
    assert made.headers["Location"].endswith(path)
    assert [each["id"] for each in api.get(project).json()] == [made.json()["id"]]
    read = api.get(path).json()
    price = next(each for each in read["themes"] if each["name"] == "Price")
    assert (read["synthetic"], price["sessions"], price["people"]) == (True, [first.id, second.id], 2)
    claim = price["members"][0]["claims"][0]
    assert (claim["check"], claim["session_ids"], bool(claim["marks"])) == ("inferred", [first.id], True)
    sides = price["contradiction"]
    assert (sides["kind"], sides["positive"][0]["verbatims"][0]["seq"]) == ("opposite", 2)
    assert sides["negative"][0]["verbatims"][0]["session_id"] == second.id
    assert (read["saturation"]["heard"], read["saturation"]["reached"]) == ([2, 2], None)
    edit = {"version": 0, "action": "separate", "shared": [1], "members": [{"source_id": second.id, "at": 0}]}
    assert api.post(f"{path}/edit", json=edit).json()["version"] == 1
    assert api.post(f"{path}/edit", json=edit).status_code == 409
    assert api.post(f"{path}/sessions", json={"sessions": [third.id]}).json()["sources"][2] == third.id
    assert api.post(f"{path}/sessions", json={"sessions": ["none"]}).status_code == 404
    assert api.post(f"{path}/update").json()["version"] == 2, "nothing was to be done"
    assert [len(each["sessions"]) for each in api.get(path).json()["themes"]] == [3, 1, 1]

    hits = api.get("/search", params={"q": '"pay nothing"', "kind": "quote"}).json()
    assert [(hit["session_id"], hit["seq"], hit["theme"]) for hit in hits["hits"]] == [(second.id, 7, "Price")]
    assert hits["hits"][0]["spans"] == [{"start": 2, "end": 13}]
    assert api.get("/search", params={"q": "pay", "project_id": first.project_id}).json()["hits"] != []
    assert api.get("/search", params={"q": "..."}).status_code == 422
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
