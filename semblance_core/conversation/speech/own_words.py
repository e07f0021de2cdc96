"""Extracts a participant's own words from a model's answer: without others' lines, stage directions and names in front. Pure.

A model that is asked for one voice may write a script, answer in JSON or speak of itself. The
words of the participant who was asked remain; where none remain, the answer is no speech.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from semblance_core.conversation.speech.cast import cast_of
from semblance_core.conversation.speech.loops import without_loops
from semblance_core.conversation.speech.refusing import is_refusal
from semblance_core.conversation.speech.stage import without_directions
from semblance_core.conversation.speech.told import is_report, spoken_of
from semblance_core.conversation.speech.untagged import without_untagged
from semblance_core.conversation.speech.wrapping import unwrapped, without_quotes

_MADE = r"(?:ai|artificial intelligence|language model|llm)(?: (?:language )?(?:model|assistant|chatbot|system))?"
_AM = r"i(?:'m|’m| am)"
_MACHINE = re.compile(
    rf"\b(?:as an? (?:large )?{_MADE}(?=[,.;:!]| (?:i|and|my)\b)|"
    rf"{_AM} (?:just |only )?an? (?:large )?{_MADE}\b(?! \w*(?:engineer|researcher|fan|student|user))|"
    r"als (?:ki|künstliche intelligenz|sprachmodell)\b|en tant qu(?:e modèle de langage|['’](?:ia|intelligence artificielle))\b|"
    r"como (?:modelo de lenguaje|una ia|ia|modelo de linguagem|uma ia)\b|come (?:modello linguistico|ia)\b)|"
    r"как (?:языковая модель|искусственный интеллект)|作为(?:一个|一名)?(?:人工智能|ai|语言模型)|"
    r"(?:ai|言語モデル|人工知能)として|(?:ai|언어 모델|인공지능)로서",
    re.IGNORECASE,
)
_NOTHING = frozenset({"null", "undefined", "nan", "[object object]", "n/a"})
MOST_LAYERS = 3
NOTHING = "The model's answer holds no words."
NOBODY = "The model's answer holds no words of {speaker}."
THOUGHT = "The model's answer holds only thinking, and no words of {speaker}."
OTHERS_ALONE = "The model's answer holds only what others say, and no words of {speaker}."
REFUSED = "The model refused to answer."
MACHINE = "The model spoke of itself, and not as {speaker}."


@dataclass(frozen=True, slots=True)
class Spoken:
    """text: the speaker's own words, empty where there are none; why: what the answer holds instead.

    is_cut: somebody else's words behind them were left out, so that they do not break off. refusal: the words with which the model
    refused, where it did.
    """

    text: str
    is_cut: bool = False
    why: str = ""
    refusal: str = ""


def own_words(text: str, speaker: str, others: Sequence[str], *, inline: bool = True) -> Spoken:
    """Returns the words of `speaker` in an answer.

    Args:
        text: the model's answer.
        speaker: name of the participant who was asked.
        others: names of everybody else, the moderator's included.
        inline: whether a script's lines may begin inside a line.

    Returns:
        The words, or the reason why the answer holds none.

    >>> own_words("Not for me, really.\\n\\nModerator: And you, Ben?\\nBen Cole: I would!", "Maya Rao", ["Ben Cole"])
    Spoken(text='Not for me, really.', is_cut=True, why='', refusal='')
    >>> own_words("**Maya:** “Too dear.”", "Maya Rao", ["Ben Cole"]).text, own_words("{}", "Maya Rao", []).text
    ('Too dear.', '')
    """
    cast = cast_of(speaker, others)
    said, is_thought = without_untagged(text, cast.own)
    if is_thought and not said:
        return Spoken("", why=THOUGHT.format(speaker=speaker))
    said, is_cut = unwrapped(said.strip(), cast.owner)
    for _ in range(MOST_LAYERS):  # a name may stand inside of quotation marks, and quotation marks behind a name
        before = said
        parts = cast.parts(said, inline=inline)
        first = next((place for place, (owner, part) in enumerate(parts) if owner is not False and part.strip()), None)
        if first is None:
            is_theirs = any(owner is False and part.strip() for owner, part in parts)
            return Spoken("", why=(OTHERS_ALONE if is_theirs else NOBODY).format(speaker=speaker))
        own = [part.strip() for _, part in takewhile(lambda each: each[0] is not False, parts[first:])]
        is_cut = is_cut or any(owner is False for owner, _ in parts[first:])
        said = without_directions("\n".join(part for part in own if part), cast.own)
        said, ends_early = unwrapped(spoken_of(without_quotes(said), cast.own), cast.owner)
        is_cut = is_cut or ends_early
        if said == before:
            break
    said, is_loop = without_loops(said)
    if not _is_speech(said) or is_report(said, cast.own):
        return Spoken("", why=NOBODY.format(speaker=speaker))
    if is_refusal(said):
        return Spoken("", why=REFUSED, refusal=said)
    if _MACHINE.search(said):
        return Spoken("", why=MACHINE.format(speaker=speaker))
    return Spoken(said, is_cut or is_loop)


def plain_words(text: str) -> Spoken:
    """Returns the text of an answer that is nobody's speech, such as a summary or a description."""
    said, is_cut = unwrapped(without_untagged(text)[0].strip())
    said, is_loop = without_loops(said)
    if is_refusal(said):
        return Spoken("", why=REFUSED, refusal=said)
    return Spoken(said, is_cut or is_loop) if _is_speech(said) else Spoken("", why=NOTHING)


def _is_speech(text: str) -> bool:
    """Returns whether it holds a letter, a digit or a sign such as a raised thumb."""
    kinds = {unicodedata.category(char) for char in text}
    return text.casefold() not in _NOTHING and any(kind[0] in "LN" or kind == "So" for kind in kinds)
