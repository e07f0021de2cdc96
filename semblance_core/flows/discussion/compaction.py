"""Keeps prompts bounded: what the window no longer quotes lives on in a summary."""

from collections.abc import Sequence
from dataclasses import replace

from semblance_core.analysis.sentences import whole_sentences
from semblance_core.conversation.turn_policy import may_call_extra
from semblance_core.conversation.window import HIGH_TOKENS, Line, cut, extract_summary
from semblance_core.domain.discussion.discussion_state import DiscussionState
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.flows.discussion.context import TurnContext
from semblance_core.flows.requests.fitting import fitting
from semblance_core.flows.requests.replies import summary_request

SUMMARY_CHARS = 1_200
LAST_TOKENS = 400
"""Tokens by which the last prompt of a session may quote more than others: two or three turns."""


def within_window(
    group: FocusGroup, lines: Sequence[Line], context: TurnContext, *, is_last: bool = False
) -> tuple[FocusGroup, list[Line]]:
    """The session and the lines that its next prompt quotes; summarises what falls out, by the model or by extraction.

    is_last: no turn comes after that prompt, so that notes would be read once: the lines stay, as far as they are only a little too many.
    """
    drop = cut(lines, HIGH_TOKENS + LAST_TOKENS) if is_last else cut(lines)
    if not drop:
        return group, list(lines)
    dropped, kept = list(lines[:drop]), list(lines[drop:])
    course = summarised(group, dropped, context, may_call=not is_last and may_call_extra(group))
    return replace(group, course=replace(course, window_from=kept[0].seq)), kept


def summarised(group: FocusGroup, dropped: Sequence[Line], context: TurnContext, *, may_call: bool) -> DiscussionState:
    """The course with a summary that also holds the dropped lines, of at most 1,200 characters.

    Where no call is to be spared, or the call fails, the summary is extracted from their first sentences.
    """
    course = group.course
    if may_call:
        course = replace(course, extra_calls=course.extra_calls + 1)
        try:
            room, shown = context.room(group), context.shown(group)
            written = fitting(
                lambda: summary_request(group, dropped, room, shown),
                lambda request: context.text(request, group),
            ).content
            return replace(course, summary=written if len(written) <= SUMMARY_CHARS else _shortened(written))
        except ModelFailed:
            pass  # its usage event says why; the session goes on with an extract
    return replace(course, summary=extract_summary(course.summary, dropped, SUMMARY_CHARS))


def _shortened(written: str) -> str:
    """Notes that are longer than asked for, up to a whole sentence."""
    return whole_sentences(written[: SUMMARY_CHARS - 1])
