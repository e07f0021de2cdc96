"""Turns by the time that a guide gives its sections."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from semblance_core.conversation.allotment import allotted_turns, section_shares, turns_now
from semblance_core.domain.discussion.guide import Guide, parse_guide
from semblance_core.domain.discussion.probing import Probing
from tests.conversation.test_turn_taking import group_of


def allotted(guide: str, turn_limit: int) -> list[int]:
    group = replace(group_of([50] * 4), guide=parse_guide(guide), turn_limit=turn_limit)
    return [allotted_turns(group, each) for each in range(len(group.guide.questions))]


def test_minutes_are_a_sections_share_of_the_turns_and_named_turns_its_own() -> None:
    assert allotted("## A (10 minutes)\n- 1?\n- 2?\n## B (30 minutes)\n- 3?\n", 43) == [5, 5, 30]
    assert allotted("## A (5 turns)\n- 1?\n## B (10 minutes)\n- 2?\n- 3?\n## C\n- 4?\n", 39) == [5, 10, 10, 10]
    assert allotted("## A (60 turns)\n- 1?\n## B (20 turns)\n- 2?\n", 42) == [30, 10], (
        "cut alike where there are too many"
    )
    assert allotted("## A (3 turns)\n- 1?\n- 2?\n## B (1 hour)\n- 3?\n", 20) == [2, 2, 14], "two turns at least"


def test_a_guide_without_times_is_even_as_ever() -> None:
    assert allotted("- 1?\n- 2?\n- 3?\n- 4?\n- 5?\n- 6?\n", 40) == [6, 6, 6, 6, 5, 5]


SECTIONS = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["", " (5 minutes)", " (40 minutes)", " (7 turns)"])),
    min_size=1,
    max_size=6,
)


@given(SECTIONS, st.integers(0, 400))
def test_shares_come_to_the_turns_there_are(sections: list[tuple[int, str]], free: int) -> None:
    guide = parse_guide(
        "\n".join(f"## S{at}{time}\n" + "- Why?\n" * count for at, (count, time) in enumerate(sections))
    )
    shares = section_shares(guide, free)
    fixed = sum(section.turns for section in guide.sections)
    is_all_fixed = all(section.turns for section in guide.sections)
    assert abs(sum(shares) - (min(free, fixed) if is_all_fixed else free)) < 1e-6
    assert min(shares) >= 0


def test_what_follow_ups_took_is_missing_from_sections_without_turns_of_their_own() -> None:
    guide: Guide = parse_guide("## A (4 turns)\n- 1?\n## B (20 minutes)\n- 2?\n## C (6 turns)\n- 3?\n")
    group = replace(group_of([50] * 4), guide=guide, turn_limit=33, probing=Probing.NONE)
    assert [allotted_turns(group, each) for each in range(3)] == [4, 20, 6]
    assert turns_now(group, 0, 1) == 4
    assert turns_now(group, 1, 6) == 20
    assert turns_now(group, 2, 27) == 6
    assert turns_now(group, 2, 20) == 6, "and gets no more than that"
    assert turns_now(group, 1, 12) < 20
