"""Answers that must be JSON: read, repaired where a kept library can, and checked against what was asked for."""

import json
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.request import CompletionRequest, PromptMessage

Shape = TypeVar("Shape", bound=BaseModel)
DOES_NOT_FIT = "The model's answer does not fit what was asked"
EMPTY = f"{DOES_NOT_FIT}: it is empty."


def schema_of(shape: type[BaseModel]) -> dict[str, object]:
    """The JSON schema of an answer, without references, so that every provider reads it; the caller's own, to change."""
    return deepcopy(_schema_of(shape))


@cache
def _schema_of(shape: type[BaseModel]) -> dict[str, object]:
    schema = shape.model_json_schema()
    definitions = schema.pop("$defs", {})

    def inlined(node: object) -> object:
        if isinstance(node, dict):
            if "$ref" in node:
                return inlined(definitions[str(node["$ref"]).rsplit("/", 1)[-1]])
            return {key: inlined(value) for key, value in node.items() if key != "title" or not isinstance(value, str)}
        return [inlined(item) for item in node] if isinstance(node, list) else node

    result = inlined(schema)
    assert isinstance(result, dict)
    return result


def asking_for(request: CompletionRequest, shape: type[BaseModel]) -> CompletionRequest:
    """The request with the schema, both for providers that hold models to it and in words for those that do not."""
    schema = request.schema or schema_of(shape)
    *first, last = request.messages
    form = f"Answer with one JSON object and nothing else. It must meet this JSON schema:\n{json.dumps(schema, ensure_ascii=False)}"
    asked = PromptMessage(last.role, f"{last.content}\n\n{form}")
    return replace(request, schema=schema, messages=(*first, asked))


def asking_again(request: CompletionRequest, failed: ModelFailed) -> CompletionRequest:
    """The request once more, with what was wrong with the last answer."""
    again = PromptMessage("user", f"Your last answer could not be used. {failed} Answer again, in the form asked for.")
    return replace(request, messages=(*request.messages, again))


def _parsed(text: str) -> Any:
    try:
        found = json.loads(text)
    except ValueError:
        from json_repair import repair_json

        found = repair_json(text, return_objects=True)
    return json.loads(json.dumps(found, ensure_ascii=False).encode(errors="replace"))  # no halves of characters


def read(text: str, shape: type[Shape]) -> Shape:
    """The answer as a checked value; raises `ModelFailed` of kind `malformed` or `schema`, both worth asking again."""
    try:
        found = _parsed(text)
    except RecursionError:
        found = None
    if isinstance(found, list) and len(shape.model_fields) == 1:
        found = {next(iter(shape.model_fields)): found}  # the list itself, without the object around it
    found = _unpacked(found, shape)
    if not isinstance(found, dict):
        raise ModelFailed("The model did not answer in the form it was asked for.", kind="malformed", transient=True)
    if not set(found) & set(shape.model_fields):
        raise ModelFailed(EMPTY, kind="schema", transient=True)
    try:
        return shape.model_validate(found)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        if first["type"] == "value_error":
            raise ModelFailed(f"{DOES_NOT_FIT}: {first['ctx']['error']}.", kind="schema", transient=True) from None
        where = ".".join(str(part) for part in first["loc"]) or "the answer"
        raise ModelFailed(f"{DOES_NOT_FIT}: {where}: {first['msg']}.", kind="schema", transient=True) from None


def _unpacked(found: Any, shape: type[BaseModel]) -> Any:
    """The object asked for, where a model put another one or a list around it."""
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if isinstance(found, dict) and len(found) == 1 and not set(found) & set(shape.model_fields):
        (only,) = found.values()
        if isinstance(only, dict) and set(only) & set(shape.model_fields):
            return only
    return found
