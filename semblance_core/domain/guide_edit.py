"""A guide changed in one place. Pure: a guide in, another one out; places count from 0.

A section or question may be blank while somebody still writes it; `without_blanks` leaves what is worth keeping.
"""

from dataclasses import replace
from typing import TypeVar

from semblance_core.domain.guide import Guide, Section

Item = TypeVar("Item")


def with_section(guide: Guide, title: str = "") -> Guide:
    """One more section at the end, with one blank question."""
    return Guide((*guide.sections, Section(title, ("",))))


def renamed(guide: Guide, at: int, title: str) -> Guide:
    return _put(guide, at, replace(guide.sections[at], title=title))


def without_section(guide: Guide, at: int) -> Guide:
    return Guide((*guide.sections[:at], *guide.sections[at + 1 :]))


def moved_section(guide: Guide, at: int, by: int) -> Guide:
    """by: -1 up, 1 down; at the end of the guide nothing changes."""
    return Guide(_moved(guide.sections, at, by))


def with_question(guide: Guide, at: int, text: str = "") -> Guide:
    """One more question at the end of a section."""
    section = guide.sections[at]
    return _put(guide, at, replace(section, questions=(*section.questions, text)))


def reworded(guide: Guide, at: int, question: int, text: str) -> Guide:
    section = guide.sections[at]
    questions = (*section.questions[:question], text, *section.questions[question + 1 :])
    return _put(guide, at, replace(section, questions=questions))


def without_question(guide: Guide, at: int, question: int) -> Guide:
    section = guide.sections[at]
    return _put(
        guide, at, replace(section, questions=(*section.questions[:question], *section.questions[question + 1 :]))
    )


def moved_question(guide: Guide, at: int, question: int, by: int) -> Guide:
    """Up (-1) or down (1); past the end of its section into the next one.

    >>> guide = Guide((Section("Habits", ("When?", "Why?")), Section("Price", ("How much?",))))
    >>> [section.questions for section in moved_question(guide, 0, 1, 1).sections]
    [('When?',), ('Why?', 'How much?')]
    """
    section = guide.sections[at]
    if 0 <= question + by < len(section.questions):
        return _put(guide, at, replace(section, questions=_moved(section.questions, question, by)))
    if not 0 <= at + by < len(guide.sections):
        return guide
    text, after = section.questions[question], without_question(guide, at, question)
    there = after.sections[at + by]
    questions = (text, *there.questions) if by > 0 else (*there.questions, text)
    return _put(after, at + by, replace(there, questions=questions))


def joined(first: Guide, second: Guide) -> Guide:
    """Both, one after the other; raises `InvalidInput` where that is more than fits."""
    return Guide((*without_blanks(first).sections, *second.sections))


def without_blanks(guide: Guide) -> Guide:
    """The guide as it is kept: no blank question, and no section that has neither a title nor a question.

    >>> without_blanks(Guide((Section("", ("",)), Section(" Price ", (" How much? ", " "))))).sections
    (Section(title='Price', questions=('How much?',)),)
    """
    kept = []
    for section in guide.sections:
        title, questions = section.title.strip(), tuple(text.strip() for text in section.questions if text.strip())
        if title or questions:
            kept.append(Section(title or "Discussion", questions))
    return Guide(tuple(kept))


def _put(guide: Guide, at: int, section: Section) -> Guide:
    return Guide((*guide.sections[:at], section, *guide.sections[at + 1 :]))


def _moved(items: tuple[Item, ...], at: int, by: int) -> tuple[Item, ...]:
    to = at + by
    if not 0 <= to < len(items):
        return items
    rest = [*items[:at], *items[at + 1 :]]
    return (*rest[:to], items[at], *rest[to:])
