"""Drawn avatars: initials on a coloured disc, made here, never fetched."""

import hashlib
from io import BytesIO

import streamlit as st

COLOURS = ("#2F6F62", "#7A4E7E", "#B0603A", "#3E6A9E", "#8A7A2B", "#A24A5B", "#4D7A3A", "#5A5F9E", "#8B5A3C", "#3B7F8C")
MODERATOR = ":material/record_voice_over:"
SIZE = 96


def colour_of(name: str) -> str:
    """The same name always has the same colour."""
    return COLOURS[hashlib.sha256(name.encode()).digest()[0] % len(COLOURS)]


def initials(name: str) -> str:
    """
    >>> initials("Maya O'Neill Patel"), initials("?")
    ('MP', '·')
    """
    letters = [word[0].upper() for word in name.split() if word[0].isalpha()]
    return "".join(letters[:: max(1, len(letters) - 1)][:2]) or "·"


@st.cache_data(max_entries=512, show_spinner=False)
def avatar(name: str) -> bytes:
    """A PNG of 96 × 96 pixels."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGBA", (SIZE, SIZE))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((0, 0, SIZE - 1, SIZE - 1), fill=colour_of(name))
    pen.text((SIZE / 2, SIZE / 2), initials(name), fill="white", font=ImageFont.load_default(size=40), anchor="mm")
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
