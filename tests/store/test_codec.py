"""Values survive the way into the database and back: times as aware UTC, money to the nano-dollar."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.discussion.discussion_state import DiscussionState, SpeakerStats
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.times import as_utc, parse_utc
from semblance_core.domain.usage.events import TokenCounts, UsageQuota, from_nano_usd, to_nano_usd
from semblance_core.store.codec import from_document, to_document
from tests.studies import panel, session

MOMENT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.timezones() | st.none()).filter(lambda moment: 1971 < moment.year < 2200)
NANO = st.integers(min_value=0, max_value=10**15)


@dataclass(frozen=True)
class Everything:
    at: datetime
    cost_usd: Decimal | None
    tokens: TokenCounts = field(default_factory=TokenCounts)
    names: tuple[str, ...] = ()
    id: str = ""


@given(MOMENTS)
def test_every_time_comes_back_as_the_same_moment_in_utc(moment: datetime) -> None:
    back = from_document(Everything, to_document(Everything(moment, None)))
    assert back.at == as_utc(moment)
    assert back.at.utcoffset() == timedelta(0)


@given(MOMENTS.map(lambda moment: moment.replace(microsecond=0)))
def test_naive_aware_and_z_are_read_as_the_same_moment(moment: datetime) -> None:
    naive = as_utc(moment).replace(tzinfo=None).isoformat()
    assert parse_utc(naive) == parse_utc(naive + "Z") == parse_utc(naive + "+00:00") == as_utc(moment)
    assert parse_utc(as_utc(moment).astimezone(timezone(timedelta(hours=5, minutes=45))).isoformat()) == as_utc(moment)


@given(NANO)
def test_money_comes_back_to_the_nano_dollar(nano: int) -> None:
    document = to_document(Everything(MOMENT, from_nano_usd(nano)))
    assert document["cost_nano_usd"] == nano
    assert from_document(Everything, document).cost_usd == Decimal(nano) / 10**9


@given(st.decimals(min_value=0, max_value=10**6, places=12))
def test_less_than_a_nano_dollar_is_never_understated(usd: Decimal) -> None:
    assert 0 <= from_nano_usd(to_nano_usd(usd)) - usd < Decimal("1e-9")


def test_an_unknown_cost_stays_unknown() -> None:
    document = to_document(Everything(MOMENT, None))
    assert document["cost_nano_usd"] is None
    assert from_document(Everything, document).cost_usd is None


@given(st.lists(st.text(), max_size=3).map(tuple), st.text())
def test_texts_come_back_as_they_were(names: tuple[str, ...], identity: str) -> None:
    value = Everything(MOMENT, Decimal(1), names=names, id=identity)
    document = to_document(value)
    assert document["_id"] == identity
    assert from_document(Everything, document) == value


def test_a_field_of_tomorrow_does_not_break_a_reader_of_today() -> None:
    document = to_document(Everything(MOMENT, None)) | {"unheard_of": 1, "lease_until": MOMENT}
    assert from_document(Everything, document) == Everything(MOMENT, None)


def test_what_the_database_gives_back_equals_what_it_was_given(semblance: Semblance) -> None:
    group = session(semblance.workspace("user"), size=2)
    floors = {"persona-0": SpeakerStats(12, 2, 6)}
    course = DiscussionState(
        question=3,
        question_turns=1,
        turns=7,
        persona_turns=5,
        extra_calls=1,
        window_from=2,
        summary="They $like it.",
        stimuli_shown=1,
        speakers=("a", "b"),
        floors=floors,
    )
    group = replace(group, course=course, participants=panel(2), title="$set: {a.b}", topic="\0 nul and 💧")
    things = semblance.connection.database["things"]
    things.insert_one(to_document(group))
    found: dict[str, Any] = things.find_one({"_id": group.id}) or {}
    stored = from_document(type(group), found)
    for given_at, stored_at in ((group.created_at, stored.created_at), (group.updated_at, stored.updated_at)):
        assert given_at is not None
        assert stored_at == given_at.replace(microsecond=given_at.microsecond // 1000 * 1000)
    assert replace(stored, created_at=group.created_at, updated_at=group.updated_at) == group


@settings(max_examples=30)
@given(NANO, st.integers(min_value=0, max_value=10**9))
def test_a_user_and_a_message_survive(nano: int, count: int) -> None:
    user = User("maya", "Maya", Role.ADMIN, MOMENT, UsageQuota(from_nano_usd(nano), count))
    assert from_document(User, to_document(user)) == user
    tokens = TokenCounts(prompt=count, cached=count, completion=count, reasoning=0)
    message = Message("g", 1, "persona", "Maya", "Hm.", MessageStatus.SAID, "reply", MOMENT, tokens=tokens)
    assert from_document(Message, to_document(message)) == message
