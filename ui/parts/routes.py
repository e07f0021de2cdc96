"""The files of pages and assets, and data for components."""

import json
from functools import cache
from pathlib import Path

PAGES = Path(__file__).parents[2] / "pages"
ADMINISTRATION = ("admin", "admin_usage", "models", "prices")
"""Pages of administrators, in a folder of their own."""
ASSETS = Path(__file__).parents[1] / "assets"
MARK = ASSETS / "mark.svg"
WORDMARK = MARK.with_name("wordmark.svg")


@cache
def asset(name: str) -> str:
    """The text of one of the app's own assets."""
    return (ASSETS / name).read_text(encoding="utf-8")


def component_data(data: object) -> bytes:
    """Returns data for a component, which decodes it. Given as a dict, Streamlit would look for tables in it and load pandas, 90 MB."""
    return json.dumps(data).encode()


def page_at(name: str) -> str:
    """A page as `st.Page`, `st.page_link` and `st.switch_page` take it."""
    folder = PAGES / "administration" if name in ADMINISTRATION else PAGES
    return str(folder / f"{name}.py")
