"""Translates a provider's error into words, without anybody's key in it."""

import re
from collections.abc import Sequence

from semblance_core.domain.provider_words import CALL_FAILED
from semblance_core.domain.times import utc_now
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.providers.choice import FINAL_CODES, Broken
from semblance_core.llm.providers.hearing import Heard
from semblance_core.llm.waits import seconds_told

_KEYS = re.compile(r"(?:sk-|AIza|Bearer\s+|key=)[A-Za-z0-9_\-*.]{6,}")

_WRAPPERS = re.compile(r"(?:(?:litellm\.)?[A-Za-z]+(?:Error|Exception|Timeout)(?::| -)\s*)+")

_TRACEBACK = re.compile(r"\s*Traceback \(most recent call last\).*|\s*File \"[^\"]*\", line \d+.*", re.DOTALL)
_PATH = re.compile(r"(?<![\w:/.])(?:/[\w.@+-]+){2,}\.py\b|[A-Za-z]:\\[\w.\\-]+\.py\b")
"""Paths of this program on its server, which are nobody's business."""
TOO_MANY_REQUESTS = 429
_UNREADABLE = "converting to valid response"
"""litellm calls it a bad request when it cannot read Gemini's response; these words of its message tell the two apart."""
_BY_NAME = (
    ("ConnectError", "unreachable", True, "The provider could not be reached"),
    ("ContentPolicyViolationError", "content_filter", False, "The provider's content policy refused this request"),
    ("AuthenticationError", "auth", False, "The provider did not accept the API key"),
    ("PermissionDeniedError", "auth", False, "The API key may not use this model"),
    ("NotFoundError", "bad_request", False, "The provider does not know this model"),
    ("RateLimitError", "rate_limit", True, "The provider's rate limit is reached"),
    ("ContextWindowExceededError", "too_long", False, "The prompt is too long for this model"),
    ("BadRequestError", "bad_request", False, "The provider refused the request"),
    ("Timeout", "timeout", True, "The model did not answer in time"),
    ("JSONDecodeError", "malformed", True, "The provider's response could not be read"),
    ("StreamBroken", "connection", True, "The connection broke during the answer"),
    ("RemoteProtocolError", "connection", True, "The connection broke during the answer"),
    ("ReadError", "connection", True, "The connection broke during the answer"),
    ("APIConnectionError", "connection", True, "The connection to the provider failed"),
    ("ServiceUnavailableError", "server", True, "The provider is overloaded"),
    ("BadGatewayError", "server", True, "The provider failed"),
    ("InternalServerError", "server", True, "The provider failed"),
    ("IndexError", "empty", True, "The model's answer held no choices"),
)
"""The first class found in the error or in what caused it decides: class, kind, transient, words."""
_NAMED = frozenset(
    ("AuthenticationError", "PermissionDeniedError", "NotFoundError", "RateLimitError", "Timeout", "BadRequestError")
)

_READ = frozenset(("ContentPolicyViolationError", "StreamBroken"))
"""Errors on answers that could be read."""
_SERVERS = frozenset(("ServiceUnavailableError", "BadGatewayError", "InternalServerError", "APIConnectionError"))

_GUESSED = frozenset(("BadRequestError", "NotFoundError", "AuthenticationError", "PermissionDeniedError"))
"""Errors that litellm guesses by words, to be replaced by the meaning of the server's status."""


def explain(failed: BaseException, secrets: Sequence[str], heard: Heard | None = None) -> ModelFailed:
    """The failure as `ModelFailed` in our words; what the provider said stands beside them, with every key taken out.

    heard: what came over the wire, where something was heard.
    """
    from semblance_core.llm.providers import refusals  # whose patterns take 10 ms to make: for those whose call failed

    heard = heard or Heard()
    chain = _chain(failed)
    words = f"{failed} {heard.refusal}"
    names = {kind.__name__ for error in chain for kind in type(error).__mro__}
    if getattr(failed, "status_code", None) in (401, 403):
        names.add("PermissionDeniedError")  # of Gemini, litellm calls that a bad request too
    status = getattr(failed, "status_code", None)
    if isinstance(status, int) and 400 <= status < 500 and not names & _NAMED:
        names.add("BadRequestError")  # 402, 409, 413, 422 …: refused, so nothing was done and nothing is owed
    if _UNREADABLE in str(failed) or (heard.answered and not names & _READ):
        names = {"JSONDecodeError"}  # litellm calls it a fault of the server when it cannot read an answer
    if heard.status >= 500 and refusals.refused_roles(words):
        names.add("BadRequestError")  # llama.cpp calls a template that cannot take the messages a fault of its own
        names -= _SERVERS
    elif heard.status >= 500 and names & _GUESSED and not refusals.says_what_does_not_fit(words):
        # litellm goes by words such as invalid_request_error, with which some servers dress every failure of their own.
        names = (names - _GUESSED) | {"InternalServerError"}
    output_tokens = refusals.most_asked(words) if "BadRequestError" in names else None
    if "BadRequestError" in names and output_tokens is None and refusals.is_too_long(words):
        names.add("ContextWindowExceededError")  # litellm knows how some providers say it, not how all do
    if output_tokens is not None:
        names.discard("ContextWindowExceededError")
    provider_said = scrubbed(_unwrapped(str(failed)), secrets)
    for name, kind, transient, said in _BY_NAME:
        if name in names:
            wait_s = seconds_told(_headers(chain, heard), words if transient else "", utc_now())
            sentence = f"{said}, and asks to wait {wait_s:.0f} s." if wait_s and wait_s >= 1 else f"{said}."
            told = ModelFailed(sentence, kind=kind, transient=transient, retry_after_s=wait_s)
            if kind == "bad_request":
                told.output_tokens = output_tokens
                told.refused = () if output_tokens is not None else refusals.refused_arguments(words)
            elif kind == "too_long":
                told.context_tokens = refusals.tokens_taken(words)
                told.prompt_tokens = refusals.prompt_counted(words)
            break
    else:
        told = ModelFailed(f"{CALL_FAILED}.", kind="connection", transient=True)
        provider_said = scrubbed(f"{type(failed).__name__}: {provider_said}")
    told.provider_said = provider_said
    return told


def refused(said: str, secrets: Sequence[str] = ()) -> ModelFailed:
    """A refusal in the model's own words: asked again, it would refuse again."""
    words = scrubbed(said, secrets)
    failed = ModelFailed(f"The model refused to answer: “{words}”", kind="refusal", transient=False)
    failed.provider_said = words
    return failed


def broke_off(broken: Broken, secrets: Sequence[str]) -> ModelFailed:
    """An error that came inside of an answer, in place of its end."""
    if broken.code in FINAL_CODES:
        failed = ModelFailed("The provider refused the request.", kind="bad_request", transient=False)
    elif broken.code == TOO_MANY_REQUESTS:
        failed = ModelFailed("The provider's rate limit is reached.", kind="rate_limit", transient=True)
    else:
        failed = ModelFailed("The provider failed in the middle of the answer.", kind="server", transient=True)
    failed.provider_said = scrubbed(broken.said, secrets)
    return failed


def _unwrapped(text: str) -> str:
    """An error's words without the names of the classes that it went through, which say nothing to a person.

    >>> _unwrapped("litellm.InternalServerError: InternalServerError: OpenAIException - The server had an error")
    'The server had an error'
    """
    wrapped = _WRAPPERS.match(text)
    return text[wrapped.end() :] if wrapped else text


def _chain(failed: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while failed is not None and failed not in chain:
        chain.append(failed)
        # What breaks a stream is wrapped by litellm in an error of its own, which keeps it as an attribute.
        failed = getattr(failed, "original_exception", None) or failed.__cause__ or failed.__context__
    return chain


def scrubbed(text: str, secrets: Sequence[str] = ()) -> str:
    """One line of at most 300 characters in which keys are replaced, without where in a program something happened.

    >>> scrubbed("bad key sk-abcdef123456 given")
    'bad key [key] given'
    """
    for secret in secrets:
        if len(secret) >= 6:
            text = text.replace(secret, "[key]")
    text = _PATH.sub("[path]", _TRACEBACK.sub("", text))
    text = " ".join(_KEYS.sub("[key]", text).split())
    return text if len(text) <= 300 else text[:299] + "…"


def _headers(chain: Sequence[BaseException], heard: Heard) -> dict[str, str]:
    """Of the response that failed; litellm's own errors have lost them, what caused them has them."""
    for error in chain:
        if headers := getattr(getattr(error, "response", None), "headers", None):
            return {**heard.headers, **{str(name): str(value) for name, value in dict(headers).items()}}
    return heard.headers
