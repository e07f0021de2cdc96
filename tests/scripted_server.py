"""A model provider on loopback that speaks OpenAI's and Gemini's wire formats and answers as a test tells it to.

`python -m tests.scripted_server PORT LATENCY_S` serves by itself, for benchmarks. Usage is counted as a provider would: a
token is four characters, and what equals the start of an earlier prompt counts as cached.
"""

import asyncio
import json
import random
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.scripted_answers import chatter, instance
from tests.scripted_streams import gemini_stream, openai_stream


@dataclass(frozen=True)
class Asked:
    """One request as it came over the wire. feature: the name of the answer's schema, or "text".

    caller: what stood before /v1 in its address, by which tests tell processes apart. arguments: names of all that it held.
    """

    model: str
    messages: list[dict[str, str]]
    max_tokens: int
    feature: str
    schema: dict[str, Any] | None
    headers: dict[str, str]
    number: int
    caller: str = ""
    arguments: frozenset[str] = frozenset()
    seed: int | None = None

    @property
    def prompt(self) -> str:
        return "\n".join(_text_of(message["content"]) for message in self.messages)


def _text_of(content: Any) -> str:
    """What a message says, without its pictures."""
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)


@dataclass(frozen=True)
class Reply:
    """What to answer. text None is null content; usage False leaves it out; body replaces the whole answer.

    cut: the connection breaks in the middle; ends_early: a stream stops in the middle as if it were done. rest_after: a stream goes on
    after its middle once this is set. when: an answer comes after its delay and not before this is set. in_parts: the text is a list of
    parts. beside: reasoning is counted beside the completion. refusal: the model's words beside its content; error: what a choice says
    of an error (OpenAI's format).
    """

    text: str | None = "Fine by me."
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    finish_reason: str = "stop"
    usage: bool = True
    reasoning: int = 0
    choices: bool = True
    delay_s: float | None = None
    body: bytes | None = None
    cut: bool = False
    ends_early: bool = False
    drip_s: float = 0.0
    rest_after: threading.Event | None = None
    when: threading.Event | None = None
    in_parts: bool = False
    beside: bool = False
    refusal: str = ""
    error: dict[str, Any] | None = None


Script = Callable[[Asked], Reply]


def sensible(asked: Asked) -> Reply:
    """A fitting answer to anything that Semblance asks: varied talk of 60 words, or JSON that meets the schema."""
    if asked.schema is None:
        return Reply(chatter(asked.number))
    return Reply(json.dumps(instance(asked.schema, random.Random(asked.number))))


class ScriptedServer:
    """`with ScriptedServer() as server:` serves on a free port; `server.asked` keeps every request.

    in_flight: requests that are being answered; most_at_once: the most of them; stages: how often there came one while none was in flight;
    streamed: parts of streamed answers that were sent.
    """

    def __init__(self, script: Script = sensible, latency_s: float = 0.0, port: int = 0):
        self.script = script
        self.latency_s = latency_s
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self.stages = 0
        self.streamed = 0
        self.in_flight = 0
        self._prefixes: set[int] = set()
        routes = [
            Route("/v1/chat/completions", self._openai, methods=["POST"]),
            Route("/{caller}/v1/chat/completions", self._openai, methods=["POST"]),
            Route("/v1beta/models/{call}", self._gemini, methods=["POST"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), host="127.0.0.1", port=port, log_level="critical", lifespan="off"
        )
        self._server = uvicorn.Server(config)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def __enter__(self) -> "ScriptedServer":
        threading.Thread(target=self._server.run, daemon=True).start()
        deadline = time.monotonic() + 60
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._server.force_exit = True

    def forget(self) -> None:
        """Starts afresh: nothing asked, nothing cached."""
        self.asked.clear()
        self._prefixes.clear()
        self.most_at_once = self.stages = self.streamed = 0

    def run(self) -> None:
        self._server.run()

    async def _openai(self, request: Request) -> Response:
        body = await request.json()
        schema = ((body.get("response_format") or {}).get("json_schema")) or {}
        asked = self._keep(
            model=body["model"],
            messages=body["messages"],
            max_tokens=body.get("max_tokens") or body.get("max_completion_tokens") or 0,
            feature=schema.get("name", "text"),
            schema=schema.get("schema"),
            headers=dict(request.headers),
            caller=request.path_params.get("caller", ""),
            arguments=frozenset(body),
            seed=body.get("seed"),
        )
        reply = await self._wait(asked)
        prompt, cached, completion = self._count(asked, reply)
        message: dict[str, Any] = {"role": "assistant", "content": reply.text}
        if reply.in_parts:
            message["content"] = [{"type": "text", "text": reply.text}]
        message |= {"refusal": reply.refusal} if reply.refusal else {}
        choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
        choice |= {"error": reply.error} if reply.error else {}
        answer: dict[str, Any] = {
            "id": f"chatcmpl-{asked.number}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": asked.model,
            "choices": [choice] if reply.choices else [],
        }
        if reply.usage:
            answer["usage"] = {
                "prompt_tokens": prompt,
                "completion_tokens": completion - reply.reasoning if reply.beside else completion,
                "total_tokens": prompt + completion,
                "prompt_tokens_details": {"cached_tokens": cached},
                "completion_tokens_details": {"reasoning_tokens": reply.reasoning},
            }
        if body.get("stream"):
            wants_usage = (body.get("stream_options") or {}).get("include_usage")
            return self._respond(reply, answer, [*openai_stream(answer, bool(wants_usage)), b"data: [DONE]\n\n"])
        return self._respond(reply, answer)

    async def _gemini(self, request: Request) -> Response:
        body = await request.json()
        system = [part["text"] for part in (body.get("system_instruction") or {}).get("parts", [])]
        turns = [(turn.get("role", "user"), part["text"]) for turn in body["contents"] for part in turn["parts"]]
        settings = body.get("generationConfig") or {}
        schema = (
            settings.get("response_schema")
            or settings.get("response_json_schema")
            or settings.get("responseJsonSchema")
        )
        asked = self._keep(
            model=request.path_params["call"].partition(":")[0],
            messages=[{"role": "system", "content": text} for text in system]
            + [{"role": role, "content": text} for role, text in turns],
            max_tokens=settings.get("max_output_tokens") or settings.get("maxOutputTokens") or 0,
            feature="json" if schema else "text",
            schema=schema,
            headers=dict(request.headers),
        )
        reply = await self._wait(asked)
        prompt, cached, completion = self._count(asked, reply)
        reason = {"stop": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"}[reply.finish_reason]
        parts = [] if reply.text is None else [{"text": reply.text}]
        candidate = {"content": {"role": "model", "parts": parts}, "finishReason": reason, "index": 0}
        answer: dict[str, Any] = {"candidates": [candidate] if reply.choices else [], "modelVersion": asked.model}
        if reply.usage:
            answer["usageMetadata"] = {
                "promptTokenCount": prompt,
                "cachedContentTokenCount": cached,
                "candidatesTokenCount": completion - reply.reasoning,
                "thoughtsTokenCount": reply.reasoning,
                "totalTokenCount": prompt + completion,
            }
        if "streamGenerateContent" in request.path_params["call"]:
            return self._respond(reply, answer, gemini_stream(answer))
        return self._respond(reply, answer)

    def _keep(self, **fields: Any) -> Asked:
        asked = Asked(**fields, number=len(self.asked))
        self.asked.append(asked)
        return asked

    async def _wait(self, asked: Asked) -> Reply:
        self.stages += self.in_flight == 0
        self.in_flight += 1
        self.most_at_once = max(self.most_at_once, self.in_flight)
        try:
            reply = self.script(asked)
            await asyncio.sleep(self.latency_s if reply.delay_s is None else reply.delay_s)
            while reply.when and not reply.when.is_set():
                await asyncio.sleep(0.05)
        finally:
            self.in_flight -= 1
        return reply

    def _count(self, asked: Asked, reply: Reply) -> tuple[int, int, int]:
        """Prompt, cached and completion tokens; cached in steps of 32 tokens, as providers do."""
        text, step = asked.prompt, 128
        known, so_far, is_known = 0, 0, True
        for end in range(step, len(text) + 1, step):
            so_far = hash((so_far, text[end - step : end]))  # of the whole beginning, at the cost of its last part
            is_known = is_known and so_far in self._prefixes
            known = end if is_known else known
            self._prefixes.add(so_far)
        return -(-len(text) // 4), known // 4, -(-len(reply.text or reply.refusal) // 4) + reply.reasoning

    def _respond(self, reply: Reply, answer: dict[str, Any], stream: list[bytes] | None = None) -> Response:
        if reply.status != 200:
            error = {"message": reply.text or "scripted failure", "type": "scripted", "code": reply.status}
            return JSONResponse({"error": error}, status_code=reply.status, headers=reply.headers)
        if stream is not None and reply.body is None:
            return StreamingResponse(self._streamed(stream, reply), media_type="text/event-stream")
        body = json.dumps(answer).encode() if reply.body is None else reply.body
        if reply.cut:
            headers = {"content-length": str(len(body)), "content-type": "application/json"}
            return StreamingResponse(_chunks(body[: len(body) // 2], 0.0), headers=headers)
        if reply.drip_s:
            return StreamingResponse(_chunks(body, reply.drip_s), media_type="application/json")
        return Response(body, media_type="application/json", headers=reply.headers)

    async def _streamed(self, stream: list[bytes], reply: Reply) -> AsyncIterator[bytes]:
        """A stream's events, one at a time; cut: it breaks off in the middle."""
        for place, event in enumerate(stream):
            if reply.cut and place >= len(stream) // 2:
                raise ConnectionAbortedError("scripted")
            if reply.ends_early and place >= len(stream) // 2:
                return
            if reply.rest_after and place == len(stream) // 2:
                await asyncio.to_thread(reply.rest_after.wait, 60)
            yield event
            self.streamed += 1
            await asyncio.sleep(reply.drip_s)


async def _chunks(body: bytes, pause_s: float) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 16):
        yield body[start : start + 16]
        if pause_s:
            await asyncio.sleep(pause_s)


if __name__ == "__main__":
    ScriptedServer(latency_s=float(sys.argv[2]), port=int(sys.argv[1])).run()
