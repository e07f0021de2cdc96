"""The anchor bank, and the tests that every set of it has to pass before it is used. Pure."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from semblance_core.analysis.surveys.similarity import Similarity, rate, shares_of, tf_idf
from semblance_core.domain.errors import SetupError
from semblance_core.domain.instruments.anchors import POINTS, AnchorBank, AnchorSet
from semblance_core.domain.instruments.questions import Topic

MIDDLE = (POINTS + 1) / 2
SAME = 1e-9


@cache
def anchor_bank() -> AnchorBank:
    """The bank that ships, without sets that fail; raises `SetupError` where a topic has none left."""
    bank = read_bank(files(__package__).joinpath("anchors.toml").read_text(encoding="utf-8"))
    passed = AnchorBank(bank.version, tuple(each for each in bank.sets if not failures(each)))
    if missing := [topic for topic in Topic if not passed.of(topic)]:
        raise SetupError(f"The anchor bank has no set that passes its tests for {', '.join(missing)}.")
    return passed


def read_bank(text: str) -> AnchorBank:
    """The bank that a TOML text holds, untested."""
    read = tomllib.loads(text)
    sets = (
        AnchorSet(
            Topic(each["topic"]),
            each["name"],
            tuple(each["statements"]),
            tuple(each["deny_high"]),
            tuple(each["deny_low"]),
        )
        for each in read["set"]
    )
    return AnchorBank(read["version"], tuple(sets))


def failures(anchors: AnchorSet, similarity: Similarity = tf_idf) -> tuple[str, ...]:
    """The tests that a set fails, as sentences; empty for one that may be used."""
    return (
        *_not_nearest_to_themselves(anchors, similarity),
        *_not_mirrored(anchors, similarity),
        *_on_the_wrong_side(anchors, similarity),
    )


def _not_nearest_to_themselves(anchors: AnchorSet, similarity: Similarity) -> Iterator[str]:
    for place, statement in enumerate(anchors.statements):
        shares = shares_of([float(each) for each in similarity(statement, anchors)])
        if shares is None or _places_of_most(shares) != [place]:
            yield f"“{statement}” is not nearest to itself."


def _not_mirrored(anchors: AnchorSet, similarity: Similarity) -> Iterator[str]:
    turned = replace(anchors, statements=anchors.statements[::-1])
    for text in (*anchors.statements, *anchors.deny_high, *anchors.deny_low):
        there, back = rate(text, [anchors], similarity), rate(text, [turned], similarity)
        if (there is None) != (back is None) or (there and back and abs(there.mean + back.mean - 2 * MIDDLE) > 1e-6):
            yield f"“{text}” has another mean on the reversed scale."


def _on_the_wrong_side(anchors: AnchorSet, similarity: Similarity) -> Iterator[str]:
    for texts, is_low in ((anchors.deny_high, True), (anchors.deny_low, False)):
        for text in texts:
            rated = rate(text, [anchors], similarity)
            if rated is None or (rated.mean < MIDDLE) != is_low or abs(rated.mean - MIDDLE) < SAME:
                yield f"“{text}” does not land on the {'low' if is_low else 'high'} side."


def _places_of_most(shares: Sequence[float]) -> list[int]:
    most = max(shares)
    return [place for place, share in enumerate(shares) if share >= most - SAME]
