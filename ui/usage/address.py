"""Reads what a usage page is asked to show from its address. Pure: parameters in, a view out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.times import asked_time
from semblance_core.domain.usage.events import FAILED, NO_PROJECT, TOKEN_KINDS, UsageFilter
from semblance_core.domain.usage.period import NAMED, Bucket, Period, named_period, period_of
from semblance_core.reports.frames import FEATURES
from semblance_core.workspace import UsageChoices

CUSTOM = "custom"
RANGES = {
    "7-days": "Last 7 days",
    "30-days": "Last 30 days",
    "90-days": "Last 90 days",
    "this-month": "This month",
    "last-month": "Last month",
    CUSTOM: "From … to …",
}
SPLITS = {"user": "user_id", "project": "project_id", "model": "model", "feature": "feature"}
"""Fields that usage is split by, under their names in the address."""
TITLES = {"user": "User", "project": "Project", "model": "Model", "feature": "Purpose"}
MEASURES = {"cost": "Cost", "calls": "Calls", "tokens": "Tokens"}
MARK = ("at", "in", "is", "outcome", "kind", "after", "call")
"""Parameters of what was picked in a chart; they end with any change of the filters. `in` without `is`: what the chart calls other."""
KINDS = dict(zip(TOKEN_KINDS, ("Fresh prompt", "Cached prompt", "Spoken", "Reasoning"), strict=True))
"""Of tokens; they do not overlap."""


@dataclass(frozen=True, slots=True)
class View:
    """where: the filters with the period. calls: the same, narrowed to the mark that was picked. by, show: how the chart over
    time is stacked, and what it counts. others: the split whose lesser values were picked together, as one. ignored: what of the
    address makes no sense, in sentences."""

    range: str
    period: Period
    where: UsageFilter
    calls: UsageFilter
    by: str
    show: str
    marked: tuple[str, ...] = ()
    others: str = ""
    after: str = ""
    call: str = ""
    ignored: tuple[str, ...] = ()

    @property
    def every(self) -> Bucket:
        return self.period.bucket


@dataclass
class Names:
    """Names for the values of a split.

    Values that share a name are told apart: projects by owner where that helps, else by id.
    """

    choices: UsageChoices

    def of(self, split: str, value: str | None) -> str:
        """Returns the name of a value. split: as in the address.

        >>> names = Names(UsageChoices({"a": "Ada", "b": "Ada", "c": "Cy"}, {"p": "Oat milk"}, [], []))
        >>> names.of("user", "a"), names.of("user", "c"), names.of("user", "gone"), names.of("project", None)
        ('Ada (a)', 'Cy', 'gone', 'No project')
        """
        if value is None or value == NO_PROJECT:
            return "No project"
        if split == "feature":
            return FEATURES.get(value, value)
        known = {"user": self.choices.users, "project": self.choices.projects}.get(split, {})
        name = known.get(value, value)
        alike = [each for each, other in known.items() if other == name]
        owners = [self.choices.owners.get(each) for each in alike] if split == "project" else []
        if len(alike) < 2:
            return name
        mine = self.choices.owners.get(value)
        return f"{name} ({self.of('user', mine)})" if mine and owners.count(mine) == 1 else f"{name} ({value[:8]})"

    def options(self, split: str) -> list[str]:
        known: dict[str, Collection[str]] = {
            "user": self.choices.users,
            "project": [*self.choices.projects, NO_PROJECT],
            "model": self.choices.models,
            "feature": self.choices.features,
        }
        return sorted(known[split], key=lambda value: (value == NO_PROJECT, self.of(split, value).casefold()))


@dataclass
class _Reading:
    """Takes parameters one by one; what makes no sense is said and left out."""

    params: Mapping[str, str]
    ignored: list[str] = field(default_factory=list)

    def one_of(self, name: str, options: Collection[str], otherwise: str | None = None) -> str | None:
        given = self.params.get(name, "")
        if not given or given in options:
            return given or otherwise
        self.ignored.append(f"“{given[:40]}” is not a known {TITLES.get(name, name).lower()}, so it is ignored.")
        return otherwise

    def made(self, make: Callable[[], Period], otherwise: Period) -> Period:
        try:
            return make()
        except InvalidInput as wrong:
            self.ignored.append(f"{wrong} So the last 30 days are shown.")
            return otherwise

    def moment(self, name: str) -> datetime | None:
        try:
            return asked_time(self.params[name]) if self.params.get(name) else None
        except InvalidInput as wrong:
            self.ignored.append(f"{wrong} It is ignored.")
            return None


def read(params: Mapping[str, str], names: Names, now: datetime, offered: Collection[str] = tuple(SPLITS)) -> View:
    """The view that an address asks for. offered: the splits that can be filtered and stacked by; of others nothing is read."""
    reading = _Reading(params)
    period, shown = _period(reading, now)
    values: dict[str, Any] = {SPLITS[name]: reading.one_of(name, names.options(name)) for name in offered}
    where = UsageFilter(period.since, period.until, **values)
    by = reading.one_of("by", offered, "model") or "model"
    show = reading.one_of("show", MEASURES, "cost") or "cost"
    calls, marked, others = _marked(reading, where, period, names, offered)
    after, call = params.get("after", ""), params.get("call", "")
    return View(shown, period, where, calls, by, show, marked, others, after, call, tuple(reading.ignored))


def _period(reading: _Reading, now: datetime) -> tuple[Period, str]:
    usual = named_period("30-days", now)
    if reading.params.get("from") or reading.params.get("to"):
        whole = len(reading.ignored)
        since, until = reading.moment("from"), reading.moment("to")
        if len(reading.ignored) > whole:
            return usual, "30-days"
        until = until or named_period("7-days", now).until
        period = reading.made(lambda: period_of(since or until - (usual.until - usual.since), until), usual)
        return period, "30-days" if period == usual else CUSTOM
    shown = reading.one_of("range", [*NAMED, CUSTOM], "30-days") or "30-days"
    return (usual, shown) if shown == CUSTOM else (named_period(shown, now), shown)


def _marked(
    reading: _Reading, where: UsageFilter, period: Period, names: Names, offered: Collection[str]
) -> tuple[UsageFilter, tuple[str, ...], str]:
    words, others = [], ""
    if at := reading.moment("at"):
        bucket = period.bucket
        since, until = bucket.start(at), bucket.start(at) + bucket.length
        if since < period.until and until > period.since:
            where = replace(where, since=max(since, period.since), until=min(until, period.until))
            words.append(bucket_words(bucket, since))
    if (split := reading.one_of("in", offered)) and (value := reading.one_of("is", names.options(split))):
        narrowed: dict[str, Any] = {SPLITS[split]: value}
        where = replace(where, **narrowed)
        words.append(names.of(split, value))
    elif split and not reading.params.get("is"):
        others = split
        words.append("other purposes" if split == "feature" else f"other {split}s")
    if kind := reading.one_of("kind", KINDS):
        where = replace(where, token_kind=kind)
        words.append(f"with {KINDS[kind].lower()} tokens")
    if reading.one_of("outcome", [FAILED]):
        where = replace(where, status=FAILED)
        words.append("failed")
    return where, tuple(words), others


def bucket_words(bucket: Bucket, since: datetime) -> str:
    """
    >>> from semblance_core.domain.times import parse_utc
    >>> bucket_words(Bucket.HOUR, parse_utc("2026-11-28T09:00"))
    '28 Nov 2026, 09:00–10:00 UTC'
    """
    if bucket is Bucket.HOUR:
        return f"{since:%d %b %Y, %H:%M}–{since + bucket.length:%H:%M} UTC"
    return f"{since:%d %b %Y}" if bucket is Bucket.DAY else f"the week of {since:%d %b %Y}"
