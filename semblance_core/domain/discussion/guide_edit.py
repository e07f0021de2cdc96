"""A guide changed in one place. Pure: a guide in, another one out; places count from 0.

A section or question may be blank while somebody still writes it; `without_blanks` leaves what is worth keeping.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from semblance_core.domain.discussion.guide_text.syntax import heading_of, without_private
from semblance_core.domain.discussion.questions import Guide, Question, Section

Item = TypeVar("Item")


def with_section(guide: Guide, title: str = "") -> Guide:
    """One more section at the end, with one blank question."""
    return Guide((*guide.sections, Section(title, ("",))))


def renamed(guide: Guide, at: int, title: str) -> Guide:
    """The guide with another title of a section; a time behind it becomes the section's.

    >>> renamed(Guide((Section("Habits", ("When?",)),)), 0, "Price (5 minutes)").sections[0].heading
    'Price (5 minutes)'
    """
    if title == guide.sections[at].heading:
        return guide
    heading = heading_of(title)
    changed = replace(guide.sections[at], title=heading.title, minutes=heading.minutes, turns=heading.turns)
    return _put(guide, at, changed)


def without_section(guide: Guide, at: int) -> Guide:
    return Guide((*guide.sections[:at], *guide.sections[at + 1 :]))


def moved_section(guide: Guide, at: int, by: int) -> Guide:
    """by: -1 up, 1 down; at the end of the guide nothing changes."""
    return Guide(_moved(guide.sections, at, by))


def with_question(guide: Guide, at: int, text: str = "") -> Guide:
    """One more question at the end of a section."""
    return _with_questions(guide, at, (*guide.sections[at].asked, Question(text)))


def reworded(guide: Guide, at: int, question: int, text: str) -> Guide:
    """The guide with another text of a question; “private:” in front of it has each answer it alone first."""
    asked = guide.sections[at].asked[question]
    text, private = without_private(text)
    return _with_one(guide, at, question, replace(asked, text=text, private=asked.private or private))


def probing(guide: Guide, at: int, question: int, probes: Sequence[str], *, private: bool) -> Guide:
    """The guide with the planned probes of a question, blank ones left out, and whether each answers it alone first.

    >>> probing(Guide((Section("Habits", ("When?",)),)), 0, 0, ["since when?", " "], private=False).asked[0].probes
    ('since when?',)
    """
    kept = tuple(" ".join(probe.split()) for probe in probes if probe.strip())
    return _with_one(guide, at, question, replace(guide.sections[at].asked[question], probes=kept, private=private))


def showing(guide: Guide, at: int, question: int, names: Sequence[str]) -> Guide:
    """The guide with a question that shows the stimuli with these names.

    >>> showing(Guide((Section("Habits", ("When?", "Why?")),)), 0, 1, ["Pack.png"]).asked[1].shows
    ('Pack.png',)
    """
    return _with_one(guide, at, question, replace(guide.sections[at].asked[question], shows=tuple(names)))


def without_question(guide: Guide, at: int, question: int) -> Guide:
    asked = guide.sections[at].asked
    return _with_questions(guide, at, (*asked[:question], *asked[question + 1 :]))


def moved_question(guide: Guide, at: int, question: int, by: int) -> Guide:
    """Up (-1) or down (1); past the end of its section into the next one.

    >>> guide = Guide((Section("Habits", ("When?", "Why?")), Section("Price", ("How much?",))))
    >>> [section.questions for section in moved_question(guide, 0, 1, 1).sections]
    [('When?',), ('Why?', 'How much?')]
    """
    asked = guide.sections[at].asked
    if 0 <= question + by < len(asked):
        return _with_questions(guide, at, _moved(asked, question, by))
    if not 0 <= at + by < len(guide.sections):
        return guide
    moved, after = asked[question], without_question(guide, at, question)
    there = after.sections[at + by].asked
    return _with_questions(after, at + by, (moved, *there) if by > 0 else (*there, moved))


def joined(first: Guide, second: Guide) -> Guide:
    """Both, one after the other; raises `InvalidInput` where that is more than fits."""
    return Guide((*without_blanks(first).sections, *second.sections))


def without_blanks(guide: Guide) -> Guide:
    """The guide as it is kept: no blank question, and no section that has neither a title nor a question.

    >>> without_blanks(Guide((Section("", ("",)), Section(" Price ", (" How much? ", " "))))).sections
    (Section(title='Price', questions=('How much?',), shows=(), probes=(), private=(), minutes=0, turns=0),)
    """
    kept = []
    for section in guide.sections:
        title = section.title.strip()
        asked = [replace(each, text=each.text.strip()) for each in section.asked if each.text.strip()]
        if title or asked:
            kept.append(replace(section, title=title or "Discussion").with_questions(asked))
    return Guide(tuple(kept))


def _with_questions(guide: Guide, at: int, asked: Sequence[Question]) -> Guide:
    return _put(guide, at, guide.sections[at].with_questions(asked))


def _with_one(guide: Guide, at: int, question: int, changed: Question) -> Guide:
    asked = guide.sections[at].asked
    return _with_questions(guide, at, (*asked[:question], changed, *asked[question + 1 :]))


def _put(guide: Guide, at: int, section: Section) -> Guide:
    return Guide((*guide.sections[:at], section, *guide.sections[at + 1 :]))


def _moved(items: tuple[Item, ...], at: int, by: int) -> tuple[Item, ...]:
    to = at + by
    if not 0 <= to < len(items):
        return items
    rest = [*items[:at], *items[at + 1 :]]
    return (*rest[:to], items[at], *rest[to:])
