"""The moderator of an autonomous discussion takes up a whisper: one call, whose words all participants hear."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from semblance_core.conversation.hybrid import Steer, after_steering
from semblance_core.conversation.speech.own_words import own_words
from semblance_core.conversation.window import Line
from semblance_core.domain.discussion.focus_group import MODERATOR, FocusGroup
from semblance_core.flows.discussion.boundary import Said
from semblance_core.flows.discussion.context import TurnContext
from semblance_core.flows.requests.fitting import fitting
from semblance_core.flows.requests.steering import steer_request


def steered(group: FocusGroup, move: Steer, lines: Sequence[Line], context: TurnContext) -> Said:
    """Returns the moderator's words that steer to what was whispered.

    Args:
        group: the session.
        move: the whispers that it was not told of yet.
        lines: the messages that prompts quote, oldest first.
        context: the parts that the turn works with.

    Raises:
        ModelFailed: there are no such words. The whispers stay.
        QuotaExceeded: the call does not fit into the quota.
        PriceUnknown: the quota is in US dollars and the model's price is unknown.
    """
    names = [person.name for person in group.participants]
    hear = partial(own_words, speaker=MODERATOR, others=names, inline=False)
    whispered = [whisper.text for whisper in move.whispers]
    shown = context.shown(group)
    completed = fitting(
        lambda: steer_request(group, lines, whispered, context.room(group), shown),
        lambda request: context.text(request, group, seq=group.next_seq, hear=hear),
    )
    told = replace(group, whispers=group.whispers[: group.course.whispers_heard + len(whispered)])
    return Said(completed.content, group.course.question, after_steering(told), completed.spent, completed.model)
