"""A slide for each finding: how many people stand behind it, what it says, and quotes with who said them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semblance_core.domain.plurals import number
from semblance_core.reports.deliverables.content import Finding, Quoted
from semblance_core.reports.deliverables.deck.flow import SOFT, Box, Words, flowed, height_of_all
from semblance_core.reports.deliverables.deck.native import TONES
from semblance_core.reports.deliverables.deck.slides import BELOW, BODY, Slides

if TYPE_CHECKING:
    from pptx.slide import Slide

LEFT = Box(BODY.left, BODY.top, 4.1, BODY.height)
RIGHT = Box(BODY.left + 4.75, BODY.top, BODY.width - 4.75, BODY.height)
QUOTE_SIZE, BY_SIZE = 15.0, 11.0
BETWEEN = 0.22
"""Inches between two quotes."""
MOST_NAMES = 8
INDENT = 0.2


def finding_slides(slides: Slides, findings: Sequence[Finding]) -> None:
    """One slide a finding; a summary that is too long for its column goes on in another."""
    for place, finding in enumerate(findings, start=1):
        columns = flowed(_told(finding), LEFT.width, LEFT.height)
        above = f"Finding {place} of {len(findings)}"
        for page, column in enumerate(columns):
            slide = slides.add(finding.name if page == 0 else f"{finding.name} (continued)", above)
            slides.put(slide, LEFT, column)
            if page == 0:
                _quotes(slides, slide, finding)


def shown_quotes(finding: Finding) -> list[Quoted]:
    """The quotes that fit on the finding's slide, every speaker once before anyone is heard again."""
    shown, left = [], RIGHT.height
    for said in finding.told_apart:
        needs = height_of_all(_quote(said), RIGHT.width - INDENT) + BETWEEN
        if needs <= left:
            shown.append(said)
            left -= needs
    return shown


def further_quotes(finding: Finding) -> list[Words]:
    """The quotes that have no room on their finding's slide."""
    shown = shown_quotes(finding)
    return [each for said in finding.quotes if said not in shown for each in _quote(said, after=12)]


def _told(finding: Finding) -> list[Words]:
    names = finding.speakers
    listed = ", ".join(names[:MOST_NAMES]) + (f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else "")
    return [
        Words(finding.count, 44, True, after=0, keeps=True, accent=True),
        Words(f"participants quoted: {listed}" if names else "participants quoted", 12, colour=SOFT, after=16),
        *(Words(line, 16, after=8) for line in finding.summary.splitlines() if line.strip()),
        *([Words(finding.note, 11, colour=SOFT, after=0)] if finding.note else []),
    ]


def _quote(said: Quoted, after: float = 0) -> list[Words]:
    tone = f" · {said.sentiment}" if said.sentiment else ""
    return [
        Words(f"“{said.quote}”", QUOTE_SIZE, after=3, keeps=True),
        Words(f"{said.said_by}{tone}", BY_SIZE, colour=SOFT, after=after),
    ]


def _quotes(slides: Slides, slide: "Slide", finding: Finding) -> None:
    shown, top = shown_quotes(finding), RIGHT.top
    for said in shown:
        words = _quote(said)
        height = height_of_all(words, RIGHT.width - INDENT)
        slides.rule(slide, Box(RIGHT.left, top + 0.03, 0.05, height), TONES.get(said.sentiment, TONES["neutral"]))
        slides.put(slide, Box(RIGHT.left + INDENT, top, RIGHT.width - INDENT, height), words)
        top += height + BETWEEN
    if rest := len(finding.quotes) - len(shown):
        words = [Words(f"{number(rest, 'more quote')} in the appendix", BY_SIZE, colour=SOFT, after=0)]
        slides.put(slide, Box(RIGHT.left + INDENT, BELOW.top, RIGHT.width - INDENT, BELOW.height), words)
