from dataclasses import replace

from semblance_core.conversation.coverage import Coverage, coverage
from tests.conversation.test_turn_taking import group_of, under


def test_the_question_at_hand_tells_who_has_not_been_heard() -> None:
    group = under(group_of([50] * 4, "DABA"), 1, 3)
    assert coverage(group) == Coverage(3, 0, ("Person C", "Person D"))
    followed_up = replace(group, course=replace(group.course, probes=1, question_turns=4))
    assert coverage(followed_up) == Coverage(4, 1, ("Person C",))


def test_nothing_is_covered_before_the_first_question() -> None:
    group = group_of([50] * 4)
    assert coverage(group) is None
    assert coverage(under(group, 0, 0)) == Coverage(0, 0, ("Person A", "Person B", "Person C", "Person D"))
