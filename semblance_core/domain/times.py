"""Times: aware UTC, always."""

import re
from datetime import UTC, datetime

from semblance_core.domain.errors import InvalidInput


def parse_utc(text: str) -> datetime:
    """An ISO 8601 time as aware UTC; a naive one is taken to be UTC.

    >>> parse_utc("2026-11-23T09:30:00+01:00").isoformat()
    '2026-11-23T08:30:00+00:00'
    >>> parse_utc("2026-11-23T08:30:00Z") == parse_utc("2026-11-23T08:30:00")
    True
    """
    return as_utc(datetime.fromisoformat(text))


def asked_time(text: str) -> datetime:
    """Reads a time as people and addresses give it; raises `InvalidInput`. A plus sign that an address turned into a space is meant.

    >>> asked_time("2026-11-23T09:30:00 01:00").isoformat()
    '2026-11-23T08:30:00+00:00'
    """
    plain = re.sub(r"(?<=T)(\S+) (\d\d:?\d\d)$", r"\1+\2", text.strip())
    try:
        return parse_utc(plain)
    except (ValueError, OverflowError):
        raise InvalidInput(
            f"“{text[:40]}” is not a time in ISO 8601, such as 2026-11-01 or 2026-11-01T09:30:00Z."
        ) from None


def as_utc(moment: datetime) -> datetime:
    """The same moment in UTC; a naive one is taken to be UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def utc_now() -> datetime:
    """The clock that the edges hand in where nothing else is asked for."""
    return datetime.now(UTC)


def midnight(moment: datetime) -> datetime:
    """Returns the beginning of the moment's day, in UTC.

    >>> midnight(parse_utc("2026-11-24T00:30:00+01:00")).isoformat()
    '2026-11-23T00:00:00+00:00'
    """
    return as_utc(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def month_of(moment: datetime) -> str:
    """The calendar month in UTC that a quota counts in.

    >>> month_of(parse_utc("2026-11-30T23:30:00-02:00"))
    '2026-12'
    """
    return as_utc(moment).strftime("%Y-%m")
