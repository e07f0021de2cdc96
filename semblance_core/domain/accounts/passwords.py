"""Passwords that are among the first that anybody would try."""

from semblance_core.domain.accounts.common_passwords import COMMON
from semblance_core.domain.errors import InvalidInput

WEAK = "This password is among the first that anybody would try. Choose some words that only you would put together."
FEWEST_DIFFERENT = 5
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "azertyuiop",
)
_PLAIN = str.maketrans("@430157$!", "aaeolstsi")


def check_password(password: str, name: str = "") -> None:
    """Raises `InvalidInput` for a password that is easily guessed. name: the account's, which is guessed first."""
    if is_weak(password, name):
        raise InvalidInput(WEAK)


def is_weak(password: str, name: str = "") -> bool:
    """Returns whether it is a common one, with or without figures around it, of few characters, a row of keys, or the account's name.

    >>> [is_weak(each, "dana") for each in ("password", "Summer2026!", "P@ssw0rd", "11111111", " " * 8, "dana1984", "q1w2e3r4")]
    [True, True, True, True, True, True, True]
    >>> [is_weak(each, "dana") for each in ("a good password", "correct horse battery", "k7m2-p9xq-4hwt")]
    [False, False, False]
    """
    text = password.casefold().strip()
    bare = text.strip("0123456789 !?.,;:-_#$%&*+/@()'\"")
    if len(set(text)) < FEWEST_DIFFERENT or _repeats(text) or _is_row(text):
        return True
    own = name.casefold()
    plain = {
        text,
        bare,
        text.translate(_PLAIN),
        bare.translate(_PLAIN),
        text.translate(_PLAIN).strip("0123456789 !?.-_"),
    }
    return bool(plain & COMMON) or (len(own) > 2 and bool(plain & {own, own[::-1], own + own}))


def _repeats(text: str) -> bool:
    """Returns whether it is one short piece again and again."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, min(4, len(text) // 2) + 1))


def _is_row(text: str) -> bool:
    """Returns whether each character follows the one before on the keyboard or in the alphabet, onwards or back."""
    both = [row + row for row in (*ROWS, *(row[::-1] for row in ROWS))]
    return any(text in row for row in both)
