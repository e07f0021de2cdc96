"""Listens to the response of a call as its provider sent it.

litellm returns its own reading of a response: it loses counts, tiers and costs that it does not know, and all of a response that it
cannot read. It makes its requests through httpx on any transport; here each response is looked at on its way.
"""

import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from semblance_core.llm.providers.plain_shape import as_events, plain
from semblance_core.llm.providers.reported import Reported, read

if TYPE_CHECKING:
    import httpx

MOST_REFUSAL_BYTES = 16_384
_SPEECH = ("choices", "candidates", "content", "delta", "message", "output")
"""Keys under which providers put their models' words; an error has none of them."""
_watching = threading.Lock()


@dataclass
class Heard:
    """Record of one call's response. wants_events: its answer was asked for as a stream.

    status: of its last response, 0 while there is none. refusal: the body of a response that is an error. spoke: some of an answer
    came; is_whole: all of it did.
    """

    wants_events: bool = False
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    reported: Reported = field(default_factory=Reported)
    refusal: str = ""
    spoke: bool = False
    is_whole: bool = False

    @property
    def answered(self) -> bool:
        """Returns whether a whole answer came, readable or not, and no error in its place."""
        return self.is_whole and (self.spoke or self.reported.counts)

    def take(self, document: Any) -> bool:
        """Reads a response or an event of one, and makes it readable for clients; whether it had to be changed."""
        if not isinstance(document, dict):
            return False
        self.reported = self.reported.with_more(read(document))
        self.spoke = self.spoke or any(document.get(name) and not isinstance(document[name], str) for name in _SPEECH)
        return plain(document)


hearing: ContextVar[Heard | None] = ContextVar("hearing", default=None)
"""The listener of a call, in its own context."""


def listen() -> None:
    """From now on all of this process's responses by httpx are heard, where somebody hears; doing it again changes nothing."""
    import httpx  # which brings a terminal's colours and more: for those whose answers come over the wire

    with _watching:
        if getattr(httpx.AsyncClient.send, "is_heard", False):
            return
        async_send, send = httpx.AsyncClient.send, httpx.Client.send

        async def heard_async(client: httpx.AsyncClient, request: httpx.Request, **given: Any) -> httpx.Response:
            response = await async_send(client, request, **given)
            if heard := hearing.get():
                _hear(heard, response)
            return response

        def heard_sync(client: httpx.Client, request: httpx.Request, **given: Any) -> httpx.Response:
            response = send(client, request, **given)
            if heard := hearing.get():
                _hear(heard, response)
            return response

        heard_async.is_heard = True  # type: ignore[attr-defined]
        httpx.AsyncClient.send, httpx.Client.send = heard_async, heard_sync  # type: ignore[method-assign,assignment]


def _hear(heard: Heard, response: "httpx.Response") -> None:
    heard.status, heard.headers = response.status_code, dict(response.headers)
    if hasattr(response, "_content"):
        body = response.content
        if response.status_code >= 400:
            heard.refusal = body[:MOST_REFUSAL_BYTES].decode(errors="replace")
            return
        heard.is_whole = True
        if (changed := _whole(heard, body)) is not None:
            response._content = changed
        return
    lines = _Lines(heard, response)
    given, given_async = response.iter_bytes, response.aiter_bytes

    def pieces(chunk_size: int | None = None) -> Iterator[bytes]:
        for piece in given(chunk_size):
            yield lines.take(piece)
        yield lines.rest()

    async def pieces_async(chunk_size: int | None = None) -> AsyncIterator[bytes]:
        async for piece in given_async(chunk_size):
            yield lines.take(piece)
        yield lines.rest()

    response.iter_bytes, response.aiter_bytes = pieces, pieces_async  # type: ignore[method-assign]


def _whole(heard: Heard, body: bytes) -> bytes | None:
    """Reads a whole response; replaces its body where it had to be changed."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return json.dumps(document).encode() if heard.take(document) else None


class _Lines:
    """A stream on its way: events are handed on line by line, what is one whole document once all of it is there."""

    def __init__(self, heard: Heard, response: "httpx.Response"):
        kind = response.headers.get("content-type", "")
        self._heard = heard
        self._is_refusal = response.status_code >= 400
        self._is_whole = not self._is_refusal and "json" in kind and "ndjson" not in kind and "jsonl" not in kind
        self._is_binary = "eventstream" in kind
        self._kept = b""

    def take(self, piece: bytes) -> bytes:
        if self._is_binary:
            return piece
        if self._is_refusal:
            self._heard.refusal = (self._heard.refusal + piece.decode(errors="replace"))[:MOST_REFUSAL_BYTES]
            return piece
        self._kept += piece
        if self._is_whole:
            return b""
        *whole, self._kept = self._kept.split(b"\n")
        return b"".join(self._line(line) + b"\n" for line in whole)

    def rest(self) -> bytes:
        kept, self._kept = self._kept, b""
        self._heard.is_whole = not self._is_refusal
        if not self._is_whole:
            return self._line(kept) if kept else b""
        changed = _whole(self._heard, kept)
        kept = kept if changed is None else changed
        if self._heard.wants_events and (events := _events(kept)):
            return b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events) + b"data: [DONE]\n\n"
        return kept

    def _line(self, line: bytes) -> bytes:
        start = line.find(b"{")
        if start < 0 or line[:start].strip() not in (b"data:", b""):
            return line
        try:
            event = json.loads(line[start:])
        except (ValueError, RecursionError):
            return line
        return line[:start] + json.dumps(event).encode() if self._heard.take(event) else line


def _events(body: bytes) -> list[dict[str, Any]]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return []
    return as_events(document) if isinstance(document, dict) else []
