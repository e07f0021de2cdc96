"""Requests to the model, built from a session. Pure.

What all participants share comes first (rules, topic, who is there, what is shown, summary, transcript, which is only ever
appended to), the one persona's card and this turn's instruction last: so most of a prompt is a prefix that the provider already has.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict

from semblance_core.conversation.agenda import turn_seed
from semblance_core.conversation.reply_length import draw_words
from semblance_core.conversation.window import Line, transcript_lines
from semblance_core.domain.asset import Stimulus
from semblance_core.domain.focus_group import FocusGroup, Message, MessageStatus
from semblance_core.domain.persona import Persona, as_values, card
from semblance_core.llm.request import CompletionRequest, Picture, PromptMessage
from semblance_core.prompts import as_data, as_quoted, render

CARD_CHARS = 2_400
SUMMARY_WORDS = 150


def lines_of(messages: Sequence[Message]) -> list[Line]:
    """What was really said, as the lines that prompts quote."""
    said = (message for message in messages if message.status is MessageStatus.SAID)
    return [Line(message.seq, message.speaker, _with_shown(message), message.role) for message in said]


def reply_request(
    group: FocusGroup,
    persona: Persona,
    lines: Sequence[Line],
    question: str,
    seq: int,
    shown: Sequence[Stimulus] = (),
) -> CompletionRequest:
    """Asks one participant for message `seq`; its length is drawn from the persona's own distribution beforehand.

    shown: the stimuli that participants have been shown by then.
    """
    draw = turn_seed(group, seq, f"reply/{persona.name}")
    words = draw_words(persona, draw)
    autonomous = group.state == "autonomous"
    turn = render(
        "reply_turn",
        card=as_data(card(persona)[:CARD_CHARS]),
        question=as_data(question),
        address="" if autonomous else "The moderator asks everyone; you answer for yourself.",
        name=as_data(persona.name),
        words=words,
    )
    return CompletionRequest(
        feature="reply",
        messages=(*shared_prompt(group, lines, shown), *_parts_prompt(shown), PromptMessage("user", turn)),
        max_tokens=max(64, math.ceil(words * 2.2) + 40),
        seed=draw.randrange(2**31),
        context={}
        if not group.simulated
        else {
            "persona": as_values(persona) | {"id": persona.id},
            "topic": group.topic or group.title,
            "question": question,
            "section": group.guide.section_of(group.course.question).title if group.course.question >= 0 else "",
            "transcript": [asdict(line) for line in lines],
            "summary": group.course.summary,
            "words": words,
            "mode": "autonomous" if autonomous else "moderated",
            "others": [other.name for other in group.participants if other.id != persona.id],
            "stimuli": [{"name": each.name, "text": f"{each.text}\n{each.part}".strip()} for each in shown],
        },
    )


def shared_prompt(
    group: FocusGroup, lines: Sequence[Line], shown: Sequence[Stimulus] = ()
) -> tuple[PromptMessage, ...]:
    """The part of a reply's prompt that is the same for every participant."""
    roster = "\n".join(f"- {_introduction(person)}" for person in group.participants)
    rules = render("reply_rules", topic=as_data(group.topic or group.title), roster=roster)
    transcript = render(
        "reply_transcript",
        summary=as_data(group.course.summary or "(nothing yet)"),
        transcript=as_data(transcript_lines(lines) or "(nobody has spoken yet)"),
    )
    return PromptMessage("system", rules), *_stimuli_prompt(shown), PromptMessage("user", transcript)


def _stimuli_prompt(shown: Sequence[Stimulus]) -> tuple[PromptMessage, ...]:
    """What everybody is shown, marked as data; of a long document the same extract from turn to turn."""
    if not shown:
        return ()
    pictures = tuple(Picture(each.picture, each.media_type) for each in shown if each.picture)
    text = "\n".join(_marked(each.name, each.text, "" if each.is_whole else ", an extract") for each in shown)
    return (PromptMessage("user", render("stimuli", stimuli=text), pictures),)


def _parts_prompt(shown: Sequence[Stimulus]) -> tuple[PromptMessage, ...]:
    """What bears on the question, of documents that are too long to be shown whole."""
    text = "\n".join(_marked(each.name, each.part, ", an extract") for each in shown if each.part)
    return (PromptMessage("user", render("stimuli_parts", stimuli=text)),) if text else ()


def _marked(name: str, text: str, what: str) -> str:
    return f"<stimulus>\n{as_data(name)}{what}:\n{as_quoted(text)}\n</stimulus>"


def _with_shown(message: Message) -> str:
    return f"{message.text} (Shown: {', '.join(message.stimuli)})" if message.stimuli else message.text


def question_request(group: FocusGroup, lines: Sequence[Line], question: int) -> CompletionRequest:
    """Asks the moderator model to tie the next question of the guide to what was said."""
    text = group.guide.questions[question]
    prompt = render(
        "moderator",
        topic=as_data(group.topic or group.title),
        transcript=as_data(transcript_lines(lines)),
        question=as_data(text),
    )
    return CompletionRequest(
        feature="moderate",
        messages=(PromptMessage("user", prompt),),
        max_tokens=math.ceil(len(text.split()) * 2.2) + 120,
        temperature=0.5,
        seed=turn_seed(group, group.next_seq, "moderate").randrange(2**31),
        context={
            "kind": "next",
            "topic": group.topic or group.title,
            "question": text,
            "previous_question": group.guide.questions[group.course.question] if group.course.question >= 0 else "",
            "section": group.guide.section_of(question).title,
            "transcript": [asdict(line) for line in lines],
            "participants": [person.name for person in group.participants],
        },
    )


def summary_request(group: FocusGroup, dropped: Sequence[Line]) -> CompletionRequest:
    """Asks for notes that stand for the messages which prompts no longer quote."""
    prompt = render(
        "summarise_window",
        words=SUMMARY_WORDS,
        previous=as_data(group.course.summary or "(none)"),
        transcript=as_data(transcript_lines(dropped)),
    )
    return CompletionRequest(
        feature="summarise_window",
        messages=(PromptMessage("user", prompt),),
        max_tokens=SUMMARY_WORDS * 2,
        temperature=0.2,
        seed=turn_seed(group, group.next_seq, "summary").randrange(2**31),
        context={"previous": group.course.summary, "messages": [asdict(line) for line in dropped]},
    )


def _introduction(person: Persona) -> str:
    facts = [str(person.age) if person.age else "", person.occupation, person.location]
    return as_data(", ".join([person.name, *(fact for fact in facts if fact)])[:160])
