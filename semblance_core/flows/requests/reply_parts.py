"""The parts of a reply's prompt. Where the prompt is too long, it is shortened, the oldest messages first. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from semblance_core.conversation.tokens import shares, tokens_at_most, within
from semblance_core.conversation.window import Line, extract_summary, newest
from semblance_core.domain.discussion.asset import Stimulus
from semblance_core.flows.requests.fitting import Room, room_for
from semblance_core.llm.request import PICTURE_TOKENS, PromptMessage
from semblance_core.prompts import as_data, as_quoted, render
from semblance_core.requests.discussion import ReplyRequest

WINDOW_TOKENS = 700
"""Tokens that a shortened prompt keeps for the newest messages; texts that people wrote at length are cut to leave them."""
NOTES_TOKENS = 200
LEAST_TOKENS = 100


def fitted_talk(
    prompt: Callable[[str, Sequence[Line]], str], topic: str, lines: Sequence[Line], most: int, talk: int
) -> tuple[str, list[Line]]:
    """Returns the topic, cut where it leaves too little for the talk, and the newest lines that fit beside it.

    Args:
        prompt: makes the prompt's text from a topic and lines.
        topic: the session's.
        lines: the messages, oldest first.
        most: tokens that the prompt may have.
        talk: tokens that lines may have of them.
    """
    topic = within(topic, max(LEAST_TOKENS, most - talk // 2 - tokens_at_most(prompt("", ()))))
    return topic, list(newest(lines, min(talk, max(LEAST_TOKENS, most - tokens_at_most(prompt(topic, ()))))))


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that a reply's prompt is made of.

    card: the persona's. title: the session's, which stands for a topic that is cut to nothing.
    """

    asked: ReplyRequest
    card: str
    title: str


Prompt = Callable[[ReplyRequest, str], tuple[PromptMessage, ...]]


def fitted_reply(prompt: Prompt, parts: Parts, most_tokens: int) -> tuple[PromptMessage, ...]:
    """Returns the prompt, shortened where it is too long.

    Args:
        prompt: makes the messages from a typed request and a persona's card.
        parts: the parts in full.
        most_tokens: the most that the prompt is estimated at, where what cannot be shortened leaves room for it.
    """

    def made(parts: Parts) -> tuple[PromptMessage, ...]:
        return prompt(parts.asked, parts.card)

    whole = made(parts)
    if _size(whole) <= most_tokens:
        return whole
    asked = parts.asked
    bare = replace(parts, asked=replace(asked, lines=(), stimuli=()))
    if (over := _size(made(bare)) + WINDOW_TOKENS - most_tokens) > 0:
        bare = _briefer(bare, over)
    left = max(0, most_tokens - _size(made(bare)))
    shown = _briefer_stimuli(asked.stimuli, left // 2)
    left = max(0, left - _size((*stimuli_prompt(shown), *parts_prompt(shown))))
    summary = bare.asked.summary
    notes = max(NOTES_TOKENS, tokens_at_most(summary)) if left > 2 * NOTES_TOKENS else tokens_at_most(summary)
    quoted = newest(asked.lines, max(1, left - max(0, notes - tokens_at_most(summary)) - 1))
    dropped = asked.lines[: len(asked.lines) - len(quoted)]
    if dropped:
        summary = within(extract_summary(summary, dropped), notes)
    fitted = replace(bare.asked, summary=summary, lines=tuple(quoted), stimuli=shown)
    return made(replace(bare, asked=fitted))


def _briefer(parts: Parts, over: int) -> Parts:
    """The longest of what was written down for the session cut by so many tokens together."""
    asked = parts.asked
    texts = [asked.topic, asked.question, asked.summary, parts.card]
    sizes = [tokens_at_most(text) for text in texts]
    rooms = shares(sizes, max(0, sum(sizes) - over))
    topic, question, summary, card = (within(text, room) for text, room in zip(texts, rooms, strict=True))
    asked = replace(asked, topic=topic or parts.title, question=question, summary=summary)
    return replace(parts, asked=asked, card=card)


def _briefer_stimuli(shown: Sequence[Stimulus], budget_tokens: int) -> tuple[Stimulus, ...]:
    """The stimuli with their texts cut to a budget; a picture that does not fit is left to its description."""
    head = _size(stimuli_prompt([Stimulus("", "", False)])) * bool(shown) + 20 * len(shown)
    texts = [text for each in shown for text in (each.text, each.part)]
    pictures = sum(PICTURE_TOKENS for each in shown if each.picture)
    left = budget_tokens - head - pictures
    if left < 0 and pictures:
        return _briefer_stimuli([replace(each, picture=None) for each in shown], budget_tokens)
    sizes = [_quoted_tokens(text) for text in texts]
    cut = [_within_quoted(text, room) for text, room in zip(texts, shares(sizes, max(0, left)), strict=True)]
    return tuple(
        replace(
            each, text=cut[2 * place], part=cut[2 * place + 1], is_whole=each.is_whole and cut[2 * place] == each.text
        )
        for place, each in enumerate(shown)
    )


def _quoted_tokens(text: str) -> int:
    return tokens_at_most(as_quoted(text))


def _within_quoted(text: str, room: int) -> str:
    while text and (size := _quoted_tokens(text)) > room:
        text = text[: min(len(text) - 1, int(len(text) * room / size))].rstrip()
    return text


def _size(messages: Sequence[PromptMessage]) -> int:
    return sum(tokens_at_most(message.content) + PICTURE_TOKENS * len(message.pictures) for message in messages)


def stimuli_prompt(shown: Sequence[Stimulus], *, interview: bool = False) -> tuple[PromptMessage, ...]:
    """Returns the message with the stimuli that everybody is shown, marked as data; empty where nothing is shown.

    A long document gives the same extract from turn to turn.
    """
    if not shown:
        return ()
    pictures = tuple(each.picture for each in shown if each.picture)
    told = render("interview_stimuli" if interview else "stimuli", stimuli=_all_marked(shown))
    return (PromptMessage("user", told, pictures),)


def shown_to_moderator(
    shown: Sequence[Stimulus], room: Room, answer: int, most: int
) -> tuple[tuple[PromptMessage, ...], int]:
    """Returns the message with the stimuli that a moderator asks about, empty for none, and the tokens that the rest may have.

    Args:
        shown: the stimuli at hand.
        room: gives the tokens that the model takes for a prompt.
        answer: bound of the answer.
        most: the prompt's own bound, its pictures besides.
    """
    there = room_for(room, answer, most + PICTURE_TOKENS * sum(bool(each.picture) for each in shown))
    if not shown:
        return (), there
    if _size(told := (_to_moderator(shown),)) > there // 2:
        told = (_to_moderator(_briefer_stimuli(shown, there // 2)),)
    return told, there - _size(told)


def without_pictures(shown: Sequence[Stimulus]) -> tuple[Stimulus, ...]:
    """Returns the stimuli with their texts alone."""
    return tuple(replace(each, picture=None) for each in shown)


def _to_moderator(shown: Sequence[Stimulus]) -> PromptMessage:
    pictures = tuple(each.picture for each in shown if each.picture)
    return PromptMessage("user", render("moderator_stimuli", stimuli=_all_marked(shown)), pictures)


def _all_marked(shown: Sequence[Stimulus]) -> str:
    return "\n".join(_marked(each.name, each.text, "" if each.is_whole else ", an extract") for each in shown)


def parts_prompt(shown: Sequence[Stimulus]) -> tuple[PromptMessage, ...]:
    """Returns the message with what bears on the question in documents that are too long to be shown whole; empty for none."""
    text = "\n".join(_marked(each.name, each.part, ", an extract") for each in shown if each.part)
    return (PromptMessage("user", render("stimuli_parts", stimuli=text)),) if text else ()


def _marked(name: str, text: str, what: str) -> str:
    return f"<stimulus>\n{as_data(name)}{what}:\n{as_quoted(text)}\n</stimulus>"
