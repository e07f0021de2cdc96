"""The accent colour of files that are handed over: read from what people type, and dark enough to be read on white. Pure."""

import re

from semblance_core.domain.errors import InvalidInput

DEFAULT = "2F7566"
LEAST_CONTRAST = 4.5
"""Of text on white, as WCAG 2.2 asks for (success criterion 1.4.3)."""
Rgb = tuple[int, int, int]


def accent_of(text: str) -> str:
    """Returns six hexadecimal digits: the colour, darkened until text in it can be read on white; the default for an empty text.

    Raises:
        InvalidInput: it is no colour as in #3d8a7a.

    >>> accent_of(""), accent_of("#1a2b3c"), accent_of("fff")
    ('2F7566', '1A2B3C', '737373')
    """
    plain = text.strip().removeprefix("#")
    if not plain:
        return DEFAULT
    if not re.fullmatch("[0-9a-fA-F]{3}|[0-9a-fA-F]{6}", plain):
        raise InvalidInput(f"“{text[:20]}” is no colour; write it as in #3d8a7a.")
    if len(plain) == 3:
        plain = "".join(digit * 2 for digit in plain)
    colour = rgb(plain)
    while contrast(colour) < LEAST_CONTRAST:
        colour = tuple(int(part * 0.97) for part in colour)  # type: ignore[assignment]
    return "".join(f"{part:02X}" for part in colour)


def rgb(digits: str) -> Rgb:
    """
    >>> rgb("FF8000")
    (255, 128, 0)
    """
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def contrast(colour: Rgb) -> float:
    """Contrast with white, from 1 to 21.

    >>> round(contrast((0, 0, 0))), round(contrast((255, 255, 255)))
    (21, 1)
    """
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
