"""Reads usage for the screen: everybody's for administrators, or one's own; sums are kept for a minute."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from semblance_core.domain.usage.events import UsageEvent, UsageFilter
from semblance_core.domain.usage.period import Bucket
from semblance_core.domain.usage.totals import UsageTotals
from semblance_core.workspace import UsageChoices, Workspace

KEPT_S = 60


@dataclass(frozen=True)
class Source:
    """Reads the usage of the actor, or of everybody.

    mine: only the actor's own; else everybody's, and the right to it is checked before anything kept is shown.
    """

    ws: Workspace
    mine: bool

    def over_time(self, where: UsageFilter, every: Bucket | None = None) -> list[UsageTotals]:
        return _over_time(self.ws, self._whose(), where, every)

    def stacked(self, where: UsageFilter, field: str, among: Sequence[str], every: Bucket) -> list[UsageTotals]:
        """Over time by the field, of which these values are told apart; without how long answers took."""
        return _stacked(self.ws, self._whose(), where, field, tuple(among), every)

    def breakdowns(self, where: UsageFilter) -> dict[str, list[UsageTotals]]:
        return _breakdowns(self.ws, self._whose(), where)

    def choices(self) -> UsageChoices:
        return _choices(self.ws, self._whose())

    def events(self, where: UsageFilter, limit: int, after: str = "") -> list[UsageEvent]:
        """The calls themselves, newest first, as they are now."""
        read = self.ws.usage.mine.calls if self.mine else self.ws.usage.everybody.calls
        return read(where, limit=limit, after=after)

    def _whose(self) -> str:
        """The user whose usage it is, empty for everybody's: what is kept for one is never shown to another."""
        if self.mine:
            return self.ws.me.account().id
        self.ws.me.check_admin()
        return ""


def forget() -> None:
    """Lets sums be read afresh, after something corrected them."""
    for kept in (_over_time, _stacked, _breakdowns, _choices):
        kept.clear()


@st.cache_data(ttl=KEPT_S, max_entries=64, show_spinner="Adding up")
def _over_time(_ws: Workspace, whose: str, where: UsageFilter, every: Bucket | None) -> list[UsageTotals]:
    return (_ws.usage.mine.totals if whose else _ws.usage.everybody.totals)(where, every=every)


@st.cache_data(ttl=KEPT_S, max_entries=64, show_spinner="Adding up")
def _stacked(
    _ws: Workspace, whose: str, where: UsageFilter, field: str, among: tuple[str, ...], every: Bucket
) -> list[UsageTotals]:
    read = _ws.usage.mine.totals if whose else _ws.usage.everybody.totals
    return read(where, [field], every, among=among, latency=False)


@st.cache_data(ttl=KEPT_S, max_entries=64, show_spinner="Adding up")
def _breakdowns(_ws: Workspace, whose: str, where: UsageFilter) -> dict[str, list[UsageTotals]]:
    return (_ws.usage.mine.breakdowns if whose else _ws.usage.everybody.breakdowns)(where)


@st.cache_data(ttl=KEPT_S, max_entries=64, show_spinner=False)
def _choices(_ws: Workspace, whose: str) -> UsageChoices:
    return _ws.usage.mine.choices() if whose else _ws.usage.everybody.choices()
