"""Two windows on one thing, as Streamlit runs them: nothing that one saved is overwritten, nothing that was typed is lost."""

from dataclasses import replace
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.asset import Asset
from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.guide import parse_guide
from semblance_core.domain.people import Role
from semblance_core.domain.price import model_price
from semblance_core.domain.usage import UsageQuota
from semblance_core.store.ids import new_id
from semblance_core.workspace import SetUp, Workspace, set_up_of
from tests.pages.conftest import Opened, Visit
from tests.pages.test_focus_group import enter, field, icon, questions
from tests.pages.test_personas import press
from tests.studies import GUIDE, panel

TOPIC = "Topic: what participants are told it is about"


@pytest.fixture
def ws(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


@pytest.fixture
def draft(ws: Workspace) -> FocusGroup:
    return ws.create_focus_group(ws.projects()[0].id, SetUp("Oat milk", "Breakfast", parse_guide(GUIDE), panel(3)))


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
    assert ws.focus_group(draft.id).title == "Mine"
    assert "You changed the title in another window at " in words(second)
    assert "What you typed is kept here." in words(second)
    assert field(second, "Title").value == "Yours"
    second = press(press(second, "Next: Guide"), "Back")
    assert field(second, "Title").value == "Yours"
    assert "Mine" in words(second)
    field(second, "Title").set_value("Yours, reworded").run()
    assert ws.focus_group(draft.id).title == "Mine"
    second = press(second, "Keep mine")
    assert ws.focus_group(draft.id).title == "Yours, reworded"
    assert field(second, "Title").value == "Yours, reworded"
    assert "What you typed is kept" not in words(second)
    field(first, "Title").set_value("Mine again").run()
    first = press(first, "Take theirs")
    assert field(first, "Title").value == "Yours, reworded"
    field(first, "Title").set_value("And on").run()
    assert ws.focus_group(draft.id).title == "And on"


def test_a_field_that_was_drawn_before_others_changed_it_is_not_written_over_them_later(
    visit: Visit, semblance: Semblance, ws: Workspace, draft: FocusGroup
) -> None:
    page = visit("user", "focus_group", id=draft.id)
    theirs = replace(set_up_of(draft), title="Theirs", guide=parse_guide("## A\n- Theirs?"))
    semblance.workspace("admin").change_focus_group(draft.id, theirs)
    field(page, TOPIC).set_value("Mine").run()
    saved = ws.focus_group(draft.id)
    assert (saved.title, saved.topic, saved.guide.questions) == ("Theirs", "Mine", ("Theirs?",))
    assert "Admin changed the title and the guide at " in words(page)
    assert field(page, "Title").value == "Theirs"
    page = press(page, "Understood")
    assert "Admin changed" not in words(page)
    field(page, "Title").set_value("Mine").run()
    assert ws.focus_group(draft.id).title == "Mine"


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
    saved = ws.focus_group(draft.id)
    assert (saved.title, saved.topic) == ("Title 2", "Topic 2")
    assert not page.warning
    assert "changed" not in words(page)
    again = visit("user", "focus_group", id=draft.id)  # a reload
    field(again, "Title").set_value("After the reload").run()
    assert ws.focus_group(draft.id).title == "After the reload"
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
    first = press(first, "Take theirs")
    assert field(first, "Question 2").value == "Yours?"
    field(first, "Section 1").set_value("Now it is").run()
    assert ws.focus_group(draft.id).guide.sections[0].title == "Now it is"


def test_participants_chosen_in_two_windows_come_together(
    visit: Visit, semblance: Semblance, ws: Workspace, draft: FocusGroup
) -> None:
    enter(semblance, draft.project_id, panel(5)[3:])
    first, second = (visit("user", "focus_group", id=draft.id, step="participants") for _ in range(2))
    first = icon(first, "Remove Maya Rao")
    second = press(second, "Add")
    assert {person.name for person in ws.focus_group(draft.id).participants} >= {"Ben Cole", "Ines Falk"}
    assert len(ws.focus_group(draft.id).participants) == 3
    first = press(first.run(), "Add")
    assert len(ws.focus_group(draft.id).participants) == 4
    first = icon(first, "Remove Ben Cole")
    assert [person.name for person in ws.focus_group(draft.id).participants][:1] == ["Ines Falk"]


def test_a_draft_that_was_deleted_or_begun_meanwhile_gives_back_what_was_typed(
    visit: Visit, semblance: Semblance, ws: Workspace, draft: FocusGroup
) -> None:
    begun = ws.create_focus_group(draft.project_id, replace(set_up_of(draft), model="simulator/v1"))
    pages = [visit("user", "focus_group", id=each.id) for each in (draft, begun)]
    ws.delete_focus_group(draft.id)
    ws.start_autonomous(begun.id)
    gone, running = (field(page, TOPIC).set_value("Typed too late").run() for page in pages)
    assert "This draft was deleted meanwhile" in words(gone)
    assert "Typed too late" in words(gone)
    assert "When did you last buy oat milk?" in words(gone)
    assert "This session has begun" in words(running)
    assert "Typed too late" in words(running)
    press(gone, "Save as a new draft")
    saved = next(group for group in ws.focus_groups(draft.project_id) if group.id != begun.id)
    assert (saved.title, saved.topic, len(saved.participants)) == ("Oat milk", "Typed too late", 3)


def test_a_persona_edited_in_two_windows_loses_neither_text(
    opened: Opened, semblance: Semblance, ws: Workspace, draft: FocusGroup
) -> None:
    (maya_id,) = enter(semblance, draft.project_id, [replace(panel(1)[0], backstory="Two\nlines.")])
    maya = ws.persona(maya_id)
    page = opened("ui.persona_form.edit_persona", draft.project_id, maya)
    ws.edit_persona(maya_id, replace(maya, quote="Theirs.", occupation="baker", backstory="Their\nlines."), maya)
    field(page, "Quote").set_value("Mine.")
    field(page, "Location").set_value("York")
    page = press(page, "Save")
    assert "You changed the quote in another window at " in words(page)
    assert "Theirs." in words(page)
    assert (field(page, "Quote").value, ws.persona(maya_id).quote) == ("Mine.", "Theirs.")
    page = press(page, "Keep mine")
    saved = ws.persona(maya_id)
    assert (saved.quote, saved.location, saved.occupation) == ("Mine.", "York", "baker")
    assert saved.backstory == "Their\nlines."
    page = opened("ui.persona_form.edit_persona", draft.project_id, maya)  # it was open all the time
    field(page, "Quote").set_value("Yours.")
    field(page, "Gender").set_value("woman")
    page = press(press(page, "Save"), "Take theirs")
    assert (ws.persona(maya_id).quote, ws.persona(maya_id).gender) == ("Mine.", "woman")
    page = opened("ui.persona_form.edit_persona", draft.project_id, ws.persona(maya_id))
    field(page, "Quote").set_value("Too late.")
    ws.delete_persona(maya_id)
    page = press(page, "Save")
    assert "deleted meanwhile" in words(page)
    assert field(page, "Quote").value == "Too late."


def test_two_administrators_are_told_of_one_another(opened: Opened, semblance: Semblance) -> None:
    admin = semblance.workspace("admin")
    read = admin.user("other")[0]
    names, quotas = (opened(f"ui.user_dialogs.{name}", read, by="admin") for name in ("edit", "change_quota"))
    admin.change_user("other", "Theirs", Role.ADMIN)
    admin.set_quota("other", UsageQuota(usd=Decimal(5)))
    field(names, "Full name").set_value("Mine")
    field(quotas, "Tokens").set_value("900")
    names, quotas = press(names, "Save"), press(quotas, "Save")
    assert "changed the name in another window" in words(names)
    assert "changed the quota in another window" in words(quotas)
    assert "US dollars: 5" in words(quotas)
    after = admin.user("other")[0]
    assert (after.name, after.role, after.quota) == ("Theirs", Role.ADMIN, UsageQuota(usd=Decimal(5)))
    press(names, "Keep mine")
    press(quotas, "Take theirs")
    after = admin.user("other")[0]
    assert (after.name, after.role, after.quota) == ("Mine", Role.ADMIN, UsageQuota(usd=Decimal(5)))


def test_ones_own_name_is_not_taken_back_by_a_page_that_was_open(visit: Visit, semblance: Semblance) -> None:
    page = visit("user", "account")
    semblance.workspace("admin").change_user("user", "Theirs", Role.RESEARCHER)
    field(page, "Full name").set_value("Mine")
    page = press(page, "Save")
    assert "Admin changed the name at " in words(page)
    assert (semblance.workspace("user").me().name, field(page, "Full name").value) == ("Theirs", "Mine")
    page = press(page, "Keep mine")
    assert semblance.workspace("user").me().name == "Mine"
    assert not page.warning
    semblance.workspace("admin").change_user("user", "Theirs again", Role.RESEARCHER)
    page = page.switch_page("../pages/home.py").run().switch_page("../pages/account.py").run()
    assert field(page, "Full name").value == "Theirs again"
    field(page, "Full name").set_value("Mine again")
    press(page, "Save")
    assert semblance.workspace("user").me().name == "Mine again"


def test_a_price_that_somebody_set_meanwhile_stays(opened: Opened, semblance: Semblance) -> None:
    admin = semblance.workspace("admin")
    model = "openai/gpt-4o-mini"
    pages = [opened("ui.price_dialogs.change_price", model, admin.price_list(model), by="admin") for _ in range(2)]
    admin.set_price(
        model, model_price("1", "1", "2"), semblance.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    )
    theirs = admin.price_list(model)
    for page in pages:
        field(page, "Prompt").set_value("7")
        press(page, "Save")
        assert f"changed the prices of {model} in another window" in words(page)
        assert field(page, "Prompt").value == "7"
    press(pages[0], "Take theirs")
    assert admin.price_list(model) == theirs
    press(pages[1], "Keep mine")
    assert admin.price_list(model).prices[0].price.base.prompt == Decimal(7)
    page = opened("ui.price_dialogs.change_price", "", by="admin")
    field(page, "Model").set_value(model)
    for label in ("Prompt", "Completion"):
        field(page, label).set_value("9")
    page.radio[0].set_value("from a day on")
    page = press(page, "Save")
    assert f"changed the prices of {model}" in words(page)
    assert admin.price_list(model).prices[0].price.base.prompt == Decimal(7)


def test_words_for_a_picture_are_kept_beside_theirs(
    visit: Visit, semblance: Semblance, ws: Workspace, draft: FocusGroup
) -> None:
    asset = Asset(new_id(), draft.id, "user", "a.png", "image", "image/png", 1, "0", semblance.clock())
    semblance.store.assets.add(asset, b"A", "")
    ws.describe_stimulus(asset.id, "A carton.")
    page = visit("user", "focus_group", id=draft.id, step="stimuli")
    label = next(area.label for area in page.text_area if area.label.startswith("In words"))
    ws.describe_stimulus(asset.id, "Theirs.")
    field(page, label).set_value("Mine.").run()
    page = press(page, "Save words")
    assert "changed the description" in words(page)
    assert (ws.stimulus(asset.id).description, field(page, label).value) == ("Theirs.", "Mine.")
    page = press(page, "Keep mine")
    assert ws.stimulus(asset.id).description == "Mine."
    assert "What you typed is kept" not in words(page)
    field(page, label).set_value("Too late.").run()
    ws.remove_stimulus(asset.id)
    page = press(page, "Save words")
    assert "“a.png” was removed meanwhile" in words(page)
    assert "Too late." in words(page)


def test_the_models_that_somebody_allowed_meanwhile_stay_allowed(visit: Visit, semblance: Semblance) -> None:
    admin = semblance.workspace("admin")
    admin.set_allowed_models(["openai/*"])
    page = visit("admin", "prices")
    admin.set_allowed_models(["openai/*", "groq/*"])
    field(page, "Patterns, one a line").set_value("openai/*\ngemini/*")
    page = press(page, "Save")
    assert "changed the models that are allowed in another window" in words(page)
    assert field(page, "Patterns, one a line").value == "openai/*\ngemini/*"
    assert semblance.store.model_rules.allowed().patterns == ("openai/*", "groq/*")
    page = press(page, "Keep mine")
    assert semblance.store.model_rules.allowed().patterns == ("openai/*", "gemini/*")
    assert not page.warning
