"""Bounds on a request's body: JSON, or a file where one is handed in, and not too much of either."""

import re
from email.message import Message as Header

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1_000_000
"""The longest guide and topic take about 60,000 characters, which a cautious client writes as six bytes each."""
MOST_FILE_BYTES = 26_500_000
"""Bytes of a stimulus, with some to spare, so that a larger one is refused in the words of the operation."""
_TAKES_FILE = re.compile(r"/focus-groups/[^/]+/stimuli$")


class BodyLimit:
    """Refuses a body once more than so many bytes of it came. Starlette's own would answer in another form than ours."""

    def __init__(self, app: ASGIApp, most_bytes: int):
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0
        most_bytes = MOST_FILE_BYTES if _TAKES_FILE.search(str(scope.get("path", ""))) else self._most_bytes

        async def receive_bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most_bytes:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_bounded, send)


async def json_only(request: Request) -> None:
    """Refuses, with 415, a body of another kind where JSON is expected."""
    if request.scope["route"].body_field is None or not await request.body():
        return
    header = Header()
    header["content-type"] = request.headers.get("content-type", "")
    if header.get_content_type() != "application/json":
        raise HTTPException(415)
