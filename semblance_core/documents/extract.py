"""Of a long document, the passages that have most to do with a question, within a token budget.

Plain arithmetic over words, so that it can run on every turn: a question's word counts the more, the fewer passages hold
it (BM25). The same text, question and budget give the same extract.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator

from semblance_core.conversation.tokens import tokens_at_most, tokens_of, weight
from semblance_core.domain.errors import InvalidInput

GAP = "[…]"
LEAST_TOKENS = 16
PASSAGE_CHARS = 600
STEM_CHARS = 5
"""Words are compared by their beginnings and without a plural's s: cost and costs, price and priced are one."""
SATURATION, LENGTH_WEIGHT = 1.2, 0.75
"""BM25's usual k and b."""
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?…]['\"”’)\]]*\s|[。！？।॥؟۔։።။។]|\n")

Span = tuple[int, int]


def extract(text: str, question: str, budget_tokens: int) -> str:
    """The whole text where it fits; else its most relevant passages, word for word and in its order, with "[…]" for gaps.

    What the relevant ones leave of the budget goes to the beginning of the text. budget_tokens: as `tokens_at_most` counts
    them, at least 16; the result is never over it. Takes about half a second for two million characters. Raises InvalidInput for a
    smaller budget.

    >>> extract("It is white. " * 50 + "\\n\\nA litre costs 2 euros.\\n\\n" + "It is cold. " * 50, "What does it cost?", 20)
    '[…]\\nA litre costs 2 euros.\\n[…]'
    """
    if budget_tokens < LEAST_TOKENS:
        raise InvalidInput(f"An extract needs a budget of at least {LEAST_TOKENS} tokens.")
    if tokens_at_most(text) <= budget_tokens:
        return text
    passages = list(_passages(text))
    scores = _scores(text, passages, question)
    ranked = sorted((place for place, score in enumerate(scores) if score), key=lambda place: (-scores[place], place))
    relevant = set(ranked)
    chosen: list[int] = []
    gap = weight(f"\n{GAP}\n")
    size, words = gap, 1  # the last gap
    for place in [*ranked, *(place for place in range(len(passages)) if place not in relevant)]:
        start, end = passages[place]
        between = text[end : passages[place + 1][0]] if place + 1 < len(passages) else ""
        new_size = size + weight(text[start:end] + between) + gap
        new_words = words + len(text[start:end].split()) + 1
        if tokens_of(new_size, new_words) <= budget_tokens:
            chosen.append(place)
            size, words = new_size, new_words
        elif not chosen:
            return _beginning(text, passages[place], budget_tokens)
        elif place not in relevant:
            break
    return _joined(text, passages, sorted(chosen))


def _passages(text: str) -> Iterator[Span]:
    """Paragraphs, and of long ones pieces that end with a sentence where they can, else with a word."""
    for paragraph in _blocks(text):
        start, end = paragraph
        while end - start > PASSAGE_CHARS:
            ends = [found.start() + 1 for found in _SENTENCE_END.finditer(text, start, start + PASSAGE_CHARS)]
            cut = ends[-1] if ends else text.rfind(" ", start + 1, start + PASSAGE_CHARS)
            cut = cut if cut > start else start + PASSAGE_CHARS
            yield start, _trimmed(text, start, cut)
            start = cut
            while start < end and text[start].isspace():
                start += 1
        if start < end:
            yield start, end


def _blocks(text: str) -> Iterator[Span]:
    """Returns the blocks of text between blank lines, without white space around them."""
    start = 0
    for gap in [*re.finditer(r"\n[^\S\n]*\n\s*", text), None]:
        end = gap.start() if gap else len(text)
        first = start
        while first < end and text[first].isspace():
            first += 1
        if first < end:
            yield first, _trimmed(text, first, end)
        start = gap.end() if gap else end


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _stem(word: str) -> str:
    word = word.casefold()
    return (word[:-1] if len(word) > 3 and word.endswith("s") else word)[:STEM_CHARS]


def _scores(text: str, passages: list[Span], question: str) -> list[float]:
    """BM25 of every passage for the question's words."""
    wanted = {_stem(word) for word in _WORD.findall(question)}
    counts = [
        Counter(stem for word in _WORD.findall(text, *span) if (stem := _stem(word)) in wanted) for span in passages
    ]
    held_by = Counter(stem for count in counts for stem in count)
    total = len(passages)
    weight = {stem: math.log(1 + (total - held + 0.5) / (held + 0.5)) for stem, held in held_by.items()}
    mean_length = sum(end - start for start, end in passages) / max(1, total)
    scores = []
    for count, (start, end) in zip(counts, passages, strict=True):
        slack = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * (end - start) / mean_length)
        scores.append(sum(weight[stem] * times * (SATURATION + 1) / (times + slack) for stem, times in count.items()))
    return scores


def _joined(text: str, passages: list[Span], chosen: list[int]) -> str:
    """The chosen passages; neighbours keep what stands between them in the text."""
    parts: list[str] = []
    for place in chosen:
        start, end = passages[place]
        if parts and place - 1 in chosen:
            parts.append(text[passages[place - 1][1] : start])
        elif parts:
            parts.append(f"\n{GAP}\n")
        elif place:
            parts.append(f"{GAP}\n")
        parts.append(text[start:end])
    if chosen[-1] < len(passages) - 1:
        parts.append(f"\n{GAP}")
    return "".join(parts)


def _beginning(text: str, span: Span, budget_tokens: int) -> str:
    """As much of one passage as fits, by whole words where it has any."""
    start, end = span
    before = f"{GAP}\n" if text[:start].strip() else ""
    while end > start:
        made = f"{before}{text[start:end]}\n{GAP}"
        if tokens_at_most(made) <= budget_tokens:
            return made
        shorter = start + (end - start) * 9 // 10
        cut = text.rfind(" ", start + 1, shorter)
        end = cut if cut > start + (shorter - start) // 2 else shorter
    return GAP
