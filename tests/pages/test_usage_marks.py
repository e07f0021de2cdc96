"""The usage pages: what is picked in a chart leads to the calls that it stands for, as its address does."""

import json
from datetime import datetime, timedelta

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.usage.events import TokenCounts
from tests.pages.conftest import Called, Visit
from tests.pages.test_usage import HOSTILE, metrics, rows, texts
from tests.studies import session

pytestmark = pytest.mark.usefixtures("nothing_kept")


def test_a_mark_leads_to_its_calls_and_a_call_to_all_that_is_known_of_it(
    semblance: Semblance, visit: Visit, called: Called, now: datetime
) -> None:
    group_id = session(semblance.workspace("user"), size=2).id
    yesterday = now - timedelta(days=1)
    (told,) = called(
        1, at=yesterday, model="m/2", focus_group_id=group_id, seq=7, status="server", error=HOSTILE, cost_usd=None
    )
    called(2, at=yesterday - timedelta(seconds=9))
    called(2)
    mark = {"at": f"{yesterday:%Y-%m-%d}"}
    page = visit("admin", "admin_usage", **mark)
    assert metrics(page)["Calls"] == "5"
    assert f"Calls: {yesterday:%d %b %Y}" in texts(page)
    assert len(rows(page)) == 3
    assert len(rows(visit("admin", "admin_usage", **mark, outcome="failed"))) == 1
    page = visit("admin", "admin_usage", **mark, **{"in": "model", "is": "m/2"}, call=told.id)
    assert list(rows(page)["model"]) == ["m/2"]
    words = texts(page)
    assert HOSTILE in words
    assert "unknown" in words
    assert "100, of which 40 cached" in words
    link = next(each for each in page.get("page_link") if "message" in each.proto.label)
    assert f"id={group_id}" in link.proto.query_string
    assert "message=7" in link.proto.query_string
    assert "<b>" not in [each.value for each in page.markdown][-1]
    everything = next(button for button in page.button if button.label == "All calls").click().run()
    assert len(rows(everything)) == 5
    assert "at" not in everything.query_params


def test_what_a_chart_shows_as_other_leads_to_the_calls_that_it_stands_for(
    visit: Visit, called: Called, semblance: Semblance
) -> None:
    project = semblance.workspace("user").projects.mine()[0]
    for number in range(7):
        called(9 - number, model=f"m/{number}", ago=timedelta(minutes=number))
    called(1, model="small/1", project_id=project.id, ago=timedelta(minutes=8))
    called(1, model="small/2", user_id="other", ago=timedelta(minutes=9))
    called(1, model="small/3", ago=timedelta(minutes=10))
    page = visit("admin", "admin_usage", **{"in": "model"}, show="calls")
    assert "Calls: other models" in texts(page)
    assert sorted(rows(page)["model"]) == ["small/1", "small/2", "small/3"]
    assert metrics(page)["Calls"] == "45"
    assert list(rows(visit("user", "usage", **{"in": "model"}, show="calls"))["model"]) == ["small/1", "small/3"]
    assert "No calls here." in texts(visit("admin", "admin_usage", **{"in": "project"}))  # both are told apart
    left_out = visit("admin", "admin_usage", **{"in": "model", "is": "gone"})
    assert "“gone” is not a known is" in texts(left_out)
    assert len(rows(left_out)) == 45
    charts = [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]
    assert [value[1:3] for value in charts[0]["data"][-1]["customdata"]] == [["model", ""]]


@pytest.mark.parametrize(("kind", "calls"), [("fresh", 2), ("cached", 1), ("spoken", 2), ("reasoning", 1)])
def test_a_kind_of_tokens_leads_to_the_calls_that_used_some(
    visit: Visit, called: Called, kind: str, calls: int
) -> None:
    called(1, model="all", tokens=TokenCounts(100, 40, 20, 5))
    called(1, model="plain", tokens=TokenCounts(100, 0, 20, 0), ago=timedelta(minutes=1))
    called(1, model="none", tokens=TokenCounts(0, 0, 0, 0), ago=timedelta(minutes=2))
    page = visit("admin", "admin_usage", kind=kind)
    assert len(rows(page)) == calls
    assert "all" in set(rows(page)["model"])
    assert "tokens" in texts(page)
    assert "not a known kind" in texts(visit("admin", "admin_usage", kind="ripe"))
