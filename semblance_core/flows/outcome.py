"""What came of one participant's call, as the message that the transcript keeps."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from semblance_core.conversation.speech import Spoken, own_words
from semblance_core.domain.errors import ModelFailed
from semblance_core.domain.focus_group import FocusGroup, Message, MessageStatus
from semblance_core.domain.persona import Persona
from semblance_core.domain.usage import Spent
from semblance_core.llm.gateway import Completed


def outcome(
    pending: Message, call: Callable[[], Completed[str]], clock: Callable[[], datetime]
) -> tuple[Message, ModelFailed | None]:
    """The pending reply with what came of its call: said, or failed with the reason in words. Over quota is raised."""
    try:
        completed = call()
    except ModelFailed as failed:
        spent = failed.spent if isinstance(failed.spent, Spent) else Spent()
        return replace(_charged(pending, spent), status=MessageStatus.FAILED, error=str(failed), at=clock()), failed
    said = replace(_charged(pending, completed.spent), status=MessageStatus.SAID, text=completed.content, at=clock())
    return replace(said, model=completed.model), None


def heard_of(person: Persona, group: FocusGroup, moderators: Iterable[str] = ()) -> Callable[[str], Spoken]:
    """What of an answer this participant says. moderators: names of the people who moderate."""
    others = [other.name for other in group.participants if other.id != person.id]
    return partial(own_words, speaker=person.name, others=[*others, *sorted(set(moderators) - {person.name})])


def _charged(message: Message, spent: Spent) -> Message:
    total = Spent(message.tokens, message.cost_usd, message.attempts) + spent
    return replace(message, tokens=total.tokens, cost_usd=total.cost_usd, attempts=total.calls)
