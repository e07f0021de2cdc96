"""Requests that help a person who steers a session: the moderator's words for a whisper, and follow-ups to choose from. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel, Field

from semblance_core.conversation.language import answer_tokens
from semblance_core.conversation.turn_policy import turn_seed
from semblance_core.conversation.window import HIGH_TOKENS, Line, transcript_lines
from semblance_core.domain.discussion.asset import Stimulus
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.moderation.whisper import MOST_WAITING
from semblance_core.flows.requests.fitting import Room, any_room
from semblance_core.flows.requests.language import setting
from semblance_core.flows.requests.replies import QUESTION_TOKENS, samples
from semblance_core.flows.requests.reply_parts import LEAST_TOKENS, fitted_talk, shown_to_moderator, without_pictures
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.prompts import as_data, render
from semblance_core.requests.steering import SteerRequest, SuggestRequest

STEERED_WORDS, SUGGESTED_WORDS = 60, 90
SUGGESTIONS = 3
QUOTED_TOKENS = 1_500
"""Tokens of the transcript from which follow-ups are suggested: a call that is asked for in passing stays cheap."""


class SuggestionsForm(BaseModel):
    """The follow-ups, each as the moderator can ask it."""

    questions: list[str] = Field(default_factory=list)


def steer_request(
    group: FocusGroup,
    lines: Sequence[Line],
    whispered: Sequence[str],
    room: Room = any_room,
    shown: Sequence[Stimulus] = (),
) -> CompletionRequest:
    """Builds the request for the moderator's next words, which steer to what a researcher whispered.

    Args:
        group: the session.
        lines: the messages, oldest first; the newest that fit are quoted.
        whispered: what the moderator is told, oldest first. Participants never read it.
        room: gives the tokens that the model takes for a prompt.
        shown: the stimuli at hand.
    """
    question = group.guide.questions[group.course.question]
    asked = SteerRequest(group.heard_topic, question, tuple(whispered[-MOST_WAITING:]), tuple(lines))
    asked = replace(asked, stimuli=without_pictures(shown))
    answer = answer_tokens(STEERED_WORDS, question, " ".join(line.text for line in lines[-8:]), *samples(group))

    def prompt(topic: str, quoted: Sequence[Line]) -> str:
        return render(
            "interview_steers" if group.is_interview else "moderator_steers",
            topic=as_data(topic),
            question=as_data(question),
            transcript=as_data(transcript_lines(quoted)),
            whispers="\n".join(f"- {as_data(words)}" for words in asked.whispers),
        )

    told, most = shown_to_moderator(shown, room, answer, QUESTION_TOKENS)
    topic, quoted = fitted_talk(prompt, asked.topic, lines, most, HIGH_TOKENS)
    return CompletionRequest(
        asked.feature,
        messages=(*told, PromptMessage("user", prompt(topic, quoted))),
        max_tokens=answer,
        asked=asked,
        temperature=0.5,
        seed=turn_seed(group, group.next_seq, "steer").randrange(2**31),
    )


def suggest_request(
    group: FocusGroup, lines: Sequence[Line], room: Room = any_room, shown: Sequence[Stimulus] = ()
) -> CompletionRequest:
    """Builds the request for three follow-ups that a person who moderates can choose from.

    Args:
        group: the session.
        lines: the messages, oldest first; the newest that fit are quoted.
        room: gives the tokens that the model takes for a prompt.
        shown: the stimuli at hand.
    """
    later = group.guide.questions[group.next_question : group.next_question + SUGGESTIONS]
    names = tuple(person.name for person in group.participants)
    asked = SuggestRequest(group.heard_topic, tuple(lines), names, later, without_pictures(shown))
    answer = answer_tokens(SUGGESTED_WORDS, " ".join(line.text for line in lines[-8:]), *samples(group)) + LEAST_TOKENS

    def prompt(topic: str, quoted: Sequence[Line]) -> str:
        return render(
            "suggest_follow_ups",
            setting=setting(group),
            topic=as_data(topic),
            transcript=as_data(transcript_lines(quoted)),
            names=as_data(", ".join(names)),
            later=as_data(" / ".join(later) or "(none)"),
        )

    told, most = shown_to_moderator(shown, room, answer, QUESTION_TOKENS)
    topic, quoted = fitted_talk(prompt, asked.topic, lines, most, QUOTED_TOKENS)
    return CompletionRequest(
        asked.feature,
        messages=(*told, PromptMessage("user", prompt(topic, quoted))),
        max_tokens=answer,
        asked=asked,
        temperature=0.7,
        seed=turn_seed(group, group.next_seq, "suggest").randrange(2**31),
    )
