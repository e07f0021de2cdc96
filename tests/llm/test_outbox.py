"""What the process of model calls is sent: small things first, each picture once, and nothing that was taken back."""

import pickle
from collections.abc import Iterator

import httpx
import pytest

from semblance_core.llm.providers.sending import PIECE_BYTES, SENT_AGAIN_BYTES, _InPieces
from semblance_core.llm.request import Picture
from semblance_core.llm.subprocess.outbox import Outbox

ONE, OTHER, THIRD = (Picture(name * 100, "image/png") for name in (b"1", b"2", b"3"))


def taken(outbox: Outbox, count: int) -> Iterator[str]:
    """What is sent next, in words."""
    names = {picture.digest: name for picture, name in ((ONE, "one"), (OTHER, "other"), (THIRD, "third"))}
    for _ in range(count):
        message = outbox.take()
        assert message is not None
        if message.startswith(b"\x80"):
            _, what, arguments = pickle.loads(message)
            yield f"{what.partition('_')[0]} {names[arguments[0]]}"
        else:
            yield message.decode()


def test_each_picture_is_sent_once_and_before_what_shows_it() -> None:
    outbox = Outbox()
    outbox.put(1, b"first", (ONE, OTHER))
    outbox.put(2, b"second", (ONE,))
    assert list(taken(outbox, 4)) == ["keep one", "keep other", "first", "second"]
    outbox.put(3, b"third", (OTHER, ONE))
    assert list(taken(outbox, 1)) == ["third"]


def test_what_is_small_waits_for_no_picture_of_others() -> None:
    outbox = Outbox()
    outbox.put(1, b"with pictures", (ONE, OTHER))
    assert list(taken(outbox, 1)) == ["keep one"]
    outbox.put(2, b"small")
    outbox.put(3, b"shows what is there", (ONE,))
    assert list(taken(outbox, 4)) == ["small", "shows what is there", "keep other", "with pictures"]


def test_what_was_taken_back_is_not_sent_and_what_was_sent_cannot_be() -> None:
    outbox = Outbox()
    outbox.put(1, b"first", (ONE,))
    outbox.put(2, b"second")
    assert outbox.withdraw(1)
    assert list(taken(outbox, 2)) == ["second", "keep one"]
    assert not outbox.withdraw(2)
    assert not outbox.withdraw(1)


def test_the_longest_unused_picture_is_dropped_after_all_that_names_it_and_sent_again_when_it_is_wanted() -> None:
    outbox = Outbox(most_picture_bytes=200)
    outbox.put(1, b"first", (ONE,))
    outbox.put(2, b"second", (OTHER,))
    outbox.put(3, b"third", (THIRD,))
    outbox.put(4, b"fourth", (ONE,))
    assert list(taken(outbox, 10)) == [
        *("keep one", "first", "keep other", "second", "keep third", "third", "drop one"),
        *("keep one", "fourth", "drop other"),
    ]


def test_a_closed_one_sends_nothing_more() -> None:
    outbox = Outbox()
    outbox.put(1, b"first")
    outbox.close()
    assert outbox.take() is None


@pytest.mark.parametrize("size", [1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES, SENT_AGAIN_BYTES + 1])
def test_a_request_counts_as_sent_right_before_its_last_piece(size: int) -> None:
    told: list[int] = []
    gone: list[bytes] = []
    body = bytes(size)
    stream = _InPieces(body, lambda: told.append(sum(map(len, gone))))
    gone.extend(stream) if size <= PIECE_BYTES else [gone.append(piece) for piece in stream]
    assert b"".join(gone) == body
    assert len(told) == 1
    assert size - told[0] <= PIECE_BYTES
    assert told[0] < size
    if size > SENT_AGAIN_BYTES:
        with pytest.raises(httpx.StreamConsumed):
            list(stream)
    else:
        assert b"".join(stream) == body
