"""The turns of participants that each question of the guide is given. Pure."""

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.discussion.probing import Probing

LEAST_TURNS_A_QUESTION = 2
PROBE_TURNS = 2
"""Participants' turns that a follow-up is given."""
CLOSING_TURNS = 2
"""Participants' turns after the moderator has asked what was missed."""


def allotted_turns(group: FocusGroup, question: int) -> int:
    """Returns the participants' turns for a question, so that the guide fills the turn limit evenly: at least 2.

    With a limit of 40 and 6 questions, 34 turns are the participants': 6 for each of the first four, 5 for the others. Where the
    moderator closes the discussion, its question and two turns are set aside for that.
    """
    questions = len(group.guide.questions)
    turns, left = divmod(max(0, group.turn_limit - questions - set_aside(group)), questions)
    return max(LEAST_TURNS_A_QUESTION, turns + (question < left))


def turns_now(group: FocusGroup, question: int, turns: int) -> int:
    """Returns the same for the question that is put now: what follow-ups took is missing from the questions that are left.

    The last one leaves room for its own follow-ups, as long as two thirds of its turns stay.

    Args:
        group: the session.
        question: the question's index.
        turns: messages of the autonomous discussion, the question itself included.
    """
    left = len(group.guide.questions) - question
    free = group.turn_limit - turns - (left - 1) - set_aside(group)
    given = -(-free // left)
    if left == 1:
        kept = min(group.probing.most_probes * (1 + PROBE_TURNS), given // 3)
        given -= kept if kept > 1 else 0
    return max(LEAST_TURNS_A_QUESTION, given)


def room_for_probe(group: FocusGroup) -> int:
    """Returns the participants' turns that a follow-up may be given now; every question left keeps half of its turns, and two at least."""
    course = group.course
    later = range(course.question + 1, len(group.guide.questions))
    kept = sum(1 + max(LEAST_TURNS_A_QUESTION, -(-allotted_turns(group, each) // 2)) for each in later)
    free = group.turn_limit - course.turns - 1 - kept - set_aside(group)
    return max(0, min(PROBE_TURNS, free))


def set_aside(group: FocusGroup) -> int:
    """Returns the messages that the end of the discussion takes: the question what was missed, and its turns."""
    needed = 1 + CLOSING_TURNS
    questions = len(group.guide.questions)
    fits = group.turn_limit >= least_turns(questions) + questions + needed
    return needed if fits and group.probing is not Probing.NONE and not group.course.closing else 0


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
