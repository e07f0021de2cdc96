"""Every page opens for every role."""

import pytest

from tests.pages.conftest import Visit

PAGES = (
    "home",
    "personas",
    "persona",
    "focus_groups",
    "focus_group",
    "session",
    "findings",
    "usage",
    "account",
    "admin",
    "admin_usage",
    "prices",
)


@pytest.mark.parametrize("name", PAGES)
def test_nobody_sees_more_than_the_sign_in(visit: Visit, name: str) -> None:
    page = visit("", name)
    assert [field.label for field in page.text_input] == ["User name", "Password"]
    assert [button.label for button in page.button] == ["Sign in"]


@pytest.mark.parametrize("name", ["home", "personas", "focus_groups", "focus_group", "usage", "account"])
def test_an_empty_page_opens(visit: Visit, name: str) -> None:
    page = visit("user", name)
    assert not page.exception
    assert not page.error
    assert page.title
