"""Requests to the model that reads a transcript: codes and themes; each bounded, whatever the session's length. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from semblance_core.conversation.language import answer_tokens, asked_length, usual_tokens
from semblance_core.conversation.tokens import TOKENS_A_WORD, tokens_at_most, within
from semblance_core.conversation.window import Line, transcript_lines
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.findings.theme import Code, Verbatim
from semblance_core.flows.requests.coding_forms import ThemeForm
from semblance_core.flows.requests.fitting import Room, any_room, room_for
from semblance_core.flows.requests.language import setting, written
from semblance_core.flows.requests.replies import samples
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.prompts import as_data, render
from semblance_core.requests.analysis import CodeRequest, ThemeRequest

CHUNK_TOKENS = 6_000
CODES_A_CHUNK, FEWEST_CODES = 14, 3
CODES_ANSWER = 4_000
CODES_A_BATCH = 60
THEMES_TOKENS = 8_000
"""Most tokens that the prompt for themes is estimated at."""
LEAST_TOKENS, TOPIC_TOKENS, SCHEMA_TOKENS, SLACK_TOKENS = 300, 1_500, 700, 200
WESTERN_TOKENS_A_WORD = 2.0
MOST_THEMES, THEME_WORDS, NAME_WORDS = 6, 70, 8
NUMBER_TOKENS, CITING_TOKENS = 8, 120
ITEM_TOKENS, ITEMS_AT_LEAST = 320, 8
"""A code's line with its quotes; smaller where fewer than so many would fit into a prompt."""
LABEL_CHARS, QUOTE_CHARS = 300, 160
LINES_SAMPLED, SAMPLE_CHARS = 20, 4_000


def language_of(lines: Sequence[Line]) -> str:
    """A sample of what participants said, from all over the transcript."""
    spoken = [line.text for line in lines if line.role == "persona"]
    return " ".join(spoken[:: max(1, len(spoken) // LINES_SAMPLED)])[:SAMPLE_CHARS]


def chunks_of(group: FocusGroup, lines: Sequence[Line], room: Room = any_room) -> list[list[Line]]:
    """Returns the transcript in parts that bound a prompt's size; a part begins with the moderator where it can.

    Args:
        group: the session; its topic stands in each prompt.
        lines: the transcript, oldest first.
        room: gives the tokens that the model takes for a prompt; where they are few, parts are smaller.
    """
    most, _ = _chunk_bounds(group, room)
    chunks: list[list[Line]] = [[]]
    size = 0
    for line in lines:
        tokens = tokens_at_most(transcript_lines([line])) + 1
        full = size + tokens > most or (line.role == "moderator" and size > most * 0.8)
        if chunks[-1] and full:
            chunks.append([])
            size = 0
        chunks[-1].append(line)
        size += tokens
    return chunks


def _chunk_bounds(group: FocusGroup, room: Room) -> tuple[int, int]:
    """Tokens of a part of the transcript, and of the answer to it: both smaller where the model takes little."""
    there = room(0)
    if there is None:
        return CHUNK_TOKENS, CODES_ANSWER
    free = (
        there
        - tokens_at_most(written(group, _coding_prompt(group, CodeRequest(topic_of(group), (), CODES_A_CHUNK))))
        - SCHEMA_TOKENS
    )
    chunk = min(CHUNK_TOKENS, max(LEAST_TOKENS, round(free * 0.55)))
    return chunk, min(CODES_ANSWER, max(LEAST_TOKENS, free - chunk))


def _coding_prompt(group: FocusGroup, asked: CodeRequest) -> str:
    transcript = as_data(transcript_lines(asked.lines))
    what, topic = setting(group), quoted_topic(asked.topic)
    return render("code_transcript", setting=what, topic=topic, transcript=transcript, most=asked.most)


def topic_of(group: FocusGroup) -> str:
    """Returns the subject as analysts are told it: without a topic the title, also a round's, which participants never hear."""
    return group.topic or group.title


def quoted_topic(topic: str) -> str:
    return as_data(within(topic, TOPIC_TOKENS))


def code_request(group: FocusGroup, chunk: Sequence[Line], room: Room = any_room) -> CompletionRequest:
    """Builds the request for the codes of a part of the transcript.

    The number of codes depends on how many words the part can hold; in some scripts those are few.

    Args:
        group: the session, for its topic, language and seed.
        chunk: the part, one of `chunks_of`.
        room: as for `chunks_of`.
    """
    size, answer = _chunk_bounds(group, room)
    a_word = usual_tokens(1_000, language_of(chunk), *samples(group)) / 1_000
    density = size / CHUNK_TOKENS * (1.0 if a_word < WESTERN_TOKENS_A_WORD else TOKENS_A_WORD / a_word)
    most = min(CODES_A_CHUNK, max(FEWEST_CODES, round(CODES_A_CHUNK * density)))
    asked = CodeRequest(topic_of(group), tuple(chunk), most)
    return CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", written(group, _coding_prompt(group, asked))),),
        max_tokens=answer,
        asked=asked,
        temperature=0.2,
        seed=group.seed,
    )


@dataclass(frozen=True, slots=True)
class Item:
    """A code, or codes that belong together. codes: their numbers."""

    label: str
    verbatims: tuple[Verbatim, ...]
    codes: tuple[int, ...]


def as_items(codes: Sequence[Code]) -> list[Item]:
    return [Item(code.label, code.verbatims, (number,)) for number, code in enumerate(codes)]


def item_batches(items: Sequence[Item], group: FocusGroup, language: str, most: int, room: Room) -> list[list[Item]]:
    """Returns the items in batches of about one size that bound a prompt's size.

    Args:
        items: codes, or groups of codes.
        group: the session, for its topic and language.
        language: a sample of what was said.
        most: items in a batch, at most.
        room: gives the tokens that the model takes for a prompt.
    """
    answer = _themes_answer(most, group, language)
    empty = written(group, _themes_prompt(group, ThemeRequest(topic_of(group), ()), language))
    budget = max(LEAST_TOKENS, room_for(room, answer, THEMES_TOKENS) - tokens_at_most(empty))
    items = [_within(item, min(ITEM_TOKENS, budget // ITEMS_AT_LEAST)) for item in items]
    sizes = [tokens_at_most(_line_of(0, _code(item))) + 2 for item in items]
    parts = max(-(-len(items) // most), -(-sum(sizes) // budget), 1)
    while True:
        each = -(-len(items) // parts)
        starts = range(0, len(items), each)
        if each == 1 or all(sum(sizes[start : start + each]) <= budget for start in starts):
            return [list(items[start : start + each]) for start in starts]
        parts += 1


def _within(item: Item, most: int) -> Item:
    """The item with as many of its quotes as so many tokens hold, one a speaker first; one in any case."""
    first = {said.speaker: said for said in reversed(item.verbatims)}.values()
    ordered = [*sorted(first, key=item.verbatims.index), *(said for said in item.verbatims if said not in first)]
    kept = ordered[:1]
    for said in ordered[1:]:
        if tokens_at_most(_line_of(0, Code(item.label, (*kept, said)))) > most:
            break
        kept.append(said)
    return Item(item.label, tuple(kept), item.codes)


def merged(items: Sequence[Item], themes: Sequence[ThemeForm]) -> list[Item]:
    """The groups that a model formed of items, and each item that it left out by itself: nothing is lost on the way up."""
    taken: set[int] = set()
    groups: list[Item] = []
    for theme in themes:
        own = [number for number in dict.fromkeys(theme.code_ids) if 0 <= number < len(items) and number not in taken]
        taken.update(own)
        if own and theme.name.strip():
            label = f"{theme.name.strip()}: {theme.summary.strip()}"[:LABEL_CHARS]
            verbatims = tuple(verbatim for number in own for verbatim in items[number].verbatims)
            groups.append(Item(label, verbatims, tuple(code for number in own for code in items[number].codes)))
        else:
            taken.difference_update(own)
    return [*groups, *(item for number, item in enumerate(items) if number not in taken)]


def theme_request(group: FocusGroup, items: Sequence[Item], language: str) -> CompletionRequest:
    """Builds the request for three to six themes of these items.

    Args:
        group: the session, for its topic, language and seed.
        items: one of `item_batches`.
        language: a sample of what was said.
    """
    asked = ThemeRequest(topic_of(group), tuple(map(_code, items)), len(group.participants))
    return CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", written(group, _themes_prompt(group, asked, language))),),
        max_tokens=_themes_answer(len(items), group, language),
        asked=asked,
        temperature=0.3,
        seed=group.seed,
    )


def _code(item: Item) -> Code:
    return Code(item.label, item.verbatims)


def _name_length(group: FocusGroup, language: str) -> str:
    return asked_length(NAME_WORDS, language, *samples(group))


def _themes_prompt(group: FocusGroup, asked: ThemeRequest, language: str) -> str:
    lines = [_line_of(number, code) for number, code in enumerate(asked.codes)]
    return render(
        "build_themes",
        setting=setting(group),
        topic=quoted_topic(asked.topic),
        people=asked.people or "Some",
        codes=as_data("\n".join(lines)),
        length=_name_length(group, language),
    )


def _line_of(number: int, code: Code) -> str:
    quotes = (
        f"   [{said.seq}] {said.speaker}: {' '.join(said.quote.split())[:QUOTE_CHARS]}" for said in code.verbatims
    )
    return "\n".join([f"{number}. {' '.join(code.label.split())}", *quotes])


def _themes_answer(items: int, group: FocusGroup, language: str) -> int:
    """Room for six themes with name and summary, and for each item's number once or twice."""
    return (
        answer_tokens(MOST_THEMES * THEME_WORDS, language, *samples(group))
        + NUMBER_TOKENS * items
        + CITING_TOKENS
        + SLACK_TOKENS
    )
