"""How somebody talks: openers, closers and formality, out of their way of speaking and their traits."""

import random
import re
from typing import Any

from semblance_core.llm.simulator.chance import dice
from semblance_core.llm.simulator.concerns import level
from semblance_core.llm.simulator.lexicon import sections
from semblance_core.llm.simulator.words import grams, words_of

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
_LONG_FORMS = (
    ("don't", "do not"),
    ("doesn't", "does not"),
    ("isn't", "is not"),
    ("can't", "cannot"),
    ("won't", "will not"),
    ("I've got", "I have"),
    ("I'm", "I am"),
    ("I've", "I have"),
    ("didn't", "did not"),
    ("wouldn't", "would not"),
    ("aren't", "are not"),
    ("couldn't", "could not"),
    ("I'll", "I will"),
    ("haven't", "have not"),
    ("wasn't", "was not"),
    ("hasn't", "has not"),
    ("that's", "that is"),
)
_INTERJECTION = re.compile(
    r"^(yes|no|hm|well|ha|oh|right|so|hello|hi|good|morning|my name|same|sorry|okay|yeah|honestly|truthfully|if i'm|to be|maybe|let me|ask me|go on"
    r"|fair|simple|look|straight|exactly|and|that|not|rarely|first thing|between us|mind you|then again|on the other|see|with respect|thank"
    r"|put me|easy"
    r"|to|mainly|mostly|for|from|when|two things|nine times|just|with me|in case|as|at|on|because|after|once|never|hello|by|through"
    r"|ideally|number one|top of|count me|credit|just this)\b",
    re.I,
)


def style_of(persona: dict[str, Any]) -> str:
    """The way of speaking's style; without one, what the traits suggest.

    >>> style_of({"way_of_speaking": "Dry, a bit sarcastic"}), style_of({"way_of_speaking": "Blunt and short"})
    ('jokey', 'blunt')
    """
    told = str(persona.get("way_of_speaking") or "").lower()
    for style, pattern in _STYLES:
        if re.search(pattern, told):
            return style
    traits = persona.get("big_five")
    traits = traits if isinstance(traits, dict) else {}
    likely = ["plain"]
    likely += ["chatty"] * (level(traits, "extraversion") > 65) + ["hedgy"] * (level(traits, "neuroticism") > 65)
    likely += ["blunt"] * (level(traits, "agreeableness") < 35) + ["precise"] * (
        level(traits, "conscientiousness") > 70
    )
    likely += ["warm"] * (level(traits, "agreeableness") > 70)
    return dice("style", persona.get("name"), persona.get("age")).choice(likely)


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
        fresh = [
            closer
            for closer in closers
            if not grams(closer, 3) & (own_spent | frozenset(g for gram in spent for g in (gram[:3],)))
        ]
        if fresh:
            spoken.append(rng.choice(fresh))
    return [_formal(sentence) for sentence in spoken] if style == "formal" else spoken


def _formal(sentence: str) -> str:
    for short, full in _LONG_FORMS:
        sentence = re.sub(rf"(?<![\w'])({short})\b(?=[ ,])", full, sentence)
        if sentence.endswith("?"):
            continue  # "Isn't that unlikely?" has no long form word by word
        sentence = sentence.replace(short[:1].upper() + short[1:] + " ", full[:1].upper() + full[1:] + " ")
    return sentence
