"""A participant's mention of a stimulus that was shown: its name, and a few of the words in it."""

import re
from collections.abc import Sequence

from semblance_core.domain.discussion.asset import Stimulus
from semblance_core.requests.discussion import ReplyRequest
from semblance_core.simulator.chance import digest
from semblance_core.simulator.lexicon import stopwords
from semblance_core.simulator.words import plain, sentences_of, stem, words_of

MOST_WORDS, LEAST_WORDS = 7, 2
READ_CHARS = 12_000


def bits_of(stimuli: Sequence[Stimulus], question: str) -> list[tuple[str, str]]:
    """Names of what was shown and short runs of its words, those nearest to the question first.

    >>> bits_of([Stimulus("Label.txt", "Made from whole oats. Costs 2.10 a litre.")], "What of the costs?")
    [('Label.txt', 'Costs 2.10 a litre'), ('Label.txt', 'Made from whole oats')]
    """
    asked = {stem(word.lower()) for word in words_of(question)} - set(stopwords())
    found: list[tuple[int, str, str]] = []
    for stimulus in stimuli:
        name = plain(stimulus.name, 80)
        for sentence in sentences_of(plain(f"{stimulus.text}\n{stimulus.part}".strip(), READ_CHARS)):
            words = re.sub(r"[“”\"]", "", sentence).split()[:MOST_WORDS]
            if name and len(words) >= LEAST_WORDS:
                near = len(asked & {stem(word.lower()) for word in words_of(sentence)})
                found.append((-near, name, " ".join(words).strip(".,;:!?… ")))
    return [(name, bit) for _, name, bit in sorted(found, key=lambda each: each[0])]


def chosen_bit(asked: ReplyRequest, question: str) -> tuple[str, str] | None:
    """Returns the stimulus's name and the words that this participant brings up now; None where nothing can be quoted.

    Participants bring up different words, and none that were said already, as far as there are enough.
    """
    bits = bits_of(asked.stimuli, question)
    said = " ".join(line.text for line in asked.lines)
    fresh = [each for each in bits if each[1] not in said] or bits
    near = fresh[:6]
    return near[digest(asked.persona.name, question, "shown") % len(near)] if near else None
