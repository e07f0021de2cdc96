"""Requests to the model, built from a session. Pure.

What all participants share comes first (rules, topic, who is there, what is shown, summary, transcript, which is only ever
appended to), the one persona's card and this turn's instruction last: so most of a prompt is a prefix that the provider already has.
"""

from collections.abc import Sequence
from dataclasses import replace

from semblance_core.analysis.scripts import word_count
from semblance_core.conversation.acts import Acts, Manner, draw_acts, place_in, question_to
from semblance_core.conversation.allotment import turns_left
from semblance_core.conversation.language import UNHEARD_TOKENS_A_WORD, answer_tokens, asked_length
from semblance_core.conversation.speech.put import puts_question
from semblance_core.conversation.tokens import tokens_at_most
from semblance_core.conversation.turn_policy import turn_seed
from semblance_core.conversation.window import HIGH_TOKENS, Line, evened, transcript_lines
from semblance_core.domain.discussion.asset import Stimulus
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.personas.persona import Persona, card
from semblance_core.flows.requests.addressed import address_words
from semblance_core.flows.requests.fitting import Room, any_room, room_for
from semblance_core.flows.requests.language import setting, spoken, written
from semblance_core.flows.requests.reply_parts import (
    LEAST_TOKENS,
    Parts,
    fitted_reply,
    fitted_talk,
    parts_prompt,
    shown_to_moderator,
    stimuli_prompt,
    without_pictures,
)
from semblance_core.llm.request import PICTURE_TOKENS, CompletionRequest, PromptMessage
from semblance_core.prompts import as_data, line_of, render
from semblance_core.requests.discussion import QuestionRequest, ReplyRequest, WindowSummaryRequest

CARD_CHARS = 2_400
SUMMARY_WORDS, LINK_WORDS = 150, 45
REPLY_TOKENS, QUESTION_TOKENS, SUMMARY_TOKENS = 16_000, 6_000, 8_000
"""Most tokens that these prompts are estimated at, whatever people wrote and however long the session is."""
LINES_HEARD, SAMPLE_CHARS = 12, 4_000


def lines_of(messages: Sequence[Message]) -> list[Line]:
    """Returns the messages that were really said, as the lines that prompts quote; what somebody wrote alone is not among them."""
    said = (message for message in messages if message.status is MessageStatus.SAID and message.role != "private")
    return [Line(message.seq, message.speaker, _as_heard(message), message.role) for message in said]


def reply_request(
    group: FocusGroup,
    persona: Persona,
    lines: Sequence[Line],
    question: str,
    seq: int,
    shown: Sequence[Stimulus] = (),
    room: Room = any_room,
    own: Sequence[str] = (),
    *,
    thoughts: Sequence[str] = (),
    private: bool = False,
) -> CompletionRequest:
    """Builds the request for one participant's reply; length and manner are drawn beforehand (conversation/acts.py).

    Where the room is too small, the oldest messages are left out first.

    Args:
        group: the session.
        persona: the participant who is asked.
        lines: the messages to quote, oldest first.
        question: the question that the participant answers.
        seq: number of the message that the reply becomes; length and seed depend on it.
        shown: the stimuli that participants have been shown by then.
        room: gives the tokens that the model takes for a prompt.
        own: the persona's earlier words that the lines no longer hold, oldest first.
        thoughts: what the persona wrote alone, oldest first.
        private: the persona answers alone, before anybody talks about the question.
    """
    draw = turn_seed(group, seq, f"reply/{persona.name}")
    autonomous = group.state == "autonomous"
    asked_by = None if private else _asked_by(group, persona, lines, question)
    place = place_in(lines, persona, group.participants, asks_all=private or not autonomous, thoughts=thoughts)
    # In an interview that is no news: every question asks this one person.
    asks_alone = group.course.asked_next == persona.id or not group.is_interview
    followed_up = private or (asked_by is not None and asked_by.role == "moderator" and asks_alone)
    is_last = autonomous and turns_left(group)[0] == 1
    acts = draw_acts(persona, replace(place, is_followed_up=followed_up, is_last=is_last), draw)
    seed = draw.randrange(2**31)
    heard = _heard(lines)
    written = f"{persona.way_of_speaking} {persona.quote} {persona.backstory}"
    answer = answer_tokens(
        acts.most_words, heard, question, *samples(group), written, least_a_word=0.0 if heard else UNHEARD_TOKENS_A_WORD
    )
    length = asked_length(acts.words, heard, question, *samples(group))
    asked = ReplyRequest(
        persona,
        group.heard_topic,
        question,
        acts,
        lines=tuple(lines),
        summary=group.course.summary,
        stimuli=tuple(shown),
        participants=group.participants,
        autonomous=autonomous,
        own=tuple(own),
        asked_by=asked_by,
        thoughts=tuple(thoughts),
        private=private,
        speaking=spoken(group),
        interview=group.is_interview,
    )
    most = room_for(room, answer, REPLY_TOKENS + PICTURE_TOKENS * sum(bool(each.picture) for each in shown))

    def prompt(asked: ReplyRequest, card: str) -> tuple[PromptMessage, ...]:
        acts = _acts_in_words(asked.acts, length)
        if asked.interview:  # nobody is there who could be named or asked
            acts = {name: acts[name] for name in ("length", "manner")}
            if asked.acts.manner is Manner.OWN:
                acts["manner"] = line_of("reply_acts", "own_in_interview")
        turn = render(
            "interview_turn" if asked.interview else "reply_turn",
            card=as_data(card),
            own=_own(asked),
            question=as_data(asked.question),
            address=address_words(asked),
            takes=line_of("reply_acts", "writes" if asked.private else "speaks", name=as_data(asked.persona.name)),
            **acts,
        )
        return *shared_prompt(asked), *parts_prompt(asked.stimuli), PromptMessage("user", turn)

    return CompletionRequest(
        asked.feature,
        messages=fitted_reply(prompt, Parts(asked, card(persona)[:CARD_CHARS], group.heard_topic), most),
        max_tokens=answer,
        asked=asked,
        seed=seed,
    )


def _asked_by(group: FocusGroup, persona: Persona, lines: Sequence[Line], question: str) -> Line | None:
    """The line that asks the persona directly: the moderator's follow-up, or a peer's question; None for a question to all.

    In an interview it is whatever was asked last, unless that is the question itself.
    """
    newest = lines[-1] if lines else None
    if group.is_interview:
        follows = newest is not None and newest.role == "moderator" and not puts_question(newest.text, question)
        return newest if follows else None
    if newest and group.course.asked_next == persona.id and newest.role == "moderator":
        return newest
    line = question_to(lines, persona, group.participants)
    return line if line and line.role == "persona" else None


def _own(asked: ReplyRequest) -> str:
    """The persona's words that the transcript of the prompt does not hold: said long ago, or written alone."""
    parts = [("interview_own" if asked.interview else "reply_own", asked.own), ("reply_thoughts", asked.thoughts)]
    return "".join(render(name, own="\n".join(map(_as_item, words))) + "\n" for name, words in parts if words)


def _as_item(words: str) -> str:
    return f"- {as_data(' '.join(words.split()))}"


def _acts_in_words(acts: Acts, length: str) -> dict[str, str]:
    asking = ("asks_peer" if acts.names_peer else "asks") if acts.asks else "asks_nothing"
    return {
        "length": line_of("reply_acts", acts.band, words=length),
        "manner": line_of("reply_acts", acts.manner),
        "naming": line_of("reply_acts", "names" if acts.names_peer else "names_nobody"),
        "asking": line_of("reply_acts", asking),
    }


def samples(group: FocusGroup) -> tuple[str, str]:
    """Returns texts that tell the session's language before anybody has spoken: the guide's questions; topic and title."""
    return " ".join(group.guide.questions), f"{group.topic} {group.title}"


def _heard(lines: Sequence[Line]) -> str:
    """Returns the participants' last words, as a sample of the language that they speak."""
    return " ".join([line.text for line in lines if line.role == "persona"][-LINES_HEARD:])[-SAMPLE_CHARS:]


def shared_prompt(asked: ReplyRequest) -> tuple[PromptMessage, ...]:
    """The part of a reply's prompt that is the same for every participant."""
    if asked.interview:
        rules = render("interview_rules", topic=as_data(asked.topic), speaking=asked.speaking)
    else:
        roster = "\n".join(f"- {_introduction(person)}" for person in asked.participants)
        rules = render("reply_rules", topic=as_data(asked.topic), roster=roster, speaking=asked.speaking)
    transcript = render(
        "interview_transcript" if asked.interview else "reply_transcript",
        summary=as_data(asked.summary or "(nothing yet)"),
        transcript=as_data(transcript_lines(asked.lines) or "(nobody has spoken yet)"),
    )
    return (
        PromptMessage("system", rules),
        *stimuli_prompt(asked.stimuli, interview=asked.interview),
        PromptMessage("user", transcript),
    )


def _as_heard(message: Message) -> str:
    """Returns the message with the words that it quotes and the names of what is shown with it."""
    quoted = (
        f"(About message [{message.quote.seq}] {message.quote.speaker}: “{message.quote.text}”) "
        if message.quote
        else ""
    )
    shown = f" (Shown: {', '.join(message.stimuli)})" if message.stimuli else ""
    return f"{quoted}{message.text}{shown}"


def question_request(
    group: FocusGroup, lines: Sequence[Line], question: int, room: Room = any_room, shown: Sequence[Stimulus] = ()
) -> CompletionRequest:
    """Builds the request to the moderator model, which ties the next question of the guide to what was said.

    Args:
        group: the session, for its guide, topic, language and seed.
        lines: the messages, oldest first; the newest that fit are quoted.
        question: the question's index in the guide.
        room: gives the tokens that the model takes for a prompt.
        shown: the stimuli at hand.
    """
    topic, words = group.heard_topic, group.guide.questions[question]
    asked = QuestionRequest(topic, words, tuple(lines), without_pictures(shown))
    answer = answer_tokens(word_count(asked.question) + LINK_WORDS, asked.question, _heard(lines), *samples(group))

    def prompt(topic: str, lines: Sequence[Line]) -> str:
        transcript = as_data(transcript_lines(lines))
        asking = as_data(asked.question)
        put = render("moderator", setting=setting(group), topic=as_data(topic), transcript=transcript, question=asking)
        return written(group, put)

    told, most = shown_to_moderator(shown, room, answer, QUESTION_TOKENS)
    topic, quoted = fitted_talk(prompt, asked.topic, lines, most, HIGH_TOKENS)
    return CompletionRequest(
        asked.feature,
        messages=(*told, PromptMessage("user", prompt(topic, quoted))),
        max_tokens=answer,
        asked=asked,
        temperature=0.5,
        seed=turn_seed(group, group.next_seq, "moderate").randrange(2**31),
    )


def summary_request(
    group: FocusGroup, dropped: Sequence[Line], room: Room = any_room, shown: Sequence[Stimulus] = ()
) -> CompletionRequest:
    """Builds the request for notes that stand for the messages which prompts no longer quote.

    Args:
        group: the session, for its summary so far, language and seed.
        dropped: those messages, oldest first; where they do not fit, the longest are cut to their beginnings.
        room: gives the tokens that the model takes for a prompt.
        shown: the stimuli at hand.
    """
    asked = WindowSummaryRequest(group.course.summary, tuple(dropped), without_pictures(shown))
    heard = _heard(dropped)
    answer = answer_tokens(SUMMARY_WORDS, heard, asked.previous, *samples(group))

    def prompt(lines: Sequence[Line]) -> str:
        notes = render(
            "summarise_window",
            setting=setting(group),
            words=asked_length(SUMMARY_WORDS, heard, *samples(group)),
            previous=as_data(asked.previous or "(none)"),
            transcript=as_data(transcript_lines(lines)),
        )
        return written(group, notes)

    told, most = shown_to_moderator(shown, room, answer, SUMMARY_TOKENS)
    quoted = evened(dropped, max(LEAST_TOKENS, most - tokens_at_most(prompt(()))))
    return CompletionRequest(
        asked.feature,
        messages=(*told, PromptMessage("user", prompt(quoted))),
        max_tokens=answer,
        asked=asked,
        temperature=0.2,
        seed=turn_seed(group, group.next_seq, "summary").randrange(2**31),
    )


def _introduction(person: Persona) -> str:
    facts = [str(person.age) if person.age else "", person.occupation, person.location]
    return as_data(", ".join([person.name, *(fact for fact in facts if fact)])[:160])
