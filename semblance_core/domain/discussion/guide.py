"""A discussion guide: sections of questions, in the order they are put."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from semblance_core.domain.discussion.asset import NAME_CHARS
from semblance_core.domain.discussion.guide_lines import (
    GuideLine,
    could_be_heading,
    is_asked,
    is_marked_heading,
    is_title,
)
from semblance_core.domain.discussion.guide_words import is_probe, starts_question
from semblance_core.domain.discussion.guide_wrap import has_end, pieces
from semblance_core.domain.errors import InvalidInput

MAX_QUESTIONS = 100
QUESTION_CHARS = 500
SECTION_CHARS = 120
TITLE = "It is the title of the whole guide."
TIMING = "It is a timing."
INSTRUCTION = "It is an instruction to the moderator."
BESIDE = "It stands beside a question in a table."
AS_TITLE = "It is taken for a section's title"
NEITHER = "It is neither a “## section” nor a “- question”."
SHOWS_NOWHERE = "No question stands right above it, so nothing shows this stimulus."
LONG_NAME = f"A stimulus's name has at most {NAME_CHARS} characters."


@dataclass(frozen=True, slots=True)
class Question:
    """shows: names of the stimuli that are shown when it is put, as the guide has them."""

    text: str
    shows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """questions: their texts. shows: `Question.shows` of each; empty where none of them shows anything."""

    title: str
    questions: tuple[str, ...]
    shows: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        every = (*self.shows, *((),) * len(self.questions))[: len(self.questions)]
        object.__setattr__(self, "shows", every if any(every) else ())

    @classmethod
    def of(cls, title: str, asked: Iterable[Question]) -> "Section":
        """The section with these questions."""
        asked = tuple(asked)
        return cls(title, tuple(each.text for each in asked), tuple(each.shows for each in asked))

    @property
    def asked(self) -> tuple[Question, ...]:
        """Its questions with what they show."""
        shows = self.shows or ((),) * len(self.questions)
        return tuple(Question(text, names) for text, names in zip(self.questions, shows, strict=True))


@dataclass(frozen=True, slots=True)
class Guide:
    sections: tuple[Section, ...] = ()

    def __post_init__(self) -> None:
        if len(self.questions) > MAX_QUESTIONS:
            raise InvalidInput(
                f"The guide has {len(self.questions)} questions; at most {MAX_QUESTIONS} fit into one session."
            )

        if long := next((question for question in self.questions if len(question) > QUESTION_CHARS), None):
            raise InvalidInput(f"The question “{long[:40]}…” has {len(long)} characters; at most {QUESTION_CHARS} fit.")

    @property
    def questions(self) -> tuple[str, ...]:
        """All questions in order, across sections."""
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def asked(self) -> tuple[Question, ...]:
        """The same with what they show."""
        return tuple(question for section in self.sections for question in section.asked)

    @property
    def shows_stimuli(self) -> bool:
        return any(section.shows for section in self.sections)

    def section_of(self, question_index: int) -> Section:
        """The section that holds the question with this index into `questions`."""
        seen = 0
        for section in self.sections:
            seen += len(section.questions)
            if question_index < seen:
                return section
        raise InvalidInput(f"The guide has no question {question_index + 1}.")


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
    first of them form a section named "Discussion". A line `show: NAME` below a question names a stimulus that is shown with it.

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
    sections: list[tuple[int, str, list[Question]]] = []
    left_out: list[LeftOut] = []
    read_as: list[ReadAs] = []
    listed, signs = "", set[str]()
    takes_shows = False  # whether a question, and nothing that was left out, stands right above
    for at, piece in enumerate(found):
        number, line = piece.number, piece.line
        if line.kind in ("blank", "rule"):
            continue
        if line.kind == "show":
            if takes_shows and len(line.text) <= NAME_CHARS:
                asked = sections[-1][2]
                asked[-1] = replace(asked[-1], shows=(*asked[-1].shows, line.text))
            else:
                left_out.append(LeftOut(number, line.text, LONG_NAME if takes_shows else SHOWS_NOWHERE))
            continue
        if listed and _is_listed_probe(line, listed, signs):
            listed = line.sign
            left_out.append(LeftOut(number, line.text, INSTRUCTION))
            continue
        listed = "any" if line.kind == "instruction" and _opens_list(line.text) else ""
        if line.kind in ("timing", "instruction"):
            left_out.append(LeftOut(number, line.text, TIMING if line.kind == "timing" else INSTRUCTION))
            continue
        if piece.last > number:
            between = "and" if piece.last == number + 1 else "to"
            read_as.append(ReadAs(number, line.text, f"Lines {number} {between} {piece.last} were put together."))
        takes_shows = False
        if line.kind == "heading" or is_marked_heading(line) or _heads_questions(lines, at):
            if not sections and line.kind == "plain" and is_title(line.text):
                left_out.append(LeftOut(number, line.text, TITLE))
                continue
            if line.kind == "plain" and starts_question(line.text):
                read_as.append(ReadAs(number, line.text, f"{AS_TITLE}, though it begins as questions do."))
            elif line.kind == "plain" and at and lines[at - 1].kind == "question" and not has_end(lines[at - 1].text):
                read_as.append(ReadAs(number, line.text, f"{AS_TITLE}; it may be the rest of the line above."))
            if len(line.text) > SECTION_CHARS:
                left_out.append(
                    LeftOut(
                        number, line.text[SECTION_CHARS:], f"A section's title has {SECTION_CHARS} characters at most."
                    )
                )
            sections.append((number, line.text[:SECTION_CHARS], []))
        elif line.kind == "question":
            if len(line.text) > QUESTION_CHARS:
                why = f"A question has at most {QUESTION_CHARS} characters, and this one has {len(line.text)}."
                left_out.append(LeftOut(number, line.text, why))
                continue
            if not sections:
                sections.append((number, "Discussion", []))
            sections[-1][2].append(Question(line.text))
            takes_shows = True
            signs.add(line.sign)
            left_out += [LeftOut(number, cell, BESIDE) for cell in line.beside]
        else:
            is_top = not sections and not left_out and is_title(line.text)
            left_out.append(LeftOut(number, line.text, TITLE if is_top else NEITHER))
    for number, title, questions in sections:
        if not questions:
            left_out.append(LeftOut(number, title, "This section has no question."))
    guide = Guide(tuple(Section.of(title, questions) for _, title, questions in sections if questions))
    gone = {line.number for line in left_out if line.why == NEITHER}
    return GuideReading(
        guide,
        tuple(sorted(left_out, key=lambda line: line.number)),
        tuple(each for each in read_as if each.number not in gone),
    )


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
    """
    return "\n".join(f"## {section.title}\n" + "".join(map(_as_markdown, section.asked)) for section in guide.sections)


def _as_markdown(question: Question) -> str:
    return "\n".join([f"- {question.text}", *(f"  show: {name}" for name in question.shows)]) + "\n"
