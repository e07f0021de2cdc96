"""The pages Users and My account as Streamlit runs them: what they show, find, refuse and ask first."""

from decimal import Decimal

import bcrypt
import pytest
from streamlit.testing.v1 import AppTest

from semblance_core.accounts import password_fits
from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role, User, Visitor
from semblance_core.domain.usage.events import UsageQuota
from tests.pages.conftest import Opened, Visit
from tests.pages.test_personas import HOSTILE, press, texts
from tests.studies import panel, session

GOOD = "a good password"


@pytest.fixture
def dana(semblance: Semblance) -> User:
    user = User("dana", "Dana Doe", Role.RESEARCHER, semblance.clock(), UsageQuota(Decimal("12.50"), 1_000))
    semblance.store.users.add(user, bcrypt.hashpw(GOOD.encode(), bcrypt.gensalt(4)).decode())
    return user


def labels(page: AppTest) -> set[str]:
    return {button.label for button in page.button}


def test_five_hundred_accounts_are_found_by_words(visit: Visit, semblance: Semblance) -> None:
    for number in range(500):
        user = User(f"person{number}", f"Person {number}", Role.RESEARCHER, semblance.clock(), disabled=number % 2 == 0)
        semblance.store.users.add(user, None)
    page = visit("admin", "admin")
    assert not page.exception
    assert "503 of 503 accounts, 250 disabled." in texts(page)
    assert len(page.dataframe[0].value) == 503
    found = visit("admin", "admin", find_user="person 49 disabled")
    assert list(found.dataframe[0].value["id"]) == ["person490", "person492", "person494", "person496", "person498"]
    nobody = visit("admin", "admin", find_user="nobody at all")
    assert "No accounts match this search." in texts(nobody)


def test_a_row_shows_role_state_quota_and_the_last_sign_in(visit: Visit, semblance: Semblance, dana: User) -> None:
    table = visit("admin", "admin").dataframe[0].value.set_index("id")
    assert list(table.loc["dana"][["name", "role", "state", "share"]]) == ["Dana Doe", "Researcher", "Active", 0.0]
    assert table.loc["dana"]["used"] == "$0.00 of $12.50 · 0 of 1,000 tokens"
    assert table.loc["user"]["share"] != table.loc["user"]["share"]  # empty: there is no limit
    assert table["signed_in"].isna().all()


def test_an_account_opens_by_its_address(visit: Visit, semblance: Semblance, dana: User) -> None:
    semblance.store.sign_ins.open("dana", semblance.clock(), Visitor("192.0.2.1", "Firefox on Linux"), "password")
    page = visit("admin", "admin", user="dana")
    assert not page.exception
    assert page.title[0].value == "Dana Doe"
    assert "Firefox on Linux" in texts(page)
    assert "from 192.0.2.1 · by password" in texts(page)
    ended = press(page, "End")
    assert "Not signed in anywhere at the moment." in texts(ended)
    assert semblance.workspace("dana").me.sign_ins() == []


def test_an_account_that_is_not_there_is_said_in_words(visit: Visit) -> None:
    page = visit("admin", "admin", user=HOSTILE)
    assert not page.exception
    assert "There is no user named" in page.error[0].value


def test_one_cannot_disable_oneself_or_reset_ones_own_password_here(visit: Visit, dana: User) -> None:
    assert {"Disable", "Reset password"} <= labels(visit("admin", "admin", user="dana"))
    own = visit("admin", "admin", user="admin")
    assert not {"Disable", "Reset password"} & labels(own)
    assert "Change your password on the page My account." in texts(own)


def test_a_generated_first_password_is_shown_once_and_fits(opened: Opened, semblance: Semblance) -> None:
    dialog = opened("ui.accounts.dialogs.add", by="admin")
    dialog.text_input[0].set_value("Erin")
    dialog.text_input[1].set_value("Erin Ellis")
    shown = press(dialog, "Add")
    name, password = shown.code[0].value.splitlines()
    assert name == "erin"
    assert password_fits(semblance.store, "erin", password)
    assert password not in str(semblance.connection.database["audit_log"].find_one())


def test_what_cannot_be_added_is_refused_in_words(opened: Opened) -> None:
    dialog = opened("ui.accounts.dialogs.add", by="admin")
    dialog.text_input[0].set_value("user")
    dialog.text_input[1].set_value("Erin")
    assert "already a user named user" in texts(press(dialog, "Add"))


def test_a_reset_shows_the_new_password_and_the_old_one_is_gone(
    opened: Opened, semblance: Semblance, dana: User
) -> None:
    shown = press(opened("ui.accounts.dialogs.reset", dana, by="admin"), "Reset")
    assert password_fits(semblance.store, "dana", shown.code[0].value.splitlines()[1])
    assert not password_fits(semblance.store, "dana", GOOD)


def test_disabling_asks_first(opened: Opened, semblance: Semblance, dana: User) -> None:
    dialog = opened("ui.accounts.dialogs.disable", dana, by="admin")
    assert "signed out everywhere" in texts(dialog)
    assert not semblance.store.users.get("dana").disabled
    press(dialog, "Disable")
    assert semblance.store.users.get("dana").disabled


def test_the_last_administrator_is_told_why_the_role_stays(opened: Opened, semblance: Semblance) -> None:
    dialog = opened("ui.accounts.dialogs.edit", semblance.store.users.get("admin"), by="admin")
    dialog.selectbox[0].set_value(Role.RESEARCHER)
    assert "last administrator" in texts(press(dialog, "Save"))


def test_ones_own_account_takes_a_name_and_marks_this_sign_in(visit: Visit, semblance: Semblance) -> None:
    semblance.store.sign_ins.open("user", semblance.clock(), Visitor("192.0.2.7", "Safari on iOS"))
    page = visit("user", "account")
    assert not page.exception
    assert "Safari on iOS" in texts(page)
    assert len([label for label in (button.label for button in page.button) if label.startswith("End ")]) == 1
    page.text_input[0].set_value("<b>Robin</b>")
    named = press(page, "Save")
    assert semblance.store.users.get("user").name == "<b>Robin</b>"
    assert "\\<b\\>Robin" in texts(named)


def test_ones_password_is_changed_by_who_knows_it(visit: Visit, semblance: Semblance, dana: User) -> None:
    page = visit("dana", "account")
    for current, new, again, said in (
        (GOOD, "another good one", "another one", "do not match"),
        ("wrong", "another good one", "another good one", "current password is incorrect"),
        (GOOD, "another good one", "another good one", ""),
    ):
        fields = [field for field in page.text_input if "assword" in field.label]
        for field, value in zip(fields, (current, new, again), strict=True):
            field.set_value(value)
        page = press(page, "Change password")
        assert said in texts(page)
    assert password_fits(semblance.store, "dana", "another good one")


def test_an_account_is_deleted_after_it_was_said_what_goes_and_what_stays(
    visit: Visit, opened: Opened, semblance: Semblance, dana: User
) -> None:
    assert "Delete account" in labels(visit("admin", "admin", user="dana"))
    assert "Delete account" not in labels(visit("admin", "admin", user="admin"))
    dialog = opened("ui.accounts.dialogs.delete", dana, [semblance.store.users.get("other")], by="admin")
    assert "Its costs stay on record, without texts, under its user name" in texts(dialog)
    assert "It has no projects." in texts(dialog)
    group = session(semblance.workspace("dana"), 2)
    semblance.store.personas.add(group.project_id, panel(2), semblance.clock())
    dialog = opened("ui.accounts.dialogs.delete", dana, [semblance.store.users.get("other")], by="admin")
    assert "It has 1 project with 1 focus group and 2 personas." in texts(dialog)
    dialog.checkbox[0].check().run()
    assert "under the pseudonym" in texts(dialog)
    assert dialog.selectbox[0].options == ["are deleted with everything in them", "go to Other (other)"]
    press(dialog, "Delete")
    assert semblance.store.users.find("dana") is None
    assert not visit("admin", "admin").exception


def test_an_account_that_cannot_be_read_is_counted(visit: Visit, semblance: Semblance, dana: User) -> None:
    semblance.connection.database["users"].update_one({"_id": "dana"}, {"$set": {"role": "emperor"}})
    page = visit("admin", "admin")
    assert not page.exception
    assert "1 account could not be read" in texts(page) + " ".join(each.value for each in page.warning)
