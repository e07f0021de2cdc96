"""Responses of servers that speak OpenAI's API with an accent, in the shape that its clients read. Pure.

A client that cannot read a response loses all of it, what it cost included.
"""

import re
from collections.abc import Mapping
from typing import Any

_TEXT = ("text", "output_text")
_THOUGHT = ("thinking", "reasoning", "reasoning_text")
_ENDS = re.compile(r"[.!?…。！？]['\"”’»)]?$")
_BEGINS = re.compile(r"[^\W\d_a-z]|[\"“‘«„¿¡(]")


def plain(document: dict[str, Any]) -> bool:
    """Makes the response, or an event of a stream, as clients read it, in place; whether anything had to be changed.

    >>> document = {"choices": [{"message": {"content": [{"type": "text", "text": "Too dear."}]}}]}
    >>> plain(document), document["choices"][0]["message"]["content"]
    (True, 'Too dear.')
    """
    choices = document.get("choices")
    if not isinstance(choices, list):
        return False
    changed = False
    for choice in choices:
        if not isinstance(choice, dict):
            continue
        for name in ("message", "delta"):
            if isinstance(said := choice.get(name), dict):
                changed |= _plain_message(said)
    return _plain_usage(document) or changed


def as_events(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A whole response as the events of a stream, for a server that does not stream; none where it is no such response."""
    choices = document.get("choices")
    if not isinstance(choices, list) or not all(isinstance(each, Mapping) and "message" in each for each in choices):
        return []
    base = {name: value for name, value in document.items() if name not in ("choices", "usage", "object")}
    base["object"] = "chat.completion.chunk"
    events = []
    for choice in choices:
        index = choice.get("index", 0)
        events.append({**base, "choices": [{"index": index, "delta": choice["message"], "finish_reason": None}]})
        reason = choice.get("finish_reason") or "stop"
        events.append({**base, "choices": [{"index": index, "delta": {}, "finish_reason": reason}]})
    return [*events, {**base, "choices": [], "usage": document.get("usage")}]


def joined(parts: list[Any]) -> tuple[str, str, str]:
    """The text of an answer in parts, what it shows of its thinking, and its refusal.

    >>> joined([{"type": "text", "text": "Too dear."}, {"type": "text", "text": "I pass."}])[0]
    'Too dear. I pass.'
    >>> joined([{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}, "No."])
    ('No.', 'Hm.', '')
    """
    text, thought, refusal = "", "", ""
    for part in parts:
        if isinstance(part, str):
            text = _beside(text, part)
            continue
        if not isinstance(part, Mapping):
            continue
        kind = str(part.get("type") or "text")
        said = part.get("text") if kind not in _THOUGHT else part.get("thinking", part.get("text"))
        if isinstance(said, Mapping):
            said = said.get("value")
        if isinstance(said, list):
            said = joined(said)[0]
        if kind == "refusal":
            refusal += str(part.get("refusal") or said or "")
        elif isinstance(said, str) and kind in _THOUGHT:
            thought = _beside(thought, said)
        elif isinstance(said, str) and kind in _TEXT:
            text = _beside(text, said)
    return text, thought, refusal


def _plain_message(message: dict[str, Any]) -> bool:
    content = message.get("content")
    if content is None or isinstance(content, str):
        return False
    if isinstance(content, Mapping):
        content = [content]
    if isinstance(content, list):
        text, thought, refusal = joined(content)
        message["content"] = text or None
        if thought and not message.get("reasoning_content"):
            message["reasoning_content"] = thought
        if refusal and not message.get("refusal"):
            message["refusal"] = refusal
    else:
        message["content"] = str(content)
    return True


def _plain_usage(document: dict[str, Any]) -> bool:
    """Counts that are no whole numbers are left out for the client; they were read before."""
    if "usage" not in document or document["usage"] is None:
        return False
    usage = document["usage"]
    names = ("prompt_tokens", "completion_tokens", "total_tokens")
    if isinstance(usage, Mapping) and all(type(usage.get(name, 0)) is int for name in names):
        return False
    del document["usage"]
    return True


def _beside(text: str, more: str) -> str:
    """Pieces of one text go together as they are; a whole sentence and the next one get a space."""
    if _ENDS.search(text) and _BEGINS.match(more):
        return f"{text} {more}"
    return text + more
