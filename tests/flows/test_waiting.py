"""A discussion that waits, for room in a quota or for a price: it makes no call meanwhile, and goes on by itself."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.errors import PriceUnknown, QuotaExceeded
from semblance_core.domain.task import TaskState
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.domain.usage.price import model_price
from semblance_core.flows.resume import resume_paused
from semblance_core.reports.costs import fits
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.scripted_server import ScriptedServer
from tests.studies import discussed, finished, session


def test_an_exhausted_quota_pauses_it_with_the_reason_and_makes_no_call(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    semblance.workspace("admin").accounts.set_quota("user", UsageQuota(usd=Decimal("0.0000001")))
    group, messages = discussed(semblance, workspace, session(workspace).id)
    assert (group.state, group.reason) == (FocusGroupState.MODERATED, "budget")
    assert "$0.0000 of $0.00" in group.reason_detail or "quota does not allow" in group.reason_detail
    assert model_server.asked == []
    assert len(messages) == 1


def test_a_paused_session_goes_on_by_itself_once_the_quota_is_raised(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    admin = semblance.workspace("admin")
    admin.accounts.set_quota("user", UsageQuota(usd=Decimal("0.0018")))
    group, before = discussed(semblance, workspace, session(workspace).id)
    assert group.reason == "budget"
    assert group.reason_in_words.startswith("Paused until the usage quota has room; it then goes on by itself")
    assert 2 < len(before) < 20
    admin.accounts.set_quota(
        "user", UsageQuota(usd=Decimal("0.001800001"))
    )  # not enough for the call that it waits for
    assert workspace.sessions.get(group.id) == group
    admin.accounts.set_quota("user", UsageQuota(usd=Decimal("5")))
    semblance.engine.wait("focus_group", group.id)
    group = workspace.sessions.get(group.id)
    messages = workspace.sessions.messages(group.id)
    assert group.reason == "guide_covered"
    assert messages[: len(before)] == before
    assert [message.seq for message in messages] == list(range(1, group.next_seq))


def test_a_session_that_was_stopped_while_it_waited_for_the_quota_stays_stopped(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    semblance.workspace("admin").accounts.set_quota("user", UsageQuota(usd=Decimal("0.0018")))
    group, _ = discussed(semblance, workspace, session(workspace).id)
    workspace.sessions.stop(group.id)
    semblance.workspace("admin").accounts.set_quota("user", UsageQuota())
    assert (workspace.sessions.get(group.id).reason, workspace.sessions.get(group.id).is_busy) == ("stopped", False)


def test_a_paused_session_goes_on_when_the_next_month_begins_and_not_before(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    """The sweeper looks for it; nobody has to press anything."""
    now = [datetime(2026, 11, 30, 23, 0, tzinfo=UTC)]
    semblance = open_platform(clock=lambda: now[0])
    semblance.workspace("admin").accounts.set_quota("user", UsageQuota(usd=Decimal("0.0018")))
    workspace = semblance.workspace("user")
    group, before = discussed(semblance, workspace, session(workspace).id)
    assert group.reason == "budget"
    assert resume_paused(semblance.store, semblance.gateway.prices.price_of, semblance.clock) == []
    now[0] += timedelta(hours=2)
    assert resume_paused(semblance.store, semblance.gateway.prices.price_of, semblance.clock) == [group.id]
    semblance.engine.wait("focus_group", group.id)
    assert len(workspace.sessions.messages(group.id)) > len(before)


def test_a_session_waits_for_a_price_and_goes_on_when_it_is_set(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_MODEL="openai/nobodys-model")
    admin, workspace = semblance.workspace("admin"), semblance.workspace("user")
    group = session(workspace)
    admin.accounts.set_quota("user", UsageQuota(usd=Decimal("5")))
    with pytest.raises(PriceUnknown, match="page Prices"):
        workspace.sessions.start(group.id)
    started = workspace.sessions.get(group.id)
    assert semblance.store.focus_groups.start(started, semblance.clock())  # as when the quota comes while it runs
    semblance.engine.wait("focus_group", group.id)
    assert workspace.sessions.get(group.id).reason == "no_price"
    assert workspace.sessions.get(group.id).is_waiting
    admin.prices.set("openai/nobodys-model", model_price("1", "1", "2"), semblance.clock() - timedelta(days=1))
    semblance.engine.wait("focus_group", group.id)
    assert workspace.sessions.get(group.id).reason == "guide_covered"
    assert workspace.sessions.spent(group.id).cost_usd


def test_a_quota_of_nothing_means_free_models_and_the_example_costs_nobodys_tokens(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    semblance.workspace("admin").accounts.set_quota("user", UsageQuota(usd=Decimal(0), tokens=0))
    task = finished(semblance, workspace, workspace.examples.make())
    assert (task.state, task.error) == (TaskState.DONE, "")
    assert workspace.me.quota().spent_tokens == 0
    assert workspace.tasks.spent(task.id).calls > 5  # type: ignore[union-attr]
    assert fits(
        workspace.personas.estimate_recruiting(task.project_id, "Anybody", 3, model="simulator/v1"),
        workspace.me.quota(),
    )
    with pytest.raises(QuotaExceeded):
        workspace.sessions.start(session(workspace).id)
    assert model_server.asked == []
    assert semblance.store.reconciliation.check().wrong == 0


def test_a_session_of_a_free_model_goes_on_though_more_than_the_quota_is_spent(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    admin = semblance.workspace("admin")
    admin.accounts.set_quota("user", UsageQuota(usd=Decimal("0.0018")))
    group, _ = discussed(semblance, workspace, session(workspace).id)
    assert group.reason == "budget"
    admin.prices.set(group.model, model_price("0", "0", "0"), semblance.clock())
    semblance.engine.wait("focus_group", group.id)
    assert workspace.sessions.get(group.id).reason == "guide_covered"
