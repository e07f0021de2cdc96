"""Every page opens for every role, with nothing in the database, with a study, and with years of use."""

from collections.abc import Callable

import pytest

from semblance_core.bootstrap import Semblance
from tests.browser import ROOT
from tests.pages.conftest import Visit
from tests.seeds import Seeded, large, small

PAGES = tuple(sorted(path.stem for path in (ROOT / "pages").rglob("*.py")))
ADMINISTRATION = ("admin", "admin_usage", "models", "prices")
SIZES: dict[str, Callable[[Semblance], Seeded]] = {"empty": lambda _: Seeded(), "small": small, "large": large}


def test_nobody_sees_more_than_the_sign_in(visit: Visit) -> None:
    for name in PAGES:
        page = visit("", name)
        assert [field.label for field in page.text_input] == ["User name", "Password"], name
        assert [button.label for button in page.button] == ["Sign in"], name


@pytest.mark.parametrize("size", SIZES)
def test_every_page_opens_for_either_role(visit: Visit, semblance: Semblance, size: str) -> None:
    """What is administrators' refuses a researcher in words; what is a researcher's, an administrator may see."""
    seeded = SIZES[size](semblance)
    for role in ("user", "admin"):
        for name in PAGES:
            page = visit(role, name, **seeded.address(name))
            where = f"{name}, as {role}, {size}"
            assert not page.exception, where
            refused = [error.value for error in page.error]
            if role == "user" and name in ADMINISTRATION:
                assert refused == ["Only administrators may do this."], where
            else:
                assert not refused, where
                assert page.title or page.subheader or page.markdown, where
