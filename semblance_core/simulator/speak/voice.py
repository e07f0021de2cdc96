"""A speaker's openers, closers and formality, from the persona's way of speaking and traits."""

import random
import re

from semblance_core.domain.personas.persona import Persona
from semblance_core.simulator.chance import dice
from semblance_core.simulator.lexicon import pairs, sections
from semblance_core.simulator.read.concerns import level
from semblance_core.simulator.words import grams, words_of

_STYLES: tuple[tuple[str, str], ...] = (
    ("slangy", r"slang|informal|youth|casual|street"),
    ("blunt", r"blunt|direct|short|curt|no.?nonsense|terse|matter.of.fact|brisk|to the point|plain"),
    ("formal", r"formal|polite|careful|measured|eloquent|articulate|correct|considered"),
    ("jokey", r"jok|humou?r|iron|dry|sarcas|wit|playful|self-deprecating"),
    ("precise", r"precise|analytic|factual|numbers|detail|exact|structured|technical"),
    ("hedgy", r"hedg|hesita|unsure|quiet|cautious|thoughtful|soft|tentative|reserved"),
    ("warm", r"warm|kind|gentle|empath|friendly|caring|encourag"),
    ("chatty", r"chatty|talk|rambl|lively|stories|anecdot|enthusias|animated|expressive|storytell"),
)
_INTERJECTION = re.compile(
    r"^(yes|no|hm|well|ha|oh|right|so|hello|hi|good|morning|my name|same|sorry|okay|yeah|honestly|truthfully|if i'm|to be|maybe|let me|ask me|go on"
    r"|fair|simple|look|straight|exactly|and|that|not|rarely|first thing|between us|mind you|then again|on the other|see|with respect|thank"
    r"|put me|easy"
    r"|to|mainly|mostly|for|from|when|two things|nine times|just|with me|in case|as|at|on|because|after|once|never|hello|by|through"
    r"|ideally|number one|top of|count me|credit|just this)\b",
    re.I,
)


def style_of(persona: Persona) -> str:
    """The way of speaking's style; without one, what the traits suggest.

    >>> [style_of(Persona("Maya", way_of_speaking=told)) for told in ("Dry, a bit sarcastic", "Blunt and short")]
    ['jokey', 'blunt']
    """
    told = persona.way_of_speaking.lower()
    for style, pattern in _STYLES:
        if re.search(pattern, told):
            return style
    likely = ["plain"]
    likely += ["chatty"] * (level(persona, "extraversion") > 65) + ["hedgy"] * (level(persona, "neuroticism") > 65)
    likely += ["blunt"] * (level(persona, "agreeableness") < 35) + ["precise"] * (
        level(persona, "conscientiousness") > 70
    )
    likely += ["warm"] * (level(persona, "agreeableness") > 70)
    return dice("style", persona.name, persona.age).choice(likely)


def voiced(
    sentences: list[str],
    style: str,
    rng: random.Random,
    own_spent: frozenset[tuple[str, ...]],
    spent: frozenset[tuple[str, ...]],
    room: int,
    names: frozenset[str],
) -> list[str]:
    """The sentences with, now and then, the speaker's opener before them and closer after them. room: words still free."""
    spoken = list(sentences)
    if spoken and rng.random() < 0.33 and not _INTERJECTION.match(spoken[0]):
        openers = [frame.text for frame in sections("voice").get(f"{style}.open", ())]
        opener = rng.choice(openers) if openers else ""
        if opener.endswith("but") and " but " in spoken[0]:
            opener = ""
        if opener and not grams(opener, 3) & own_spent and len(words_of(opener)) <= max(room, 1):
            first = spoken[0]
            keep = opener.endswith(".") or first.startswith(("I ", "I'")) or first.split(" ")[0].rstrip(",'s’") in names
            spoken[0] = f"{opener} {first if keep else first[:1].lower() + first[1:]}"
    if room >= 4 and len(spoken) > 1 and rng.random() < 0.2 and not spoken[-1].endswith("?"):
        closers = [frame.text for frame in sections("voice").get(f"{style}.close", ())]
        heard = own_spent | {gram[:3] for gram in spent}
        fresh = [closer for closer in closers if not grams(closer, 3) & heard]
        if fresh:
            spoken.append(rng.choice(fresh))
    return [_formal(sentence) for sentence in spoken] if style == "formal" else spoken


def _formal(sentence: str) -> str:
    for short, full in pairs("grammar", "long_forms"):
        sentence = re.sub(rf"(?<![\w'])({short})\b(?=[ ,])", full, sentence)
        if sentence.endswith("?"):
            continue  # "Isn't that unlikely?" has no long form word by word
        sentence = sentence.replace(short[:1].upper() + short[1:] + " ", full[:1].upper() + full[1:] + " ")
    return sentence
