"""Coverage of the question under discussion: answers, follow-ups, and who has not been heard on it. Pure."""

from dataclasses import dataclass

from semblance_core.domain.discussion.focus_group import FocusGroup


@dataclass(frozen=True, slots=True)
class Coverage:
    """answers: participants' turns under the question, without those that answer a person's own.

    unheard: names of those without one, in the order of the set-up. planned: the question's planned probes, each with whether it was put.
    """

    answers: int
    follow_ups: int
    unheard: tuple[str, ...]
    planned: tuple[tuple[str, bool], ...] = ()


def coverage(group: FocusGroup) -> Coverage | None:
    """Returns the coverage of the question that is being discussed; None before the first question."""
    course = group.course
    if course.question < 0:
        return None
    unheard = tuple(person.name for person in group.participants if person.id not in course.heard)
    probes = group.guide.asked[course.question].probes if course.question < len(group.guide.questions) else ()
    planned = tuple((probe, place in course.planned_put) for place, probe in enumerate(probes))
    return Coverage(course.question_turns, course.probes, unheard, planned)


def planned_left(group: FocusGroup) -> dict[int, str]:
    """Returns the planned probes of the question under discussion that were not put yet, by their place in the guide's question."""
    covers = coverage(group)
    return {place: probe for place, (probe, put) in enumerate(covers.planned if covers else ()) if not put}
