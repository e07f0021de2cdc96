"""Dialogs that set a model's price and compute past costs anew."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import streamlit as st

from semblance_core.domain.plurals import number
from semblance_core.domain.usage.money import money
from semblance_core.domain.usage.price import ALWAYS, ListedPrice, ModelPrice, PriceList
from semblance_core.domain.usage.price_text import parse_price, tiers_text
from semblance_core.reports.costs import price_words
from semblance_core.workspace import Workspace
from ui.parts.conflicts import edit_key, saved_in_form
from ui.parts.words import errors_inline, md, safe_markdown, show_done

NOT_READ = 0
"""The version that a price is set from whose model is named only here: nobody changed it by hand yet."""
WRITTEN = "Prompt tokens written to a provider's cache, which some charge separately (Anthropic: 1.25 times, 2 times for one hour)."
START, DAY = "to all past calls too", "from a date on"


@st.dialog("Price of a model", width="medium")
def change_price(ws: Workspace, model: str, read: PriceList | None = None) -> None:
    """read: the model's prices as they are when it is opened; None for a model that is named only here."""
    history = read.prices if read else ()
    valid = next((listed for listed in history if listed.valid_from <= ws.clock()), None)
    now = valid.price if valid else None
    with st.form("price", border=False), errors_inline():
        name = st.text_input("Model", model, placeholder="openai/gpt-4o-mini", disabled=bool(model))
        st.caption("US dollars per million tokens.")
        first, second, third, fourth = st.columns(4)
        prompt = first.text_input("Prompt", f"{now.base.prompt:f}" if now else "")
        cached = second.text_input("Cached", f"{now.base.cached:f}" if now else "", placeholder="as prompt")
        completion = third.text_input("Completion", f"{now.base.completion:f}" if now else "")
        reasoning = fourth.text_input(
            "Reasoning", _optional(now.base.reasoning if now else None), placeholder="as completion"
        )
        fifth, sixth = st.columns(2)
        written = fifth.text_input(
            "Cache writes", _optional(now.base.written if now else None), placeholder="as prompt", help=WRITTEN
        )
        hour = sixth.text_input(
            "One-hour cache writes", _optional(now.base.written_hour if now else None), placeholder="as written"
        )
        with st.expander("Higher price for long prompts", expanded=bool(now and now.tiers)):
            tiers = st.text_area(
                "One tier per line",
                tiers_text(now) if now else "",
                placeholder="200000: 2.5, 0.25, 15",
                help="Above this many prompt tokens: prompt, cached, completion and, if billed separately, reasoning.",
            )
        left, right = st.columns(2, vertical_alignment="bottom")
        since = left.radio("Applies", [START, DAY], index=1 if history else 0, horizontal=True)
        day = right.date_input("Start date (UTC)", ws.clock().date(), help="Only for a price that starts on a date.")
        services = now.services if now else ()

        def price() -> dict[str, ModelPrice]:
            typed = parse_price(prompt, cached, completion, reasoning, tiers, written, hour)
            return {"prices": replace(typed, services=services)}

        valid_from = ALWAYS if since == START else datetime.combine(day, time(), UTC)
        if _saved(ws, name, price, valid_from, read):
            show_done(md("Saved. Past calls keep their cost until you recalculate costs."))
            st.rerun()
    if read:
        past_prices(ws, read, valid)


def _saved(
    ws: Workspace, name: str, price: Callable[[], dict[str, ModelPrice]], valid_from: datetime, read: PriceList | None
) -> bool:
    key = edit_key("price", read) if read else f"edit_price_{name}"
    return saved_in_form(
        key, price, read or NOT_READ, lambda wanted, base: ws.prices.set(name, wanted["prices"], valid_from, base)
    )


def past_prices(ws: Workspace, read: PriceList, valid: ListedPrice | None) -> None:
    """The model's prices, newest first; what a person set can be taken back."""
    for listed in read.prices:
        with st.container(horizontal=True, vertical_alignment="center"):
            since = "From the start" if listed.valid_from == ALWAYS else f"From {listed.valid_from:%d %b %Y}"
            now = " (valid now)" if listed is valid else ""
            origin = f"set by {listed.set_by}" if listed.is_edit else listed.source
            st.caption(safe_markdown(f"{since}{now}: {price_words(listed.price)} · {origin}"), width="stretch")
            key = f"remove_{listed.model}_{listed.valid_from:%s}"
            if listed.is_edit and st.button("Remove", key=key, type="tertiary"):
                with errors_inline():
                    ws.prices.remove(listed.model, listed.valid_from, read)
                    show_done(safe_markdown(f"Removed: {price_words(listed.price)}."))
                    st.rerun()


@st.dialog("Recalculate costs", width="medium")
def recompute(ws: Workspace) -> None:
    st.markdown("Recalculates the cost of past calls at the prices valid at the time. Budgets and charts are updated.")
    day = st.date_input("Calls since (UTC)", ws.clock().date() - timedelta(days=30))
    since = datetime.combine(day, time(), UTC)
    with errors_inline(), st.spinner("Comparing"):
        changes = ws.usage.recalculate_costs(since, dry_run=True)
        if not changes:
            st.info("The cost of every call since then matches the prices on record.", icon=":material/check:")
            return
        for row in changes:
            unknown = f"{row.was_unknown:,} of unknown cost" if row.was_unknown else ""
            before = " and ".join(filter(None, [money(row.before_usd) if row.before_usd else "", unknown])) or money(
                row.before_usd
            )
            what = f"{row.user_id}, {row.model}: {number(row.calls, 'call')}, {before} → {money(row.after_usd)}"
            st.markdown(f"- {safe_markdown(what)}")
        if st.button("Apply", type="primary"):
            calls = sum(row.calls for row in ws.usage.recalculate_costs(since))
            show_done(md("Updated the cost of {}.", number(calls, "call")))
            st.rerun()


def _optional(rate: Decimal | None) -> str:
    return "" if rate is None else f"{rate:f}"
