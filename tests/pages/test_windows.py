"""Two windows on one thing, as Streamlit runs them: nothing that one saved is overwritten, nothing that was typed is lost."""

from dataclasses import replace
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role
from semblance_core.domain.discussion.asset import Asset
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.domain.usage.price import model_price
from semblance_core.store.ids import new_id
from semblance_core.workspace import SessionConfig, Workspace, config_of
from tests.pages.conftest import Opened, Visit
from tests.pages.test_focus_group import enter, field, icon, questions
from tests.pages.test_personas import press
from tests.studies import GUIDE, panel

TOPIC = "Topic, as participants are told it"


@pytest.fixture
def ws(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


@pytest.fixture
def draft(ws: Workspace) -> FocusGroup:
    return ws.sessions.create(
        ws.projects.mine()[0].id, SessionConfig("Oat milk", "Breakfast", parse_guide(GUIDE), panel(3))
    )


def words(page: AppTest) -> str:
    assert not page.exception
    shown = (*page.markdown, *page.caption, *page.error, *page.warning, *page.info, *page.code, *page.title)
    return "\n".join(str(each.value) for each in shown).replace("\\", "").replace("\u2060", "")


def test_the_same_field_of_a_draft_is_not_overwritten_and_what_was_typed_stays(
    visit: Visit, ws: Workspace, draft: FocusGroup
) -> None:
    first, second = (visit("user", "focus_group", id=draft.id) for _ in range(2))
    field(first, "Title").set_value("Mine").run()
    field(second, "Title").set_value("Yours").run()
    assert ws.sessions.get(draft.id).title == "Mine"
    assert "You changed the title in another window at " in words(second)
    assert "What you typed is kept here." in words(second)
    assert field(second, "Title").value == "Yours"
    second = press(press(second, "Next: Guide"), "Back")
    assert field(second, "Title").value == "Yours"
    assert "Mine" in words(second)
    field(second, "Title").set_value("Yours, reworded").run()
    assert ws.sessions.get(draft.id).title == "Mine"
    second = press(second, "Keep mine")
    assert ws.sessions.get(draft.id).title == "Yours, reworded"
    assert field(second, "Title").value == "Yours, reworded"
    assert "What you typed is kept" not in words(second)
    field(first, "Title").set_value("Mine again").run()
    first = press(first, "Use theirs")
    assert field(first, "Title").value == "Yours, reworded"
    field(first, "Title").set_value("And on").run()
    assert ws.sessions.get(draft.id).title == "And on"


def test_a_field_that_was_drawn_before_others_changed_it_is_not_written_over_them_later(
    visit: Visit, semblance: Semblance, ws: Workspace, draft: FocusGroup
) -> None:
    page = visit("user", "focus_group", id=draft.id)
    theirs = replace(config_of(draft), title="Theirs", guide=parse_guide("## A\n- Theirs?"))
    semblance.workspace("admin").sessions.change(draft.id, theirs)
    field(page, TOPIC).set_value("Mine").run()
    saved = ws.sessions.get(draft.id)
    assert (saved.title, saved.topic, saved.guide.questions) == ("Theirs", "Mine", ("Theirs?",))
    assert "Admin changed the title and the guide at " in words(page)
    assert field(page, "Title").value == "Theirs"
    page = press(page, "Got it")
    assert "Admin changed" not in words(page)
    field(page, "Title").set_value("Mine").run()
    assert ws.sessions.get(draft.id).title == "Mine"


def test_a_window_does_not_conflict_with_itself(visit: Visit, ws: Workspace, draft: FocusGroup) -> None:
    page = visit("user", "focus_group", id=draft.id)
    for number in range(3):
        field(page, "Title").set_value(f"Title {number}").run()
        field(page, TOPIC).set_value(f"Topic {number}")
        page = press(press(page, "Next: Guide"), "Back")
    page = press(page, "Next: Guide")
    for number in range(3):
        field(page, "Question 1").set_value(f"Question {number}?").run()
        icon(page, "Move question 1 down")
        page = icon(page, "Move question 2 up")
    page = press(page, "Undo")
    page.run()
    saved = ws.sessions.get(draft.id)
    assert (saved.title, saved.topic) == ("Title 2", "Topic 2")
    assert not page.warning
    assert "changed" not in words(page)
    again = visit("user", "focus_group", id=draft.id)  # a reload
    field(again, "Title").set_value("After the reload").run()
    assert ws.sessions.get(draft.id).title == "After the reload"
    assert not again.warning


def test_a_guide_that_two_windows_write_is_kept_in_both(visit: Visit, ws: Workspace, draft: FocusGroup) -> None:
    first, second = (visit("user", "focus_group", id=draft.id, step="guide") for _ in range(2))
    field(first, "Question 1").set_value("Mine?").run()
    field(second, "Question 2").set_value("Yours?").run()
    assert questions(ws, draft)[:2] == ("Mine?", "What made you choose it?")
    assert "You changed the guide in another window" in words(second)
    assert "- Mine?" in words(second)
    assert field(second, "Question 2").value == "Yours?"
    second = press(second, "Keep mine")
    assert questions(ws, draft)[1] == "Yours?"
    assert not second.warning
    field(first, "Section 1").set_value("Mine too").run()
    assert questions(ws, draft)[1] == "Yours?"
    first = press(first, "Use theirs")
    assert field(first, "Question 2").value == "Yours?"
    field(first, "Section 1").set_value("Now it is").run()
    assert ws.sessions.get(draft.id).guide.sections[0].title == "Now it is"


def test_participants_chosen_in_two_windows_come_together(
    visit: Visit, semblance: Semblance, ws: Workspace, draft: FocusGroup
) -> None:
    enter(semblance, draft.project_id, panel(5)[3:])
    first, second = (visit("user", "focus_group", id=draft.id, step="participants") for _ in range(2))
    first = icon(first, "Remove Maya Rao")
    second = press(second, "Add")
    assert {person.name for person in ws.sessions.get(draft.id).participants} >= {"Ben Cole", "Ines Falk"}
    assert len(ws.sessions.get(draft.id).participants) == 3
    first = press(first.run(), "Add")
    assert len(ws.sessions.get(draft.id).participants) == 4
    first = icon(first, "Remove Ben Cole")
    assert [person.name for person in ws.sessions.get(draft.id).participants][:1] == ["Ines Falk"]


def test_a_draft_that_was_deleted_or_begun_meanwhile_gives_back_what_was_typed(
    visit: Visit, semblance: Semblance, ws: Workspace, draft: FocusGroup
) -> None:
    begun = ws.sessions.create(draft.project_id, replace(config_of(draft), model="simulator/v1"))
    pages = [visit("user", "focus_group", id=each.id) for each in (draft, begun)]
    ws.sessions.delete(draft.id)
    ws.sessions.start(begun.id)
    gone, running = (field(page, TOPIC).set_value("Typed too late").run() for page in pages)
    assert "This draft has been deleted" in words(gone)
    assert "Typed too late" in words(gone)
    assert "When did you last buy oat milk?" in words(gone)
    assert "This session has started" in words(running)
    assert "Typed too late" in words(running)
    press(gone, "Save as a new draft")
    saved = next(group for group in ws.sessions.of_project(draft.project_id) if group.id != begun.id)
    assert (saved.title, saved.topic, len(saved.participants)) == ("Oat milk", "Typed too late", 3)


def test_a_persona_edited_in_two_windows_loses_neither_text(
    opened: Opened, semblance: Semblance, ws: Workspace, draft: FocusGroup
) -> None:
    (maya_id,) = enter(semblance, draft.project_id, [replace(panel(1)[0], backstory="Two\nlines.")])
    maya = ws.personas.get(maya_id)
    page = opened("ui.personas.form.edit_persona", draft.project_id, maya)
    ws.personas.edit(maya_id, replace(maya, quote="Theirs.", occupation="baker", backstory="Their\nlines."), maya)
    field(page, "Quote").set_value("Mine.")
    field(page, "Location").set_value("York")
    page = press(page, "Save")
    assert "You changed the quote in another window at " in words(page)
    assert "Theirs." in words(page)
    assert (field(page, "Quote").value, ws.personas.get(maya_id).quote) == ("Mine.", "Theirs.")
    page = press(page, "Keep mine")
    saved = ws.personas.get(maya_id)
    assert (saved.quote, saved.location, saved.occupation) == ("Mine.", "York", "baker")
    assert saved.backstory == "Their\nlines."
    page = opened("ui.personas.form.edit_persona", draft.project_id, maya)  # it was open all the time
    field(page, "Quote").set_value("Yours.")
    field(page, "Gender").set_value("woman")
    page = press(press(page, "Save"), "Use theirs")
    assert (ws.personas.get(maya_id).quote, ws.personas.get(maya_id).gender) == ("Mine.", "woman")
    page = opened("ui.personas.form.edit_persona", draft.project_id, ws.personas.get(maya_id))
    field(page, "Quote").set_value("Too late.")
    ws.personas.delete(maya_id)
    page = press(page, "Save")
    assert "has been deleted" in words(page)
    assert field(page, "Quote").value == "Too late."


def test_two_administrators_are_told_of_one_another(opened: Opened, semblance: Semblance) -> None:
    admin = semblance.workspace("admin")
    read = admin.accounts.get("other")[0]
    names, quotas = (opened(f"ui.accounts.dialogs.{name}", read, by="admin") for name in ("edit", "change_quota"))
    admin.accounts.change("other", "Theirs", Role.ADMIN)
    admin.accounts.set_quota("other", UsageQuota(usd=Decimal(5)))
    field(names, "Full name").set_value("Mine")
    field(quotas, "Tokens").set_value("900")
    names, quotas = press(names, "Save"), press(quotas, "Save")
    assert "changed the name in another window" in words(names)
    assert "changed the quota in another window" in words(quotas)
    assert "US dollars: 5" in words(quotas)
    after = admin.accounts.get("other")[0]
    assert (after.name, after.role, after.quota) == ("Theirs", Role.ADMIN, UsageQuota(usd=Decimal(5)))
    press(names, "Keep mine")
    press(quotas, "Use theirs")
    after = admin.accounts.get("other")[0]
    assert (after.name, after.role, after.quota) == ("Mine", Role.ADMIN, UsageQuota(usd=Decimal(5)))


def test_ones_own_name_is_not_taken_back_by_a_page_that_was_open(visit: Visit, semblance: Semblance) -> None:
    page = visit("user", "account")
    semblance.workspace("admin").accounts.change("user", "Theirs", Role.RESEARCHER)
    field(page, "Full name").set_value("Mine")
    page = press(page, "Save")
    assert "Admin changed the name at " in words(page)
    assert (semblance.workspace("user").me.account().name, field(page, "Full name").value) == ("Theirs", "Mine")
    page = press(page, "Keep mine")
    assert semblance.workspace("user").me.account().name == "Mine"
    assert not page.warning
    semblance.workspace("admin").accounts.change("user", "Theirs again", Role.RESEARCHER)
    page = page.switch_page("../../pages/home.py").run().switch_page("../../pages/account.py").run()
    assert field(page, "Full name").value == "Theirs again"
    field(page, "Full name").set_value("Mine again")
    press(page, "Save")
    assert semblance.workspace("user").me.account().name == "Mine again"


def test_a_price_that_somebody_set_meanwhile_stays(opened: Opened, semblance: Semblance) -> None:
    admin = semblance.workspace("admin")
    model = "openai/gpt-4o-mini"
    pages = [
        opened("ui.usage.price_dialogs.change_price", model, admin.prices.of_model(model), by="admin") for _ in range(2)
    ]
    admin.prices.set(
        model, model_price("1", "1", "2"), semblance.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    )
    theirs = admin.prices.of_model(model)
    for page in pages:
        field(page, "Prompt").set_value("7")
        press(page, "Save")
        assert f"changed the prices of {model} in another window" in words(page)
        assert field(page, "Prompt").value == "7"
    press(pages[0], "Use theirs")
    assert admin.prices.of_model(model) == theirs
    press(pages[1], "Keep mine")
    assert admin.prices.of_model(model).prices[0].price.base.prompt == Decimal(7)
    page = opened("ui.usage.price_dialogs.change_price", "", by="admin")
    field(page, "Model").set_value(model)
    for label in ("Prompt", "Completion"):
        field(page, label).set_value("9")
    page.radio[0].set_value("from a date on")
    page = press(page, "Save")
    assert f"changed the prices of {model}" in words(page)
    assert admin.prices.of_model(model).prices[0].price.base.prompt == Decimal(7)


def test_words_for_a_picture_are_kept_beside_theirs(
    visit: Visit, semblance: Semblance, ws: Workspace, draft: FocusGroup
) -> None:
    asset = Asset(new_id(), draft.id, "user", "a.png", "image", "image/png", 1, "0", semblance.clock())
    semblance.store.assets.add(asset, b"A", "")
    ws.stimuli.describe(asset.id, "A carton.")
    page = visit("user", "focus_group", id=draft.id, step="stimuli")
    label = next(area.label for area in page.text_area if area.label.startswith("Description"))
    ws.stimuli.describe(asset.id, "Theirs.")
    field(page, label).set_value("Mine.").run()
    page = press(page, "Save description")
    assert "changed the description" in words(page)
    assert (ws.stimuli.get(asset.id).description, field(page, label).value) == ("Theirs.", "Mine.")
    page = press(page, "Keep mine")
    assert ws.stimuli.get(asset.id).description == "Mine."
    assert "What you typed is kept" not in words(page)
    field(page, label).set_value("Too late.").run()
    ws.stimuli.remove(asset.id)
    page = press(page, "Save description")
    assert "“a.png” has been removed" in words(page)
    assert "Too late." in words(page)


def test_the_models_that_somebody_allowed_meanwhile_stay_allowed(visit: Visit, semblance: Semblance) -> None:
    admin = semblance.workspace("admin")
    admin.models.allow(["openai/*"])
    page = visit("admin", "prices")
    admin.models.allow(["openai/*", "groq/*"])
    field(page, "Patterns, one per line").set_value("openai/*\ngemini/*")
    page = press(page, "Save")
    assert "changed the models that are allowed in another window" in words(page)
    assert field(page, "Patterns, one per line").value == "openai/*\ngemini/*"
    assert semblance.store.model_rules.allowed().patterns == ("openai/*", "groq/*")
    page = press(page, "Keep mine")
    assert semblance.store.model_rules.allowed().patterns == ("openai/*", "gemini/*")
    assert not page.warning
