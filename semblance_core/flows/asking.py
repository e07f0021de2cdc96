"""Requests to the model, built from a session. Pure.

What all participants share comes first (rules, topic, who is there, what is shown, summary, transcript, which is only ever
appended to), the one persona's card and this turn's instruction last: so most of a prompt is a prefix that the provider already has.
"""

from collections.abc import Sequence
from dataclasses import asdict

from semblance_core.analysis.scripts import word_count
from semblance_core.conversation.agenda import turn_seed
from semblance_core.conversation.language import UNHEARD_TOKENS_A_WORD, answer_tokens, asked_length
from semblance_core.conversation.reply_length import draw_words
from semblance_core.conversation.tokens import tokens_at_most, within
from semblance_core.conversation.window import HIGH_TOKENS, Line, evened, newest, transcript_lines
from semblance_core.domain.asset import Stimulus
from semblance_core.domain.focus_group import FocusGroup, Message, MessageStatus
from semblance_core.domain.persona import Persona, as_values, card
from semblance_core.flows.fitting import Room, any_room, room_for
from semblance_core.flows.reply_parts import Parts, fitted_reply, parts_prompt, stimuli_prompt
from semblance_core.llm.request import PICTURE_TOKENS, CompletionRequest, PromptMessage
from semblance_core.prompts import as_data, render

CARD_CHARS = 2_400
SUMMARY_WORDS, LINK_WORDS = 150, 45
REPLY_TOKENS, QUESTION_TOKENS, SUMMARY_TOKENS = 16_000, 6_000, 8_000
"""What these prompts are estimated at, at most, whatever people wrote and however long the session is."""
LEAST_TOKENS = 100
LINES_HEARD, SAMPLE_CHARS = 12, 4_000


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
    room: Room = any_room,
) -> CompletionRequest:
    """Asks one participant for message `seq`; its length is drawn from the persona's own distribution beforehand.

    shown: the stimuli that participants have been shown by then. What does not fit into the room is left out, the oldest first.
    """
    draw = turn_seed(group, seq, f"reply/{persona.name}")
    words = draw_words(persona, draw)
    seed = draw.randrange(2**31)
    heard = _heard(lines)
    own = f"{persona.way_of_speaking} {persona.quote} {persona.backstory}"
    answer = answer_tokens(
        words, heard, question, *samples(group), own, least_a_word=0.0 if heard else UNHEARD_TOKENS_A_WORD
    )
    length = asked_length(words, heard, question, *samples(group))
    autonomous = group.state == "autonomous"
    most = room_for(room, answer, REPLY_TOKENS + PICTURE_TOKENS * sum(bool(each.picture) for each in shown))

    def prompt(
        group: FocusGroup, lines: Sequence[Line], shown: Sequence[Stimulus], question: str, card: str
    ) -> tuple[PromptMessage, ...]:
        turn = render(
            "reply_turn",
            card=as_data(card),
            question=as_data(question),
            address="" if autonomous else "The moderator asks everyone; you answer for yourself.",
            name=as_data(persona.name),
            words=length,
        )
        return *shared_prompt(group, lines, shown), *parts_prompt(shown), PromptMessage("user", turn)

    return CompletionRequest(
        feature="reply",
        messages=fitted_reply(prompt, Parts(group, lines, shown, question, card(persona)[:CARD_CHARS]), most),
        max_tokens=answer,
        seed=seed,
        context={}
        if not group.simulated
        else {
            "persona": as_values(persona),
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


def samples(group: FocusGroup) -> tuple[str, str]:
    """What tells the session's language before anybody has spoken."""
    return " ".join(group.guide.questions), f"{group.topic} {group.title}"


def _heard(lines: Sequence[Line]) -> str:
    """What participants said last, as a sample of the language that they speak."""
    return " ".join([line.text for line in lines if line.role == "persona"][-LINES_HEARD:])[-SAMPLE_CHARS:]


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
    return PromptMessage("system", rules), *stimuli_prompt(shown), PromptMessage("user", transcript)


def _with_shown(message: Message) -> str:
    return f"{message.text} (Shown: {', '.join(message.stimuli)})" if message.stimuli else message.text


def question_request(
    group: FocusGroup, lines: Sequence[Line], question: int, room: Room = any_room
) -> CompletionRequest:
    """Asks the moderator model to tie the next question of the guide to what was said."""
    text = group.guide.questions[question]
    topic = group.topic or group.title
    answer = answer_tokens(word_count(text) + LINK_WORDS, text, _heard(lines), *samples(group))

    def prompt(topic: str, lines: Sequence[Line]) -> str:
        transcript = as_data(transcript_lines(lines))
        return render("moderator", topic=as_data(topic), transcript=transcript, question=as_data(text))

    most = room_for(room, answer, QUESTION_TOKENS)
    topic = within(topic, max(LEAST_TOKENS, most - HIGH_TOKENS // 2 - tokens_at_most(prompt("", ()))))
    quoted = newest(lines, min(HIGH_TOKENS, max(LEAST_TOKENS, most - tokens_at_most(prompt(topic, ())))))
    return CompletionRequest(
        feature="moderate",
        messages=(PromptMessage("user", prompt(topic, quoted)),),
        max_tokens=answer,
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


def summary_request(group: FocusGroup, dropped: Sequence[Line], room: Room = any_room) -> CompletionRequest:
    """Asks for notes that stand for the messages which prompts no longer quote; of what does not fit, each message's beginning."""
    heard = _heard(dropped)
    answer = answer_tokens(SUMMARY_WORDS, heard, group.course.summary, *samples(group))

    def prompt(lines: Sequence[Line]) -> str:
        return render(
            "summarise_window",
            words=asked_length(SUMMARY_WORDS, heard, *samples(group)),
            previous=as_data(group.course.summary or "(none)"),
            transcript=as_data(transcript_lines(lines)),
        )

    most = room_for(room, answer, SUMMARY_TOKENS)
    quoted = evened(dropped, max(LEAST_TOKENS, most - tokens_at_most(prompt(()))))
    return CompletionRequest(
        feature="summarise_window",
        messages=(PromptMessage("user", prompt(quoted)),),
        max_tokens=answer,
        temperature=0.2,
        seed=turn_seed(group, group.next_seq, "summary").randrange(2**31),
        context={"previous": group.course.summary, "messages": [asdict(line) for line in dropped]},
    )


def _introduction(person: Persona) -> str:
    facts = [str(person.age) if person.age else "", person.occupation, person.location]
    return as_data(", ".join([person.name, *(fact for fact in facts if fact)])[:160])
