"""Changes to the guide of a session that has begun: questions inserted before, and skipped among, those still to come. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from semblance_core.domain.discussion.guide import Guide, Question, Section
from semblance_core.domain.discussion.shows import StimulusPlan
from semblance_core.domain.errors import InvalidInput

MOST_CHANGES = 100


class ChangeKind(StrEnum):
    INSERTED = "inserted"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class GuideChange:
    """A question that a moderator inserted or skipped. after_seq: the last message by then. author: the moderator's name."""

    kind: ChangeKind
    question: str
    author_id: str
    author: str
    at: datetime
    after_seq: int = 0

    @property
    def in_words(self) -> str:
        """The change as a sentence.

        >>> GuideChange(ChangeKind.SKIPPED, "Why?", "ada", "Ada", datetime(2026, 1, 1), 7).in_words
        'Ada skipped “Why?” after message 7.'
        """
        when = f"after message {self.after_seq}" if self.after_seq else "before the first message"
        return f"{self.author} {self.kind.value} “{self.question}” {when}."


def with_inserted(guide: Guide, at: int, text: str) -> Guide:
    """Returns the guide with a question at this index, in the section of the question before it.

    >>> from semblance_core.domain.discussion.guide import parse_guide, to_markdown
    >>> to_markdown(with_inserted(parse_guide("## A\\n- Why?\\n## B\\n- When?"), 1, "How?"))
    '## A\\n- Why?\\n- How?\\n\\n## B\\n- When?\\n'

    Raises:
        InvalidInput: the guide has no such place, or the question is empty or too long, or there are too many.
    """
    text = " ".join(text.split())
    if not text:
        raise InvalidInput("Write the question that is to be inserted.")
    if not 0 <= at <= len(guide.questions):
        raise InvalidInput(f"The guide has no place for a question {at + 1}.")
    if not guide.sections:
        return Guide((Section("Discussion", (text,)),))
    home, first, sections = max(0, at - 1), 0, []
    for section in guide.sections:
        last = first + len(section.questions)
        if first <= home < last:
            asked = list(section.asked)
            asked.insert(at - first, Question(text))
            section = section.with_questions(asked)
        first = last
        sections.append(section)
    return Guide(tuple(sections))


def without_question(guide: Guide, at: int) -> Guide:
    """Returns the guide without the question at this index, and without its section where it was the only one.

    >>> from semblance_core.domain.discussion.guide import parse_guide
    >>> without_question(parse_guide("## A\\n- Why?\\n## B\\n- When?"), 0).questions
    ('When?',)

    Raises:
        InvalidInput: the guide has no such question.
    """
    guide.section_of(at)  # raises where there is none
    first, sections = 0, []
    for section in guide.sections:
        asked = [question for place, question in enumerate(section.asked, start=first) if place != at]
        first += len(section.questions)
        if asked:
            sections.append(section.with_questions(asked))
    return Guide(tuple(sections))


def moved_plan(plan: StimulusPlan | None, at: int, by: int) -> StimulusPlan | None:
    """Returns the plan after a question was inserted (`by` 1) or skipped (−1) at this index.

    A stimulus at a skipped question is not shown, unless somebody shows it with another message.
    """
    if plan is None:
        return None
    kept = [each for each in plan.placed if by > 0 or each.question != at]
    moved = (replace(each, question=each.question + by) if each.question >= at else each for each in kept)
    return replace(plan, placed=tuple(moved))
