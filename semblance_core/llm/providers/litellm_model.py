"""The only place that knows litellm: one call, one HTTP request, a hard deadline, and every failure in words.

litellm is imported for the first call that needs it, which takes seconds: the simulator answers without.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as DeadlinePassed
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from semblance_core.domain.errors import Interrupted
from semblance_core.domain.usage.events import TokenCounts, is_simulated
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.call_loop import CallLoop
from semblance_core.llm.catalogue.access import NO_ACCESS, ProviderAccess, no_access
from semblance_core.llm.catalogue.listing import Catalogue
from semblance_core.llm.catalogue.providers import PROVIDERS
from semblance_core.llm.providers.answers import checked, counted_answer, said_of
from semblance_core.llm.providers.failures import explain
from semblance_core.llm.providers.hearing import Heard, hearing, listen
from semblance_core.llm.providers.pictures import content_of
from semblance_core.llm.providers.response import ProviderResponse, gathered, whole
from semblance_core.llm.providers.simulated import SimulatedModel
from semblance_core.llm.providers.simulated import count_tokens as count_simulated
from semblance_core.llm.request import PICTURE_TOKENS, Completion, CompletionRequest
from semblance_core.llm.shaping import bound_of, context_of, form_of, shaped
from semblance_core.llm.writing import Show
from semblance_core.readiness import READY

SHUTTING_DOWN = "Semblance is shutting down; this continues when it restarts."
SAME_PLACE = {("azure_ai", "azure")}
"""Providers of which litellm asks one by the other's interface, at the same address."""
BLOCKED_S = 2.0
"""Seconds after its deadline at which a call is given up if the loop itself does not get to it."""
OPTIONAL = ("temperature", "seed", "response_format", "stream_options")
"""Arguments that are left out for models that do not take them."""


@dataclass(frozen=True)
class LitellmModel:
    """Models by litellm's names.

    base_urls: where a provider's models are, by its name in litellm (`openai`, `gemini`), if not at its own address.
    keys: API keys by the same names; other providers' keys are litellm's to find in the environment. secrets: those keys, to
    be taken out of what providers say. stored: keys and addresses that an administrator typed, asked for before each call.
    simulator_delay_s: how long the simulator takes for a reply of 40 words. stream: takes answers as they are written,
    which keeps connections alive through proxies that cut silent ones, and lets an abandoned answer end at the provider.
    """

    base_urls: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    simulator_delay_s: float = 0.0
    stream: bool = False
    secrets: tuple[str, ...] = field(default=(), repr=False)
    stored: Callable[[], ProviderAccess] = no_access
    _catalogue: Catalogue = field(default_factory=Catalogue)
    _supported: dict[str, frozenset[str]] = field(default_factory=dict)
    _loop: CallLoop = field(default_factory=CallLoop)
    _in_flight: "dict[Future[Completion], None]" = field(default_factory=dict)
    _off: threading.Event = field(default_factory=threading.Event)

    def complete(
        self, model: str, request: CompletionRequest, timeout_s: float, attempt: int = 0, show: Show | None = None
    ) -> Completion:
        """Makes one attempt, over after `timeout_s` seconds in any case; raises `ModelFailed`. show: takes the answer so far."""
        started = time.monotonic()
        try:
            return self._within(timeout_s, model, request, attempt, show)
        except ModelFailed as failed:
            failed.latency_s = time.monotonic() - started
            raise

    async def acomplete(
        self,
        model: str,
        request: CompletionRequest,
        timeout_s: float,
        attempt: int = 0,
        stored: ProviderAccess | None = None,
        show: Show | None = None,
    ) -> Completion:
        """The same on an event loop of the caller's; cancelling it ends the call. stored: read before, so that nothing waits here."""
        if is_simulated(model):
            return await self._simulated(model, request, timeout_s, attempt, show)
        litellm, started = (
            self._litellm(),
            time.monotonic(),
        )  # there since `ready` or `load`: nothing is imported on the loop
        stored = stored or self.stored()
        secrets = (*self.keys.values(), *self.secrets, *stored.secrets)
        if not (self.stream or show):
            request = replace(request, left_out=request.left_out | {"stream"})
        arguments = self._arguments(model, request, timeout_s, attempt, stored)
        heard = Heard(wants_events="stream" in arguments)
        try:
            response = await self._call(litellm, arguments, timeout_s, heard, show)
        except _Late:
            raise too_late(timeout_s) from None
        except ModelFailed:
            raise
        except Exception as failed:  # noqa: BLE001 - litellm raises anything from IndexError up
            told = explain(failed, secrets, heard)
            told.began = heard.spoke
            if (
                heard.answered and heard.reported.counts and told.kind != "connection"
            ):  # what nobody could read was paid for as well
                paid = counted_answer(heard.reported, request, "", model, self.count_tokens)
                told.answer = replace(paid, latency_s=time.monotonic() - started)
            raise told from None
        latency_s = time.monotonic() - started
        said = said_of(heard.reported, response)
        read = partial(checked, response, said, request, model, latency_s, self.count_tokens, secrets)
        return read() if said.prompt and said.completion else await asyncio.to_thread(read)  # counting takes time

    async def _simulated(
        self, model: str, request: CompletionRequest, timeout_s: float, attempt: int, show: Show | None
    ) -> Completion:
        try:
            async with asyncio.timeout(timeout_s):
                return await SimulatedModel(self.simulator_delay_s).acomplete(model, request, attempt, show)
        except TimeoutError:
            raise too_late(timeout_s) from None

    def call_off(self) -> None:
        """Lets nobody wait any longer for an answer: `complete` raises `Interrupted`, now and from now on."""
        self._off.set()
        for outcome in list(self._in_flight):
            outcome.cancel()

    def close(self) -> None:
        """Ends the calls that are still under way, and what they wait on."""
        self._loop.close()

    def count_tokens(self, model: str, request: CompletionRequest, text: str) -> TokenCounts:
        """Tokens of the prompt and of an answer by the model's own tokeniser where litellm has it, offline either way."""
        if is_simulated(model):
            return count_simulated(model, request, text)
        count = self._litellm().token_counter
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        pictures = sum(len(message.pictures) for message in request.messages) * PICTURE_TOKENS
        prompt = count(model=model, messages=messages) + pictures
        return TokenCounts(prompt=prompt, completion=count(model=model, text=text))

    def ready(self, model: str) -> None:
        """Returns once a call to this model can begin at once; raises `ModelFailed` of a kind that costs nothing, or `Interrupted`."""
        if not is_simulated(model):
            self.load()

    def check(self) -> str:
        """Calls are made in this very process, so they are as ready as it is."""
        return READY

    def load(self) -> None:
        """Imports litellm, so that it does not count in a call's time."""
        self._litellm()

    def warm_up(self, model: str) -> None:
        """Imports what the first call would otherwise wait for: litellm takes about 5 s, its provider's client 1 s.

        The simulator needs neither; where another model is asked after all, its first call imports them.
        """
        if is_simulated(model):
            return
        litellm = self._litellm()
        litellm.completion(model="openai/gpt-4o-mini", messages=[{"role": "user", "content": "-"}], mock_response="-")
        if model.partition("/")[0] in ("openai", "azure") or "/" not in model:
            import openai.resources.chat
            from litellm.llms.openai.openai import OpenAIChatCompletion  # noqa: F401

            openai.OpenAI(api_key="-", base_url=self.base_urls.get("openai")).chat.completions  # noqa: B018 - a lazy property

    def _litellm(self) -> Any:
        os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
        import litellm

        if not litellm.suppress_debug_info:
            listen()
            litellm.telemetry = False
            litellm.disable_hf_tokenizer_download = True
            litellm.suppress_debug_info = True
        return litellm

    def _arguments(
        self, model: str, request: CompletionRequest, timeout_s: float, attempt: int, stored: ProviderAccess
    ) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "model": model,
            "messages": [
                {"role": message.role, "content": content_of(message)}
                for message in shaped(request.messages, request.left_out)
            ],
            **bound_of(request),
            "temperature": request.temperature,
            "seed": (request.seed + attempt) % 2**31,
            "timeout": timeout_s,
            "max_retries": 0,
            "num_retries": 0,
        }
        provider, _ = self._catalogue.parts_of(model)
        if provider in PROVIDERS and PROVIDERS[provider].like:
            provider = PROVIDERS[provider].like
        if key := self.keys.get(provider) or stored.keys.get(provider):
            arguments["api_key"] = key
        if base_url := self.base_urls.get(provider) or stored.base_urls.get(provider):
            # A server of one's own often wants no key, but the client insists on sending one.
            arguments |= {"api_base": base_url, "api_key": key or "none"}
        if provider == "ollama":  # which cuts a prompt at its own small context without a word
            arguments["num_ctx"] = context_of(request)
        if "stream" not in request.left_out:
            arguments |= {"stream": True, "stream_options": {"include_usage": True}}
        left = {name: value for name, value in arguments.items() if name not in request.left_out}
        return left | form_of(request)

    def _within(
        self, timeout_s: float, model: str, request: CompletionRequest, attempt: int, show: Show | None
    ) -> Completion:
        """The answer, or `ModelFailed` after the deadline: a reply that drips outlives the client's own timeout."""
        if self._off.is_set():
            raise Interrupted(SHUTTING_DOWN)
        if not is_simulated(model):
            self.load()
        stored = NO_ACCESS if is_simulated(model) else self.stored()
        outcome = self._loop.begin(self.acomplete(model, request, timeout_s, attempt, stored, show))
        self._in_flight[outcome] = None
        if self._off.is_set():
            self.call_off()
        try:
            return outcome.result(timeout_s + BLOCKED_S)
        except CancelledError:
            raise Interrupted(SHUTTING_DOWN) from None
        except DeadlinePassed:
            outcome.cancel()
            raise too_late(timeout_s) from None
        finally:
            self._in_flight.pop(outcome, None)

    async def _call(
        self, litellm: Any, arguments: dict[str, Any], timeout_s: float, heard: Heard, show: Show | None
    ) -> ProviderResponse:
        """One request, on the loop; the deadline ends it and closes its connection."""
        from litellm._internal_context import is_internal_call

        hearing.set(heard)  # in this call alone, as well
        is_internal_call.set(True)  # in this call alone: our ledger keeps the books, so litellm need not log and bill
        try:
            async with asyncio.timeout(timeout_s) as deadline:
                given, refused = await self._called(litellm, arguments)
                response = await gathered(given, show) if "stream" in arguments else whole(given)
                return replace(response, refused=refused)
        except TimeoutError:
            if deadline.expired():
                raise _Late from None
            raise

    async def _called(self, litellm: Any, arguments: dict[str, Any]) -> tuple[Any, frozenset[str]]:
        """The call, with the arguments that litellm says the model takes; and those of which it said so only when it was called.

        litellm's own `drop_params` would do that too, but it also sends a request that was refused (422) a second time.
        """
        model = arguments["model"]
        if model not in self._supported:
            self._check_provider(litellm, model, arguments.get("api_base"))
            listed = litellm.get_supported_openai_params(model=model) or OPTIONAL
            self._supported[model] = frozenset(listed) | {"stream_options"}
        taken = {
            name: value for name, value in arguments.items() if name not in OPTIONAL or name in self._supported[model]
        }
        try:
            return await litellm.acompletion(**taken), frozenset()
        except litellm.UnsupportedParamsError:
            # Raised before any request: some models take a temperature, but no other than their own.
            refused = frozenset(taken) & {"temperature", "seed"}
            fewer = {name: value for name, value in taken.items() if name not in refused}
            return await litellm.acompletion(**fewer), refused

    def _check_provider(self, litellm: Any, model: str, api_base: str | None) -> None:
        """Refuses a name of which litellm makes another provider's: it would get this request, perhaps with another key."""
        named, _ = self._catalogue.parts_of(model)
        meant = litellm.get_llm_provider(model=model, api_base=api_base)[1]
        also = PROVIDERS[meant].like if meant in PROVIDERS else ""
        if named in PROVIDERS and named not in (meant, also) and (named, meant) not in SAME_PLACE:
            words = f"“{model}” would be asked of {meant} and not of {named}, so it is not asked."
            raise ModelFailed(words, kind="not_allowed", transient=False)


def too_late(timeout_s: float) -> ModelFailed:
    """Returns the error for a passed deadline."""
    return ModelFailed(f"The model did not answer within {timeout_s:.0f} s.", kind="timeout", transient=True)


class _Late(Exception):
    """The deadline passed before the answer came."""
