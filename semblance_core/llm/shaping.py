"""The messages and arguments of a request, shaped for a model that does not take them as they are. Pure."""

from collections.abc import Sequence
from typing import Any

from semblance_core.llm.request import CompletionRequest, PromptMessage, most_prompt_tokens

BETWEEN = "\n\n"
LEAST_CONTEXT = 4_096
ANY_JSON = {"type": "json_object"}


def shaped(messages: Sequence[PromptMessage], left_out: frozenset[str]) -> tuple[PromptMessage, ...]:
    """The messages without a role of their own for rules, or without two of one role in a row, where the model does not take those.

    >>> said = (PromptMessage("system", "Be short."), PromptMessage("user", "Hello."), PromptMessage("user", "And?"))
    >>> [(each.role, each.content) for each in shaped(said, frozenset({"repeated_roles"}))]
    [('system', 'Be short.'), ('user', 'Hello.\\n\\nAnd?')]
    >>> [(each.role, each.content) for each in shaped(said, frozenset({"system_role"}))]
    [('user', 'Be short.\\n\\nHello.'), ('user', 'And?')]
    """
    if "system_role" in left_out:
        messages = _without_system(messages)
    if "repeated_roles" not in left_out:
        return tuple(messages)
    together: list[PromptMessage] = []
    for message in messages:
        if together and together[-1].role == message.role:
            together[-1] = _one(together[-1], message)
        else:
            together.append(message)
    return tuple(together)


def bound_of(request: CompletionRequest) -> dict[str, Any]:
    """The bound of the answer, by the name that the model takes."""
    if "max_tokens" not in request.left_out:
        if "max_completion_tokens" in request.left_out:  # litellm renames it for models of a name that it knows
            return {"extra_body": {"max_tokens": request.max_tokens}}
        return {"max_tokens": request.max_tokens}
    return {"max_completion_tokens": request.max_tokens}


def form_of(request: CompletionRequest) -> dict[str, Any]:
    """Returns how JSON is asked for: by its schema, as any JSON, or only in words."""
    if not request.schema or "json_object" in request.left_out:
        return {}
    if "response_format" in request.left_out:
        return {"response_format": ANY_JSON}
    schema = {"name": request.feature, "schema": request.schema}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


def context_of(request: CompletionRequest) -> int:
    """A context that holds the prompt and the answer, in powers of two: a server that is told another one loads the model anew.

    >>> context_of(CompletionRequest("reply", (PromptMessage("user", "x" * 5_000),), max_tokens=500))
    8192
    """
    needed, context = most_prompt_tokens(request) + request.max_tokens, LEAST_CONTEXT
    while context < needed:
        context *= 2
    return context


def _without_system(messages: Sequence[PromptMessage]) -> list[PromptMessage]:
    rules = [message for message in messages if message.role == "system"]
    others = [message for message in messages if message.role != "system"]
    if not rules:
        return others
    first = PromptMessage("user", BETWEEN.join(message.content for message in rules))
    if others and others[0].role == "user":
        return [_one(first, others[0]), *others[1:]]
    return [first, *others]


def _one(message: PromptMessage, more: PromptMessage) -> PromptMessage:
    return PromptMessage(message.role, f"{message.content}{BETWEEN}{more.content}", message.pictures + more.pictures)
