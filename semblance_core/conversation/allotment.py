"""The turns of participants that each question of the guide is given. Pure."""

from functools import lru_cache

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.discussion.probing import Probing

LEAST_TURNS_A_QUESTION = 2
PROBE_TURNS = 2
"""Participants' turns that a follow-up to one person is given."""
CLOSING_TURNS = 2
"""Participants' turns after the moderator has asked what was missed."""
ONE_ANSWER = 1
"""Turns in an interview after each question, follow-up, and what was missed."""


def allotted_turns(group: FocusGroup, question: int) -> int:
    """Returns the participants' turns for a question, so that the guide fills the turn limit: at least 2.

    They are even where no section has a time. With a limit of 40 and 6 questions, 34 turns are the participants': 6 for each of the
    first four, 5 for the others. Turns of a section are its own, minutes its share of the rest (`section_shares`). Where the moderator
    closes the discussion, its question and two turns are set aside for that. In an interview each question has one answer.
    """
    if group.is_interview:
        return ONE_ANSWER
    questions = len(group.guide.questions)
    free = max(0, group.turn_limit - questions - set_aside(group))
    if is_timed(group.guide):
        return max(LEAST_TURNS_A_QUESTION, _timed_turns(group.guide, free)[question])
    turns, left = divmod(free, questions)
    return max(LEAST_TURNS_A_QUESTION, turns + (question < left))


def is_timed(guide: Guide) -> bool:
    """Returns whether a section of the guide has a time."""
    return any(section.minutes or section.turns for section in guide.sections)


def section_shares(guide: Guide, free: int) -> tuple[float, ...]:
    """Returns the participants' turns of each section, of so many in all.

    Turns that the guide names are taken first, and cut alike where they are more than there are. The rest goes by minutes; a section
    without a time counts with the mean minutes a question of those that have some.

    >>> from semblance_core.domain.discussion.guide import parse_guide
    >>> section_shares(parse_guide("## A (5 turns)\\n- 1?\\n## B (10 minutes)\\n- 2?\\n- 3?\\n## C\\n- 4?\\n"), 35)
    (5.0, 20.0, 10.0)
    """
    fixed = sum(section.turns for section in guide.sections)
    scale = min(1.0, free / fixed) if fixed else 1.0
    minutes = sum(section.minutes for section in guide.sections)
    timed = sum(len(section.questions) for section in guide.sections if section.minutes)
    a_question = minutes / timed if timed else 1.0
    weights = [
        0.0 if section.turns else section.minutes or a_question * len(section.questions) for section in guide.sections
    ]
    left, total = max(0.0, free - fixed * scale), sum(weights) or 1.0
    return tuple(
        section.turns * scale if section.turns else left * weight / total
        for section, weight in zip(guide.sections, weights, strict=True)
    )


@lru_cache(maxsize=256)
def _timed_turns(guide: Guide, free: int) -> tuple[int, ...]:
    """The turns of each question: a section's are even, and rounded so that they come to the section's own."""
    turns: list[int] = []
    given = reached = 0.0
    for section, share in zip(guide.sections, section_shares(guide, free), strict=True):
        for _ in section.questions:
            reached += share / len(section.questions)
            turns.append(round(reached - given))
            given += turns[-1]
    return tuple(turns)


def turns_now(group: FocusGroup, question: int, turns: int) -> int:
    """Returns the same for the question that is put now: what follow-ups took is missing from the questions that are left.

    Room stays for a follow-up in each section that has had none, and on the last question for its own, as long as two thirds of the
    turns stay.

    Args:
        group: the session.
        question: the question's index.
        turns: messages of the autonomous discussion, the question itself included.
    """
    if group.is_interview:
        return ONE_ANSWER
    left = len(group.guide.questions) - question
    free = group.turn_limit - turns - (left - 1) - set_aside(group)
    whole = free
    if left > 1:
        free -= min(_kept_for_follow_ups(group, question), max(0, free) // 3)
    given = -(-free // left)
    if is_timed(group.guide):
        planned = [allotted_turns(group, each) for each in range(question, question + left)]
        given = -(-free * planned[0] // sum(planned))
        if group.guide.section_of(question).turns:
            given = min(planned[0], whole - LEAST_TURNS_A_QUESTION * (left - 1))
    if left == 1:
        kept = min(
            group.probing.most_probes * (1 + PROBE_TURNS), max(given // 3, min(2, given - LEAST_TURNS_A_QUESTION))
        )
        if not _kept_for_follow_ups(group, question):  # its section had one: first everybody has a turn
            kept = min(kept, max(0, given - len(group.participants)))
        given -= kept if kept > 1 else 0
    return max(LEAST_TURNS_A_QUESTION, given)


def _kept_for_follow_ups(group: FocusGroup, question: int) -> int:
    """The messages of one follow-up for each section from this question's on that has had none."""
    if group.probing is Probing.NONE:
        return 0
    opens = group.course.question not in section_questions(group.guide, question)
    waiting = sections_after(group.guide, question) + (opens or not group.course.section_probes)
    return waiting * (1 + PROBE_TURNS)


def room_for_probe(group: FocusGroup, *, to_all: bool = False) -> int:
    """Returns the participants' turns that a follow-up may be given now: two, or a turn for everybody where it is put to all.

    One to all hears half of the group, where every question left still has its least turns.
    Every question left keeps half of its turns, and two at least. It keeps a turn for everybody, as far as its turns go, where this
    section was followed up before and the guide plans nothing here, and in the last section, behind which nothing could give way.
    """
    course = group.course
    later = range(course.question + 1, len(group.guide.questions))
    if group.is_interview:
        free = group.turn_limit - course.turns - 1 - (1 + ONE_ANSWER) * len(later) - set_aside(group)
        return max(0, min(ONE_ANSWER, free))
    is_planned = len(course.planned_put) < len(group.guide.asked[course.question].probes)
    hears_all = (course.section_probes and not is_planned) or not sections_after(group.guide, course.question)
    most = len(group.participants) if hears_all else 0
    allotted = [allotted_turns(group, each) for each in later]
    kept = sum(1 + max(LEAST_TURNS_A_QUESTION, -(-turns // 2), min(most, turns)) for turns in allotted)
    if course.section_probes:  # this section had one; each section to come keeps the turns of one
        kept += (1 + PROBE_TURNS) * sections_after(group.guide, course.question)
    free = group.turn_limit - course.turns - 1 - kept - set_aside(group)
    if not to_all:
        return max(0, min(PROBE_TURNS, free))
    people = len(group.participants)
    at_most = group.turn_limit - course.turns - 1 - least_turns(len(later)) - set_aside(group)
    return max(0, min(people, max(free, min(-(-people // 2), at_most))))


def set_aside(group: FocusGroup) -> int:
    """Returns the messages that the end of the discussion takes: the question what was missed, its turns, and thanks where there is room."""
    needed = 1 + closing_turns(group)
    questions = len(group.guide.questions)
    least = 2 * questions if group.is_interview else least_turns(questions) + questions
    fits = group.turn_limit >= least + needed
    needed += group.turn_limit > least + needed
    return needed if fits and group.probing is not Probing.NONE and not group.course.closing else 0


def closing_turns(group: FocusGroup) -> int:
    """Returns the turns after the moderator has asked what was missed."""
    return ONE_ANSWER if group.is_interview else CLOSING_TURNS


def given_turns(group: FocusGroup) -> int:
    """Returns the participants' turns that the question under discussion has."""
    return group.course.allotted or allotted_turns(group, group.course.question)


def least_turns(questions: int) -> int:
    """Returns the turns without which some question of the guide would stay without answers.

    >>> least_turns(6)
    18
    """
    return questions * (1 + LEAST_TURNS_A_QUESTION)


def turns_left(group: FocusGroup) -> tuple[int, int]:
    """Returns the participants' turns left under the question at hand, and in the rest of its section with it.

    Both are 0 where no question of the guide is under discussion.
    """
    course = group.course
    if not 0 <= course.question < len(group.guide.questions):
        return 0, 0
    here = max(0, given_turns(group) - course.question_turns)
    later = section_questions(group.guide, course.question)
    return here, here + sum(allotted_turns(group, each) for each in later if each > course.question)


def sections_after(guide: Guide, question: int) -> int:
    """Returns the number of sections with questions after the one that holds this question."""
    last = section_questions(guide, question)
    first = 0
    count = 0
    for section in guide.sections:
        count += first >= last.stop and bool(section.questions)
        first += len(section.questions)
    return count


def section_questions(guide: Guide, question: int) -> range:
    """Returns the indices of the questions in the section that holds this one.

    >>> from semblance_core.domain.discussion.guide import parse_guide
    >>> section_questions(parse_guide("## A\\n- Why?\\n## B\\n- When?\\n- Where?"), 2)
    range(1, 3)
    """
    first = 0
    for section in guide.sections:
        if question < first + len(section.questions):
            return range(first, first + len(section.questions))
        first += len(section.questions)
    return range(question, question)
