"""The simulator as a model: it answers the typed request behind a prompt, in this very process, and costs nothing."""

import asyncio
from dataclasses import dataclass

from semblance_core.domain.usage.events import TokenCounts
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.providers.answers import checked
from semblance_core.llm.providers.reported import Reported
from semblance_core.llm.providers.response import ProviderResponse
from semblance_core.llm.request import Completion, CompletionRequest
from semblance_core.llm.writing import Show

INSTANT = "instant"
"""The simulator without delays, for work that nobody watches."""
BEFORE, STEP_S = 0.4, 0.15
"""Share of the delay before the first word; time from one showing of the text to the next."""


@dataclass(frozen=True)
class SimulatedModel:
    """delay_s: how long it takes for 40 words, so that a demo can be watched."""

    delay_s: float = 0.0

    async def acomplete(
        self, model: str, request: CompletionRequest, attempt: int = 0, show: Show | None = None
    ) -> Completion:
        """The answer to the request, with its tokens counted by words; cancelling it ends it. show: takes the answer so far."""
        from semblance_core.simulator import CannotRead, answer  # its lexicon is read for those who ask it only

        began_s = asyncio.get_running_loop().time()
        seed = (request.seed + attempt) % 2**31
        if request.asked is None:
            raise ValueError(f"The simulator cannot answer a bare prompt ({request.feature}).")
        try:
            text = answer(request.asked, request.max_tokens, seed)
        except CannotRead as failed:
            raise ModelFailed(str(failed), kind="bad_request", transient=False) from None
        written = len(text.split())
        delay_s = 0.0 if model.endswith(f"/{INSTANT}") else self.delay_s
        await asyncio.sleep(delay_s * BEFORE)
        await _written(text, delay_s * (1 - BEFORE) * min(written, 100) / 40, show)
        tokens = count_tokens(model, request, text)
        said = Reported(prompt=tokens.prompt, completion=tokens.completion)
        took_s = asyncio.get_running_loop().time() - began_s
        return checked(ProviderResponse(text, "stop", {}), said, request, model, took_s, count_tokens, ())


async def _written(text: str, within_s: float, show: Show | None) -> None:
    """Returns after this time; shows ever more of the text meanwhile."""
    steps = int(within_s / STEP_S) if show else 0
    for step in range(steps):
        await asyncio.sleep(within_s / steps)
        if show:
            show(text[: len(text) * (step + 1) // steps].rpartition(" ")[0])
    if not steps:
        await asyncio.sleep(within_s)


def count_tokens(_: str, request: CompletionRequest, text: str) -> TokenCounts:
    """About four tokens to three words of English, in the prompt and in the answer."""
    read = sum(len(message.content.split()) for message in request.messages)
    return TokenCounts(prompt=_tokens(read), completion=_tokens(len(text.split())))


def _tokens(words: int) -> int:
    return max(1, round(words * 4 / 3))
