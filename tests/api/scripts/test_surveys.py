"""A survey through the API: checked, estimated, begun, read, split, taken as CSV, deleted; the figures are the workspace's own."""

import csv
import io

from semblance_core.bootstrap import Semblance
from semblance_core.reports.surveys.files import long_csv, results_rows
from tests.api.scripts.conftest import As
from tests.studies import eventually
from tests.surveys import EVERY, SHORT, project_with


def test_a_survey_from_the_check_to_its_deletion(client: As, semblance: Semblance) -> None:
    api, workspace = client("user"), semblance.workspace("user")
    api.timeout = 60  # a loaded machine imports for long before a first estimate
    project_id = project_with(workspace, 12)
    wrong = api.post("/questionnaires/check", json={"questionnaire": "# T\n## Q?\ntype: slider"}).json()
    assert (wrong["questions"], wrong["markdown"]) == (0, None)
    assert wrong["mistakes"][0]["line"] == 3
    assert api.post("/questionnaires/check", json={"questionnaire": EVERY}).json()["questions"] == 8
    body = {
        "project_id": project_id,
        "questionnaire": EVERY,
        "methods": ["direct", "similarity"],
        "model": "simulator/instant",
    }
    estimate = api.post("/surveys/estimate", json=body).json()
    assert estimate["calls"] >= 12 * 9
    refused = api.post("/surveys", json=body | {"questionnaire": "# T"})
    assert refused.status_code == 422
    assert "There is no question yet" in refused.json()["detail"]

    begun = api.post("/surveys", json=body | {"seed": 4})
    assert begun.status_code == 202
    survey_id = begun.json()["survey_id"]
    assert begun.json()["estimate"]["calls"] == estimate["calls"]
    eventually(lambda: api.get(f"/tasks/{survey_id}").json()["is_over"], within_s=120)
    assert api.get(f"/tasks/{survey_id}").json()["state"] == "done"
    assert api.get(f"/surveys/{survey_id}").json()["seed"] == 4
    assert [each["id"] for each in api.get(f"/projects/{project_id}/surveys").json()] == [survey_id]

    answered = workspace.surveys.answered(survey_id)
    results = api.get(f"/surveys/{survey_id}/results").json()
    assert (results["synthetic"], results["simulated"]) == (True, True)
    assert results["groups"][0]["results"] == results_rows(answered.results()), "to the digit"
    by_gender = api.get(f"/surveys/{survey_id}/results?by=gender").json()["groups"]
    assert {each["value"]: each["respondents"] for each in by_gender} == {"man": 6, "woman": 6}
    long = api.get(f"/surveys/{survey_id}/answers")
    assert long.headers["content-type"].startswith("text/csv")
    assert long.text == long_csv(answered)
    wide = list(
        csv.DictReader(io.StringIO(api.get(f"/surveys/{survey_id}/answers?form=wide").text.removeprefix("\ufeff")))
    )
    assert len(wide) == 12
    assert {row["synthetic"] for row in wide} == {"True"}
    assert api.delete(f"/surveys/{survey_id}").status_code == 204
    assert api.get(f"/surveys/{survey_id}").status_code == 404


def test_a_survey_of_nobody_is_refused(client: As, semblance: Semblance) -> None:
    empty = semblance.workspace("user").projects.create("Empty", numbered=True)
    refused = client("user").post("/surveys", json={"project_id": empty.id, "questionnaire": SHORT})
    assert refused.status_code == 422
    assert "recruit, write or import personas first" in refused.json()["detail"]
