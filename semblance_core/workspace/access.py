"""Who may do what: every operation of a workspace declares its rule, and the rule is checked before it runs.

What belongs to somebody else is answered like what does not exist, so that nobody learns of it. What is made in a project is
the project's owner's, and counts on the owner's account, whoever makes it.
"""

import inspect
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from semblance_core.domain.errors import AccessDenied, InvalidInput, NotFound, PriceUnknown, SignedOut, price_unknown
from semblance_core.domain.people import Role, User
from semblance_core.domain.price import least_usd
from semblance_core.domain.task import Task
from semblance_core.domain.times import month_of
from semblance_core.domain.usage import limits_for
from semblance_core.flows.resume import resume_paused
from semblance_core.llm.allowed import AllowedModels
from semblance_core.llm.gateway import Gateway
from semblance_core.settings import Settings
from semblance_core.store.store import Store
from semblance_core.workspace.audited import is_looked, is_recorded, looked, recorded

_INSIDE: ContextVar[bool] = ContextVar("inside an operation", default=False)
"""What an operation reads for its own sake is not looked into by anybody."""
Given = ParamSpec("Given")
Result = TypeVar("Result")
Rule = Callable[[User, Store, dict[str, Any]], str | None]
"""Raises where the actor may not; else says whose it is that the operation is done to, None for what is the platform's."""


class Submits(Protocol):
    """What wakes a worker up, and lets a script wait until the work is over."""

    def submit(self, kind: Any, work_id: str) -> None: ...
    def wait(self, kind: Any, work_id: str) -> None: ...


@dataclass(frozen=True)
class Desk:
    """What every operation works with, for one actor."""

    actor_id: str
    store: Store
    engine: Submits
    settings: Settings
    gateway: Gateway
    clock: Callable[[], datetime]
    allowed: AllowedModels
    sign_in: str = ""
    """Fingerprint of the sign-in that the actor came by; empty where there is none, as in a notebook."""

    def _actor(self) -> User:
        """The actor's account as it is now; raises `AccessDenied` for nobody and for a disabled account, `SignedOut` once the sign-in is over.

        Where a newer Semblance has taken over the data, `SetupError`.
        """
        self.store.check_version()
        if self.sign_in and self.store.sign_ins.holder(self.sign_in, self.clock()) != self.actor_id:
            raise SignedOut("You are signed out. Sign in again to go on.")
        user = self.store.users.find(self.actor_id) if self.actor_id else None
        if user is None:
            raise AccessDenied("Sign in first.")
        if user.disabled:
            raise AccessDenied("This account is disabled.")
        return user

    def _known_model(self, name: str) -> str:
        """The model's name, the platform's default for an empty one; raises `InvalidInput` for one that may not be asked."""
        model = name.strip() or self.settings.default_model
        if why := self.gateway.refusal(model):
            raise InvalidInput(why)
        return model

    def _check_quota(self, user_id: str, model: str) -> None:
        """Raises `QuotaExceeded`, `PriceUnknown` or `InvalidInput` (of the model) where what is begun could only fail, call by call.

        user_id: on whose account it counts, who need not be the actor.
        """
        if why := self.gateway.refusal(model):
            raise InvalidInput(why)
        now = self.clock()
        price = self.gateway.prices.price_of(model, now)
        quota = limits_for(self.store.users.get(user_id).quota, model, least_usd(price))
        self.store.ledger.check_left(user_id, quota, month_of(now))
        if quota.usd is not None and price is None:
            raise PriceUnknown(price_unknown(model))

    def _begun(self, task: Task, unless: Callable[[], Task | None] = lambda: None) -> Task:
        """The task, now under way; where one that does the same is under way already, that one.

        unless: finds one that has done the same. It is asked last, when no other can begin any more: one may have come to its end
        since it was asked before.
        """
        begun = self.store.tasks.add(task)
        if begun.id == task.id and (done := unless()):
            self.store.tasks.delete(task.id)
            return done
        self.engine.submit("task", begun.id)
        return begun

    def _resume_paused(self) -> None:
        for group_id in resume_paused(self.store, self.gateway.prices.price_of, self.clock):
            self.engine.submit("focus_group", group_id)


SomeDesk = TypeVar("SomeDesk", bound=Desk)


def operation(
    rule: Rule,
) -> Callable[[Callable[Concatenate[SomeDesk, Given], Result]], Callable[Concatenate[SomeDesk, Given], Result]]:
    """Declares who may call a method; the check reads the actor's account afresh, so a disabled user stops at once.

    What an administrator changes or looks into that is not their own is written into the audit log (audited.py).
    """

    def declare(
        method: Callable[Concatenate[SomeDesk, Given], Result],
    ) -> Callable[Concatenate[SomeDesk, Given], Result]:
        signature = inspect.signature(method)

        @wraps(method)
        def checked(self: SomeDesk, /, *args: Given.args, **kwargs: Given.kwargs) -> Result:
            given = dict(signature.bind(self, *args, **kwargs).arguments)
            actor = self._actor()
            owner_id = rule(actor, self.store, given)
            outermost = not _INSIDE.get()
            inside = _INSIDE.set(True)
            try:
                if is_recorded(method.__name__, actor.role, actor.id, owner_id, given):
                    del given["self"]
                    with recorded(self.store, self.clock(), actor.id, method.__name__, owner_id or "", **given):
                        return method(self, *args, **kwargs)
                if outermost and owner_id and is_looked(method.__name__, actor.role, actor.id, owner_id):
                    looked(self.store, self.clock(), actor.id, owner_id, given)
                return method(self, *args, **kwargs)
            finally:
                _INSIDE.reset(inside)

        checked.rule = rule  # type: ignore[attr-defined]
        return checked

    return declare


def signed_in(actor: User, _store: Store, _given: dict[str, Any]) -> str:
    """Anybody with an account that is not disabled."""
    return actor.id


def admins(actor: User, _store: Store, _given: dict[str, Any]) -> None:
    if actor.role is not Role.ADMIN:
        raise AccessDenied("Only administrators may do this.")


def of_project(actor: User, store: Store, given: dict[str, Any]) -> str:
    return _owner(actor, store.projects.get(given["project_id"]).owner_id, "project")


def of_both_projects(actor: User, store: Store, given: dict[str, Any]) -> str:
    """Who may use the project that something is taken from, and the one it is put into."""
    owners = (of_project(actor, store, given), of_project(actor, store, {"project_id": given["to_project_id"]}))
    return next((owner_id for owner_id in owners if owner_id != actor.id), actor.id)


def of_persona(actor: User, store: Store, given: dict[str, Any]) -> str:
    project_id = store.personas.project_of(given["persona_id"])
    return _owner(actor, store.projects.get(project_id).owner_id, "persona")


def of_focus_group(actor: User, store: Store, given: dict[str, Any]) -> str:
    return _owner(actor, store.focus_groups.owner_of(given["group_id"]), "focus group")


def of_asset(actor: User, store: Store, given: dict[str, Any]) -> str:
    asset = store.assets.get(given["asset_id"])
    try:
        owner_id = store.focus_groups.owner_of(asset.focus_group_id)
    except NotFound:  # its session is being deleted
        owner_id = asset.owner_id
    return _owner(actor, owner_id, "stimulus")


def of_task(actor: User, store: Store, given: dict[str, Any]) -> str:
    return _owner(actor, store.tasks.owner_of(given["task_id"]), "task")  # one of no project is the administrators'


def of_event(actor: User, store: Store, given: dict[str, Any]) -> str:
    """Who made the call, or on whose account it counts."""
    event = store.usage.find(given["event_id"])
    return _owner(actor, event.user_id if event else "", "call")


def _owner(actor: User, owner_id: str, what: str) -> str:
    if actor.role is not Role.ADMIN and owner_id != actor.id:
        raise NotFound(f"There is no such {what}.")
    return owner_id
