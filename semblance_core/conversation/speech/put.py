"""Checks whether a model's words for the moderator put the guide's question. Pure.

Where that is in doubt they do not: the guide's own wording is then put, which costs nothing but the link to what was said.
"""

import re
from math import ceil

from semblance_core.analysis.scripts import is_spaceless, word_count
from semblance_core.analysis.sentences import sentence_ends
from semblance_core.analysis.text import content_stems, normalised, words

ASKING = "?？؟⁇⁈՞፧;"
"""Marks behind a question; the last is Greek's, as `normalised` writes it."""
BEHIND_A_MARK = " *_\"'”»」)"
MOST_BEHIND, MOST_AROUND = 20, 80
"""Words behind the question, and around it."""
COVERED, ALL_WORDS_COVERED = 0.6, 0.7
"""Shares of the question's telling words, and of all its words, that a question in other words has."""
_EDGES = " \t\n.…,:;!?？！。؟¿¡⁇⁈՞፧।॥-*_#•\"'()[]«»„“”‹›「」『』"
_SPEAKS_OF_ONESELF = re.compile(
    r"\b(?:i|i'(?:m|d|ve|ll)|me|my|mine|ich|mir|mich|mein\w{0,2}|je|j'\w+|moi|mon|mes|yo|mis|conmigo|io|mio|mia|eu|meu|minha|ik|mij|mijn|"
    r"jag|mig|min|minä|ja|mnie|mój|já|mne|я|мне|меня|мой|моя|мои|bana|benim|εγώ|μου|मैं|मुझे|मेरा|मेरी|আমি|আমার|tôi|saya)\b|"
    r"[我私俺僕]|(?<![가-힣])(?:나|저|내|제)(?:는|가|도|게|의)?(?![가-힣])|أنا|אני|ผม|ฉัน",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:who|whom|whose|what|when|where|why|which|how|wer|wen|wem|was|wann|wo|warum|wieso|weshalb|welche\w?|wie|wie?viele?|wof\w+|womit|"
    r"woran|worauf|wodurch|woher|qui|que|quoi|quel\w*|quand|où|pourquoi|comment|combien|qu'\w+|qué|quién\w*|cuándo|dónde|cómo|cuál\w*|"
    r"cuánt\w+|che|chi|cosa|quando|dove|perché|come|quale|quali|quant\w|quem|onde|como|qual|quais|wat|wanneer|waar|waarom|welke?|hoe|"
    r"hoeveel|vad|när|var|varför|hur|vilke\w+|hvad|hvornår|hvor|hvorfor|co|kiedy|gdzie|dlaczego|jak|ile|który|кто|что|чем|когда|где|почему|"
    r"зачем|как|какой|какая|какие|какую|каком|сколько|ne|nasıl|neden|niye|kim|hangi|kaç|τι|ποιο\w*|πότε|πού|γιατί|πώς|πόσο|क्या|कब|कहाँ|क्यों|कैसे|"
    r"कितना|कौन|ماذا|متى|أين|لماذا|كيف|كم|ما|من|מה|מתי|איפה|למה|מדוע|איך|כמה)\b|什么|什麼|谁|誰|何|哪|为什么|為什麼|怎|多少|几|幾|いつ|どこ|なぜ|どう|どの|どれ|どん|"
    r"いくら|いくつ|무엇|무슨|뭐|누구|언제|어디|왜|어떻|어떤|얼마|몇|อะไร|ใคร|เมื่อไ|ที่ไหน|ทำไม|อย่างไร|ยังไง|เท่าไ|กี่",
    re.IGNORECASE,
)
"""Words of an open question, which one that is answered by yes or no does not put."""
_SPOKEN_ASKING = re.compile(r"(?:か|吗|嗎|呢|까|까요|나요|ไหม|หรือไม่|หรือเปล่า|อะไร|อย่างไร|เท่าไหร่|เท่าไร)\Z")
"""Endings of a question in languages that need no mark for it."""


def puts_question(text: str, question: str) -> bool:
    """Returns whether a moderator's words put this question: in its own words, or in others that ask the same and end with it.

    >>> asked = "What is a fair price for a litre?"
    >>> puts_question(f"Thank you, Ben. {asked}", asked), puts_question("A fair price for a litre is 3 euros.", asked)
    (True, False)
    >>> puts_question("So what price for a litre would be fair, Ben?", asked), puts_question("Is the price fair?", asked)
    (True, False)
    """
    said, wanted = normalised(text), normalised(question)
    if word_count(said) > word_count(wanted) + MOST_AROUND:
        return False
    return _in_its_own_words(said, wanted) or _in_other_words(_last_sentence(text), wanted)


def _in_its_own_words(said: str, wanted: str) -> bool:
    """Returns whether the question stands in it as a sentence or a part of one, and nobody answers it behind."""
    bare = wanted.strip(_EDGES)
    asks = wanted.rstrip(BEHIND_A_MARK)[-1:] in ASKING
    at = said.rfind(bare) if bare else -1
    if at < 0 or (at and said[at - 1].isalnum() and not is_spaceless(bare[0])):
        return False
    behind = said[at + len(bare) :].lstrip(BEHIND_A_MARK)
    begins = not at or said[:at].rstrip(" *_\"'“„«「")[-1:] in f".!:…。！।,{ASKING}-"
    if not begins and (not behind or word_count(bare) <= 2):
        return False  # “That is why.”, “I know what a fair price is”
    if behind and behind[0] not in (ASKING if asks else f"{ASKING}.!:…。！।"):
        return False
    return word_count(behind) <= MOST_BEHIND and not _SPEAKS_OF_ONESELF.search(behind)


def _last_sentence(text: str) -> str:
    """Returns the last sentence in normal form; sentences are told apart before, because that form has no capitals."""
    ends = [0, *(end for end in sentence_ends(text) if text[end:].strip())]
    return normalised(text[ends[-1] :])


def _in_other_words(last: str, wanted: str) -> bool:
    """Returns whether this sentence is a question with most of the wanted one's words, and does not speak of the person who asks."""
    shown = last.rstrip(BEHIND_A_MARK)
    if shown[-1:] not in ASKING and not _SPOKEN_ASKING.search(shown.rstrip(".。 ")):
        return False
    if _SPEAKS_OF_ONESELF.search(last) and not _SPEAKS_OF_ONESELF.search(wanted):
        return False
    if _OPEN.search(wanted) and not _OPEN.search(last):
        return False
    telling = content_stems(wanted)
    if len(telling) >= 2:
        return _share(telling, content_stems(last)) >= COVERED
    is_all_there = telling and _share(telling, content_stems(last)) == 1
    return bool(is_all_there) and _share(words(wanted), words(last)) >= ALL_WORDS_COVERED


def _share(wanted: frozenset[str] | list[str], found: frozenset[str] | list[str]) -> float:
    """Of the wanted words, the share that is there, in any form of theirs."""
    return sum(any(_is_form(each, other) for other in found) for each in wanted) / len(wanted) if wanted else 1.0


def _is_form(one: str, other: str) -> bool:
    """Returns whether both begin alike for most of the longer one's letters: other endings of a word."""
    if is_spaceless(one[0]) or one == other:
        return one == other
    most = max(3, ceil(0.6 * max(len(one), len(other))))
    return one[:most] == other[:most] and min(len(one), len(other)) >= most
