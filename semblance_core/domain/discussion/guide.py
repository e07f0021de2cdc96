"""A discussion guide as text: read from Markdown or from what a word processor pastes, and written as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from semblance_core.domain.discussion.asset import NAME_CHARS
from semblance_core.domain.discussion.guide_text.lines import (
    GuideLine,
    could_be_heading,
    is_asked,
    is_marked_heading,
    is_title,
)
from semblance_core.domain.discussion.guide_text.syntax import Heading, heading_of, planned_probe
from semblance_core.domain.discussion.guide_text.words import is_probe, starts_question
from semblance_core.domain.discussion.guide_text.wrap import has_end, pieces
from semblance_core.domain.discussion.questions import (
    MAX_QUESTIONS,
    MOST_PROBES,
    QUESTION_CHARS,
    SECTION_CHARS,
    Guide,
    Question,
    Section,
)
from semblance_core.domain.errors import InvalidInput

__all__ = [
    "MAX_QUESTIONS",
    "QUESTION_CHARS",
    "SECTION_CHARS",
    "Guide",
    "GuideReading",
    "LeftOut",
    "Question",
    "ReadAs",
    "Section",
    "guide_reading",
    "parse_guide",
    "read_guide",
    "to_markdown",
]
TITLE = "It is the title of the whole guide."
TIMING = "It is a timing."
INSTRUCTION = "It is an instruction to the moderator."
BESIDE = "It stands beside a question in a table."
AS_TITLE = "It is taken for a section's title"
NEITHER = "It is neither a “## section” nor a “- question”."
SHOWS_NOWHERE = "No question stands right above it, so nothing shows this stimulus."
PRIVATE_NOWHERE = "No question stands right above it, so nothing is answered alone first."
LONG_PROBE = f"A planned probe has at most {QUESTION_CHARS} characters."
MANY_PROBES = f"A question has at most {MOST_PROBES} planned probes."
RANGE = "The section is given the middle of this time."
LONG_NAME = f"A stimulus's name has at most {NAME_CHARS} characters."


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of a guide that was not taken in, and why, as a sentence. number: from 1."""

    number: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class ReadAs:
    """Ambiguous lines of a guide and how they were read. number: of the first line, from 1. how: as a sentence."""

    number: int
    text: str
    how: str


@dataclass(frozen=True, slots=True)
class GuideReading:
    """A guide, the lines that are not in it, and those of which it says how they were read."""

    guide: Guide
    left_out: tuple[LeftOut, ...]
    read_as: tuple[ReadAs, ...]


def read_guide(text: str) -> tuple[Guide, tuple[LeftOut, ...]]:
    """Reads a guide from Markdown or from text that a word processor pastes.

    Questions are lines with a bullet or a number of any script, and lines that end with a question mark. Sections are Markdown's
    headings, lines in bold or in capitals, with a timing or a colon, and short lines right above a question. Questions before the
    first of them form a section named "Discussion". Below a question, `show: NAME` names a stimulus that is shown with it, `probe: …` is
    a planned follow-up, and `private:` has each answer it alone first. A time or turns behind a title, “(10 minutes)”, are the section's.

    Returns:
        The guide, which may be empty, and the lines left out, each with its reason.

    Raises:
        InvalidInput: there are more questions than fit.

    >>> guide, (note,) = read_guide("## Habits\\nAsk kindly.\\n- Why?\\n")
    >>> guide.questions, note.number, note.text
    (('Why?',), 2, 'Ask kindly.')
    """
    reading = guide_reading(text)
    return reading.guide, reading.left_out


def guide_reading(text: str) -> GuideReading:
    """Reads a guide like `read_guide`, with the lines that somebody should look at.

    >>> reading = guide_reading("How much would you\\npay?")
    >>> reading.guide.questions, reading.read_as[0].how
    (('How much would you pay?',), 'Lines 1 and 2 were put together.')
    """
    found = pieces(text)
    lines = [piece.line for piece in found]
    sections: list[tuple[int, Heading, list[Question]]] = []
    left_out: list[LeftOut] = []
    read_as: list[ReadAs] = []
    listed, signs = "", set[str]()
    is_under = False  # whether a question, and nothing that was left out, stands right above
    for at, piece in enumerate(found):
        number, line = piece.number, piece.line
        if line.kind in ("blank", "rule"):
            continue
        if line.kind == "show":
            if is_under and len(line.text) <= NAME_CHARS:
                under = sections[-1][2]
                under[-1] = replace(under[-1], shows=(*under[-1].shows, line.text))
            else:
                left_out.append(LeftOut(number, line.text, LONG_NAME if is_under else SHOWS_NOWHERE))
            continue
        if line.kind == "private":
            if is_under:
                sections[-1][2][-1] = replace(sections[-1][2][-1], private=True)
            else:
                left_out.append(LeftOut(number, "private:", PRIVATE_NOWHERE))
            continue
        is_listed = bool(listed) and _is_listed_probe(line, listed, signs)
        listed = line.sign if is_listed else "any" if line.kind == "instruction" and _opens_list(line.text) else ""
        if is_listed or line.kind == "instruction":
            probe = line.text if is_listed else planned_probe(line.text)
            if is_under and probe:
                under = sections[-1][2]
                if refused := _refused_probe(probe, under[-1]):
                    left_out.append(LeftOut(number, line.text, refused))
                else:
                    under[-1] = replace(under[-1], probes=(*under[-1].probes, probe))
            elif not (is_under and listed):
                left_out.append(LeftOut(number, line.text, INSTRUCTION))
            continue
        if line.kind == "timing":
            left_out.append(LeftOut(number, line.text, TIMING))
            continue
        if piece.last > number:
            between = "and" if piece.last == number + 1 else "to"
            read_as.append(ReadAs(number, line.text, f"Lines {number} {between} {piece.last} were put together."))
        is_under = False
        if line.kind == "heading" or is_marked_heading(line) or _heads_questions(lines, at):
            if not sections and line.kind == "plain" and is_title(line.text):
                left_out.append(LeftOut(number, line.text, TITLE))
                continue
            if line.kind == "plain" and starts_question(line.text):
                read_as.append(ReadAs(number, line.text, f"{AS_TITLE}, though it begins as questions do."))
            elif line.kind == "plain" and at and lines[at - 1].kind == "question" and not has_end(lines[at - 1].text):
                read_as.append(ReadAs(number, line.text, f"{AS_TITLE}; it may be the rest of the line above."))
            heading = heading_of(line.text)
            if heading.is_range:
                read_as.append(ReadAs(number, line.text, RANGE))
            if len(heading.title) > SECTION_CHARS:
                why = f"A section's title has {SECTION_CHARS} characters at most."
                left_out.append(LeftOut(number, heading.title[SECTION_CHARS:], why))
                heading = replace(heading, title=heading.title[:SECTION_CHARS])
            sections.append((number, heading, []))
        elif line.kind == "question":
            if len(line.text) > QUESTION_CHARS:
                why = f"A question has at most {QUESTION_CHARS} characters, and this one has {len(line.text)}."
                left_out.append(LeftOut(number, line.text, why))
                continue
            if not sections:
                sections.append((number, Heading("Discussion"), []))
            sections[-1][2].append(Question(line.text, private=line.is_private))
            is_under = True
            signs.add(line.sign)
            left_out += [LeftOut(number, cell, BESIDE) for cell in line.beside]
        else:
            is_top = not sections and not left_out and is_title(line.text)
            left_out.append(LeftOut(number, line.text, TITLE if is_top else NEITHER))
    for number, heading, questions in sections:
        if not questions:
            left_out.append(LeftOut(number, heading.title, "This section has no question."))
    guide = Guide(
        tuple(
            Section.of(heading.title, questions, heading.minutes, heading.turns)
            for _, heading, questions in sections
            if questions
        )
    )
    gone = {line.number for line in left_out if line.why == NEITHER}
    return GuideReading(
        guide,
        tuple(sorted(left_out, key=lambda line: line.number)),
        tuple(each for each in read_as if each.number not in gone),
    )


def _refused_probe(probe: str, asked: Question) -> str:
    """Returns why a planned probe is not taken in; empty where it is."""
    if len(probe) > QUESTION_CHARS:
        return LONG_PROBE
    return MANY_PROBES if len(asked.probes) >= MOST_PROBES else ""


def _opens_list(text: str) -> bool:
    """Returns whether probes stand in the lines below, as after “Probes:”."""
    return is_probe(text) and (text.rstrip("*_ ").endswith((":", "：")) or " " not in text)


def _is_listed_probe(line: GuideLine, listed: str, signs: set[str]) -> bool:
    """Returns whether a bullet belongs to the probes that a line above announced: of their kind, and none that questions have too.

    listed: the sign of those so far, “any” right below the line, empty where there is none. signs: those of questions so far.
    """
    if not line.sign.strip() or line.kind != "question" or listed not in ("any", line.sign):
        return False
    return line.sign not in signs or not is_asked(line.text)


def _heads_questions(lines: Sequence[GuideLine], at: int) -> bool:
    """Returns whether a short line stands right above questions: without a marker, or with a number above bullets or letters."""
    line = lines[at]
    following = next(
        (each for each in lines[at + 1 :] if each.kind not in ("blank", "rule", "timing", "instruction")), None
    )
    if following is None or following.kind != "question" or not could_be_heading(line):
        return False
    if not line.marker:
        return line.kind == "plain"
    if line.marker == "number" and following.indented and not following.marker and not starts_question(line.text):
        return True
    return line.marker in ("number", "levels", "letter") and following.marker not in (line.marker, "")


def parse_guide(markdown: str) -> Guide:
    """Reads a guide from Markdown as `read_guide` does; other lines are notes and left out.

    Raises:
        InvalidInput: there is no question, too many of them, or one that is too long.

    >>> parse_guide("## Habits\\n- When did you last buy it?\\n- Why?\\n").questions
    ('When did you last buy it?', 'Why?')
    """
    if not markdown.strip("\ufeff\0 \t\r\n"):
        raise InvalidInput("The guide is empty.")
    guide, left_out = read_guide(markdown)
    if long := next((line for line in left_out if line.why.startswith("A question has")), None):
        raise InvalidInput(f"“{long.text[:40]}…”: {long.why}")
    if not guide.questions:
        raise InvalidInput(
            "The guide has no question. Write each on a line of its own that starts with “- ”, under “## Section” headings."
        )
    return guide


def to_markdown(guide: Guide) -> str:
    """The guide in the form `parse_guide` reads.

    >>> text = "## Habits\\n- When?\\n- Why?\\n"
    >>> to_markdown(parse_guide(text)) == text
    True
    >>> text = "## Concepts\\n- Your first thought?\\n  show: Concept A.pdf\\n  show: Pack, front.png\\n- Why?\\n"
    >>> parse_guide(text).asked[0].shows, to_markdown(parse_guide(text)) == text
    (('Concept A.pdf', 'Pack, front.png'), True)
    >>> text = "## Habits (10 minutes)\\n- Why?\\n  private:\\n  probe: since when?\\n"
    >>> parse_guide(text).asked, to_markdown(parse_guide(text)) == text
    ((Question(text='Why?', shows=(), probes=('since when?',), private=True),), True)
    """
    return "\n".join(
        f"## {section.heading}\n" + "".join(map(_as_markdown, section.asked)) for section in guide.sections
    )


def _as_markdown(question: Question) -> str:
    private = ["  private:"] if question.private else []
    shows, probes = (f"  show: {name}" for name in question.shows), (f"  probe: {probe}" for probe in question.probes)
    return "\n".join([f"- {question.text}", *private, *shows, *probes]) + "\n"
