"""A feed whose browser leaves, and a room that nobody is in any more: neither leaves an error behind."""

import asyncio
import gc
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from api.feed.live import _serve
from api.feed.rooms import Rooms, Viewer, _Room
from tests.studies import on_a_loop
from ui.app.feed_tokens import FeedToken


def test_a_viewer_that_leaves_while_news_is_sent_to_it_leaves_no_error_behind() -> None:
    """Both tasks of a feed find the browser gone, at the same moment or one after the other."""

    class Gone:
        """A browser that goes after its first message: nothing comes from it, and nothing reaches it, any more."""

        def __init__(self) -> None:
            self.sent = 0

        async def send_text(self, _: str) -> None:
            self.sent += 1
            if self.sent > 1:
                raise WebSocketDisconnect

        async def receive_text(self) -> str:
            raise WebSocketDisconnect

    class NoPages(Rooms):
        async def in_thread(self, *_: Any, **__: Any) -> Any:
            return "{}"

    async def watched() -> list[str]:
        said: list[str] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(str(context["message"])))
        viewer = Viewer(FeedToken("nobody", "nothing"))
        viewer.tell("{}")
        with pytest.raises(WebSocketDisconnect):
            await _serve(Gone(), viewer, NoPages(), {})  # type: ignore[arg-type]
        await asyncio.sleep(0)
        gc.collect()
        return said

    assert on_a_loop(watched()) == []


def test_a_room_that_the_last_viewer_has_just_left_looks_at_nothing() -> None:
    async def left() -> None:
        room = _Room("a session", Rooms())
        await room._look()  # raised StopIteration
        room._work.cancel()
        room._showing.cancel()

    on_a_loop(left())
