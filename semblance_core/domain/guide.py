"""A discussion guide: sections of questions, in the order they are put."""

from dataclasses import dataclass

from semblance_core.domain.errors import InvalidInput

MAX_QUESTIONS = 100
QUESTION_CHARS = 500


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


def parse_guide(markdown: str) -> Guide:
    """A guide from Markdown: `## section` headings and `-` (or `*`, `1.`) questions; other lines are notes and left out.

    Questions before the first heading form a section named "Discussion".

    >>> parse_guide("## Habits\\n- When did you last buy it?\\n- Why?\\n").questions
    ('When did you last buy it?', 'Why?')
    """
    sections: list[tuple[str, list[str]]] = []
    for raw in markdown.splitlines():
        line = raw.strip()
        if line.startswith("#"):
            title = line.lstrip("#").strip()
            if title:
                sections.append((title, []))
        elif question := _question(line):
            if not sections:
                sections.append(("Discussion", []))
            sections[-1][1].append(question)
    found = tuple(Section(title, tuple(questions)) for title, questions in sections if questions)
    if not found:
        raise InvalidInput(
            "The guide has no question. Write each on a line of its own that starts with “- ”, under “## Section” headings."
        )
    return Guide(found)


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
