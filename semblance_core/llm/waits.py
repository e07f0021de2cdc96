"""Reads how long a provider asks to wait before the next try: in a header, or in the words of its refusal. Pure."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

from semblance_core.domain.times import as_utc

_UNIT_S = {"ms": 0.001, "milliseconds": 0.001, "millisecond": 0.001, "us": 1e-6, "µs": 1e-6} | {
    **dict.fromkeys(("", "s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3_600.0),
    **dict.fromkeys(("d", "day", "days"), 86_400.0),
}
_LENGTH = r"\d+(?:\.\d+)?\s*(?:milliseconds?|ms|µs|us|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|[smhd])(?![a-z])"
_LENGTHS = rf"(?:{_LENGTH}\s*(?:,|and)?\s*)+"
_SAID = (
    re.compile(
        rf"(?:re)?try(?:ing)?(?: your request)?(?: again)?[\s_-]*(?:in|after)[\s:\"']*({_LENGTHS}|\d+(?:\.\d+)?)", re.I
    ),
    re.compile(rf"\bwait(?:ing)?(?: for)?(?: at least| about| another)?\s+({_LENGTHS})", re.I),
    re.compile(rf"(?:available|resets?|reset)(?: again)?\s+(?:in|after)\s+({_LENGTHS})", re.I),
    re.compile(
        r"[\"']?(?:retry[_-]?delay|retry[_-]?after(?:[_-]?(?:seconds|s))?|estimated_time|reset_seconds|retry_in)[\"']?"
        rf"\s*[:=]\s*[\"']?({_LENGTHS}|\d+(?:\.\d+)?)",
        re.I,
    ),
)
_MS_SAID = re.compile(r"[\"']?retry[_-]?after[_-]?ms[\"']?\s*[:=]\s*[\"']?(\d+(?:\.\d+)?)", re.I)
_RESET_SAID = re.compile(r"X-RateLimit-Reset[\"']?\s*[:=]\s*[\"']?(\d{10,13})", re.I)
_ONE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-zµ]*)", re.I)


def seconds_told(headers: Mapping[str, str], words: str, now: datetime) -> float | None:
    """Seconds that the provider asked to wait, the longest where it says so in several places; None where in none.

    >>> seconds_told({}, "Rate limit reached. Please try again in 1m6.5s.", datetime(2026, 1, 1, tzinfo=UTC))
    66.5
    >>> seconds_told({"retry-after": "2"}, '"retryDelay": "6s"', datetime(2026, 1, 1, tzinfo=UTC))
    6.0
    """
    found = [_header(headers, now), *(_length(said) for pattern in _SAID for said in pattern.findall(words))]
    found += [float(said) / 1_000 for said in _MS_SAID.findall(words)]
    found += [_until(said, now) for said in _RESET_SAID.findall(words)]
    told = [seconds for seconds in found if seconds is not None and isfinite(seconds)]
    return max(0.0, *told) if told else None


def _header(headers: Mapping[str, str], now: datetime) -> float | None:
    """The header's two forms (RFC 9110, 10.2.3): seconds, or a date, which counts from now; and one in milliseconds."""
    plain = {name.casefold(): value.strip() for name, value in headers.items()}
    if said := plain.get("retry-after-ms"):
        with suppress(ValueError):
            return float(said) / 1_000
    said = plain.get("retry-after", "")
    with suppress(ValueError):
        return float(said)
    with suppress(ValueError, OverflowError):
        return (as_utc(parsedate_to_datetime(said)) - now).total_seconds()
    return _length(said) if said else None


def _length(said: str) -> float | None:
    """A length of time in one or more units; a bare number is seconds.

    >>> [_length(said) for said in ("6.5s", "1h2m", "20 ms", "6 seconds", "7")]
    [6.5, 3720.0, 0.02, 6.0, 7.0]
    """
    pieces = _ONE.findall(said)
    if not pieces or any(unit.casefold() not in _UNIT_S for _, unit in pieces):
        return None
    return sum(float(number) * _UNIT_S[unit.casefold()] for number, unit in pieces)


def _until(epoch: str, now: datetime) -> float:
    """Seconds until a moment that is given as seconds or milliseconds since 1970."""
    moment = int(epoch) / (1_000 if len(epoch) > 11 else 1)
    return (datetime.fromtimestamp(moment, UTC) - now).total_seconds()
