"""The messages that a session makes: numbered on from where it stands, under its epoch and with its model."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from semblance_core.domain.discussion.focus_group import MODERATOR, FocusGroup
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.usage.events import Spent, TokenCounts
from tests.studies import GUIDE, panel

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GROUP = FocusGroup(
    id="g",
    project_id="p",
    owner_id="user",
    title="Oat milk",
    topic="Oat milk",
    guide=parse_guide(GUIDE),
    participants=panel(3),
    model="openai/gpt-5-mini",
    turn_limit=9,
    seed=0,
    created_at=NOW,
    next_seq=7,
    epoch=4,
    simulated=True,
)


def test_a_message_of_a_person_carries_its_author_and_is_not_the_models() -> None:
    said = GROUP.said("user", "User", "Well?", NOW, question=None, stimuli=("leaflet.txt",))
    assert (said.seq, said.role, said.speaker, said.author_id, said.stimuli) == (
        7,
        "moderator",
        "User",
        "user",
        ("leaflet.txt",),
    )
    assert (said.status, said.feature, said.model, said.attempts) == (MessageStatus.SAID, "moderated", "", 0)
    assert (said.simulated, said.epoch) == (False, 0)


def test_a_question_is_the_guides_own_until_a_model_was_called_for_it() -> None:
    own = GROUP.asked("Why?", NOW, question=1, stimuli=(), spent=Spent(), model="")
    spent = Spent(TokenCounts(90, 0, 10), Decimal("0.1"), 2)
    linked = GROUP.asked("And why?", NOW, question=1, stimuli=(), spent=spent, model=GROUP.model)
    assert (own.feature, own.speaker, own.question, own.attempts, own.cost_usd) == ("guide", MODERATOR, 1, 0, 0)
    assert (linked.feature, linked.model, linked.tokens, linked.cost_usd, linked.attempts) == (
        "moderate",
        GROUP.model,
        spent.tokens,
        spent.cost_usd,
        2,
    )
    assert (linked.seq, linked.epoch, linked.simulated) == (7, 4, True)


def test_a_reply_is_awaited_as_the_next_message_or_behind_the_one_that_asks_for_it() -> None:
    person = GROUP.participants[1]
    alone = GROUP.awaiting(person, NOW, question=2)
    second = GROUP.awaiting(person, NOW, question=2, place=2)
    assert (alone.seq, alone.reply_to) == (7, None)
    assert (second.seq, second.reply_to) == (9, 7)
    assert replace(second, seq=7, reply_to=None) == alone
    assert (alone.speaker, alone.persona_id, alone.status, alone.text) == (
        person.name,
        person.id,
        MessageStatus.PENDING,
        "",
    )
    assert (alone.feature, alone.model, alone.epoch, alone.simulated) == ("reply", GROUP.model, 4, True)
