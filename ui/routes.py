"""Where pages are."""

from pathlib import Path

PAGES = Path(__file__).parents[1] / "pages"
MARK = Path(__file__).parent / "assets" / "mark.svg"
WORDMARK = MARK.with_name("wordmark.svg")


def page_at(name: str) -> str:
    """A page as `st.Page`, `st.page_link` and `st.switch_page` take it."""
    return str(PAGES / f"{name}.py")
