"""Two windows on one thing: what both wrote stays, or the later one is told what was changed; nothing is overwritten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.editing import Edit, EditConflict
from semblance_core.domain.errors import Conflict, NotFound
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.domain.usage.price import model_price
from semblance_core.flows.importing.persona_file import read_personas
from semblance_core.reports import exports
from semblance_core.workspace import SessionConfig, config_of
from tests.studies import panel, session
from tests.workspace.things import KINDS, MODEL, Thing


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("knows", ["the value", "its version"])
def test_the_later_writer_of_the_same_is_told_and_overwrites_nothing(
    semblance: Semblance, kind: Callable[[Semblance], Thing], knows: str
) -> None:
    thing = kind(semblance)
    first = semblance.workspace("admin")
    mine, yours = thing.values
    read = thing.read()
    assert read.version == 0
    base = read if knows == "the value" else read.version
    thing.edit(first, mine, base)
    after = thing.read()
    assert after.version == 1
    edit = after.edits[thing.field]
    assert (edit.version, edit.by) == (1, "admin")
    assert abs(edit.at - semblance.clock()) < timedelta(minutes=5)
    with pytest.raises(EditConflict) as refused:
        thing.edit(first, yours, base)
    assert str(refused.value).startswith("You changed ")
    assert " in another window at " in str(refused.value)
    (clash,) = refused.value.clashes
    assert (clash.field, clash.edit, clash.theirs) == (thing.field, edit, getattr(after, thing.field))
    assert clash.theirs != clash.yours
    if knows == "the value":
        assert clash.base == getattr(read, thing.field)
    assert getattr(thing.read(), thing.field) == getattr(after, thing.field)
    thing.edit(first, mine, base)  # a second click on Save
    assert thing.read().version == 1
    thing.edit(first, yours, refused.value.now if knows == "the value" else refused.value.now.version)
    assert getattr(thing.read(), thing.field) != getattr(after, thing.field)
    assert thing.read().version == 2


@pytest.mark.parametrize("kind", KINDS)
def test_who_gives_no_version_writes_last_and_what_was_stored_before_there_were_versions_is_edited_too(
    semblance: Semblance, kind: Callable[[Semblance], Thing]
) -> None:
    thing = kind(semblance)
    admin = semblance.workspace("admin")
    collection = semblance.connection.database[thing.collection]
    collection.update_one({"_id": thing.id}, {"$unset": {"version": "", "edits": ""}})
    old = thing.read()
    assert (old.version, old.edits) == (0, {})
    for number, value in enumerate(thing.values, 1):
        thing.edit(admin, value, None)
        assert thing.read().version == number
    collection.update_one({"_id": thing.id}, {"$unset": {"version": "", "edits": ""}})
    with pytest.raises(EditConflict, match="Somebody changed "):
        thing.edit(admin, thing.values[0], old)  # written by a program that knows of no versions


@pytest.mark.parametrize("kind", KINDS)
def test_of_many_windows_at_once_one_writes_and_all_others_are_told(
    semblance: Semblance, kind: Callable[[Semblance], Thing]
) -> None:
    thing = kind(semblance)
    admin, read = semblance.workspace("admin"), thing.read()
    wanted = [(number, thing.values[number % 2]) for number in range(8)]

    def write(number_and_value: tuple[int, Any]) -> str:
        try:
            thing.edit(admin, number_and_value[1], read)
        except EditConflict:
            return "told"
        return "written"

    with ThreadPoolExecutor(8) as threads:
        became = list(threads.map(write, wanted))
    assert thing.read().version == 1
    # Who writes what is there already is not told anything: it is as they want it.
    assert became.count("written") == 4
    assert became.count("told") == 4


def test_different_fields_of_two_windows_both_survive(semblance: Semblance) -> None:
    ws, admin = semblance.workspace("user"), semblance.workspace("admin")
    read = session(ws)
    base = config_of(read)
    admin.sessions.change(read.id, replace(base, guide=parse_guide("## A\n- Theirs?"), seed=4), base)
    saved = ws.sessions.change(read.id, replace(base, title="Mine", participants=base.participants[:2]), base)
    assert (saved.title, saved.guide.questions, saved.seed, len(saved.participants)) == ("Mine", ("Theirs?",), 4, 2)
    assert {name: edit.by for name, edit in saved.edits.items()} == {
        "guide": "admin",
        "seed": "admin",
        "title": "user",
        "participants": "user",
    }
    assert ws.sessions.get(read.id) == saved
    maya = ws.personas.add(read.project_id, panel(1)[0])
    admin.personas.edit(maya.id, replace(maya, occupation="baker"), maya)
    assert ws.personas.edit(maya.id, replace(maya, quote="Mine."), maya).occupation == "baker"
    other = admin.accounts.get("other")[0]
    admin.accounts.set_quota("other", UsageQuota(tokens=9), other)
    admin.accounts.change("other", other.name, Role.ADMIN, other)
    changed = admin.accounts.change("other", "Olga", Role.RESEARCHER, other)
    assert (changed.name, changed.role, changed.quota) == ("Olga", Role.ADMIN, UsageQuota(tokens=9))


def test_what_was_read_long_ago_carries_its_version_and_undoes_nothing(semblance: Semblance) -> None:
    ws = semblance.workspace("user")
    group = session(ws)
    mine, yours = (config_of(ws.sessions.get(group.id)) for _ in range(2))
    ws.sessions.change(group.id, replace(mine, guide=parse_guide("## A\n- Mine?")))
    with pytest.raises(Conflict, match="You changed the guide in another window"):
        ws.sessions.change(group.id, replace(yours, title="Yours"))
    assert ws.sessions.get(group.id).guide.questions == ("Mine?",)
    maya = ws.personas.add(group.project_id, panel(1)[0])
    ws.personas.edit(maya.id, replace(maya, quote="Mine."))
    with pytest.raises(Conflict, match="changed the quote"):
        ws.personas.edit(maya.id, replace(maya, occupation="baker"))
    assert ws.personas.get(maya.id).quote == "Mine."
    assert ws.personas.edit(maya.id, panel(1)[0]).quote == ""  # one that was written anew replaces what is there


def test_participants_that_two_windows_add_and_remove_are_put_together(semblance: Semblance) -> None:
    ws = semblance.workspace("user")
    group = session(ws, 3)
    base = config_of(group)
    maya, ben, ines = base.participants
    tom, olu = panel(5)[3:]
    ws.sessions.change(group.id, replace(base, participants=(maya, ben, ines, tom)), base)
    after = ws.sessions.change(group.id, replace(base, participants=(ben, ines, olu)), base)
    assert [person.name for person in after.participants] == ["Ben Cole", "Ines Falk", "Tom Brandt", "Olu Ade"]
    with pytest.raises(EditConflict, match="the participants"):  # an order of one's own cannot be put on top of that
        ws.sessions.change(group.id, replace(base, participants=(ines, ben, maya)), base)


def test_a_conflict_names_everybody_and_everything(semblance: Semblance) -> None:
    ws, admin = semblance.workspace("user"), semblance.workspace("admin")
    read = session(ws)
    base = config_of(read)
    admin.sessions.change(read.id, replace(base, title="Theirs", guide=parse_guide("## A\n- Theirs?")), base)
    with pytest.raises(EditConflict) as refused:
        ws.sessions.change(read.id, replace(base, title="Mine", topic="Mine", guide=parse_guide("## A\n- Mine?")), base)
    assert refused.value.fields == ("title", "guide")
    assert str(refused.value).startswith("Admin changed the title and the guide at ")
    title, guide = refused.value.clashes
    assert (title.yours, title.theirs, title.base) == ("Mine", "Theirs", "Oat milk")
    assert guide.theirs.questions == ("Theirs?",)
    assert ws.sessions.get(read.id).topic == "Oat milk", "a change is saved whole or not at all"


def test_what_has_begun_or_is_gone_is_said(semblance: Semblance) -> None:
    ws = semblance.workspace("user")
    group = session(ws)
    base = config_of(group)
    semblance.store.focus_groups.start(group, group.created_at)
    with pytest.raises(Conflict, match="has started"):
        ws.sessions.change(group.id, replace(base, title="Late"), base)
    maya = ws.personas.add(group.project_id, panel(1)[0])
    ws.personas.delete(maya.id)
    with pytest.raises(NotFound):
        ws.personas.edit(maya.id, replace(maya, quote="Late."), maya)
    assert ws.personas.of_project(group.project_id) == []


def test_copies_snapshots_and_files_begin_anew(semblance: Semblance) -> None:
    ws = semblance.workspace("user")
    project_id = ws.projects.mine()[0].id
    maya = ws.personas.add(project_id, panel(1)[0])
    maya = ws.personas.edit(maya.id, replace(maya, quote="Edited."), maya)
    assert maya.version == 1
    copied = ws.personas.copy(maya.id)
    (passed_on,) = ws.personas.copy_to(project_id, [maya.id], ws.projects.create("Other").id)
    taken_in = ws.personas.import_file(project_id, exports.personas_json([maya]))[0]
    for one in (copied, passed_on, taken_in):
        stored = ws.personas.get(one.id)
        assert (stored.version, stored.edits, stored.quote) == (0, {}, "Edited.")
    group = ws.sessions.create(project_id, SessionConfig("Oat milk", "", parse_guide("## A\n- Why?"), (maya,)))
    (snapshot,) = ws.sessions.get(group.id).participants
    assert (snapshot, snapshot.version, snapshot.edits) == (maya, None, {})
    ws.personas.edit(maya.id, replace(maya, quote="Edited again."), maya)
    assert ws.sessions.get(group.id).participants == (snapshot,)
    for text in (exports.personas_json([maya]), exports.personas_csv([maya])):
        assert '"version"' not in text
        assert ",version" not in text
        assert "edits" not in text
        assert [person.quote for person in read_personas(text)] == ["Edited."]


def test_what_a_command_or_microsoft_sets_counts_as_an_edit(semblance: Semblance) -> None:
    admin = semblance.workspace("admin")
    users = semblance.store.users
    before = admin.accounts.get("other")[0]
    users.set_role("other", Role.ADMIN, "Microsoft")
    users.set_disabled("other", True, "command line")
    after = admin.accounts.get("other")[0]
    assert (after.role, after.disabled, after.version) == (Role.ADMIN, True, 2)
    assert isinstance(after.edits["role"], Edit)
    with pytest.raises(EditConflict, match="command line changed whether it is disabled at "):
        admin.accounts.set_disabled("other", False, before.version)


def test_prices_that_somebody_set_or_took_back_meanwhile_are_said(semblance: Semblance) -> None:
    admin = semblance.workspace("admin")
    read = admin.prices.of_model(MODEL)
    today = semblance.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    admin.prices.set(MODEL, model_price("1", "1", "2"), today - timedelta(days=1), read)
    with pytest.raises(EditConflict, match=f"the prices of {MODEL}"):  # of another day, which would hold from then on
        admin.prices.set(MODEL, model_price("3", "3", "4"), today, read)
    admin.prices.set(MODEL, model_price("3", "3", "4"), today, admin.prices.of_model(MODEL))
    mine = admin.prices.of_model(MODEL)
    admin.prices.set(MODEL, model_price("5", "5", "6"), today, mine)
    with pytest.raises(EditConflict, match="You changed"):
        admin.prices.remove(MODEL, today, mine)
    assert admin.prices.of_model(MODEL).prices[0].price == model_price("5", "5", "6")
    admin.prices.remove(MODEL, today, admin.prices.of_model(MODEL))
    assert admin.prices.of_model(MODEL).prices[0].price == model_price("1", "1", "2")


def test_who_is_put_under_a_pseudonym_is_named_nowhere_as_who_edited(semblance: Semblance) -> None:
    other, admin = semblance.workspace("other"), semblance.workspace("admin")
    project_id = other.projects.mine()[0].id
    other.projects.rename(project_id, "Oats")
    draft = other.sessions.create(project_id, SessionConfig("Oat milk", "", parse_guide("## A\n- Why?"), panel(2)))
    other.sessions.change(draft.id, replace(config_of(draft), title="Theirs"))
    admin.sessions.change(draft.id, replace(config_of(other.sessions.get(draft.id)), seed=4))
    maya = other.personas.add(project_id, panel(1)[0])
    other.personas.edit(maya.id, replace(maya, quote="Theirs."))
    name = admin.accounts.delete("other", hand_over_to="user", anonymise=True)
    ws = semblance.workspace("user")
    edits = ws.sessions.get(draft.id).edits
    assert (edits["title"].by, edits["title"].name, edits["seed"].name) == (name, name, "Admin")
    for read in (ws.personas.get(maya.id), ws.projects.get(project_id)):
        (edit,) = read.edits.values()
        assert (edit.version, edit.by, edit.name) == (1, name, name)
