"""Plans the calls with which a person steers a session: discussions between questions, a whisper, suggested follow-ups."""

from collections.abc import Sequence

from semblance_core.analysis.usage.forecast import PlannedCalls
from semblance_core.conversation.hybrid import STEERED_TURNS
from semblance_core.conversation.language import usual_tokens
from semblance_core.domain.discussion.asset import Stimulus
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.flows.costs.plans import (
    mean_window,
    moderator_stimuli_tokens,
    planned_calls,
    reply_tokens,
    turn_tokens,
)
from semblance_core.flows.requests.fitting import usual_prompt_tokens
from semblance_core.flows.requests.replies import samples
from semblance_core.flows.requests.steering import QUOTED_TOKENS, SUGGESTED_WORDS, suggest_request
from semblance_core.llm.gateway import Gateway

STEERING_TOKENS, STEERED_WORDS = 350, 30
"""Tokens of the moderator's prompt besides the transcript, and words of a usual answer."""


def discussing_plan(
    group: FocusGroup, turns: int, gateway: Gateway, shown: Sequence[Stimulus] = ()
) -> list[PlannedCalls]:
    """Turns on the question at hand. They may end before, where participants repeat themselves."""
    turn, said = turn_tokens(group), max(0, group.next_seq - 1)
    prompt = reply_tokens(group, shown) + mean_window(said, said + turns, turn)
    return [planned_calls("reply", max(1, turns // 2), turns, prompt, turn, group, gateway)]


def steering_plan(group: FocusGroup, gateway: Gateway, shown: Sequence[Stimulus] = ()) -> list[PlannedCalls]:
    """The moderator's call for a whisper, and turns that the question gets besides its own."""
    turn, said = turn_tokens(group), max(0, group.next_seq - 1)
    window, turns = mean_window(said, said + 1, turn), min(STEERED_TURNS, len(group.participants))
    words = usual_tokens(STEERED_WORDS, *samples(group))
    return [
        planned_calls(
            "moderate", 1, 1, STEERING_TOKENS + moderator_stimuli_tokens(shown) + window, words, group, gateway
        ),
        planned_calls("reply", 0, turns, reply_tokens(group, shown) + window, turn, group, gateway),
    ]


def suggesting_plan(group: FocusGroup, gateway: Gateway, shown: Sequence[Stimulus] = ()) -> list[PlannedCalls]:
    """One call that reads the newest part of what was said."""
    quoted = min(QUOTED_TOKENS, max(0, group.next_seq - group.course.window_from) * turn_tokens(group))
    prompt = usual_prompt_tokens(suggest_request(group, ())) + moderator_stimuli_tokens(shown) + quoted
    return [planned_calls("suggest", 1, 1, prompt, usual_tokens(SUGGESTED_WORDS // 2, *samples(group)), group, gateway)]
