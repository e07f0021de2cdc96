"""Messages with pictures in the form that litellm turns into each provider's own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from semblance_core.llm.request import CompletionRequest, Picture, PromptMessage, SentPicture

Shown = Any
"""A picture in one of the forms that a message may hold; other forms are left to the reader."""


def content_of(message: PromptMessage) -> str | list[dict[str, Any]]:
    """Plain text, or parts where there are pictures. Raises `LookupError` for a picture that is not here."""
    if not message.pictures:
        return message.content
    parts: list[dict[str, Any]] = [{"type": "text", "text": message.content}]
    for picture in message.pictures:
        if isinstance(picture, SentPicture):
            raise LookupError(f"The picture {picture.digest} was not sent.")
        parts.append({"type": "image_url", "image_url": {"url": picture.address, "detail": "low"}})
    return parts


def pictures_of(request: CompletionRequest) -> tuple[Picture, ...]:
    """All whole pictures of a request."""
    return tuple(each for message in request.messages for each in message.pictures if isinstance(each, Picture))


def with_pictures(request: CompletionRequest, exchange: Callable[[Shown], Shown]) -> CompletionRequest:
    """The request with each of its pictures exchanged."""
    if not any(message.pictures for message in request.messages):
        return request
    messages = (replace(each, pictures=tuple(map(exchange, each.pictures))) for each in request.messages)
    return replace(request, messages=tuple(messages))
