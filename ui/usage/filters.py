"""The row of filters above usage; the page's address is the one place where they are kept."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import streamlit as st

from semblance_core.domain.usage.totals import UsageTotals
from ui.parts.words import Markdown, md, safe_markdown, shortened
from ui.usage.address import CUSTOM, MARK, MEASURES, RANGES, SPLITS, TITLES, Names, View, read

ANY = ""


def filters(names: Names, now: datetime, offered: Collection[str] = tuple(SPLITS)) -> View:
    """Draws the row and returns what is asked for; what of the address makes no sense is said."""
    view = read(st.query_params.to_dict(), names, now, offered)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choice("range", md("Range"), list(RANGES), view.range, RANGES)
        if view.range == CUSTOM:
            _dates(view)
        for split in offered:
            options = names.options(split)
            words = {value: shortened(names.of(split, value), 60) for value in options}
            chosen = getattr(view.where, SPLITS[split]) or ANY
            _choice(split, safe_markdown(TITLES[split]), [ANY, *options], chosen, {ANY: "Any", **words})
    for sentence in view.ignored:
        st.warning(safe_markdown(sentence), icon=":material/link_off:")
    return view


def default_measure(view: View, total: UsageTotals) -> View:
    """The view, counting tokens where nothing cost anything, as with the simulator; the address may still ask for cost."""
    return replace(view, show="tokens") if not total.cost_usd and "show" not in st.query_params else view


def chart_switch(view: View, offered: Collection[str] = tuple(SPLITS)) -> None:
    """Draws the choices of what the chart over time counts and what it is stacked by."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choice("show", md("Show"), list(MEASURES), view.show, MEASURES, keeps_mark=True)
        _choice("by", md("Stacked by"), list(offered), view.by, TITLES, keeps_mark=True)


def show_all() -> None:
    """Ends all filters, for a button's `on_click`."""
    st.query_params.clear()


def _choice(
    name: str, title: Markdown, options: list[str], chosen: str, words: Mapping[str, str], *, keeps_mark: bool = False
) -> None:
    key = f"usage_{name}"
    st.session_state[key] = chosen
    st.selectbox(
        title,
        options,
        key=key,
        format_func=lambda option: words.get(option, option),
        on_change=_keep,
        args=(name, keeps_mark),
        width=170,
    )


def _keep(name: str, keeps_mark: bool) -> None:
    chosen = st.session_state[f"usage_{name}"]
    _set(name, chosen)
    if name == "range":
        _set("from", "")
        _set("to", "")
    if not keeps_mark:
        end_mark()


def end_mark() -> None:
    for name in MARK:
        _set(name, "")


def _dates(view: View) -> None:
    last = view.period.until - timedelta(microseconds=1)
    st.session_state["usage_dates"] = (view.period.since.date(), last.date())
    st.date_input("From, to (UTC)", key="usage_dates", on_change=_keep_dates, format="YYYY-MM-DD", width=230)


def _keep_dates() -> None:
    chosen = st.session_state["usage_dates"]
    if len(chosen) != 2:  # the second day is still to be picked
        return
    first, last = (datetime.combine(day, time(), UTC) for day in chosen)
    _set("from", f"{first:%Y-%m-%dT%H:%MZ}")
    _set("to", f"{last + timedelta(days=1):%Y-%m-%dT%H:%MZ}")
    end_mark()


def _set(name: str, value: str) -> None:
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]
