"""Periods that usage is looked at for: named or from one time to another, and the period before. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.times import as_utc, midnight

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONGEST = timedelta(days=3660)
HOURS_UP_TO = 3 * DAY
DAYS_UP_TO = 186 * DAY


class Bucket(StrEnum):
    """Width of one mark in a chart over time; a week begins on Monday."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"

    def start(self, moment: datetime) -> datetime:
        """Returns the beginning of the bucket that holds the moment.

        >>> from semblance_core.domain.times import parse_utc
        >>> Bucket.WEEK.start(parse_utc("2026-11-28T13:45Z")).isoformat()
        '2026-11-23T00:00:00+00:00'
        """
        if self is Bucket.HOUR:
            return hour_of(moment)
        day = midnight(moment)
        return day if self is Bucket.DAY else day - timedelta(days=day.weekday())

    @property
    def length(self) -> timedelta:
        return {Bucket.HOUR: HOUR, Bucket.DAY: DAY, Bucket.WEEK: 7 * DAY}[self]


@dataclass(frozen=True, slots=True)
class Period:
    """since ≤ at < until, UTC. Zones with half or quarter hours begin and end theirs within an hour of UTC."""

    since: datetime
    until: datetime

    @property
    def bucket(self) -> Bucket:
        """Hours for up to 3 days, days for up to half a year, weeks beyond."""
        length = self.until - self.since
        if length <= HOURS_UP_TO:
            return Bucket.HOUR
        return Bucket.DAY if length <= DAYS_UP_TO else Bucket.WEEK

    def before(self, now: datetime) -> "Period":
        """The period of equal length just before; of one that is not over yet, as long as it has lasted so far.

        >>> from semblance_core.domain.times import parse_utc
        >>> week = period_of(parse_utc("2026-11-22"), parse_utc("2026-11-29"))
        >>> week.before(parse_utc("2026-11-28T13:45Z")).since.isoformat()
        '2026-11-15T10:00:00+00:00'
        """
        ends = min(self.until, hour_after(now))
        lasted = ends - self.since if ends > self.since else self.until - self.since
        return Period(self.since - lasted, self.since)


def period_of(since: datetime, until: datetime) -> Period:
    """The period between two times; raises `InvalidInput` for an empty one, one of more than ten years, and one before
    2000 or beyond 2200.

    >>> from semblance_core.domain.times import parse_utc
    >>> period_of(parse_utc("2026-11-01T14:00+05:30"), parse_utc("2026-11-01T14:30+05:30")).since.isoformat()
    '2026-11-01T08:30:00+00:00'
    """
    if as_utc(since) >= as_utc(until):
        raise InvalidInput("The requested period ends before it begins.")
    if as_utc(since).year < 2000 or as_utc(until).year > 2200 or as_utc(until) - as_utc(since) > LONGEST:
        raise InvalidInput("Ask for at most ten years, between 2000 and 2200.")
    return Period(as_utc(since), as_utc(until))


def named_period(name: str, now: datetime) -> Period:
    """A period by its name in `NAMED`; days and months are UTC, and today is part of "last 7 days".

    >>> from semblance_core.domain.times import parse_utc
    >>> period = named_period("last-month", parse_utc("2026-03-05T13:45Z"))
    >>> period.since.isoformat(), period.until.isoformat()
    ('2026-02-01T00:00:00+00:00', '2026-03-01T00:00:00+00:00')
    """
    if name not in NAMED:
        raise InvalidInput(f"“{name[:40]}” is no range; there are {', '.join(NAMED)}.")
    return NAMED[name](now)


def _last_days(days: int) -> Callable[[datetime], Period]:
    return lambda now: Period(midnight(now) - (days - 1) * DAY, midnight(now) + DAY)


def _this_month(now: datetime) -> Period:
    first = midnight(now).replace(day=1)
    return Period(first, (first + 31 * DAY).replace(day=1))


def _last_month(now: datetime) -> Period:
    first = midnight(now).replace(day=1)
    return Period((first - DAY).replace(day=1), first)


NAMED: dict[str, Callable[[datetime], Period]] = {
    "7-days": _last_days(7),
    "30-days": _last_days(30),
    "90-days": _last_days(90),
    "this-month": _this_month,
    "last-month": _last_month,
}


def hour_of(moment: datetime) -> datetime:
    """Returns the beginning of the moment's hour, in UTC."""
    return as_utc(moment).replace(minute=0, second=0, microsecond=0)


def hour_after(moment: datetime) -> datetime:
    """The first whole hour that is not before the moment, in UTC."""
    return hour_of(moment) if hour_of(moment) == as_utc(moment) else hour_of(moment) + HOUR
