"""The simulator behind litellm's interface for models of one's own, so that it takes the same way as every other model."""

import asyncio
from typing import Any

from litellm import CustomLLM
from litellm.types.utils import Usage

INSTANT = "instant"
"""The simulator that does not take its time, for what nobody watches being made."""


class SimulatorHandler(CustomLLM):  # type: ignore[misc]
    """Answers from the request's structured context. delay_s: how long it takes for 40 words, so that a demo can be watched."""

    def __init__(self, delay_s: float) -> None:
        super().__init__()
        self._delay_s = delay_s

    async def acompletion(
        self,
        *_: Any,
        model: str,
        messages: list[dict[str, str]],
        model_response: Any,
        optional_params: dict[str, Any],
        **__: Any,
    ) -> Any:
        from semblance_core.llm.simulator import answer

        text = answer(
            optional_params["semblance_feature"],
            optional_params["semblance_context"],
            optional_params["max_tokens"],
            optional_params["seed"],
        )
        written = len(text.split())
        delay_s = 0.0 if model == INSTANT else self._delay_s
        await asyncio.sleep(delay_s * (0.4 + 0.6 * min(written, 100) / 40))
        read = sum(len(message["content"].split()) for message in messages)
        model_response.choices[0].message.content = text
        prompt, completion = _tokens(read), _tokens(written)
        model_response.usage = Usage(
            prompt_tokens=prompt, completion_tokens=completion, total_tokens=prompt + completion
        )
        return model_response


def _tokens(words: int) -> int:
    """About four tokens to three words of English."""
    return max(1, round(words * 4 / 3))
