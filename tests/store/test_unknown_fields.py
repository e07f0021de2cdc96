"""Fields that this program does not know, of a newer one with the same version of the data: no write of its own loses them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.asset import Asset
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.usage.events import TokenCounts, UsageEvent, UsageQuota
from semblance_core.domain.usage.price import ModelPrice, Rates
from semblance_core.workspace import Workspace
from tests.studies import found_themes, panel, session

UNKNOWN = {"of_a_newer_one": {"a": [1]}}


@pytest.fixture
def write(semblance: Semblance) -> Callable[[str, str, str], None]:
    """Puts a field into a document, or into one inside it, as a newer program would."""

    def put(collection: str, which: str, inside: str = "") -> None:
        place = f"{inside}.of_a_newer_one" if inside else "of_a_newer_one"
        done = semblance.connection.database[collection].update_one(
            {"_id": which}, {"$set": {place: UNKNOWN["of_a_newer_one"]}}
        )
        assert done.modified_count == 1

    return put


def kept(semblance: Semblance, collection: str, which: str, inside: str = "") -> bool:
    found: Any = semblance.connection.database[collection].find_one({"_id": which})
    return bool((found[inside] if inside else found).get("of_a_newer_one") == UNKNOWN["of_a_newer_one"])


def message(group: FocusGroup, semblance: Semblance, seq: int, status: MessageStatus) -> Message:
    return Message(
        group.id,
        seq,
        "persona",
        "Maya Rao",
        "So dear." if status is MessageStatus.SAID else "",
        status,
        "reply",
        semblance.clock(),
    )


def test_a_session_and_its_messages_keep_them(semblance: Semblance, workspace: Workspace, write: Any) -> None:
    groups = semblance.store.focus_groups
    group = session(workspace)
    for inside in ("", "course"):
        write("focus_groups", group.id, inside)
    assert groups.set_up(replace(group, title="Another", version=1), ["title"])
    pending = message(group, semblance, 1, MessageStatus.PENDING)
    asked = groups.append(group, [pending], semblance.clock(), state=FocusGroupState.MODERATED, pending=1)
    assert asked
    write("focus_group_messages", f"{group.id}/1")
    assert groups.fill(message(group, semblance, 1, MessageStatus.SAID))
    assert groups.finish_round(asked, replace(asked.course, persona_turns=1), semblance.clock())
    read = groups.get(group.id)
    assert groups.start(read, semblance.clock())
    claimed = groups.claim(group.id, 30)
    assert claimed
    turn = message(group, semblance, 2, MessageStatus.SAID)
    after = groups.commit(claimed, turn, replace(claimed.course, turns=1))
    assert after
    assert groups.conclude(after, semblance.clock(), state=FocusGroupState.ENDED, reason="guide_covered")
    assert groups.get(group.id).course == replace(asked.course, persona_turns=1, turns=1)
    assert groups.message(group.id, 1).text == "So dear."
    assert kept(semblance, "focus_group_messages", f"{group.id}/1")
    assert [kept(semblance, "focus_groups", group.id, inside) for inside in ("", "course")] == [True, True]


def test_findings_and_stimuli_keep_them(semblance: Semblance, workspace: Workspace, write: Any) -> None:
    group = session(workspace)
    findings = found_themes(semblance, group, (), analysis_id="task")
    write("focus_group_themes", "task")
    semblance.store.themes.add(replace(findings, summary="Another."), "task")
    assert workspace.findings.get(group.id, "task").summary == "Another."  # type: ignore[union-attr]
    assert kept(semblance, "focus_group_themes", "task")
    asset = Asset("asset", group.id, "user", "Leaflet.txt", "text", "text/plain", 2, "0" * 64, semblance.clock())
    semblance.connection.database["assets"].insert_one({"_id": "asset", **UNKNOWN})  # cut off before it was listed
    assert semblance.store.assets.add(asset, b"Hi", "Hi")
    assert workspace.stimuli.of_session(group.id)[0].name == "Leaflet.txt"
    assert kept(semblance, "assets", "asset")


def test_people_and_prices_keep_them(semblance: Semblance, workspace: Workspace, write: Any) -> None:
    admin = semblance.workspace("admin")
    write("users", "user", "quota")
    admin.accounts.set_quota("user", UsageQuota(Decimal(3), 500))
    assert admin.accounts.get("user")[0].quota == UsageQuota(Decimal(3), 500)
    assert kept(semblance, "users", "user", "quota")
    persona = workspace.personas.add(workspace.projects.create("Oats").id, panel(1)[0])
    for inside in ("", "big_five"):
        write("personas", persona.id, inside)
    changed = replace(persona, name="Mia", big_five=replace(persona.big_five, openness=90))
    assert workspace.personas.edit(persona.id, changed) == workspace.personas.get(persona.id) == changed
    assert [kept(semblance, "personas", persona.id, inside) for inside in ("", "big_five")] == [True, True]
    valid, rates = semblance.clock() - timedelta(hours=1), Rates(Decimal(1), Decimal(1), Decimal(2))
    for dearer in (rates, replace(rates, completion=Decimal(3))):
        admin.prices.set("openai/gpt-4.1", ModelPrice(dearer), valid)
        (edit,) = semblance.connection.database["model_pricing"].find({"model": "openai/gpt-4.1", "is_edit": True})
        semblance.connection.database["model_pricing"].update_one({"_id": edit["_id"]}, {"$set": UNKNOWN})
    admin.prices.set("openai/gpt-4.1", ModelPrice(rates), valid)
    assert kept(semblance, "model_pricing", edit["_id"])


def test_calls_keep_them_when_they_are_priced_anew(semblance: Semblance, write: Any) -> None:
    admin = semblance.workspace("admin")
    at = semblance.clock() - timedelta(minutes=5)
    event = UsageEvent("call", "user", "reply", "openai/gpt-4.1", TokenCounts(10**6), Decimal(1), 0.5, "ok", False, at)
    with semblance.connection.database.client.start_session() as own:
        semblance.store.usage.record([event], own)
    write("usage_events", "call")
    admin.prices.set(event.model, ModelPrice(Rates(Decimal(7), Decimal(7), Decimal(7))), at - timedelta(hours=1))
    assert admin.usage.recalculate_costs(at - timedelta(days=1))
    assert admin.usage.call("call").cost_usd == Decimal(7)
    assert kept(semblance, "usage_events", "call")
