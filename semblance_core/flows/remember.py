"""Keeps prompts bounded: what the window no longer quotes lives on in a summary."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from semblance_core.analysis.sentences import whole_sentences
from semblance_core.conversation.agenda import may_call_extra
from semblance_core.conversation.window import Line, cut, extract_summary
from semblance_core.domain.errors import ModelFailed
from semblance_core.domain.focus_group import Course, FocusGroup
from semblance_core.flows.asking import summary_request
from semblance_core.flows.fitting import fitting
from semblance_core.llm.gateway import Caller, Gateway

SUMMARY_CHARS = 1_200


def within_window(
    group: FocusGroup, lines: Sequence[Line], gateway: Gateway, caller: Caller
) -> tuple[FocusGroup, list[Line]]:
    """The session and the lines that its next prompt quotes; summarises what falls out, by the model or by extraction."""
    drop = cut(lines)
    if not drop:
        return group, list(lines)
    dropped, kept = list(lines[:drop]), list(lines[drop:])
    course = summarised(group, dropped, gateway, caller, may_call=may_call_extra(group.course))
    return replace(group, course=replace(course, window_from=kept[0].seq)), kept


def summarised(
    group: FocusGroup, dropped: Sequence[Line], gateway: Gateway, caller: Caller, *, may_call: bool
) -> Course:
    """The course with a summary that also holds the dropped lines, of at most 1,200 characters.

    Where no call is to be spared, or the call fails, the summary is extracted from their first sentences.
    """
    course = group.course
    if may_call:
        course = replace(course, extra_calls=course.extra_calls + 1)
        try:
            room = partial(gateway.prompt_room, group.model)
            written = fitting(
                lambda: summary_request(group, dropped, room),
                lambda request: gateway.text(request, group.model, caller),
            ).content
            return replace(course, summary=written if len(written) <= SUMMARY_CHARS else _shortened(written))
        except ModelFailed:
            pass  # its usage event says why; the session goes on with an extract
    return replace(course, summary=extract_summary(course.summary, dropped, SUMMARY_CHARS))


def _shortened(written: str) -> str:
    """Notes that are longer than asked for, up to a whole sentence."""
    return whole_sentences(written[: SUMMARY_CHARS - 1])
