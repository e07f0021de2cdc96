"""Turns a response into an answer with its tokens counted, or into a failure that still reports its cost."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from semblance_core.domain.usage.events import TokenCounts, is_simulated
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.providers.failures import broke_off, refused
from semblance_core.llm.providers.reported import Reported, counted, served
from semblance_core.llm.providers.response import ProviderResponse
from semblance_core.llm.request import Completion, CompletionRequest

CountTokens = Callable[[str, CompletionRequest, str], TokenCounts]
"""Counts a prompt and an answer by a model's own tokeniser, which takes time."""


def said_of(heard: Reported, response: ProviderResponse) -> Reported:
    """Returns the provider's own report as it was heard; litellm's counts where nobody listened to the response."""
    if heard.counts:
        return heard
    usage = response.usage
    return heard.with_more(
        Reported(
            prompt=usage.get("prompt_tokens", 0),
            completion=usage.get("completion_tokens", 0),
            cached=usage.get("cached_tokens", 0),
            reasoning=usage.get("reasoning_tokens", 0),
        )
    )


def checked(
    response: ProviderResponse,
    said: Reported,
    request: CompletionRequest,
    model: str,
    latency_s: float,
    count: CountTokens,
    secrets: Sequence[str],
) -> Completion:
    """The answer, or `ModelFailed` with the answer in it, where there is nothing to be done with it.

    secrets: what is cut out of a provider's words.
    """
    text = response.text.strip()
    truncated = response.finish_reason == "length"
    if response.finish_reason is None and not said.prompt:
        raise ModelFailed("The model's answer held no choices.", kind="empty", transient=True)
    written = f"{response.thinking} {text} {response.refusal}".strip()
    answer = counted_answer(said, request, written, model, count, truncated=truncated)
    thought = response.thought or answer.tokens.reasoning > 0
    answer = replace(answer, text=text, latency_s=latency_s, thought=thought, refused=response.refused)
    failed: ModelFailed | None = None
    if response.broken:
        failed = broke_off(response.broken, secrets)
    elif response.refusal:
        failed = refused(response.refusal, secrets)
    elif response.finish_reason is None:
        failed = ModelFailed("The model's answer held no choices.", kind="empty", transient=True)
    elif response.finish_reason == "content_filter":
        failed = ModelFailed("The model's provider filtered this answer.", kind="content_filter", transient=False)
    elif not text and answer.truncated:
        failed = ModelFailed("The model spent its whole answer on thinking.", kind="truncated", transient=False)
    elif not text and thought:
        failed = ModelFailed(
            "The model's answer held only thinking, and no words besides.", kind="empty", transient=True
        )
    elif not text:
        failed = ModelFailed("The model's answer was empty.", kind="empty", transient=True)
    elif request.schema and answer.truncated:
        failed = ModelFailed("The model's answer was cut off before its end.", kind="truncated", transient=True)
    if failed:
        failed.answer = answer
        raise failed
    return answer


def counted_answer(
    said: Reported, request: CompletionRequest, text: str, model: str, count: CountTokens, *, truncated: bool = False
) -> Completion:
    """An answer without its text: the provider's counts, inclusive of cached and reasoning; ours, flagged, for each that is missing or 0.

    An answer that hit its bound used all of it, hidden thinking included.
    """
    found = counted(said)
    tokens = found.tokens
    unsaid = tokens.completion == tokens.reasoning and not said.completion and (truncated or bool(text))
    missing = unsaid or not tokens.prompt
    if missing:
        ours = count(model, request, text)
        written = request.max_tokens if truncated else ours.completion + tokens.reasoning
        completion = max(written, tokens.completion) if unsaid else tokens.completion
        tokens = replace(tokens, prompt=tokens.prompt or ours.prompt, completion=completion)
    estimated = missing or bool(found.doubt) or is_simulated(model)
    return Completion("", tokens, 0.0, estimated, truncated, served=served(said, model), doubt=found.doubt)
