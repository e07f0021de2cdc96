"""What came of one participant's call, as the message that the transcript keeps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from semblance_core.domain.errors import ModelFailed
from semblance_core.domain.focus_group import Message, MessageStatus
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
    text = without_name(completed.content, pending.speaker)
    said = replace(_charged(pending, completed.spent), status=MessageStatus.SAID, text=text, at=clock())
    return replace(said, model=completed.model), None


def without_name(text: str, speaker: str) -> str:
    """The spoken words, where a model put the speaker's name in front of them.

    >>> without_name("Maya: Not for me.", "Maya Patel")
    'Not for me.'
    """
    head, colon, rest = text.partition(":")
    is_name = colon and head.strip("*[] ").casefold() in (speaker.casefold(), speaker.split()[0].casefold())
    return rest.strip("* \n") if is_name and rest.strip("* \n") else text


def _charged(message: Message, spent: Spent) -> Message:
    total = Spent(message.tokens, message.cost_usd, message.attempts) + spent
    return replace(message, tokens=total.tokens, cost_usd=total.cost_usd, attempts=total.calls)
