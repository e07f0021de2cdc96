"""Links to reports, as scripts make, list and end them."""

import httpx

from semblance_core.bootstrap import Semblance
from tests.api.scripts.conftest import As
from tests.studies import session


def test_a_report_is_shared_listed_and_ended(client: As, semblance: Semblance, address: str) -> None:
    group, asks = session(semblance.workspace("user"), 2, title="Oat milk"), client("user")
    listing = f"/projects/{group.project_id}/shared-reports"
    made = asks.post(f"/focus-groups/{group.id}/shared-reports", json={"days": 7})
    assert made.status_code == 201, made.text
    link = made.json()
    path = link.pop("path")
    assert "Oat milk" in httpx.get(f"{address}{path}", timeout=60).raise_for_status().text
    (listed,) = asks.get(listing).json()
    assert listed == link | {"state": "open", "opened": 1, "opened_at": listed["opened_at"]}
    assert asks.delete(f"/shared-reports/{link['id']}").status_code == 204
    assert httpx.get(f"{address}{path}", timeout=60).status_code == 404
    assert [each["state"] for each in asks.get(listing).json()] == ["revoked"]
    assert asks.delete("/shared-reports/none").status_code == 404
