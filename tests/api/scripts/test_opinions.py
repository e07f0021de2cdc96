"""A ballot and a fork through the API: set up, put by itself, read, taken as CSV; the figures are the workspace's own."""

from semblance_core.bootstrap import Semblance
from semblance_core.reports.shift.files import ballots_csv, results
from tests.api.scripts.conftest import As
from tests.studies import eventually, panel
from tests.surveys import SHORT


def test_opinions_before_and_after_and_branches(client: As, semblance: Semblance) -> None:
    api, workspace = client("user"), semblance.workspace("user")
    api.timeout = 60
    project = workspace.projects.create("Oat milk", numbered=True)
    people = [workspace.personas.add(project.id, person).id for person in panel(3)]
    body = {"project_id": project.id, "title": "Oat milk", "guide": "- Do you like oat milk?", "persona_ids": people}
    body |= {"model": "simulator/instant", "turn_limit": 4, "probing": "none"}
    assert "ballot" not in api.post("/focus-groups", json=body | {"ballot": "# Nothing"}).json()
    group = api.post("/focus-groups", json=body | {"ballot": SHORT}).json()
    path = f"/focus-groups/{group['id']}"
    assert group["ballot_control"] is True
    assert api.get(f"{path}/ballots/estimate").json()["calls"] >= 12
    assert api.post(f"{path}/ballots").status_code == 409, "before its discussion"
    api.post(f"{path}/autonomous-start")
    eventually(lambda: api.get(path).json()["state"] == "ended", within_s=120)
    eventually(lambda: sum(api.get(f"{path}/opinion-shift").json()["ballots"].values()) == 12, within_s=120)
    shift = workspace.ballots.shift(group["id"])
    assert api.get(f"{path}/opinion-shift").json() == results(shift), "to the digit"
    assert api.get(f"{path}/ballots").text == ballots_csv(shift)

    made = api.post(f"{path}/forks", json={"seq": 2, "text": "I would never buy it.", "branches": 2}).json()
    assert [(each["fork"]["branch"], each["last_seq"]) for each in made] == [(1, 2), (2, 2)]
    assert [each["id"] for each in api.get(f"{path}/forks").json()] == [each["id"] for each in made]
    beside = api.get(f"{path}/forks/2").json()
    assert [each["seq"] for each in beside["common"]] == [1]
    assert [column["messages"][0]["text"] for column in beside["columns"]][1:] == ["I would never buy it."] * 2
    assert api.post(f"{path}/forks", json={"seq": 99}).status_code == 422
