"""The simulator as a model: it answers from a request's structured context, in this very process, and costs nothing."""

import asyncio
from dataclasses import dataclass

from semblance_core.domain.usage import TokenCounts
from semblance_core.llm.answers import checked
from semblance_core.llm.reported import Reported
from semblance_core.llm.request import Answer, CompletionRequest
from semblance_core.llm.response import Response

INSTANT = "instant"
"""The simulator that does not take its time, for what nobody watches being made."""


@dataclass(frozen=True)
class SimulatedModel:
    """delay_s: how long it takes for 40 words, so that a demo can be watched."""

    delay_s: float = 0.0

    async def acomplete(self, model: str, request: CompletionRequest, attempt: int = 0) -> Answer:
        """The answer to the request, with its tokens counted by words; cancelling it ends it."""
        from semblance_core.llm.simulator import answer  # its lexicon is read for those who ask it only

        began_s = asyncio.get_running_loop().time()
        seed = (request.seed + attempt) % 2**31
        text = answer(request.feature, request.context, request.max_tokens, seed)
        written = len(text.split())
        delay_s = 0.0 if model.endswith(f"/{INSTANT}") else self.delay_s
        await asyncio.sleep(delay_s * (0.4 + 0.6 * min(written, 100) / 40))
        tokens = count_tokens(model, request, text)
        said = Reported(prompt=tokens.prompt, completion=tokens.completion)
        took_s = asyncio.get_running_loop().time() - began_s
        return checked(Response(text, "stop", {}), said, request, model, took_s, count_tokens, ())


def count_tokens(_: str, request: CompletionRequest, text: str) -> TokenCounts:
    """About four tokens to three words of English, in the prompt and in the answer."""
    read = sum(len(message.content.split()) for message in request.messages)
    return TokenCounts(prompt=_tokens(read), completion=_tokens(len(text.split())))


def _tokens(words: int) -> int:
    return max(1, round(words * 4 / 3))
