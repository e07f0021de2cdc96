"""Periods: however a time is written, and whatever the day, they are whole, in order and next to one another."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.times import asked_time
from semblance_core.domain.usage.period import NAMED, Bucket, named_period, period_of

TIMES = some.integers(10**9, 69 * 10**8).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
OFFSETS = some.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(TIMES, OFFSETS)
def test_a_time_is_the_same_however_it_is_written(moment: datetime, zone: timezone) -> None:
    text = moment.replace(tzinfo=None).isoformat()
    there = moment.astimezone(zone).isoformat()
    forms = (text, f"{text}Z", f"{text}+00:00", there, there.replace("+", " "), f"  {text} ")
    assert {asked_time(form) for form in forms} == {moment}


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "0001-01-01T00:00:00+23:00", "2026-11-01T25:00Z", "1"])
def test_what_is_no_time_is_said(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not a time in ISO 8601"):
        asked_time(text)


@given(some.sampled_from(sorted(NAMED)), TIMES)
def test_a_named_period_is_of_whole_days_and_the_one_before_ends_where_it_begins(name: str, now: datetime) -> None:
    period = named_period(name, now)
    assert {period.since.hour, period.until.hour} == {0}
    before = period.before(now)
    assert before.until == period.since
    if name == "last-month":
        assert period.until <= now
        assert before.until - before.since == period.until - period.since
    else:
        assert period.since <= now < period.until
        lasted = before.until - before.since
        assert timedelta(0) <= lasted - (now - period.since) < timedelta(hours=1) or lasted <= timedelta(hours=1)


@given(TIMES, some.timedeltas(timedelta(seconds=1), timedelta(days=3650)))
def test_a_period_has_few_buckets_that_cover_it(since: datetime, length: timedelta) -> None:
    period = period_of(since, since + length)
    assert (period.since, period.until) == (since, since + length)
    bucket = period.bucket
    first, last = bucket.start(period.since), bucket.start(period.until - timedelta(microseconds=1))
    assert (last - first) % bucket.length == timedelta(0)
    assert (last - first) / bucket.length < 600
    assert bucket.start(first) == first <= period.since < first + bucket.length


def test_how_finely_time_is_cut_follows_the_length() -> None:
    now = datetime(2026, 11, 28, tzinfo=UTC)
    lengths = {3: Bucket.HOUR, 4: Bucket.DAY, 186: Bucket.DAY, 187: Bucket.WEEK}
    assert {days: period_of(now, now + timedelta(days=days)).bucket for days in lengths} == lengths


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-11-02", "2026-11-01", "ends before it begins"),
        ("2026-11-02", "2026-11-02", "ends before it begins"),
        ("1999-01-01", "2000-01-01", "at most ten years"),
        ("2001-01-01", "2026-01-01", "at most ten years"),
    ],
)
def test_a_period_that_makes_no_sense_is_said(since: str, until: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        period_of(asked_time(since), asked_time(until))


def test_a_range_without_meaning_is_said_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match="“forever” is no range; there are 7-days"):
        named_period("forever", datetime(2026, 11, 28, tzinfo=UTC))
