"""The only place that knows litellm: one call, one HTTP request, a hard deadline, and every failure in words."""

import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as DeadlinePassed
from dataclasses import dataclass, field
from typing import Any

from semblance_core.domain.errors import ModelFailed
from semblance_core.domain.usage import TokenCounts
from semblance_core.llm.failures import explain
from semblance_core.llm.request import Answer, CompletionRequest

SIMULATOR_PROVIDER = "simulator"


@dataclass(frozen=True)
class LitellmModel:
    """Models by litellm's names.

    base_urls: where a provider's models are, by its name in litellm (`openai`, `gemini`), if not at its own address.
    keys: API keys by the same names; other providers' keys are litellm's to find in the environment.
    simulator_delay_s: how long the simulator takes for a reply of 40 words.
    """

    base_urls: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    simulator_delay_s: float = 0.0

    def complete(self, model: str, request: CompletionRequest, timeout_s: float, attempt: int = 0) -> Answer:
        """One attempt, over after `timeout_s` seconds whatever happens; raises `ModelFailed`."""
        started = time.monotonic()
        response = self._within(timeout_s, self._arguments(model, request, timeout_s, attempt))
        return self._checked(response, request, model, time.monotonic() - started)

    def warm_up(self, model: str) -> None:
        """Imports what the first call would otherwise wait for: litellm takes about 5 s, its provider's client 1 s."""
        litellm = self._litellm()
        litellm.completion(model="openai/gpt-4o-mini", messages=[{"role": "user", "content": "-"}], mock_response="-")
        if model.startswith(SIMULATOR_PROVIDER):
            return
        if model.partition("/")[0] in ("openai", "azure") or "/" not in model:
            import openai.resources.chat
            from litellm.llms.openai.openai import OpenAIChatCompletion  # noqa: F401

            openai.OpenAI(api_key="-", base_url=self.base_urls.get("openai")).chat.completions  # noqa: B018 - a lazy property

    def _litellm(self) -> Any:
        os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
        import litellm

        if not litellm.custom_provider_map:
            from semblance_core.llm.simulator_handler import SimulatorHandler

            litellm.suppress_debug_info = True
            litellm.telemetry = False
            litellm.drop_params = True
            handler = SimulatorHandler(self.simulator_delay_s)
            litellm.custom_provider_map = [{"provider": SIMULATOR_PROVIDER, "custom_handler": handler}]
        return litellm

    def _arguments(self, model: str, request: CompletionRequest, timeout_s: float, attempt: int) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "model": model,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": (request.seed + attempt) % 2**31,
            "timeout": timeout_s,
            "max_retries": 0,
            "num_retries": 0,
        }
        if model.startswith(f"{SIMULATOR_PROVIDER}/"):
            return arguments | {"semblance_feature": request.feature, "semblance_context": request.context}
        provider = model.partition("/")[0]
        if key := self.keys.get(provider):
            arguments["api_key"] = key
        if base_url := self.base_urls.get(provider):
            # A server of one's own often wants no key, but the client insists on sending one.
            arguments |= {"api_base": base_url, "api_key": key or "none"}
        if request.schema:
            schema = {"name": request.feature, "schema": request.schema}
            arguments["response_format"] = {"type": "json_schema", "json_schema": schema}
        return arguments

    def _within(self, timeout_s: float, arguments: dict[str, Any]) -> Any:
        """The response, or `ModelFailed` after the deadline: a reply that drips outlives the client's own timeout."""
        litellm = self._litellm()
        outcome: Future[Any] = Future()

        def call() -> None:
            try:
                outcome.set_result(litellm.completion(**arguments))
            except BaseException as failed:  # noqa: BLE001 - handed to the waiting thread, which explains it
                outcome.set_exception(failed)

        threading.Thread(target=call, name="completion", daemon=True).start()
        try:
            return outcome.result(timeout_s)
        except DeadlinePassed:
            raise ModelFailed(
                f"The model did not answer within {timeout_s:.0f} s.", kind="timeout", transient=True
            ) from None
        except Exception as failed:  # noqa: BLE001 - litellm raises anything from IndexError up
            raise explain(failed, tuple(self.keys.values())) from None

    def _checked(self, response: Any, request: CompletionRequest, model: str, latency_s: float) -> Answer:
        if not getattr(response, "choices", None):
            raise ModelFailed("The model's answer held no choices.", kind="empty", transient=True)
        choice = response.choices[0]
        text = (getattr(choice.message, "content", None) or "").strip()
        tokens, estimated = self._usage(response, request, text, model)
        answer = Answer(text, tokens, latency_s, estimated, truncated=choice.finish_reason == "length")
        failed: ModelFailed | None = None
        if choice.finish_reason == "content_filter":
            failed = ModelFailed("The model's provider filtered this answer.", kind="content_filter", transient=False)
        elif not text and answer.truncated:
            failed = ModelFailed(
                "The model spent its whole answer on thinking; raise SEMBLANCE_REASONING_TOKENS.",
                kind="truncated",
                transient=False,
            )
        elif not text:
            failed = ModelFailed("The model's answer was empty.", kind="empty", transient=True)
        elif request.schema and answer.truncated:
            failed = ModelFailed("The model's answer was cut off before its end.", kind="truncated", transient=True)
        if failed:
            failed.answer = answer
            raise failed
        return answer

    def _usage(self, response: Any, request: CompletionRequest, text: str, model: str) -> tuple[TokenCounts, bool]:
        """The provider's counts, inclusive of cached and reasoning; ours, flagged, where it gave none or zero."""
        usage = getattr(response, "usage", None)
        prompt = int(getattr(usage, "prompt_tokens", 0) or 0)
        completion = int(getattr(usage, "completion_tokens", 0) or 0)
        if not prompt or (text and not completion):
            count = self._litellm().token_counter
            messages = [{"role": message.role, "content": message.content} for message in request.messages]
            return TokenCounts(
                prompt=count(model=model, messages=messages), completion=count(model=model, text=text)
            ), True
        cached = int(getattr(getattr(usage, "prompt_tokens_details", None), "cached_tokens", 0) or 0)
        reasoning = int(getattr(getattr(usage, "completion_tokens_details", None), "reasoning_tokens", 0) or 0)
        counts = TokenCounts(
            prompt=max(prompt, cached), cached=cached, completion=max(completion, reasoning), reasoning=reasoning
        )
        return counts, model.startswith(f"{SIMULATOR_PROVIDER}/")
