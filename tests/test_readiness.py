"""Whether all parts are ready: each is asked, and none keeps the others from being heard."""

import threading

from semblance_core.readiness import READY, Readiness


def test_each_part_says_how_it_is_and_one_that_hangs_keeps_nobody_waiting() -> None:
    goes_on, asked = threading.Event(), []

    def hangs() -> str:
        asked.append("hangs")
        goes_on.wait(30)
        return READY

    def breaks() -> str:
        raise ConnectionError("amqp://semblance:secret@host")

    parts = Readiness({"one": lambda: READY, "two": hangs, "three": breaks, "four": lambda: "is away"}, within_s=0.1)
    for _ in range(3):
        found = parts.look()
        assert found == {
            "one": READY,
            "two": "does not answer within 0.1 s",
            "three": "cannot be asked (ConnectionError)",
            "four": "is away",
        }
    assert asked == ["hangs"], "it is not asked again while it still thinks about the first time"
    goes_on.set()
    parts = Readiness({"two": hangs}, within_s=10)
    assert parts.look() == {"two": READY}
