"""The files of pages and assets, data for components, the way to another page, and parts of a page that run again by themselves."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache, wraps
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

Given = ParamSpec("Given")
Result = TypeVar("Result")

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


def open_page(name: str, query: Mapping[str, str] | None = None) -> NoReturn:
    """Opens another page of the app. query: what its address says besides.

    The browser learns of it late: until then it asks for the parts of this page that run again by themselves. Streamlit would run
    those after the other page, which leaves it blank; of parts that are not known any more it drops them.
    """
    if running := get_script_run_ctx():
        running.fragment_storage.clear()
    st.switch_page(page_at(name), query_params=dict(query or {}))


def repeating(draw: Callable[Given, Result], every: float | timedelta | str | None) -> Callable[Given, Result]:
    """The same function as a fragment that runs again by itself. every: how often, in seconds or words; None for never.

    Its name holds the page, so that what is asked for on a page that was left is not taken for this page's own (`open_page`).
    """

    @wraps(draw)
    def drawn(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        return draw(*args, **kwargs)

    running = get_script_run_ctx()
    drawn.__qualname__ = f"{draw.__qualname__} on {running.page_script_hash if running else ''}"
    return st.fragment(drawn, run_every=every)
