"""One participant's reply, in a moderated round or an autonomous turn."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from semblance_core.conversation.speech.own_words import Spoken, own_words
from semblance_core.conversation.tokens import whole_within
from semblance_core.conversation.window import Line
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.usage.events import Spent
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.flows.discussion.alone import own_thoughts
from semblance_core.flows.discussion.context import TurnContext
from semblance_core.flows.discussion.stimuli import shown_stimuli
from semblance_core.flows.requests.fitting import fitting
from semblance_core.flows.requests.replies import reply_request

OWN_TURNS, OWN_TOKENS_A_TURN = 4, 80
"""Turns that a participant is told of what it said before the transcript that it is given, and the tokens of each."""


def speak(
    context: TurnContext,
    group: FocusGroup,
    pending: Message,
    lines: Sequence[Line],
    question: str,
    moderators: Iterable[str] = (),
) -> tuple[Message, ModelFailed | None]:
    """The pending reply with the outcome of its call: said, or failed with the reason in words; and that failure.

    Args:
        lines: What the participant has heard, oldest first.
        question: The question that the reply answers.
        moderators: Names of the people who moderate, for whom the participant must not speak.

    Raises:
        QuotaExceeded: The call does not fit into the quota, so none was made.
        PriceUnknown: The quota is in US dollars and the model's price is unknown.
    """
    assert pending.persona_id is not None
    persona = group.participant(pending.persona_id)
    shown = shown_stimuli(group, question, context.groups.assets, sees=context.gateway.may_see(group.model))
    own = _own_before(lines, pending, context)
    thoughts = own_thoughts(group, pending, context.groups)
    room, hear = context.room(group), _own_words_of(persona, group, moderators)
    try:
        completed = fitting(
            lambda: reply_request(
                group,
                persona,
                lines,
                question,
                pending.seq,
                shown,
                room,
                own,
                thoughts=thoughts,
                private=pending.role == "private",
            ),
            lambda request: context.text(request, group, seq=pending.seq, hear=hear, speaker=persona.name),
        )
    except ModelFailed as failed:
        charged = _charged(pending, failed.spent or Spent())
        return replace(charged, status=MessageStatus.FAILED, error=str(failed), at=context.clock()), failed
    charged = _charged(pending, completed.spent)
    said = replace(charged, status=MessageStatus.SAID, text=completed.content, at=context.clock())
    return replace(said, model=completed.model), None


def _own_before(lines: Sequence[Line], pending: Message, context: TurnContext) -> list[str]:
    """The participant's words before the lines that the prompt quotes, each turn cut to the sentences it begins with."""
    if not lines or lines[0].seq <= 1 or pending.persona_id is None:
        return []
    turns = context.groups.turns
    said = turns.words_before(pending.focus_group_id, pending.persona_id, lines[0].seq, OWN_TURNS)
    return [whole_within(words, OWN_TOKENS_A_TURN) for words in said]


def _own_words_of(persona: Persona, group: FocusGroup, moderators: Iterable[str]) -> Callable[[str], Spoken]:
    """Takes this participant's own words out of an answer, without lines that it writes for others."""
    others = [other.name for other in group.participants if other.id != persona.id]
    return partial(own_words, speaker=persona.name, others=[*others, *sorted(set(moderators) - {persona.name})])


def _charged(message: Message, spent: Spent) -> Message:
    """The message with this on top of what earlier attempts at it used: a reply can be asked for again."""
    total = Spent(message.tokens, message.cost_usd, message.attempts) + spent
    return replace(message, tokens=total.tokens, cost_usd=total.cost_usd, attempts=total.calls)
