"""The usage pages: what their addresses ask for is what they show, down to one call, and to nobody else."""

import csv
import io
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.times import midnight
from semblance_core.domain.usage.events import TokenCounts, UsageQuota
from semblance_core.reports.exports import usage_csv
from semblance_core.store.ids import new_id
from semblance_core.store.usage.ledger import Hold
from tests.pages.conftest import Called, Visit

HOSTILE = "=cmd|' /C calc'!A0 <b>**bold**</b> ![x](http://evil) $1$"


pytestmark = pytest.mark.usefixtures("nothing_kept")


def texts(page: AppTest) -> str:
    shown = [*page.markdown, *page.caption, *page.info, *page.error, *page.warning, *page.subheader]
    return "\n".join(str(element.value) for element in shown).replace("\u2060", "").replace("\\", "")


def metrics(page: AppTest) -> dict[str, str]:
    assert not page.exception
    return {each.label: each.value for each in page.metric}


def rows(page: AppTest) -> Any:
    return page.dataframe[0].value


def test_an_empty_page_says_what_will_be_there(visit: Visit) -> None:
    assert "No model calls yet" in texts(visit("user", "usage"))
    assert "No model calls yet" in texts(visit("admin", "admin_usage"))


def test_who_is_no_administrator_sees_no_sum_of_others_not_even_a_kept_one(visit: Visit, called: Called) -> None:
    called(3, user_id="other")
    assert metrics(visit("admin", "admin_usage"))["Calls"] == "3"
    refused = visit("user", "admin_usage")
    assert "Only administrators" in texts(refused)
    assert not refused.metric
    assert not refused.dataframe
    assert "No model calls yet" in texts(visit("user", "usage"))
    mine = visit("other", "usage")
    assert metrics(mine)["Calls"] == "3"


def test_totals_stand_beside_the_period_before_and_unknown_costs_beside_them(
    visit: Visit, called: Called, now: datetime
) -> None:
    called(4, latency_s=0.35)
    called(2, status="timeout", cost_usd=None, ago=timedelta(minutes=1))
    called(3, ago=timedelta(days=8))
    page = visit("admin", "admin_usage", range="7-days")
    shown = metrics(page)
    assert (shown["Calls"], shown["Cost"], shown["Failed"]) == ("6", "≥ \\$0.0400", "2 (33.3%)")
    deltas = {each.label: each.delta for each in page.metric}
    assert (deltas["Calls"], deltas["Cost"]) == ("+100%", "+33%")
    assert "2 calls are of unknown cost" in texts(page)
    assert len(rows(page)) == 6
    assert list(rows(page)["cost_usd"].isna()) == [False] * 4 + [True] * 2


def test_the_months_cost_is_said_as_the_least_that_it_can_be_where_some_is_unknown(
    visit: Visit, semblance: Semblance, now: datetime
) -> None:
    ledger, used = semblance.store.ledger, TokenCounts(10, 0, 5)
    for usd in (Decimal("0.25"), None):
        hold = Hold(new_id(), "user", now, usd, used, "reply", "m/1")
        ledger.hold(hold, UsageQuota(), 60)
        ledger.settle(hold, hold.event(used, usd, "ok", latency_s=1.0, estimated=False, error=""))
    for name in ("home", "usage"):
        page = visit("user", name)
        assert metrics(page)["Cost this month"] == "≥ \\$0.25"
        assert "≥ $0.25 · 30 tokens · 1 call of unknown cost" in "\n".join(
            str(each.value) for each in page.sidebar.markdown
        ).replace("\\", "")


def test_filters_of_the_address_narrow_everything_with_names_for_ids(
    visit: Visit, called: Called, semblance: Semblance
) -> None:
    project = semblance.workspace("user").projects.mine()[0]
    called(2, project_id=project.id, feature="moderate")
    called(3, user_id="other", ago=timedelta(minutes=1))
    for address, calls in (
        ({"user": "other"}, 3),
        ({"project": project.id}, 2),
        ({"project": "none"}, 3),
        ({"feature": "moderate"}, 2),
        ({"model": "m/1"}, 5),
    ):
        assert metrics(visit("admin", "admin_usage", **address))["Calls"] == str(calls)
    page = visit("admin", "admin_usage")
    assert list(rows(page)["user"]) == ["User"] * 2 + ["Other"] * 3
    assert list(rows(page)["project"])[1:3] == ["My first study (User)", "No project"]
    boxes = {box.label: box for box in page.selectbox}
    boxes["User"].set_value("other").run()
    assert page.query_params["user"] == "other"
    assert metrics(page)["Calls"] == "3"


@pytest.mark.parametrize(
    "form", ["{:%Y-%m-%dT%H:%M}", "{:%Y-%m-%dT%H:%MZ}", "{:%Y-%m-%dT%H:%M+00:00}", "{:%Y-%m-%dT%H:%M 00:00}"]
)
def test_times_of_the_address_are_taken_however_they_are_written(
    visit: Visit, called: Called, now: datetime, form: str
) -> None:
    day = midnight(now) - timedelta(days=3)
    called(1, at=day + timedelta(hours=9, minutes=30))
    called(1, at=day + timedelta(hours=12))
    since, until = day + timedelta(hours=9), day + timedelta(hours=12)
    page = visit("admin", "admin_usage", **{"from": form.format(since), "to": form.format(until)})
    assert metrics(page)["Calls"] == "1"
    assert {box.label: box.value for box in page.selectbox}["Range"] == "custom"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"from": "yesterday"}, "“yesterday” is not a time in ISO 8601"),
        ({"from": "2026-11-09", "to": "2026-11-01"}, "ends before it begins. So the last 30 days are shown"),
        ({"range": "forever"}, "“forever” is not a known range"),
        ({"user": "=nobody"}, "“=nobody” is not a known user"),
        ({"project": "gone"}, "“gone” is not a known project"),
        ({"by": "colour"}, "“colour” is not a known by"),
        ({"at": "noon"}, "“noon” is not a time"),
        ({"call": "gone"}, "There is no such call"),
        ({"after": "gone"}, "The call to continue from no longer exists"),
    ],
)
def test_what_makes_no_sense_in_the_address_is_said_and_left_out(
    visit: Visit, called: Called, address: dict[str, str], words: str
) -> None:
    called(2)
    page = visit("admin", "admin_usage", **address)
    assert words in texts(page)
    assert metrics(page)["Calls"] == "2"
    assert len(rows(page)) == 2


def test_calls_are_paged_and_the_file_holds_all_that_are_filtered(
    visit: Visit, called: Called, semblance: Semblance
) -> None:
    called(120, error=HOSTILE)
    called(1, user_id="other")
    page = visit("admin", "admin_usage", user="user")
    first = list(rows(page)["at"])
    assert len(first) == 50
    older = next(button for button in page.button if button.label == "Older").click().run()
    assert max(rows(older)["at"]) < min(first)
    last = next(button for button in older.button if button.label == "Older").click().run()
    assert len(rows(last)) == 20
    assert not [button for button in last.button if button.label == "Older"]
    newest = next(button for button in last.button if button.label == "Newest").click().run()
    assert list(rows(newest)["at"]) == first
    table = list(csv.DictReader(io.StringIO(usage_csv(semblance.store.usage.events(user_id="user")))))
    assert len(table) == 120
    assert {row["error"] for row in table} == {f"'{HOSTILE}"}


def test_my_page_offers_nobody_else_and_opens_no_call_of_theirs(visit: Visit, called: Called) -> None:
    called(2)
    (theirs,) = called(1, user_id="other")
    page = visit("user", "usage", user="other", call=theirs.id)
    assert metrics(page)["Calls"] == "2"
    assert "There is no such call" in texts(page)
    assert "user" not in rows(page)
    assert "User" not in {box.label for box in page.selectbox}
    (mine,) = called(1)
    assert "One call" in texts(visit("user", "usage", call=mine.id))


def test_a_chart_of_a_thousand_users_and_years_stays_drawable(
    visit: Visit, semblance: Semblance, now: datetime
) -> None:
    day = midnight(now)
    documents = [
        {
            "_id": f"{day - timedelta(days=number):%Y-%m-%d}/{user}",
            "day": f"{day - timedelta(days=number):%Y-%m-%d}",
            "user_id": f"user-{user}",
            "project_id": None,
            "feature": "reply",
            "model": "m/1",
            "calls": 1,
        }
        for number in range(0, 3_600, 30)
        for user in range(100)
    ]
    semblance.connection.database["usage_daily"].insert_many(documents)
    page = visit("admin", "admin_usage", **{"from": f"{day - timedelta(days=3_600):%Y-%m-%d}"}, show="calls", by="user")
    assert metrics(page)["Calls"] == "12,000"
    charts = [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]
    assert len(charts) == 8
    points = [sum(len(trace.get("customdata", [])) for trace in chart["data"]) for chart in charts]
    assert 0 < max(points) <= 5_000
    assert [trace["name"] for trace in charts[0]["data"]][-1] == "Other"
    assert len(charts[0]["data"]) == 8


def test_a_month_of_two_days_is_too_early_to_tell_and_one_of_many_is_told(visit: Visit, called: Called) -> None:
    called(1, ago=timedelta(days=1))
    assert "too early to tell" in texts(visit("user", "usage"))
    for day in range(2, 20):
        called(1, ago=timedelta(days=day))
    st.cache_data.clear()
    assert "Forecast by" in texts(visit("user", "usage"))


def test_the_books_are_checked_and_set_right_on_the_page(visit: Visit, called: Called, semblance: Semblance) -> None:
    called(2)
    semblance.connection.database["usage_hourly"].delete_many({})
    page = visit("admin", "admin_usage")
    next(button for button in page.button if button.label == "Check usage").click().run()
    assert "figures in charts or budgets do not match the calls" in texts(page)
    next(button for button in page.button if button.label == "Repair").click().run()
    assert semblance.store.reconciliation.check().differences == ()


def test_what_cost_nothing_is_counted_in_tokens_unless_cost_is_asked_for(visit: Visit, called: Called) -> None:
    called(3, cost_usd=Decimal(0))
    assert visit("admin", "admin_usage").selectbox(key="usage_show").value == "tokens"
    assert visit("admin", "admin_usage", show="cost").selectbox(key="usage_show").value == "cost"
    assert visit("user", "usage").selectbox(key="usage_show").value == "tokens"
    called(ago=timedelta(hours=1))
    st.cache_data.clear()
    assert visit("admin", "admin_usage").selectbox(key="usage_show").value == "cost"
