"""The audit log on the page Users: what an administrator reads there."""

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.usage.events import UsageQuota
from tests.pages.conftest import Visit


@pytest.fixture
def log(semblance: Semblance) -> None:
    admin = semblance.workspace("admin")
    for tokens in range(30):
        admin.accounts.set_quota("user", UsageQuota(None, tokens))
    admin.accounts.set_disabled("other", True)


def test_an_empty_log_says_what_will_be_in_it(visit: Visit) -> None:
    page = visit("admin", "admin", view="Audit log")
    assert not page.exception
    assert "No administrator has changed anything yet." in [info.value for info in page.info]


def test_the_log_is_read_in_words_newest_first_a_page_at_a_time(visit: Visit, log: None) -> None:
    page = visit("admin", "admin", view="Audit log")
    assert not page.exception
    table = page.dataframe[0].value
    assert len(table) == 25
    assert list(table.iloc[0][["actor", "action", "about", "details", "outcome"]]) == [
        *("admin", "Disabled or enabled an account", "other", "disabled", "done")
    ]
    assert "31 actions, newest first. Times are UTC." in [caption.value for caption in page.caption]
    assert list(table.columns)[:4] == ["at", "actor", "action", "outcome"]  # what follows may be off the screen


def test_the_log_is_narrowed_by_its_address(visit: Visit, semblance: Semblance, log: None) -> None:
    for narrowed in ({"did": "Disabled or enabled an account"}, {"to_account": "other"}):
        page = visit("admin", "admin", view="Audit log", **narrowed)
        assert list(page.dataframe[0].value["about"]) == ["other"]
    semblance.workspace("admin").accounts.delete("other")
    page = visit("admin", "admin", view="Audit log", to_account="other")
    assert set(page.dataframe[0].value["owner"]) == {"other"}
    nothing = visit("admin", "admin", view="Audit log", did="Deleted a persona")
    assert "No entries match." in [info.value for info in nothing.info]
    shown = next(button for button in nothing.button if button.label == "Show all").click().run()
    assert len(shown.dataframe[0].value) == 25


def test_a_researcher_sees_no_log(visit: Visit, log: None) -> None:
    page = visit("user", "admin", view="Audit log")
    assert not page.dataframe
    assert "Only administrators" in page.error[0].value
