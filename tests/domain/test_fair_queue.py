"""Who comes next: what a person waits for first, then who has the least under way, then piece of work by piece of work."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from semblance_core.domain.fair_queue import FairQueue, Place

PANEL, OTHERS_PANEL = Place("ann", "panel", waited_for=False), Place("ben", "panel", waited_for=False)
ROUND, OTHERS_ROUND = Place("ann", "round"), Place("ben", "round")


def filled(size: int, *put: tuple[Place, int], beside: int = 99) -> FairQueue[int]:
    queue: FairQueue[int] = FairQueue(size)
    queue.beside = beside
    for place, count in put:
        for number in range(count):
            queue.put(place, number)
    return queue


def taken(queue: FairQueue[int]) -> list[Place]:
    """Whatever may begin now."""
    found = []
    while next_one := queue.take():
        found.append(next_one[0])
    return found


def test_alone_one_piece_of_work_has_every_place_and_keeps_its_order() -> None:
    for place in (PANEL, ROUND):
        queue = filled(6, (place, 9))
        assert taken(queue) == [place] * 6
        queue.done(place)
        assert queue.take() == (place, 6)
        assert queue.take() is None


def test_who_has_nothing_under_way_has_the_next_places_of_who_holds_them_all() -> None:
    queue = filled(6, (PANEL, 20))
    taken(queue)
    for number in range(5):
        queue.put(OTHERS_PANEL, number)
    after = []
    for _ in range(6):
        queue.done(PANEL)
        after += taken(queue)
    assert after[:3] == [OTHERS_PANEL] * 3
    assert Counter(after) == {OTHERS_PANEL: 3, PANEL: 3}, "and then both have as much"


def test_one_owners_pieces_of_work_share_what_the_owner_has() -> None:
    second = Place("ann", "another panel", waited_for=False)
    queue = filled(4, (PANEL, 9), (second, 9))
    assert Counter(taken(queue)) == {PANEL: 2, second: 2}


def test_many_pieces_of_work_bring_an_owner_no_more() -> None:
    many = [(Place("ann", f"panel {number}", waited_for=False), 5) for number in range(10)]
    queue = filled(6, *many, (OTHERS_PANEL, 9))
    assert Counter(place.owner for place in taken(queue)) == {"ann": 3, "ben": 3}


def test_what_a_person_waits_for_need_not_wait_for_what_nobody_waits_for() -> None:
    queue = filled(6, (PANEL, 20))
    taken(queue)
    queue.put(OTHERS_ROUND, 0)
    queue.put(OTHERS_ROUND, 1)
    queue.put(OTHERS_ROUND, 2)
    assert taken(queue) == [OTHERS_ROUND] * 2, "a third more at once"
    queue.done(PANEL)
    assert taken(queue) == [OTHERS_ROUND], "and then before everything else"
    queue.done(PANEL)
    queue.done(PANEL)
    assert taken(queue) == [], "six are under way"
    queue.done(PANEL)
    assert taken(queue) == [PANEL]


def test_beside_what_is_waited_for_the_rest_has_a_third_and_is_never_kept_out() -> None:
    queue = filled(6, (PANEL, 20), (ROUND, 20))
    assert Counter(taken(queue)) == {ROUND: 6, PANEL: 2}
    queue.done(PANEL)
    assert taken(queue) == [PANEL]
    few = filled(6, (PANEL, 20), beside=1)
    assert taken(few) == [PANEL]
    assert not few.somebody_waits
    few.beside = 3
    assert taken(few) == [PANEL] * 2
    one = filled(1, (PANEL, 2), (ROUND, 2))
    assert taken(one) == [ROUND, PANEL]


def test_what_is_taken_out_waits_no_more() -> None:
    queue = filled(1, (PANEL, 2), (OTHERS_PANEL, 1))
    assert queue.remove(PANEL, 1)
    assert not queue.remove(PANEL, 1)
    assert not queue.remove(ROUND, 0)
    assert queue.remove(OTHERS_PANEL, 0)
    assert queue.take() == (PANEL, 0)
    queue.put(PANEL, 7)
    queue.put(ROUND, 8)
    assert sorted(queue.clear()) == [7, 8]
    queue.done(PANEL)
    assert queue.take() is None


PLACES = st.builds(Place, st.sampled_from("abc"), st.sampled_from("xyz"), st.booleans())


@given(st.integers(1, 9), st.integers(0, 12), st.lists(PLACES | st.none(), max_size=80))
def test_nothing_is_lost_or_kept_out_and_no_more_is_under_way_than_promised(
    size: int, beside: int, steps: list[Place | None]
) -> None:
    """A step is something put in, or, None, something done."""
    queue: FairQueue[int] = FairQueue(size)
    queue.beside = beside
    under_way: list[Place] = []
    put, got = Counter[Place](), Counter[Place]()

    def take() -> None:
        while next_one := queue.take():
            under_way.append(next_one[0])
            got[next_one[0]] += 1
        assert len(under_way) <= size + queue.more
        assert sum(place.waited_for for place in under_way) <= size

    for number, step in enumerate(steps):
        if step:
            queue.put(step, number)
            put[step] += 1
        elif under_way:
            queue.done(under_way.pop(number % len(under_way)))
        take()
        for waited_for in (True, False):
            waits = any(count and place.waited_for is waited_for for place, count in (put - got).items())
            assert not waits or under_way, "something is under way wherever anything waits"
    while under_way:
        queue.done(under_way.pop())
        take()
    assert put == got
