"""What a run may use, beside what is left; afterwards, beside what it used."""

import streamlit as st

from semblance_core.domain.estimate import Estimate
from semblance_core.domain.usage import QuotaStatus, Spent
from semblance_core.reports.costs import compared_words, estimate_words, fits, left_words, span, tokens_words
from ui.words import safe_markdown


def foretell(estimate: Estimate, status: QuotaStatus) -> None:
    """One line before a run: its range from P50 to P90, what it is drawn from, and what the quota has left."""
    left = left_words(status)
    words = safe_markdown(f"About {estimate_words(estimate)}.{f' {left}.' if left else ''}")
    if fits(estimate, status):
        st.caption(words, help="Half of such runs use less than the lower figure, nine in ten less than the upper one.")
    elif status.quota.usd is not None and estimate.p90_usd is None:
        named = safe_markdown(estimate.model)
        st.warning(f"{named} has no price, so a quota in US dollars does not allow it.", icon=":material/price_check:")
    else:
        st.warning(f"{words} This may not fit into what is left.", icon=":material/account_balance_wallet:")


def outlook(estimate: Estimate, status: QuotaStatus) -> None:
    """The same at large, before a session is started: its figures side by side, and a warning where it may not fit."""
    cost, tokens, calls, left = st.columns(4)
    told = "Half of such runs use less than the lower figure, nine in ten less than the upper one."
    known = estimate.p50_usd is not None and estimate.p90_usd is not None
    usd = (
        span(estimate.p50_usd, estimate.p90_usd)
        if estimate.p50_usd is not None and estimate.p90_usd is not None
        else ""
    )
    cost.metric("Cost", usd or "unknown", border=True, help=told if known else "Its model has no price.")
    tokens.metric("Tokens", tokens_words(estimate), border=True, help=told)
    calls.metric("Model calls", f"about {estimate.calls:,}", border=True)
    left.metric("Left this month", left_words(status).removesuffix(" left this month") or "no limit", border=True)
    foretell(estimate, status)


def compare(estimate: Estimate | None, spent: Spent | None, what: str = "") -> None:
    """One line after a run: what was estimated and what was used. what: the run, where the page does not say it."""
    if estimate and spent and spent.calls:
        st.caption(safe_markdown(f"{what}{compared_words(estimate, spent)}"))
