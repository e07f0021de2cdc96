"""Turns that nobody waits for give way while somebody waits and the processor is short, and only then."""

from semblance_core.engine.pace import KEEP_S, LEAST, Pace


def after(pace: Pace, seconds: float, late_s: float, *, somebody_waits: bool, from_s: float = 0.0) -> int:
    for look in range(int(seconds * 10)):
        pace.look(from_s + look / 10, late_s, somebody_waits=somebody_waits)
    return pace.limit


def test_nobody_waits_so_nothing_is_held_back_however_late_it_is() -> None:
    assert after(Pace(128), 5, 0.5, somebody_waits=False) == 128


def test_somebody_waits_and_there_is_room_to_spare() -> None:
    assert after(Pace(128), 5, 0.001, somebody_waits=True) == 128


def test_somebody_waits_and_it_is_late_so_few_go_on_but_some_do() -> None:
    pace = Pace(128)
    assert after(pace, 1.5, 0.1, somebody_waits=True) == LEAST
    assert after(pace, KEEP_S - 1, 0.1, somebody_waits=False, from_s=1.5) == LEAST, "they are likely to ask again"
    assert after(pace, 5, 0.1, somebody_waits=False, from_s=1.5 + KEEP_S) == 128
    assert after(pace, 1.5, 0.1, somebody_waits=True, from_s=60) == LEAST
    assert after(pace, 20, 0.001, somebody_waits=True, from_s=62) == 128, "and again as many once it is in time"
    assert after(Pace(2), 2, 0.5, somebody_waits=True) == 2
