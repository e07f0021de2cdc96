"""Private answers: what each participant writes alone to a question before the discussion of it."""

from collections.abc import Sequence
from datetime import datetime

from semblance_core.conversation.tokens import whole_within
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.personas.persona import Persona
from semblance_core.store.sessions.focus_groups import FocusGroups

REMEMBERED, TOKENS_EACH = 2, 240
"""Private answers that a participant is told of, and the tokens of each: a long one is told whole, as its end often says most."""


def written_alone(
    group: FocusGroup, question: int | None, people: Sequence[Persona], groups: FocusGroups, at: datetime
) -> list[Message]:
    """The pending private answers that the next message asks for; empty where its question is not answered alone, or was already.

    Args:
        group: the session.
        question: index of the guide's question that the message puts; None where it puts none.
        people: who is asked.
        groups: the stored sessions.
        at: the time.
    """
    if question is None or not group.answered_alone(question) or groups.turns.asked_alone(group.id, question):
        return []
    return [
        group.awaiting(person, at, question=question, place=place, private=True)
        for place, person in enumerate(people, start=1)
    ]


def own_thoughts(group: FocusGroup, pending: Message, groups: FocusGroups) -> list[str]:
    """The words that the participant of this pending message wrote alone before it; told to nobody else."""
    has_any = group.private_first or any(question.private for question in group.guide.asked)
    if not has_any or pending.persona_id is None:
        return []
    said = groups.turns.written_alone(group.id, pending.persona_id, pending.seq, REMEMBERED)
    return [whole_within(words, TOKENS_EACH) for words in said]
