"""Drawn avatars, made here, never fetched: a small face for who is described, initials on a disc for who is only named.

A face shows the age and gender that a persona states, and its hair and skin where its story names them. Where the age or the
gender is not known there are initials. The rest is drawn by lot from the name, so it is the same everywhere and says nothing
about the person.
"""

import hashlib
from collections.abc import Iterable

import streamlit as st

from semblance_core.domain.personas.persona import Persona
from ui.faces.portrait import SIZE, Look, initials_disc, look_of, portrait

__all__ = ["MODERATOR", "SIZE", "avatar", "avatar_among"]
COLOURS = ("#2F6F62", "#7A4E7E", "#B0603A", "#3E6A9E", "#8A7A2B", "#A24A5B", "#4D7A3A", "#5A5F9E", "#8B5A3C", "#3B7F8C")
MODERATOR = ":material/record_voice_over:"


def avatar(name: str, persona: Persona | None = None) -> bytes:
    """A square PNG of `SIZE` pixels: the persona's face, or the name's initials where its age or gender is not known."""
    look = look_of(persona) if persona else None
    return _face(look) if look else _initials(name)


def avatar_among(name: str, people: Iterable[Persona]) -> bytes:
    """The avatar of who is named so among these people, as in a transcript; initials for anybody else."""
    return avatar(name, next((person for person in people if person.name == name), None))


def colour_of(name: str) -> str:
    """The same name always has the same colour."""
    return COLOURS[hashlib.sha256(name.encode()).digest()[0] % len(COLOURS)]


def colours_among(people: Iterable[Persona]) -> dict[str, str]:
    """A colour for each name, different ones as far as there are so many.

    >>> len(set(colours_among([Persona("Maya Rao"), Persona("Ben Cole"), Persona("Ines Falk")]).values()))
    3
    """
    return {person.name: COLOURS[place % len(COLOURS)] for place, person in enumerate(people)}


def initials(name: str) -> str:
    """
    >>> initials("Maya O'Neill Patel"), initials("?")
    ('MP', '·')
    """
    letters = [word[0].upper() for word in name.split() if word[0].isalpha()]
    return "".join(letters[:: max(1, len(letters) - 1)][:2]) or "·"


@st.cache_data(max_entries=512, show_spinner=False)
def _initials(name: str) -> bytes:
    return initials_disc(initials(name), colour_of(name))


@st.cache_data(max_entries=512, show_spinner=False)
def _face(look: Look) -> bytes:
    return portrait(look)
