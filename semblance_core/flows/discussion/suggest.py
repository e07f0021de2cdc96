"""Follow-ups that a person who moderates can choose from: one call, asked for by that person."""

from collections.abc import Callable, Sequence

from semblance_core.domain.discussion.asset import Stimulus
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.errors import InvalidInput
from semblance_core.flows.discussion.moderate import MESSAGE_CHARS
from semblance_core.flows.requests.fitting import Room
from semblance_core.flows.requests.replies import lines_of
from semblance_core.flows.requests.steering import SUGGESTIONS, SuggestionsForm, suggest_request
from semblance_core.llm.request import CompletionRequest

NONE_CAME = "The model suggested no question. Ask for suggestions again."


def suggested(
    group: FocusGroup,
    messages: Sequence[Message],
    ask: Callable[[Callable[[], CompletionRequest]], SuggestionsForm],
    room: Room,
    shown: Sequence[Stimulus] = (),
) -> tuple[str, ...]:
    """Returns up to three different follow-ups to what was said; raises `InvalidInput` where the model wrote none.

    Args:
        group: the session.
        messages: those that its prompts still quote, oldest first.
        ask: asks the model what it is handed the way to build.
        room: gives the tokens that the model takes for a prompt.
        shown: the stimuli at hand.
    """
    check_suggestable(messages)
    answered = ask(lambda: suggest_request(group, lines_of(messages), room, shown))
    found = dict.fromkeys(" ".join(question.split()) for question in answered.questions)
    kept = [question for question in found if question and len(question) <= MESSAGE_CHARS]
    if not kept:
        raise InvalidInput(NONE_CAME)
    return tuple(kept[:SUGGESTIONS])


def check_suggestable(messages: Sequence[Message]) -> None:
    """Raises `InvalidInput` where nobody has said anything that could be followed up."""
    if not any(message.role == "persona" and message.status is MessageStatus.SAID for message in messages):
        raise InvalidInput("Nobody has answered yet, so there is nothing to follow up.")
