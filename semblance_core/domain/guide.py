"""A discussion guide: sections of questions, in the order they are put."""

from dataclasses import dataclass

from semblance_core.domain.errors import InvalidInput

MAX_QUESTIONS = 100
QUESTION_CHARS = 500
SECTION_CHARS = 120


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    questions: tuple[str, ...]


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
    """A line of a guide's Markdown that was not taken in, and why, as a sentence. number: from 1."""

    number: int
    text: str
    why: str


def read_guide(markdown: str) -> tuple[Guide, tuple[LeftOut, ...]]:
    """A guide from Markdown as far as it can be read, and the lines that cannot, each with why.

    `## section` headings and `-` (or `*`, `1.`) questions are read. Questions before the first heading form a section
    named "Discussion". The guide may be empty; raises `InvalidInput` where it has more questions than fit.

    >>> guide, (note,) = read_guide("## Habits\\nAsk kindly.\\n- Why?\\n")
    >>> guide.questions, note.number, note.text
    (('Why?',), 2, 'Ask kindly.')
    """
    sections: list[tuple[int, str, list[str]]] = []
    left_out: list[LeftOut] = []
    for number, raw in enumerate(markdown.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("#"):
            if title := line.lstrip("#").strip():
                sections.append((number, title[:SECTION_CHARS], []))
        elif question := _question(line):
            if len(question) > QUESTION_CHARS:
                why = f"A question has at most {QUESTION_CHARS} characters, and this one has {len(question)}."
                left_out.append(LeftOut(number, line, why))
                continue
            if not sections:
                sections.append((number, "Discussion", []))
            sections[-1][2].append(question)
        elif line and not set(line) <= set("-*_="):  # a rule between parts
            left_out.append(LeftOut(number, line, "It is neither a “## section” nor a “- question”."))
    for number, title, questions in sections:
        if not questions:
            left_out.append(LeftOut(number, title, "This section has no question."))
    guide = Guide(tuple(Section(title, tuple(questions)) for _, title, questions in sections if questions))
    return guide, tuple(sorted(left_out, key=lambda line: line.number))


def parse_guide(markdown: str) -> Guide:
    """A guide from Markdown as `read_guide` reads it; other lines are notes and left out.

    Raises `InvalidInput` where there is no question, or one that is too long.

    >>> parse_guide("## Habits\\n- When did you last buy it?\\n- Why?\\n").questions
    ('When did you last buy it?', 'Why?')
    """
    guide, left_out = read_guide(markdown)
    if long := next((line for line in left_out if len(line.text) > QUESTION_CHARS and _question(line.text)), None):
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
    """
    return "\n".join(
        f"## {section.title}\n" + "".join(f"- {question}\n" for question in section.questions)
        for section in guide.sections
    )


def _question(line: str) -> str:
    head, _, rest = line.partition(" ")
    is_bullet = head in ("-", "*", "•") or (head[:-1].isdigit() and head.endswith((".", ")")))
    return rest.strip() if is_bullet else ""
