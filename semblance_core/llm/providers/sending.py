"""Tells when a call's request goes out to its provider, so that a request which never did is not charged.

litellm makes its requests through httpx on any transport. Each is handed out in pieces here, and the listener is called before the last
piece: a provider that lacks it has nothing to answer. A large body is freed once it was sent, not when the answer is there.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextvars import ContextVar
from typing import Any

import httpx

PIECE_BYTES = 2**16
SENT_AGAIN_BYTES = 2**18
"""A request up to this size is kept, so that it can follow a redirection."""
WATCHED = frozenset(
    {
        *("anthropic", "azure", "deepseek", "gemini", "groq", "hosted_vllm", "lm_studio"),
        *("mistral", "ollama", "openai", "openrouter", "together_ai", "xai"),
    }
)
"""Providers, by litellm's names, whose only request goes through httpx; of others it counts as sent when the call begins."""

telling: ContextVar[Callable[[], None] | None] = ContextVar("telling", default=None)
"""Function to call when a call's request goes out, in the call's own context."""


class _InPieces(httpx.AsyncByteStream, httpx.SyncByteStream):
    def __init__(self, body: bytes, tell: Callable[[], None]):
        self._body: bytes | None = body
        self._tell = tell

    def __iter__(self) -> Iterator[bytes]:
        if (body := self._body) is None:
            raise httpx.StreamConsumed
        if len(body) > SENT_AGAIN_BYTES:
            self._body = None
        for start in range(0, len(body), PIECE_BYTES):
            if start + PIECE_BYTES >= len(body):
                self._tell()
            yield body[start : start + PIECE_BYTES]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def watch() -> None:
    """From now on all of this process's requests by httpx are watched."""
    async_send, send = httpx.AsyncClient.send, httpx.Client.send

    async def watched_async(client: httpx.AsyncClient, request: httpx.Request, **given: Any) -> httpx.Response:
        _cut_up(request)
        return await async_send(client, request, **given)

    def watched(client: httpx.Client, request: httpx.Request, **given: Any) -> httpx.Response:
        _cut_up(request)
        return send(client, request, **given)

    httpx.AsyncClient.send, httpx.Client.send = watched_async, watched  # type: ignore[method-assign,assignment]


def _cut_up(request: httpx.Request) -> None:
    if (tell := telling.get()) is None:
        return
    try:
        body = request.content
    except httpx.RequestNotRead:  # in pieces already, or asked for again
        tell()
        return
    if not body:
        tell()
        return
    request.stream = _InPieces(body, tell)
    vars(request).pop("_content", None)  # or the whole body would stay until the answer is there
