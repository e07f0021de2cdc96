"""Whole answers as the events of a stream, in OpenAI's and Gemini's wire formats."""

import json
from typing import Any


def openai_stream(answer: dict[str, Any], wants_usage: bool) -> list[bytes]:
    """The answer as OpenAI streams it: usage in a last chunk without choices, and only where it was asked for."""
    base = {key: answer[key] for key in ("id", "created", "model")} | {"object": "chat.completion.chunk"}
    chunks: list[dict[str, Any]] = []
    for choice in answer["choices"]:
        for part in _parts(choice["message"]["content"]):
            chunks.append({"choices": [{"index": 0, "delta": {"content": part}, "finish_reason": None}]})
        for part in _parts(choice["message"].get("refusal")):
            chunks.append({"choices": [{"index": 0, "delta": {"refusal": part}, "finish_reason": None}]})
        last = {"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}
        chunks.append({"choices": [last | ({"error": choice["error"]} if "error" in choice else {})]})
    if wants_usage and "usage" in answer:
        chunks.append({"choices": [], "usage": answer["usage"]})
    return [b"data: " + json.dumps({**base, **chunk}).encode() + b"\n\n" for chunk in chunks]


def gemini_stream(answer: dict[str, Any]) -> list[bytes]:
    """The answer as Gemini streams it: running usage in every chunk, the reason in the last."""
    chunks: list[dict[str, Any]] = []
    for candidate in answer["candidates"]:
        texts = [part["text"] for part in candidate["content"]["parts"]]
        for part in _parts("".join(texts)):
            content = {"role": "model", "parts": [{"text": part}]}
            chunks.append({"candidates": [{"content": content, "index": 0}]})
        last = {"content": {"role": "model", "parts": []}, "finishReason": candidate["finishReason"], "index": 0}
        chunks.append({"candidates": [last]})
    rest = {key: answer[key] for key in ("usageMetadata", "modelVersion") if key in answer}
    return [b"data: " + json.dumps({**chunk, **rest}).encode() + b"\r\n\r\n" for chunk in chunks or [{}]]


def _parts(text: str | None, size: int = 12) -> list[str]:
    return [(text or "")[start : start + size] for start in range(0, len(text or ""), size)]
