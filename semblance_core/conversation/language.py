"""Length of an answer in the language at hand: in words or characters for the prompt, and in tokens for the bound. Pure.

Lengths are drawn in words of English. Where a script sets no spaces between words, they are asked for in characters. Samples of the
language (topic, guide, earlier messages) give the tokens that an answer takes.
"""

import math
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from semblance_core.analysis.scripts import CHARACTERS_A_WORD
from semblance_core.conversation.tokens import TOKENS_A_WORD, tokens_a_character

FEWEST_LATIN, FEWEST_LETTERS = 12, 3
"""Letters of a sample that tells a language: Latin ones are shared by many."""
UNHEARD_TOKENS_A_WORD = 6.5
"""While nobody has spoken: the guide may be English and the talk Greek, Hindi or Korean."""
LEAST_TOKENS, SLACK_TOKENS = 64, 40
MARGIN = 1.2
"""Words of an answer may be longer than those of the sample."""
LATIN_WORD, OTHER_WORD = 6.5, 5.0
"""Characters a word, its space included, that are counted at least: a question's words may be short, and its answer in a language of
longer ones."""
LATIN_CHARACTER, OTHER_CHARACTER = 0.47, 0.8
"""Tokens a character that are counted at least: what Finnish and Zulu take of Latin letters, Mongolian of Cyrillic ones."""
LONGEST_WORD = 14.0
USUAL_SHARE = 0.85
"""Usual size of a text as a share of its estimate."""


@dataclass(frozen=True, slots=True)
class Measure:
    """units_a_word: units that stand for a word of English. tokens_a_word: at most; usual_tokens_a_word: as a rule."""

    unit: str = "words"
    units_a_word: float = 1.0
    tokens_a_word: float = LATIN_WORD * LATIN_CHARACTER
    usual_tokens_a_word: float = TOKENS_A_WORD


@lru_cache(maxsize=512)
def measured(sample: str) -> Measure | None:
    """Returns the measure of the sample's language; None where the sample is too short to tell."""
    scripts: Counter[str] = Counter()
    for char, count in Counter(sample[:6_000]).items():
        if char.isalpha():
            scripts[_script(char)] += count
    letters = sum(scripts.values())
    is_latin = scripts["LATIN"] > letters / 2
    if letters < (FEWEST_LATIN if is_latin else FEWEST_LETTERS):
        return None
    rate = tokens_a_character(sample)
    spaceless = {script: count for script, count in scripts.items() if script in CHARACTERS_A_WORD}
    if sum(spaceless.values()) > letters / 2:
        # Kana stand between the Han of Japanese, and none in Chinese.
        kana = {script: count for script, count in spaceless.items() if script.endswith("KANA")}
        script = max(kana or spaceless, key=lambda each: spaceless[each])
        units = CHARACTERS_A_WORD[script]
        return Measure("characters", units, units * rate * MARGIN, units * rate * USUAL_SHARE)
    length = len(sample) / max(1, len(sample.split()))
    most = min(LONGEST_WORD, max(length * MARGIN, LATIN_WORD if is_latin else OTHER_WORD))
    at_most = most * (max(LATIN_CHARACTER, rate) if is_latin else max(OTHER_CHARACTER, rate * 1.05))
    usual = max(TOKENS_A_WORD, min(LONGEST_WORD, length) * rate * USUAL_SHARE)
    return Measure("words", 1.0, max(at_most, Measure().tokens_a_word), usual)


def asked_length(words: int, *samples: str, least: int = 0) -> str:
    """Returns a length as a prompt asks for it, in the language of the first sample that tells one.

    Args:
        words: length in words of English.
        samples: texts in the language of the answer, such as the guide or the persona's card.
        least: lower end of a range, in words; 0 for one number.

    >>> asked_length(40, "Would you buy oat milk again?"), asked_length(40, "オーツミルクはいつ買いましたか。")
    ('40 words', '100 characters')
    """
    measure = _first(samples)
    most = f"{max(1, round(words * measure.units_a_word))} {measure.unit}"
    return f"{round(least * measure.units_a_word)} to {most}" if least else most


def answer_tokens(words: int, *samples: str, least_a_word: float = 0.0) -> int:
    """Returns the tokens that an answer of so many words does not exceed in any language of the samples.

    Args:
        words: length in words of English.
        samples: texts in the languages that the answer may be in.
        least_a_word: tokens that are counted for a word in any case.

    Returns:
        Tokens, at least 64.

    >>> answer_tokens(60, "Would you buy oat milk again?"), answer_tokens(60, "ஓட்ஸ் பால் எப்போது வாங்கினீர்கள்?") > 900
    (224, True)
    """
    known = [measure for sample in samples if (measure := measured(sample))] or [Measure()]
    a_word = max(least_a_word, *(measure.tokens_a_word for measure in known))
    return max(LEAST_TOKENS, math.ceil(words * a_word) + SLACK_TOKENS)


def usual_tokens(words: int, *samples: str) -> int:
    """Returns the usual tokens of so many words, in the language of the first sample that tells one."""
    return round(words * _first(samples).usual_tokens_a_word)


def _first(samples: tuple[str, ...]) -> Measure:
    return next((measure for sample in samples if (measure := measured(sample))), Measure())


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    """The first word of the character's name in Unicode, which is its script's: LATIN, CJK, HIRAGANA, THAI …"""
    return unicodedata.name(char, "").partition(" ")[0].partition("-")[0]
