"""Declarations of operations: what each reads or changes, and what of it the audit log records.

An operation is a public method of a family (`Operations`). Its declaration says what it is done to. The caller hands over an
id; the actor's account and the subject are read once, the access is checked, and the method gets the subject:

    class Sessions(Operations):
        @changes(focus_group, "Put a message to participants", action="post_message")
        def post(self, group: FocusGroup, text: str) -> FocusGroup: ...

    workspace.sessions.post(group_id, "Good morning")

A public method without a declaration is refused with a `TypeError` when its class is made.
"""

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, overload

from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.editing import Base, Join
from semblance_core.workspace.audit import check_logged, is_looked, is_recorded, looked, recorded
from semblance_core.workspace.context import OperationContext
from semblance_core.workspace.editing import edited
from semblance_core.workspace.subjects import Found, Keyed, Keyless, name_of

Given = ParamSpec("Given")
Result = TypeVar("Result")
Thing = TypeVar("Thing")
Handed = TypeVar("Handed", covariant=True)
Value = TypeVar("Value", bound=Any)


class Kind(StrEnum):
    """Effects of an operation.

    READS hands out somebody's work. READS_SUMS hands out sums, states and forecasts alone. CHANGES_OWN changes nothing but what
    is the actor's own. CHANGES may change what is somebody else's or the platform's.
    """

    READS = "reads"
    READS_SUMS = "reads sums"
    CHANGES_OWN = "changes what is the actor's own"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Declaration:
    """The facts that an operation declares.

    Attributes:
        subject: what it is done to.
        kind: its effect.
        action: its name in the audit log. It never changes, because old entries hold it.
        words: what was done, as the log says it.
        logs: arguments that the log records.
        about: the argument that names what the platform's operation is done to.
        also: the argument that holds the id of a second subject, which the actor has to have too.
        unless: the argument that makes the operation change nothing.
    """

    subject: Keyed[Any] | Keyless
    kind: Kind
    action: str = ""
    words: str = ""
    logs: tuple[str, ...] = ()
    about: str = ""
    also: str = ""
    unless: str = ""


class Operations:
    """A family of operations of one actor. An operation runs on a copy that has the actor's account and the subject."""

    _actor: User
    _found: Found[Any]

    def __init__(self, context: OperationContext):
        self._context = context
        self._store, self._clock, self._gateway = context.store, context.clock, context.gateway

    def __init_subclass__(cls) -> None:
        public = {
            name: each for name, each in vars(cls).items() if not name.startswith("_") and inspect.isroutine(each)
        }
        if without := [name for name, each in public.items() if not hasattr(each, "declaration")]:
            raise TypeError(f"Say of {cls.__name__}.{', '.join(without)} what it @reads or @changes.")

    def _check_quota(self, owner_id: str, model: str) -> None:
        """`OperationContext.check_quota`, without a second read of the actor's account."""
        owner = self._actor if owner_id == self._actor.id else self._store.users.get(owner_id)
        self._context.check_quota(owner, model)

    def _edited(
        self,
        first: Value,
        read: Callable[[], Value],
        write: Callable[[Value, Collection[str]], bool],
        wanted: Mapping[str, Any],
        base: Base,
        called: Mapping[str, str],
        joins: Mapping[str, Join] | None = None,
    ) -> Value:
        """`editing.edited`, by the actor and now."""
        return edited(first, read, write, wanted, base, called, self._actor, self._clock(), joins)


Family = TypeVar("Family", bound=Operations)


class Declares(Protocol):
    """Makes an operation of a method that is handed no subject."""

    def __call__(
        self, method: Callable[Concatenate[Family, Given], Result]
    ) -> Callable[Concatenate[Family, Given], Result]: ...


class DeclaresOn(Protocol[Handed]):
    """Makes an operation of a method that is handed its subject; callers hand over the id instead."""

    def __call__(
        self, method: Callable[Concatenate[Family, Handed, Given], Result]
    ) -> Callable[Concatenate[Family, str, Given], Result]: ...


@overload
def reads(subject: Keyed[Thing], *, sums: bool = False) -> DeclaresOn[Thing]: ...
@overload
def reads(subject: Keyless, *, sums: bool = False) -> Declares: ...
def reads(subject: Keyed[Any] | Keyless, *, sums: bool = False) -> Any:
    """Declares an operation that changes nothing.

    Args:
        subject: what is read.
        sums: it hands out sums, states and forecasts alone, so an administrator who asks for them looks into nothing.
    """
    return _declares(Declaration(subject, Kind.READS_SUMS if sums else Kind.READS))


@overload
def changes_own(subject: Keyed[Thing]) -> DeclaresOn[Thing]: ...
@overload
def changes_own(subject: Keyless) -> Declares: ...
def changes_own(subject: Keyed[Any] | Keyless) -> Any:
    """Declares an operation that changes nothing but what is the actor's own; the audit log does not record it."""
    return _declares(Declaration(subject, Kind.CHANGES_OWN))


@overload
def changes(
    subject: Keyed[Thing], words: str, *, action: str, logs: tuple[str, ...] = (), also: str = ""
) -> DeclaresOn[Thing]: ...
@overload
def changes(
    subject: Keyless, words: str, *, action: str, logs: tuple[str, ...] = (), about: str = "", unless: str = ""
) -> Declares: ...
def changes(
    subject: Keyed[Any] | Keyless,
    words: str,
    *,
    action: str,
    logs: tuple[str, ...] = (),
    about: str = "",
    also: str = "",
    unless: str = "",
) -> Any:
    """Declares an operation that the audit log records where an administrator does it to what is not their own.

    The arguments are those of `Declaration`.
    """
    check_logged(logs)
    return _declares(Declaration(subject, Kind.CHANGES, action, words, logs, about, also, unless))


def declaration_of(method: Callable[..., Any]) -> Declaration:
    """The declaration of an operation."""
    declaration: Declaration = method.declaration  # type: ignore[attr-defined]
    return declaration


def operations_of(family: type[Operations]) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The names and methods of a family's operations."""
    return (found for found in inspect.getmembers(family, inspect.isfunction) if hasattr(found[1], "declaration"))


def all_operations() -> dict[str, Callable[..., Any]]:
    """Every operation there is, by its class and name, as in `Sessions.post`."""
    families = Operations.__subclasses__()
    return {f"{family.__name__}.{name}": method for family in families for name, method in operations_of(family)}


def _declares(declaration: Declaration) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def declare(method: Callable[..., Any]) -> Callable[..., Any]:
        signature, subject = inspect.signature(method), declaration.subject
        asked_for = set(declaration.logs) | ({declaration.about, declaration.also, declaration.unless} - {""})
        if absent := asked_for - signature.parameters.keys():
            raise TypeError(f"{method.__qualname__} does not take {', '.join(sorted(absent))}.")

        @wraps(method)
        def on_subject(self: Operations, subject_id: str, /, *args: Any, **kwargs: Any) -> Any:
            assert isinstance(subject, Keyed)
            actor = self._context.actor()
            found = subject.find(self._store, actor, subject_id)
            if declaration.also:
                also_id = signature.bind(self, subject_id, *args, **kwargs).arguments[declaration.also]
                other = subject.find(self._store, actor, also_id)
                found = replace(found, owner_id=other.owner_id) if found.owner_id == actor.id else found
            return _run(method, declaration, signature, self, actor, found, (found.read(), *args), kwargs)

        @wraps(method)
        def on_nothing(self: Operations, /, *args: Any, **kwargs: Any) -> Any:
            assert isinstance(subject, Keyless)
            actor = self._context.actor()
            return _run(method, declaration, signature, self, actor, subject.find(actor, self), args, kwargs)

        operation = on_subject if isinstance(subject, Keyed) else on_nothing
        operation.declaration = declaration  # type: ignore[attr-defined]
        operation.__signature__ = _public(signature, subject)  # type: ignore[attr-defined]
        return operation

    return declare


def _public(signature: inspect.Signature, subject: Keyed[Any] | Keyless) -> inspect.Signature:
    """The signature as callers see it: with the subject's id in place of the subject."""
    if isinstance(subject, Keyless):
        return signature
    this, _, *others = signature.parameters.values()
    key = inspect.Parameter(subject.key, inspect.Parameter.POSITIONAL_ONLY, annotation=str)
    return signature.replace(parameters=[this.replace(kind=inspect.Parameter.POSITIONAL_ONLY), key, *others])


def _run(
    method: Callable[..., Any],
    declaration: Declaration,
    signature: inspect.Signature,
    family: Operations,
    actor: User,
    found: Found[Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:
    bound = copy(family)  # of its own, because threads may share a workspace
    bound._actor, bound._found = actor, found
    if declaration.kind is Kind.CHANGES and actor.role is Role.ADMIN:
        given = signature.bind(bound, *args, **kwargs).arguments
        with _recorded(declaration, bound, given):
            return method(bound, *args, **kwargs)
    if declaration.kind is Kind.READS and is_looked(actor.role, actor.id, found.owner_id):
        store, now = bound._store, bound._clock()
        looked(store, now, actor.id, found.owner_id or "", found.session_id, found.project_id)
    return method(bound, *args, **kwargs)


def _recorded(declaration: Declaration, bound: Operations, given: Mapping[str, Any]) -> AbstractContextManager[None]:
    """The entry in the audit log, or nothing where the administrator changes what is their own, or nothing at all."""
    actor, found, owner_id = bound._actor, bound._found, bound._found.owner_id
    if not is_recorded(actor.role, actor.id, owner_id) or given.get(declaration.unless):
        return nullcontext()
    about = str(given.get(declaration.about) or "") if declaration.about else name_of(found)
    return recorded(
        bound._store,
        bound._clock(),
        actor.id,
        declaration.action,
        owner_id=owner_id or found.account_id,
        about=about,
        arguments={name: given.get(name) for name in declaration.logs},
    )
