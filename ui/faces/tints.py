"""Sums with colours, each written as `#RRGGBB`."""

import math


def shade(colour: str, by: float) -> str:
    """The colour darker (by < 1) or lighter.

    >>> shade("#804020", 0.5)
    '#402010'
    """
    return "#" + "".join(f"{min(255, round(part * by)):02x}" for part in _rgb(colour))


def mixed(one: str, other: str, part: float) -> str:
    """One colour with so much of the other in it, 0–1."""
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(_rgb(one), _rgb(other), strict=True))


def apart(one: str, other: str) -> float:
    """Distance in RGB, 0–442.

    >>> apart("#000000", "#00FF00")
    255.0
    """
    return math.dist(_rgb(one), _rgb(other))


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
