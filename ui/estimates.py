"""What a run may use, beside what is left; afterwards, beside what it used."""

import streamlit as st

from semblance_core.domain.estimate import Estimate
from semblance_core.domain.usage import QuotaStatus, Spent
from semblance_core.reports.costs import compared_words, estimate_words, fits, left_words
from ui.words import safe_markdown


def foretell(estimate: Estimate, status: QuotaStatus) -> None:
    """One line before a run: its range from P50 to P90, what it is drawn from, and what the quota has left."""
    left = left_words(status)
    words = safe_markdown(f"About {estimate_words(estimate)}.{f' {left}.' if left else ''}")
    if fits(estimate, status):
        st.caption(words, help="Half of such runs use less than the lower figure, nine in ten less than the upper one.")
    else:
        st.warning(f"{words} This may not fit into what is left.", icon=":material/account_balance_wallet:")


def compare(estimate: Estimate | None, spent: Spent | None) -> None:
    """One line after a run: what was estimated and what was used."""
    if estimate and spent and spent.calls:
        st.caption(safe_markdown(compared_words(estimate, spent)))
