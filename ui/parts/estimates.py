"""Shows what a run may use, beside what is left; afterwards, beside what it used. Asks before the first run that may cost something."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from semblance_core.domain.usage.estimate import Estimate
from semblance_core.domain.usage.events import QuotaStatus, Spent
from semblance_core.reports.costs import (
    compared_words,
    cost_words,
    estimate_words,
    fits,
    left_words,
    span,
    tokens_words,
)
from semblance_core.workspace import Workspace
from ui.parts.routes import page_at
from ui.parts.words import Markdown, md, safe_markdown

ASSUMES = (
    "Eight in ten such runs use an amount within this range, one in ten less and one in ten more. It assumes that the guide is worked through, "
    "that answers have their usual length, and that nothing is read from a provider's cache. While calls run, the quota sets aside "
    "what they use at worst, which is more."
)


def estimate_line(estimate: Estimate, status: QuotaStatus) -> None:
    """One line before a run: its range from P10 to P90, what it is drawn from, and what the quota has left."""
    left = left_words(status)
    words = safe_markdown(f"About {estimate_words(estimate)}.{f' {left}.' if left else ''}")
    if fits(estimate, status):
        st.caption(words, help=ASSUMES)
    elif status.quota.usd is not None and estimate.p90_usd is None:
        named = safe_markdown(estimate.model)
        st.warning(
            f"{named} has no price, so it cannot be used under a quota in US dollars.", icon=":material/price_check:"
        )
    else:
        st.warning(f"{words} This may exceed what is left.", icon=":material/account_balance_wallet:")


def estimate_metrics(estimate: Estimate, status: QuotaStatus) -> None:
    """The same at large, before a session is started: its figures side by side, and a warning where it may not fit."""
    cost, tokens, calls, left = st.columns(4)
    low, high = estimate.low_usd, estimate.p90_usd
    known = low is not None and high is not None
    usd = span(low, high) if low is not None and high is not None else ""
    cost.metric(
        "Cost", safe_markdown(usd or "unknown"), border=True, help=ASSUMES if known else "Its model has no price."
    )
    tokens.metric("Tokens", safe_markdown(tokens_words(estimate)), border=True, help=ASSUMES)
    calls.metric("Model calls", f"about {estimate.calls:,}", border=True)
    remaining = left_words(status).removesuffix(" left this month") or "no limit"
    left.metric("Left this month", safe_markdown(remaining), border=True)
    estimate_line(estimate, status)


def compare(estimate: Estimate | None, spent: Spent | None, what: str = "") -> None:
    """One line after a run: what was estimated and what was used. what: the run, where the page does not say it."""
    if estimate and spent and spent.calls:
        st.caption(safe_markdown(f"{what}{compared_words(estimate, spent)}"))


@dataclass(frozen=True)
class FirstPaidRun:
    """The confirmation before an account's first run with a model that may cost something; later runs begin at once.

    name: of the run, with its subject's id.
    """

    ws: Workspace
    name: str

    @property
    def _asked(self) -> str:
        return f"first_paid_{self.name}"

    @property
    def _begins(self) -> str:
        return f"first_paid_begins_{self.name}"

    @property
    def is_asked(self) -> bool:
        """Returns whether a run waits for the confirmation."""
        return bool(st.session_state.get(self._asked))

    def waits(self, model: str) -> bool:
        """True where a run that was just asked for has to wait: `confirmed` asks about it from here on."""
        if not self.ws.me.confirms_cost(model):
            return False
        st.session_state[self._asked] = True
        return True

    def confirmed(
        self, what: Markdown, estimate: Callable[[], Estimate], *, on_cancel: Callable[[], None] | None = None
    ) -> bool:
        """Draws the question where one waits; True in the run in which it was answered with *Start*.

        Args:
            what: The run, such as *Recruiting 6 personas*.
            estimate: Forecasts its use.
            on_cancel: Called for *Not now*.
        """
        if st.session_state.pop(self._begins, False):
            return True
        if not self.is_asked:
            return False
        with st.container(border=True, key=f"{self._asked}_box"):
            found = estimate()
            st.markdown("**Your first run with a model that costs money**")
            st.markdown(md("{} with {}: {}", what, found.model, cost_words(found)))
            st.caption("You are asked only once. The sidebar and *My usage* show your spending.")
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button("Start", key=f"{self._asked}_start", type="primary", on_click=self._confirm)
                st.button("Not now", key=f"{self._asked}_cancel", on_click=self._cancel, args=(on_cancel,))
                st.page_link(page_at("usage"), label="My usage", icon=":material/monitoring:")
        return False

    def _confirm(self) -> None:
        if st.session_state.pop(self._asked, False):  # not by a second click on a button that is gone
            st.session_state[self._begins] = True
            self.ws.me.confirm_costs()

    def _cancel(self, on_cancel: Callable[[], None] | None) -> None:
        if st.session_state.pop(self._asked, False) and on_cancel:
            on_cancel()
