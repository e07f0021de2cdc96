"""A person's stance on a subject: for it, against it or torn; stable in a session, moved a little by what others say."""

import re

from semblance_core.domain.personas.persona import Persona
from semblance_core.simulator.chance import share
from semblance_core.simulator.read.concerns import level
from semblance_core.simulator.read.nouns import Noun
from semblance_core.simulator.read.scene import Scene, feeling

_FOR = re.compile(
    r"\b(love|loves|enthusias\w+|fan|favourite|enjoys?|keen|early adopter|first to|recommends?|curious|excited|convinced by|swears? by)\b",
    re.I,
)
_AGAINST = re.compile(
    r"\b(scepti\w+|skepti\w+|avoids?|doubt\w*|not convinced|unconvinced|hates?|refuses?|reluctant\w*|overpriced|wary|gave up|never again|distrust\w*"
    r"|can't see the point|suspicious)\b",
    re.I,
)


def stance(persona: Persona, subject: Noun, scene: Scene) -> float:
    """From -1, against, to 1, for. A third comes from what the persona's own fields say, the rest is a fixed leaning and
    traits; the talk of the others shifts it by at most 0.25, more for agreeable people."""
    items = "; ".join((*persona.goals, *persona.frustrations))
    told = " ".join((persona.quote, persona.backstory, items, persona.shopping_habits))
    said = len(_FOR.findall(told)) - len(_AGAINST.findall(told))
    fixed = (share("stance", persona.name, persona.age, subject.text.lower()) - 0.5) * 1.5
    nature = (level(persona, "agreeableness") - level(persona, "neuroticism") + level(persona, "openness") - 50) / 250
    heard = sum(feeling(peer.text) for peer in scene.peers[:6]) / 6 if scene.peers else 0.0
    moved = heard * 0.25 * level(persona, "agreeableness") / 100
    return max(-1.0, min(1.0, fixed + nature + max(-2, min(2, said)) * 0.33 + moved))


def pole(value: float) -> str:
    """A stance as the lexicon's sections name it.

    >>> pole(0.5), pole(-0.5), pole(0.1)
    ('pos', 'neg', 'mix')
    """
    return "pos" if value > 0.22 else "neg" if value < -0.22 else "mix"
