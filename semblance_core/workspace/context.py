"""The parts that operations work with, bound to one actor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from semblance_core.domain.accounts.account import User
from semblance_core.domain.errors import AccessDenied, InvalidInput, SignedOut
from semblance_core.domain.task import Task
from semblance_core.flows.quota import check_quota
from semblance_core.flows.resume import resume_paused
from semblance_core.llm.catalogue.allowed import AllowedModels
from semblance_core.llm.catalogue.default_models import DefaultModels
from semblance_core.llm.gateway import Gateway
from semblance_core.settings import Settings
from semblance_core.store.store import Store


class Submits(Protocol):
    """Wakes a worker up, and lets a script wait until the work is over."""

    def submit(self, kind: Any, work_id: str) -> None: ...
    def wait(self, kind: Any, work_id: str) -> None: ...


@dataclass(frozen=True)
class OperationContext:
    """Store, engine, gateway and settings for the operations of one actor."""

    actor_id: str
    store: Store
    engine: Submits
    settings: Settings
    gateway: Gateway
    clock: Callable[[], datetime]
    allowed: AllowedModels
    defaults: DefaultModels
    sign_in: str = ""
    """Fingerprint of the actor's sign-in; empty where there is none, as in a notebook."""

    def actor(self) -> User:
        """Reads the actor's account.

        Raises:
            AccessDenied: nobody is signed in, or the account is disabled.
            SignedOut: the sign-in is over.
            SetupError: a newer Semblance has taken over the data.
        """
        self.store.check_version()
        if self.sign_in and self.store.sign_ins.holder(self.sign_in, self.clock()) != self.actor_id:
            raise SignedOut("You are signed out. Sign in again to continue.")
        user = self.store.users.find(self.actor_id) if self.actor_id else None
        if user is None:
            raise AccessDenied("Sign in first.")
        if user.disabled:
            raise AccessDenied("This account is disabled.")
        return user

    def known_model(self, name: str) -> str:
        """Returns the model's name, the default model for an empty one; raises `InvalidInput` for one that is not allowed."""
        model = name.strip() or self.defaults.talk
        if why := self.gateway.refusal(model):
            raise InvalidInput(why)
        return model

    def check_quota(self, owner: User, model: str) -> None:
        """Refuses work whose calls could only fail (`flows/quota.py`). owner: who pays, which need not be the actor."""
        check_quota(owner, model, self.store.ledger, self.gateway, self.clock())

    def begin(self, task: Task, unless: Callable[[], Task | None] = lambda: None) -> Task:
        """Stores the task and wakes a worker up.

        Args:
            task: the new task.
            unless: finds a finished task that did the same. It is asked after the task is stored, when no other can begin any
                more: one may have finished since it was asked before.

        Returns:
            The new task, or the one that does or did the same.
        """
        begun = self.store.tasks.add(task)
        if begun.id == task.id and (done := unless()):
            self.store.tasks.delete(task.id)
            return done
        self.engine.submit("task", begun.id)
        return begun

    def resume_paused(self) -> None:
        """Wakes up sessions that were paused for a quota or a price and fit now."""
        for group_id in resume_paused(self.store, self.gateway.prices.price_of, self.clock):
            self.engine.submit("focus_group", group_id)
