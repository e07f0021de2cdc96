"""Messages with pictures in the form that litellm turns into each provider's own."""

import base64
from typing import Any

from semblance_core.llm.request import PromptMessage


def content_of(message: PromptMessage) -> str | list[dict[str, Any]]:
    """Plain text, or parts where there are pictures."""
    if not message.pictures:
        return message.content
    parts: list[dict[str, Any]] = [{"type": "text", "text": message.content}]
    for picture in message.pictures:
        address = f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"
        parts.append({"type": "image_url", "image_url": {"url": address, "detail": "low"}})
    return parts
