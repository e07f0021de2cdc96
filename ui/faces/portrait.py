"""Little portraits in a calm flat style, drawn with Pillow from a few traits. Pure: a look in, a PNG out."""

import hashlib
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from semblance_core.domain.personas.persona import Persona
from ui.faces.tints import apart, mixed, shade

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

SIZE = 192
FINE = 4
"""Drawn so many times larger, and made smaller for smooth edges."""
Style = Literal["feminine", "masculine", "either"]

GROUNDS = ("#CFE1DA", "#DAD3E6", "#EAD9C8", "#CCDBEA", "#E6E0BF", "#EBD2D6", "#D3E2C6", "#D2D6EC", "#E6D3C4", "#C9E0E3")
LEAST_APART = 35.0
"""Least distance in RGB between a face and its background: a pale face on pink could not be seen."""
CLOTHES = ("#2F6F62", "#7A4E7E", "#B0603A", "#3E6A9E", "#8A7A2B", "#A24A5B", "#4D7A3A", "#5A5F9E", "#4A5568", "#3B7F8C")
SKINS = ("#F6D7C0", "#EFC4A4", "#E0AC86", "#C98F66", "#A66E48", "#84532F", "#613A22")
SKIN_WORDS = {"pale": 0, "fair": 0, "light": 1, "olive": 2, "tanned": 3, "brown": 4, "dark": 5, "black": 6}
HAIRS = {
    "black": "#231F20",
    "dark": "#3A2A22",
    "brown": "#5E4030",
    "auburn": "#7A3F28",
    "red": "#A8532B",
    "blonde": "#C99B55",
    "grey": "#9A9A98",
    "white": "#D9D7D2",
}
UNSTATED_SKINS, UNSTATED_HAIRS = (2, 3, 4), ("black", "dark", "brown")
"""Drawn from where nothing is stated: the middle of the range, so that no face claims an origin."""
HAIR_WORDS = {"gray": "grey", "silver": "white", "blond": "blonde", "ginger": "red", "dark brown": "dark"}
_HAIR = re.compile(rf"\b({'|'.join([*HAIRS, *HAIR_WORDS])})[ -]hair", re.IGNORECASE)
_SKIN = re.compile(rf"\b({'|'.join(SKIN_WORDS)})[ -]skin", re.IGNORECASE)
_FEMININE = re.compile(r"\b(woman|women|female|girl|lady|she|feminine|f|w)\b", re.IGNORECASE)
_MASCULINE = re.compile(r"\b(man|men|male|boy|gentleman|he|masculine|m)\b", re.IGNORECASE)

CUTS: dict[Style, tuple[str, ...]] = {
    "feminine": ("long", "bob", "bun", "waves", "tail", "curls", "pixie"),
    "masculine": ("short", "parted", "crop", "curly top", "swept", "crop"),
    "either": ("bob", "short", "curls", "parted", "pixie", "swept"),
}
LIPS, GLASSES = "#A8574F", "#3B3F45"


@dataclass(frozen=True, slots=True)
class Look:
    """The traits that a portrait is drawn from.

    seed: decides by lot what is not stated. decade: age in tens. hair: a key of `HAIRS`, empty where it is not stated.
    skin: an index of `SKINS`, -1 where it is not stated.
    """

    seed: str
    style: Style
    decade: int
    hair: str = ""
    skin: int = -1


def look_of(persona: Persona) -> Look | None:
    """Returns a persona's look, from what it states; None where its age or gender is not known, so that no face guesses it.

    >>> look_of(Persona("Maya", age=67, gender="woman", backstory="She has red hair."))
    Look(seed='Maya', style='feminine', decade=6, hair='red', skin=-1)
    >>> look_of(Persona("Maya", age=67)), look_of(Persona("Maya", gender="woman")), look_of(Persona("Maya", 67, "rather not say"))
    (None, None, None)
    """
    style = style_of(persona.gender)
    if persona.age is None or style is None:
        return None
    story = f"{persona.backstory} {persona.way_of_speaking}"
    hair, skin = _HAIR.search(story), _SKIN.search(story)
    colour = HAIR_WORDS.get(hair[1].casefold(), hair[1].casefold()) if hair else ""
    tone = SKIN_WORDS[skin[1].casefold()] if skin else -1
    return Look(persona.name, style, persona.age // 10, colour, tone)


def style_of(gender: str) -> Style | None:
    """Returns the style for a gender; None for one that is not stated or not understood.

    >>> style_of("Woman"), style_of("male"), style_of("non-binary"), style_of("")
    ('feminine', 'masculine', 'either', None)
    """
    if re.search(r"non.?binary|genderqueer|fluid|agender", gender, re.IGNORECASE):
        return "either"
    return "feminine" if _FEMININE.search(gender) else "masculine" if _MASCULINE.search(gender) else None


def portrait(look: Look) -> bytes:
    """The face as a PNG."""
    return _png(lambda pen: _Face(look, pen).draw())


def initials_disc(letters: str, colour: str) -> bytes:
    """White letters on a coloured disc, as a PNG."""
    from PIL import ImageFont

    def draw(pen: "ImageDraw") -> None:
        side = 100 * FINE
        pen.ellipse((0, 0, side - 1, side - 1), fill=colour)
        font = ImageFont.load_default(size=42 * FINE)
        pen.text((side / 2, side / 2), letters, fill="white", font=font, anchor="mm")

    return _png(draw)


class _Face:
    """Draws on a square of 100 × 100 units, the centre of the face at (50, 46)."""

    def __init__(self, look: Look, pen: "ImageDraw"):
        lot = random.Random(hashlib.sha256(look.seed.encode()).digest())
        self.pen = pen
        ground, self.cloth = lot.randrange(len(GROUNDS)), lot.choice(CLOTHES)
        tone = lot.choice(UNSTATED_SKINS)
        colour, cut, self.greying = lot.choice(UNSTATED_HAIRS), lot.choice(CUTS[look.style]), lot.random()
        self.has_glasses, self.has_beard, self.bald = lot.random() < 0.28, lot.random() < 0.38, lot.random() < 0.3
        self.earring, self.collar, self.smile = lot.random() < 0.45, lot.choice("vcr"), lot.uniform(0.3, 1.0)
        self.wide = lot.uniform(-1.0, 1.2)
        self.skin = SKINS[look.skin if look.skin >= 0 else tone]
        seen = [each for each in GROUNDS if apart(each, self.skin) >= LEAST_APART]
        self.ground = seen[ground % len(seen)]
        self.hair = HAIRS[look.hair or _aged(colour, look.decade, self.greying)]
        self.old = look.decade
        self.masculine, self.feminine = look.style == "masculine", look.style == "feminine"
        self.has_beard &= self.masculine and look.decade != 1
        self.bald &= self.masculine and look.decade >= 4
        self.has_glasses |= look.decade >= 6 and self.greying < 0.5
        self.cut = "bald" if self.bald else cut

    def draw(self) -> None:
        self._oval(50, 50, 50, 50, self.ground)
        self._behind()
        self._body()
        self._head()
        self._features()
        self._on_top()
        if self.has_glasses:
            self._glasses()

    def _behind(self) -> None:
        """Hair behind the head."""
        if self.cut in ("long", "waves"):
            self._round(27 - self.wide, 24, 73 + self.wide, 80, 22, self.hair)
            if self.cut == "waves":
                for y, x in ((58, 27), (68, 26), (78, 29), (58, 73), (68, 74), (78, 71)):
                    self._oval(x, y, 6, 7, self.hair)
        elif self.cut == "bob":
            self._round(27 - self.wide, 22, 73 + self.wide, 66, 20, self.hair)
        elif self.cut == "curls":
            for x, y in ((31, 34), (28, 46), (31, 57), (69, 34), (72, 46), (69, 57), (40, 25), (60, 25), (50, 22)):
                self._oval(x, y, 11, 11, self.hair)
        elif self.cut == "tail":
            self._oval(71, 36, 9, 10, self.hair)
            self._round(69, 36, 80, 72, 6, self.hair)
        elif self.cut == "bun":
            self._oval(50, 19, 10, 9, self.hair)

    def _body(self) -> None:
        self._round(43, 58, 57, 82, 6, shade(self.skin, 0.86))
        self._chord(50, 103, 36, 29, 180, 360, self.cloth)
        if self.collar == "v":
            self._shape(((43, 75), (57, 75), (50, 87)), self.skin)
        elif self.collar == "c":
            self._oval(50, 75, 8.5, 6, self.skin)
        else:
            self._round(40, 71, 60, 79, 4, shade(self.cloth, 0.82))

    def _head(self) -> None:
        for x in (30.5 - self.wide, 69.5 + self.wide):
            self._oval(x, 48, 4, 5, shade(self.skin, 0.92))
        self._round(31 - self.wide, 25, 69 + self.wide, 69, 19, self.skin)
        self._oval(50, 52, 18.4 + self.wide, 18.6, self.skin)
        if self.earring and self.feminine and self.cut not in ("long", "bob", "waves", "curls"):
            for x in (30, 70):
                self._oval(x, 54.5, 1.6, 1.6, "#D8B45A")

    def _features(self) -> None:
        dark = "#2B2422"
        brow = shade(self.hair, 0.8) if self.old < 6 else self.hair
        for x in (42.0, 58.0):
            self._oval(x, 48, 2.1, 2.5, dark)
            self._oval(x + 0.7, 47.2, 0.7, 0.7, "#FFFFFF")
            self._arc(x, 44.5, 4.2, 2.6, 200, 340, brow, 1.7 if self.masculine else 1.2)
        if self.old >= 5:
            for x, start in ((36.5, 120), (63.5, 300)):
                self._arc(x, 49, 3, 4, start, start + 110, shade(self.skin, 0.85), 0.8)
        if self.old >= 7:
            self._arc(50, 37, 9, 2.5, 200, 340, shade(self.skin, 0.86), 0.8)
        for x in (38.5, 61.5):
            self._oval(x, 54.5, 3.2, 2.2, mixed(self.skin, "#D9665A", 0.2))
        self._arc(50, 51, 3, 3.6, 35, 145, shade(self.skin, 0.74), 1.3)
        if self.has_beard:
            self._beard()
        lips = mixed(LIPS, self.skin, 0.05 if self.feminine else 0.4)
        self._arc(50, 57 - self.smile, 6, 3 + 1.8 * self.smile, 20, 160, lips, 1.9)

    def _beard(self) -> None:
        tint = mixed(self.hair, self.skin, 0.16)
        self._chord(50, 52, 18.6 + self.wide, 19.2, 12, 168, tint)
        self._oval(50, 58.5, 8, 4.6, self.skin)
        self._arc(50, 57.6, 8, 4.4, 195, 345, tint, 2.4)

    def _on_top(self) -> None:
        """Hair over the forehead."""
        wide, hair = self.wide, self.hair
        if self.cut == "bald":
            for x in (31.5 - wide, 68.5 + wide):
                self._round(x - 2.2, 38, x + 2.2, 49, 2, hair)
            return
        if self.cut == "curls":
            for x, y, r in ((37, 30.0, 8), (45, 27, 8), (54, 27, 8), (62, 30, 8)):
                self._oval(x, y, r, r * 0.85, hair)
            return
        if self.cut == "curly top":
            for x, y in ((34, 31), (40, 25), (48, 22.5), (56, 23), (63, 27), (67, 33), (45, 29), (55, 29)):
                self._oval(x, y, 6.2, 6.2, hair)
        lowest = {"crop": 33, "short": 35, "bun": 34, "tail": 35, "pixie": 36}.get(self.cut, 36)
        self._chord(50, 42, 20 + wide, 21, 180, 360, hair)
        self._round(30 - wide, 36, 35 - wide, 36 + (10 if self.cut in ("bob", "long", "waves") else 5), 2, hair)
        self._round(65 + wide, 36, 70 + wide, 36 + (10 if self.cut in ("bob", "long", "waves") else 5), 2, hair)
        if self.cut in ("parted", "long", "tail", "bob"):
            self._clear(54, 46, 17, 12.5)
            self._shape(((38, 28), (60, 26), (36, 43), (31.5, 44)), hair)
        elif self.cut in ("swept", "pixie", "waves"):
            self._clear(46, 46.5, 16.5, 12)
            self._shape(((40, 26), (64, 28), (68.5, 43), (62, 38)), hair)
        else:
            self._clear(50, 47.5, 17.2, 47.5 - lowest)
        if self.cut == "swept":
            self._oval(54, 22.5, 13, 5.5, hair)

    def _clear(self, x: float, y: float, wide: float, high: float) -> None:
        """Forehead again, where hair does not fall; the face's features are drawn over it anew."""
        self._oval(x, y, wide, high, self.skin)
        self._features()

    def _glasses(self) -> None:
        for x in (42, 58):
            self._arc(x, 48.3, 6.2, 5.6, 0, 360, GLASSES, 1.3)
        self._arc(50, 47.6, 2.2, 1.6, 190, 350, GLASSES, 1.2)

    def _box(self, x: float, y: float, wide: float, high: float) -> tuple[float, float, float, float]:
        return (x - wide) * FINE, (y - high) * FINE, (x + wide) * FINE, (y + high) * FINE

    def _oval(self, x: float, y: float, wide: float, high: float, fill: str) -> None:
        self.pen.ellipse(self._box(x, y, wide, high), fill=fill)

    def _round(self, left: float, top: float, right: float, bottom: float, radius: float, fill: str) -> None:
        box = (left * FINE, top * FINE, right * FINE, bottom * FINE)
        self.pen.rounded_rectangle(box, radius * FINE, fill=fill)

    def _chord(self, x: float, y: float, wide: float, high: float, start: float, end: float, fill: str) -> None:
        self.pen.chord(self._box(x, y, wide, high), start, end, fill=fill)

    def _arc(
        self, x: float, y: float, wide: float, high: float, start: float, end: float, fill: str, thick: float
    ) -> None:
        self.pen.arc(self._box(x, y, wide, high), start, end, fill=fill, width=max(1, round(thick * FINE)))

    def _shape(self, corners: tuple[tuple[float, float], ...], fill: str) -> None:
        self.pen.polygon([(x * FINE, y * FINE) for x, y in corners], fill=fill)


def _aged(colour: str, decade: int, lot: float) -> str:
    """Hair greys with the years: some in their fifties, most in their sixties, white from eighty on."""
    likely = {5: 0.4, 6: 0.75, 7: 0.95}.get(decade, 1.0 if decade >= 8 else 0.0)
    return ("white" if decade >= 8 or lot < 0.2 else "grey") if lot < likely else colour


def _png(draw: "Callable[[ImageDraw], None]") -> bytes:
    from PIL import Image, ImageDraw

    side = 100 * FINE
    picture = Image.new("RGB", (side, side), "white")
    draw(ImageDraw.Draw(picture))
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, side - 1, side - 1), fill=255)
    picture.putalpha(mask)
    out = BytesIO()
    picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS).quantize(64, method=Image.Quantize.FASTOCTREE).save(
        out, "PNG"
    )
    return out.getvalue()
