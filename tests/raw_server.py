"""A server on loopback that answers any request with the very bytes that a test gives it, whatever API it is to be taken for."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass(frozen=True)
class Sent:
    """One request as it came. at: seconds by a clock that only goes forward."""

    path: str
    body: dict[str, Any]
    number: int
    at: float


@dataclass(frozen=True)
class Raw:
    """What to answer. body: JSON unless it is bytes; events: a stream of JSON events instead, each behind `data:`."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Any, ...] = ()


Script = Callable[[Sent], Raw]


class RawServer:
    """`with RawServer() as server:` serves on a free port; `server.sent` keeps every request."""

    def __init__(self) -> None:
        self.script: Script = lambda sent: Raw({})
        self.sent: list[Sent] = []
        app = Starlette(routes=[Route("/{path:path}", self._answer, methods=["POST", "GET"])])
        self._server = uvicorn.Server(
            uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def __enter__(self) -> "RawServer":
        threading.Thread(target=self._server.run, daemon=True).start()
        deadline = time.monotonic() + 60
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = self._server.force_exit = True

    async def _answer(self, request: Request) -> Response:
        body = await request.body()
        sent = Sent(request.url.path, json.loads(body) if body else {}, len(self.sent), time.monotonic())
        self.sent.append(sent)
        raw = self.script(sent)
        if raw.events:
            lines = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in raw.events)
            done = b"data: [DONE]\n\n" if sent.path.endswith("/chat/completions") else b""
            return Response(lines + done, media_type="text/event-stream")
        body = raw.body if isinstance(raw.body, bytes) else json.dumps(raw.body).encode()
        return Response(body, raw.status, dict(raw.headers), media_type="application/json")


def chat(content: Any, usage: Any = None, **more: Any) -> dict[str, Any]:
    """A whole response of OpenAI's API."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    base = {"id": "1", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini", "choices": [choice]}
    return {**base, **({} if usage is None else {"usage": usage}), **more}


def chat_events(content: str, usage: Any = None, **more: Any) -> tuple[dict[str, Any], ...]:
    """The same as a stream, with usage in a last event."""
    base = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4o-mini", **more}
    said = [{"index": 0, "delta": {"role": "assistant", "content": content}, "finish_reason": None}]
    end = [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    last = () if usage is None else ({**base, "choices": [], "usage": usage},)
    return ({**base, "choices": said}, {**base, "choices": end}, *last)
