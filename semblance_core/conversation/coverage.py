"""Coverage of the question under discussion: answers, follow-ups, and who has not been heard on it. Pure."""

from dataclasses import dataclass

from semblance_core.domain.discussion.focus_group import FocusGroup


@dataclass(frozen=True, slots=True)
class Coverage:
    """answers: participants' turns under the question. unheard: names of those without one, in the order of the set-up."""

    answers: int
    follow_ups: int
    unheard: tuple[str, ...]


def coverage(group: FocusGroup) -> Coverage | None:
    """Returns the coverage of the question that is being discussed; None before the first question."""
    course = group.course
    if course.question < 0:
        return None
    heard = set(course.speakers[-course.question_turns :] if course.question_turns else ())
    unheard = tuple(person.name for person in group.participants if person.id not in heard)
    return Coverage(course.question_turns, course.probes, unheard)
