"""Slides of one design: a title, where one is in the deck, and the mark that participants are synthetic, on each."""

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.util import Inches, Pt

from semblance_core.reports.deliverables.clean import at_most, is_rtl
from semblance_core.reports.deliverables.deck.flow import AGAINST, SOFT, Box, Words
from semblance_core.reports.deliverables.fit import height_of, split

if TYPE_CHECKING:
    from pptx.slide import Slide

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.6
BODY = Box(MARGIN, 1.75, WIDTH - 2 * MARGIN, 4.8)
BELOW = Box(MARGIN, BODY.top + BODY.height + 0.05, BODY.width, 0.22)
"""A line right below the body."""
_TITLE, _ABOVE = Box(MARGIN, 0.66, WIDTH - 2 * MARGIN, 0.95), Box(MARGIN, 0.36, WIDTH - 2 * MARGIN, 0.28)
_MARK, _FOOT = Box(MARGIN, 6.93, 3.3, 0.3), Box(4.2, 6.95, WIDTH - MARGIN - 4.2, 0.28)
MARK_FILL = "FBE9D7"
TITLE_SIZES = (28, 24, 20, 17)
MOST_OF_TITLE, MOST_OF_FOOTER = 260, 70
_FIELD = (
    '<a:fld xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" '
    'type="slidenum"><a:rPr lang="en-GB" sz="1000"/><a:t>0</a:t></a:fld>'
)


class Slides:
    """A deck under construction. label: what the mark says; footer: stands beside it; accent: six hexadecimal digits."""

    def __init__(self, label: str, footer: str, accent: str):
        self._deck = Presentation()
        self._label, self._footer = label, at_most(footer, MOST_OF_FOOTER)
        self._prepare(accent)

    def described(self, title: str, subject: str) -> None:
        """Writes the file's properties."""
        told = self._deck.core_properties
        told.title, told.subject, told.author = at_most(title, 200), subject, "Semblance"
        told.keywords, told.comments, told.last_modified_by = "synthetic participants", subject, "Semblance"

    def content(self) -> bytes:
        out = io.BytesIO()
        self._deck.save(out)
        return out.getvalue()

    def add(self, title: str, above: str = "") -> "Slide":
        """A slide with a title, which is made smaller until it fits. above: where in the deck it stands."""
        slide = self._slide(title, _TITLE, TITLE_SIZES)
        if above:
            self.put(slide, _ABOVE, [Words(at_most(above, 110), 11, True, accent=True)])
        self._mark(slide, _MARK, 10)
        line = self.put(slide, _FOOT, [Words(f"{self._footer}  ·  ", 10, colour=SOFT)], align=PP_ALIGN.RIGHT)
        line.text_frame.paragraphs[0]._p.append(parse_xml(_FIELD))
        return slide

    def opening(self, title: str, lines: Sequence[Words]) -> "Slide":
        """The first slide: the title large, with the mark below it."""
        slide = self._slide(title, Box(0.9, 1.5, 11.5, 1.75), (40, 32, 26, 22))
        bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, Inches(0.35), Inches(HEIGHT))
        _accented(bar.fill)
        bar.line.fill.background()
        _described(bar, "", "")
        self._mark(slide, Box(0.9, 3.45, 5.2, 0.5), 17)
        self.put(slide, Box(0.9, 4.25, 11.5, 2.7), lines)
        return slide

    def put(self, slide: "Slide", box: Box, words: Sequence[Words], align: Any = None) -> Any:
        """A text box with these paragraphs; what is read from right to left stands so. Returns the shape."""
        shape = slide.shapes.add_textbox(*map(Inches, (box.left, box.top, box.width, box.height)))
        frame = shape.text_frame
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for place, each in enumerate(words):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(each.after)
            _written(paragraph, each, align)
        return shape

    def rule(self, slide: "Slide", box: Box, colour: str = "") -> None:
        """A thin filled bar, in the accent's colour without another."""
        bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(Inches, (box.left, box.top, box.width, box.height)))
        if colour:
            bar.fill.solid()
            bar.fill.fore_color.rgb = RGBColor.from_string(colour)
        else:
            _accented(bar.fill)
        bar.line.fill.background()
        _described(bar, "", "")

    def _slide(self, title: str, box: Box, sizes: Sequence[int]) -> "Slide":
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[0])
        holder = slide.shapes.title
        text = at_most(title, MOST_OF_TITLE)
        size = next((size for size in sizes if height_of(text, size, box.width) <= box.height), sizes[-1])
        begun, rest = split(text, size, box.width, box.height)
        text = f"{begun[:-1]}…" if rest else text
        holder.left, holder.top, holder.width, holder.height = map(Inches, (box.left, box.top, box.width, box.height))
        frame = holder.text_frame
        frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        _written(frame.paragraphs[0], Words(text, size, True), PP_ALIGN.LEFT)
        return slide

    def _mark(self, slide: "Slide", box: Box, size: float) -> None:
        mark = slide.shapes.add_shape(
            MSO_SHAPE.ROUNDED_RECTANGLE, *map(Inches, (box.left, box.top, box.width, box.height))
        )
        mark.fill.solid()
        mark.fill.fore_color.rgb = RGBColor.from_string(MARK_FILL)
        mark.line.fill.background()
        mark.shadow.inherit = False
        frame = mark.text_frame
        frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor, frame.word_wrap = MSO_ANCHOR.MIDDLE, False
        _written(frame.paragraphs[0], Words(self._label, size, True, AGAINST), PP_ALIGN.CENTER)
        _described(mark, "Synthetic participants", "")

    def _prepare(self, accent: str) -> None:
        """Makes the library's own template wide, leaves one layout of it, and sets the theme's first accent."""
        deck = self._deck
        old = deck.slide_width or Inches(10)
        deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
        layouts = deck.slide_layouts
        for layout in [each for each in layouts if each.name != "Title Only"]:
            layouts.remove(layout)
        for holders in (deck.slide_master.placeholders, layouts[0].placeholders):
            for holder in holders:
                left, width = holder.left * deck.slide_width // old, holder.width * deck.slide_width // old
                holder.left, holder.top, holder.width, holder.height = left, holder.top, width, holder.height
        theme = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
        theme._blob = re.sub(  # the library reads a theme as bytes and has no other way to change one
            rb'(<a:accent1>\s*<a:srgbClr val=")[0-9A-Fa-f]{6}', rb"\g<1>" + accent.encode(), theme.blob
        )


def _written(paragraph: Any, words: Words, align: Any = None) -> None:
    run = paragraph.add_run()
    run.text = words.text.replace("\n", "\v")
    run.font.size, run.font.bold = Pt(words.size), words.bold
    if words.accent:
        run.font.color.theme_color = MSO_THEME_COLOR.ACCENT_1
    else:
        run.font.color.rgb = RGBColor.from_string(words.colour)
    is_turned = is_rtl(words.text)
    if is_turned:
        paragraph._p.get_or_add_pPr().set("rtl", "1")
    paragraph.alignment = PP_ALIGN.RIGHT if is_turned and align is not PP_ALIGN.CENTER else align


def _accented(fill: Any) -> None:
    fill.solid()
    fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1


def _described(shape: Any, name: str, words: str) -> None:
    """Names a shape, and describes it to those who do not see it."""
    told = shape._element._nvXxPr.cNvPr
    told.set("descr", words)
    if name:
        told.set("name", name)
