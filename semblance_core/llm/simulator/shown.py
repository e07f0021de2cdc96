"""What a participant says about something they were shown: its name, and a few of its own words."""

import re
from typing import Any

from semblance_core.llm.simulator.chance import digest
from semblance_core.llm.simulator.lexicon import Frame, frame, stopwords
from semblance_core.llm.simulator.words import plain, sentences_of, stem, words_of

MOST_WORDS, LEAST_WORDS = 7, 2
READ_CHARS = 12_000
BY_POLE = {
    "pos": ("That is a point for it.", "I can see that working.", "I like that."),
    "neg": ("I am not sold on that.", "That puts me off.", "I do not quite believe it."),
    "mix": ("I am in two minds about that.", "I would want to know more.", "I had to read that twice."),
}
FRAMES: tuple[Frame, ...] = tuple(
    map(
        frame,
        (
            "In {shown} it says “{bit}”.",
            "What stayed with me from {shown} is “{bit}”.",
            "Looking at {shown}, my eye went to “{bit}”.",
            "The part of {shown} about “{bit}” made me think.",
            "I read “{bit}” in {shown}.",
        ),
    )
)


def bits_of(context: dict[str, Any], question: str) -> list[tuple[str, str]]:
    """Names of what was shown and short runs of its words, those nearest to the question first.

    >>> bits_of({"stimuli": [{"name": "Label.txt", "text": "Made from whole oats. Costs 2.10 a litre."}]}, "What of the costs?")
    [('Label.txt', 'Costs 2.10 a litre'), ('Label.txt', 'Made from whole oats')]
    """
    asked = {stem(word.lower()) for word in words_of(question)} - set(stopwords())
    found: list[tuple[int, str, str]] = []
    entries = context.get("stimuli")
    for entry in entries if isinstance(entries, list) else ():
        name = plain(str(entry.get("name") or ""), 80)
        for sentence in sentences_of(plain(str(entry.get("text") or ""), READ_CHARS)):
            words = re.sub(r"[“”\"]", "", sentence).split()[:MOST_WORDS]
            if name and len(words) >= LEAST_WORDS:
                near = len(asked & {stem(word.lower()) for word in words_of(sentence)})
                found.append((-near, name, " ".join(words).strip(".,;:!?… ")))
    return [(name, bit) for _, name, bit in sorted(found, key=lambda each: each[0])]


def chosen_bit(context: dict[str, Any], question: str, who: str) -> tuple[str, str] | None:
    """What this participant brings up now: another than the others do, as far as there is enough."""
    bits = bits_of(context, question)
    said = " ".join(str(turn.get("text", "")) for turn in context.get("transcript") or () if isinstance(turn, dict))
    fresh = [each for each in bits if each[1] not in said] or bits
    near = fresh[:6]
    return near[digest(who, question, "shown") % len(near)] if near else None
