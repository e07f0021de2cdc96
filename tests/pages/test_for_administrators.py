"""Pages of administrators refuse a researcher before they draw anything."""

import pytest

from tests.pages.conftest import Visit


@pytest.mark.parametrize("name", ["admin", "admin_usage", "models", "prices"])
def test_a_researcher_sees_nothing_of_it(visit: Visit, name: str) -> None:
    page = visit("user", name)
    assert [each.value for each in page.title] == []
    assert [each.label for each in page.main.button] == []
    assert ["Only administrators may do this" in each.value for each in page.error] == [True]
    assert not page.exception
