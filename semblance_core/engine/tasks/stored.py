"""Typed requests, checkpoints and results ↔ the plain values that a task keeps of them in the database."""

import hashlib
import json
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from semblance_core.domain.task import Task
from semblance_core.store.codec import from_document, to_values

Value = TypeVar("Value")


def to_stored(value: object) -> dict[str, Any]:
    """A request, checkpoint or result of a task as it is stored."""
    return to_values(_plain(value))


def request_of(kind: type[Value], task: Task) -> Value:
    """The task's request; raises `Unreadable` where it is none of this kind."""
    return _read(kind, task.request, task.id)


def result_of(kind: type[Value], task: Task) -> Value:
    """The task's result, or its checkpoint while it is not done; raises `Unreadable` where it is none of this kind."""
    return _read(kind, task.result, task.id)


def brief_of(task: Task) -> str:
    """Returns the brief of a task that recruits; empty where its request holds none that can be read."""
    text = task.request.get("text")
    return text if isinstance(text, str) else ""


def fingerprint_of(request: object) -> str:
    """The same for the same request."""
    return hashlib.sha256(json.dumps(_plain(request), sort_keys=True).encode(errors="replace")).hexdigest()


def _read(kind: type[Value], stored: dict[str, Any], task_id: str) -> Value:
    return from_document(kind, {**stored, "_id": task_id})  # whose id the log names where it cannot be read


def _plain(value: object) -> dict[str, Any]:
    return cast(dict[str, Any], _adapter(cast(Any, type(value))).dump_python(value, by_alias=True))


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
