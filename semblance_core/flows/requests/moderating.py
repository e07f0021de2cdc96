"""Requests to the moderator model: to open a session, and to decide what comes once a question had its turns. Pure."""

from collections.abc import Sequence

from pydantic import BaseModel

from semblance_core.conversation.allotment import section_questions
from semblance_core.conversation.coverage import coverage, planned_left
from semblance_core.conversation.language import answer_tokens
from semblance_core.conversation.probing import Noticed
from semblance_core.conversation.tokens import tokens_at_most, within
from semblance_core.conversation.turn_policy import turn_seed
from semblance_core.conversation.window import HIGH_TOKENS, Line, transcript_lines
from semblance_core.domain.discussion.asset import Stimulus
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.flows.requests.fitting import Room, any_room, room_for
from semblance_core.flows.requests.language import written
from semblance_core.flows.requests.replies import QUESTION_TOKENS, samples
from semblance_core.flows.requests.reply_parts import LEAST_TOKENS, fitted_talk, shown_to_moderator, without_pictures
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.prompts import as_data, line_of, render
from semblance_core.requests.discussion import BoundaryRequest, OpeningRequest

OPENING_WORDS, DECISION_WORDS = 90, 70
MOST_NOTICED = 6
MOST_LATER = 8


class DecisionForm(BaseModel):
    """The moderator's decision. decision: `probe`, `invite`, `move_on` or `close`. to: a first name, or empty.

    planned: number of the planned probe that the words put, from 1; 0 for none. thanks: what ends the session once it was asked what was
    missed.
    """

    decision: str = ""
    to: str = ""
    words: str = ""
    planned: int = 0
    thanks: str = ""


def opening_request(group: FocusGroup, room: Room = any_room) -> CompletionRequest:
    """Builds the request for the words that open an autonomous session, the guide's first question among them."""
    names = tuple(person.name for person in group.participants)
    asked = OpeningRequest(group.heard_topic, group.guide.questions[0], names, group.is_interview)
    answer = answer_tokens(OPENING_WORDS, asked.question, *samples(group))

    def prompt(topic: str) -> str:
        listed = as_data(", ".join(names))
        question = as_data(asked.question)
        if asked.interview:
            opens = render("interview_opens", topic=as_data(topic), name=listed, question=question)
        else:
            opens = render("moderator_opens", topic=as_data(topic), names=listed, question=question)
        return written(group, opens)

    most = room_for(room, answer, QUESTION_TOKENS)
    topic = within(asked.topic, max(LEAST_TOKENS, most - tokens_at_most(prompt(""))))
    return CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", prompt(topic)),),
        max_tokens=answer,
        asked=asked,
        temperature=0.5,
        seed=turn_seed(group, group.next_seq, "open").randrange(2**31),
    )


def boundary_request(
    group: FocusGroup,
    lines: Sequence[Line],
    found: Sequence[Noticed],
    *,
    may_probe: bool,
    room: Room = any_room,
    shown: Sequence[Stimulus] = (),
) -> CompletionRequest:
    """Builds the request for the moderator's decision once the question under discussion had its turns.

    Args:
        group: the session.
        lines: the messages under the question, oldest first; the newest that fit are quoted.
        found: what deserves a follow-up.
        may_probe: whether a follow-up may be made.
        room: gives the tokens that the model takes for a prompt.
        shown: the stimuli at hand.
    """
    questions, now = group.guide.questions, group.course.question
    later = questions[now + 1 :]
    asked = BoundaryRequest(
        group.heard_topic,
        questions[now],
        later[0] if later else "",
        tuple(lines),
        tuple(person.name for person in group.participants),
        covers.unheard if (covers := coverage(group)) else (),
        tuple(found[:MOST_NOTICED]) if may_probe else (),
        tuple(later[1 : 1 + MOST_LATER]),
        may_probe,
        tuple(planned_left(group).values()) if may_probe else (),
        may_probe
        and bool(found)
        and not group.course.section_probes
        and not group.is_interview
        and _ends_section(group),
        group.is_interview,
        _followed(group) if may_probe and not group.is_interview else (),
        without_pictures(shown),
    )
    answer = answer_tokens(DECISION_WORDS, asked.next_question or asked.question, *samples(group)) + LEAST_TOKENS

    def prompt(topic: str, quoted: Sequence[Line]) -> str:
        parts = {
            "topic": as_data(topic),
            "question": as_data(asked.question),
            "transcript": as_data(transcript_lines(quoted)),
            "planned": _planned(asked),
            "noticed": _noticed(asked),
            "next": _next(asked),
            "choices": _choices(asked),
            "following": _following(asked),
        }
        names = as_data(", ".join(asked.names))
        if asked.interview:
            return written(group, render("interview_decides", **parts, name=names))
        return written(group, render("moderator_decides", **parts, names=names, unheard=_unheard(asked)))

    told, most = shown_to_moderator(shown, room, answer, QUESTION_TOKENS)
    topic, fits = fitted_talk(prompt, asked.topic, lines, most, HIGH_TOKENS)
    return CompletionRequest(
        asked.feature,
        messages=(*told, PromptMessage("user", prompt(topic, fits))),
        max_tokens=answer,
        asked=asked,
        temperature=0.5,
        seed=turn_seed(group, group.next_seq, "decide").randrange(2**31),
    )


def _unheard(asked: BoundaryRequest) -> str:
    if not asked.unheard:
        return line_of("moderator_lines", "all_heard")
    return line_of("moderator_lines", "not_heard", names=as_data(", ".join(asked.unheard)))


def _followed(group: FocusGroup) -> tuple[str, ...]:
    return tuple(person.name for person in group.participants if person.id in group.course.followed)


def _ends_section(group: FocusGroup) -> bool:
    return group.course.question == section_questions(group.guide, group.course.question)[-1]


def _planned(asked: BoundaryRequest) -> str:
    if not asked.planned:
        return ""
    listed = [f"{number}. {as_data(probe)}" for number, probe in enumerate(asked.planned, 1)]
    return "\n".join([line_of("moderator_lines", "planned"), *listed])


def _noticed(asked: BoundaryRequest) -> str:
    if not asked.to_follow:
        return ""
    spread = (
        [line_of("moderator_lines", "followed", names=as_data(", ".join(asked.followed)))] if asked.followed else []
    )
    lines = [
        line_of(
            "moderator_lines",
            each.reason,
            **{key: as_data(getattr(each, key)) for key in ("name", "now", "earlier", "other")},
        )
        for each in asked.to_follow
    ]
    must = [line_of("moderator_lines", "must_follow")] if asked.must_follow else []
    return "\n".join([line_of("moderator_lines", "noticed"), *(f"- {line}" for line in lines), *spread, *must])


def _next(asked: BoundaryRequest) -> str:
    if not asked.next_question:
        return line_of("moderator_lines", "last")
    lines = [line_of("moderator_lines", "next", question=as_data(asked.next_question))]
    if asked.others:
        lines.append(line_of("moderator_lines", "after", questions=as_data(" / ".join(asked.others))))
    return "\n".join(lines)


def _following(asked: BoundaryRequest) -> str:
    """Returns what holds for follow-ups, with a space in front: nothing where none is offered, of planned ones only where some are left."""
    if not asked.may_probe:
        return ""
    lines = "interview_lines" if asked.interview else "moderator_lines"
    held = ("follow", "planned_first") if asked.planned else ("follow",)
    return "".join(f" {line_of(lines, each)}" for each in held)


def _choices(asked: BoundaryRequest) -> str:
    invites = ("invite",) if asked.unheard and not asked.interview else ()
    follow = ("probe", *invites) if asked.may_probe else ()
    lines = "interview_lines" if asked.interview else "moderator_lines"
    choices = [*follow, "move_on" if asked.next_question else "close"]
    return "\n".join(f"- {line_of(lines, each)}" for each in choices)
