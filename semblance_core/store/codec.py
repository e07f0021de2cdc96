"""Domain values ↔ documents: `id` is stored as `_id`, US dollars as whole nano-dollars, enums by value."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from semblance_core.domain.errors import Unreadable
from semblance_core.domain.readable import Readable
from semblance_core.domain.times import as_utc
from semblance_core.domain.usage.events import from_nano_usd, to_nano_usd

Value = TypeVar("Value")
NAMES = {
    "FocusGroup": "session",
    "SessionRow": "session",
    "Findings": "analysis",
    "Asset": "stimulus",
    "UsageEvent": "call",
    "AuditEntry": "entry",
    "SignIn": "sign-in",
    "User": "account",
    "Message": "message",
    "Hold": "hold",
    "Task": "task",
    "Request": "task",
    "Checkpoint": "task",
    "Result": "task",
    "Persona": "persona",
    "Survey": "survey",
    "InterviewRound": "interview round",
    "Synthesis": "synthesis",
    "CodebookCode": "code",
    "Coding": "coding",
    "Memo": "memo",
    "Design": "design",
    "Respondent": "respondent",
    "Answer": "answer",
    "Cast": "ballot",
    "Project": "project",
    "Deletion": "deletion",
}
"""Names of kinds in words."""
log = logging.getLogger(__name__)
_AS_THEY_ARE = frozenset({int, float, bool, type(None)})


def to_document(value: object) -> dict[str, Any]:
    """A dataclass instance as a document.

    >>> from semblance_core.domain.usage.events import UsageQuota
    >>> to_document(UsageQuota(usd=Decimal("1.5")))
    {'nano_usd': 1500000000, 'tokens': None}
    """
    assert is_dataclass(value)
    assert not isinstance(value, type)
    document: dict[str, Any] = _encoded(value)
    if "id" in document:
        document["_id"] = document.pop("id")
    return document


def under(field: str, document: dict[str, Any]) -> dict[str, Any]:
    """The fields of a document inside another one, as an update names them: what it has besides stays as it is.

    >>> under("quota", {"tokens": 5})
    {'quota.tokens': 5}
    """
    return {f"{field}.{name}": value for name, value in document.items()}


def from_document(kind: type[Value], document: dict[str, Any]) -> Value:
    """The dataclass instance that a document stands for; keys it has no field for are left out.

    Raises `Unreadable`, and says in the log why, where it stands for none.
    """
    try:
        plain = _decoded(document)
        if "_id" in plain:
            plain.setdefault("id", plain["_id"])
        value: Value = _adapter(cast(Any, kind)).validate_python(plain)
    except Exception as failed:  # noqa: BLE001 - a type's own checks may raise anything about what was damaged
        raise unreadable(kind, document, failed) from None
    return value


def from_documents(kind: type[Value], documents: Iterable[dict[str, Any]], limit: int = 0) -> Readable[Value]:
    """Those of them that can be read, and how many cannot: one that is damaged takes no other with it.

    limit: ends where so many were read; 0 for all.
    """
    return readable(documents, lambda document: from_document(kind, document), limit)


def readable(
    documents: Iterable[dict[str, Any]], read: Callable[[dict[str, Any]], Value], limit: int = 0
) -> Readable[Value]:
    """The same for what is read in another way. read: raises `Unreadable` for what it cannot."""
    found: Readable[Value] = Readable()
    for document in documents:
        if limit and len(found) == limit:
            break
        try:
            found.append(read(document))
        except Unreadable:
            found.unread += 1
    return found


def unreadable(kind: Any, document: dict[str, Any], why: Exception) -> Unreadable:
    """Returns the error for a document that stands for nothing of this kind; the log says which one it is, and where it is damaged."""
    what = NAMES.get(kind.__name__, "entry")
    wrong = why.errors(include_input=False) if isinstance(why, ValidationError) else []
    fields = ", ".join(sorted({str(each["loc"][0]) for each in wrong if each["loc"]}))  # no text of what is stored
    _say_once(what, str(document.get("_id", "")), fields or type(why).__name__)
    return Unreadable(
        f"A stored {what} is damaged, or of another version, and cannot be read; the log of the server says which."
    )


@lru_cache(1_000)
def _say_once(what: str, name: str, why: str) -> None:
    log.warning("The %s %s cannot be read: %s", what, name, why)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_values(values: dict[str, Any]) -> dict[str, Any]:
    """Plain values as the database keeps them."""
    return {key: _encoded(value) for key, value in values.items()}


def storable(text: str) -> str:
    """The text without halves of characters, which JSON from a model can hold but a database cannot.

    >>> storable("half an emoji \\ud83d")
    'half an emoji ?'
    """
    return text.encode(errors="replace").decode()


def _encoded(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return value if value.isascii() else storable(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is tuple or kind is list:
        return [_encoded(item) for item in value]
    if kind is dict:
        return dict(_encoded_item(key, item) for key, item in value.items())
    if is_dataclass(kind):  # `asdict` would copy every text in it first
        return {
            stored: _nano(getattr(value, name)) if is_money else _encoded(getattr(value, name))
            for name, stored, is_money in _plan(kind)
        }
    if isinstance(value, Enum):
        return value.value
    return as_utc(value) if isinstance(value, datetime) else value


@cache
def _plan(kind: Any) -> tuple[tuple[str, str, bool], ...]:
    """Each field of a dataclass: its name, the name it is stored under, and whether it is money."""
    return tuple((spec.name, _stored_name(spec.name), _is_money(spec.name)) for spec in fields(kind))


def _encoded_item(key: str, item: Any) -> tuple[str, Any]:
    return (_stored_name(key), _nano(item)) if _is_money(key) else (key, _encoded(item))


def _is_money(name: str) -> bool:
    return name == "usd" or name.endswith("_usd")


def _stored_name(name: str) -> str:
    return f"{name[:-3]}nano_usd" if _is_money(name) else name


def _nano(usd: Any) -> Any:
    return to_nano_usd(usd) if isinstance(usd, Decimal) else usd


def _decoded(value: Any) -> Any:
    if isinstance(value, dict):
        return dict(_decoded_item(key, item) for key, item in value.items())
    return [_decoded(item) for item in value] if isinstance(value, list) else value


def _decoded_item(key: str, item: Any) -> tuple[str, Any]:
    if key.endswith("nano_usd"):
        return f"{key[: -len('nano_usd')]}usd", from_nano_usd(item) if isinstance(item, int) else item
    return key, _decoded(item)
