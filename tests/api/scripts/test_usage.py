"""Usage over the API: every call once, the total, and what narrows it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.usage.events import TokenCounts, UsageEvent
from tests.api.scripts.conftest import As, told

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def calls(semblance: Semblance) -> list[UsageEvent]:
    """Five calls of one moment and one a day later; what the third cost is not known."""
    costs = ("0.000000001", "100", None, "0.1", "0.25", "2")
    made = [
        UsageEvent(
            id=f"call/{number}",
            user_id="other" if number == 4 else "user",
            feature="reply",
            model="m/1",
            tokens=TokenCounts(10, 4, 5, 1),
            cost_usd=None if usd is None else Decimal(usd),
            latency_s=0.5,
            status="ok",
            estimated=False,
            at=AT + timedelta(days=number // 5),
            project_id=f"p{number}",
        )
        for number, usd in enumerate(costs)
    ]
    assert semblance.store.usage.amend([], made) == len(made)
    return made


def test_pages_of_usage_hold_every_call_once_and_the_first_one_the_total(client: As, calls: list[UsageEvent]) -> None:
    admin = client("admin")
    page = admin.get("/admin/usage", params={"model": "m/1", "limit": 2}).json()
    assert page["total"] == {
        "calls": 6,
        "tokens": {"prompt": 60, "cached": 24, "completion": 30, "reasoning": 6},
        "cost_usd": None,
    }
    seen = page["items"]
    while page["next"]:
        page = admin.get("/admin/usage", params={"model": "m/1", "limit": 2, "after": page["next"]}).json()
        assert page["total"] is None
        seen += page["items"]
    assert [call["id"] for call in seen] == ["call/5", "call/4", "call/3", "call/2", "call/1", "call/0"]
    assert [call["cost_usd"] for call in seen] == ["2", "0.25", "0.1", None, "100", "0.000000001"]
    assert seen[0]["at"] == "2026-03-02T12:00:00.000Z"
    told(admin.get("/admin/usage", params={"after": "call/none"}), 422)


def test_usage_narrows_by_each_of_its_filters(client: As, calls: list[UsageEvent]) -> None:
    def found(**wanted: str) -> list[str]:
        page = client("admin").get("/admin/usage", params=wanted | {"model": "m/1"})
        return sorted(call["id"].removeprefix("call/") for call in page.json()["items"])

    assert found(user="other") == ["4"]
    assert found(project="p2") == ["2"]
    assert found(feature="reply", user="user") == ["0", "1", "2", "3", "5"]
    assert found(feature="moderate") == []
    known = client("admin").get("/admin/usage", params={"model": "m/1", "user": "other"}).json()["total"]
    assert known["cost_usd"] == "0.25"
    for moment in ("2026-03-02", "2026-03-02T12:00:00", "2026-03-02T12:00:00Z", "2026-03-02T14:00:00+02:00"):
        assert found(**{"from": moment}) == ["5"], moment
        assert found(to=moment) == ["0", "1", "2", "3", "4"], moment
    assert found(**{"from": "2026-03-01T12:00:00.000Z", "to": "2026-03-01T12:00:00.001"}) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    "query", ["from=tomorrow", "from=1", "from=", "to=2026-02-30", "from=2026-03-01T12:00:00+01:00", "from=0001-01-01T00:00%2B09:00",
              "from=2026-03-02&to=2026-03-01", "limit=0", "limit=1001", "limit=ten", "user=%00", "since=2026-01-01"]
)  # fmt: skip
def test_what_is_no_time_number_or_filter_is_refused(client: As, query: str) -> None:
    told(client("admin").get(f"/admin/usage?{query}"), 422)
