"""The one place where settings become running parts: store, model, gateway, engine, workspaces."""

import gc
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from semblance_core.accounts import ensure_accounts
from semblance_core.documents import Reader
from semblance_core.domain.errors import Interrupted, InvalidInput, SemblanceError, SetupError
from semblance_core.engine.heart import Heart
from semblance_core.engine.local import LocalEngine
from semblance_core.engine.work import Engine, Worker
from semblance_core.llm.allowed import AllowedModels, allowed_models
from semblance_core.llm.apart import ModelApart
from semblance_core.llm.catalogue import Catalogue
from semblance_core.llm.clerk import Clerk
from semblance_core.llm.gateway import Gateway
from semblance_core.llm.litellm_model import LitellmModel
from semblance_core.llm.prices import PriceBook
from semblance_core.llm.providers import known_keys, own_keys
from semblance_core.llm.slots import CallSlots
from semblance_core.llm.traits import TraitBook
from semblance_core.readiness import READY, Check
from semblance_core.settings import Settings, load_settings
from semblance_core.store.connection import Connection, connect
from semblance_core.store.failures import DatabaseFailed, check_answers
from semblance_core.store.pruning import Retention
from semblance_core.store.store import Store, store_over
from semblance_core.workspace import Workspace

WARM_UP_AGAIN_S = 10.0
ANSWERS_S = 2.5
"""How long the database may take for an answer to whoever watches; watchers commonly wait 3 s or more."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Semblance:
    """The running platform. `with open_semblance() as semblance:` closes it at the end."""

    settings: Settings
    connection: Connection
    store: Store
    gateway: Gateway
    engine: Engine
    clock: Callable[[], datetime]
    allowed: AllowedModels

    def workspace(self, user_id: str, sign_in: str = "") -> Workspace:
        """Everything that this user can do. sign_in: the fingerprint of a sign-in, with whose end nothing more can be done."""
        return Workspace(
            user_id, self.store, self.engine, self.settings, self.gateway, self.clock, self.allowed, sign_in
        )

    def warm_up(self) -> None:
        """Does now what the first model call would otherwise wait for."""
        self.gateway.model.warm_up(self.settings.default_model)
        gc.collect()
        gc.freeze()  # what is imported by now stays; later collections need not look at it again

    def warm_up_later(self, first: Callable[[], None] = lambda: None) -> threading.Thread:
        """Does so in a thread of its own, after `first`, and again after a while where that fails; calls do not depend on it."""

        def warm_up() -> None:
            while not self.gateway.closing.is_set():
                try:
                    first()
                    self.warm_up()
                    return
                except Interrupted:
                    return
                except (SemblanceError, DatabaseFailed) as failed:
                    facts = {"why": type(failed).__name__, "again_in_s": WARM_UP_AGAIN_S}
                    log.warning("model calls are not warmed up yet", extra=facts)
                self.gateway.closing.wait(WARM_UP_AGAIN_S)

        thread = threading.Thread(target=warm_up, name="warm-up", daemon=True)
        thread.start()
        return thread

    def seed_prices(self) -> None:
        """Takes over what the price lists say, where this database has not seen their edition yet."""
        catalogue, pricing = self.gateway.catalogue, self.store.pricing
        if pricing.edition() != catalogue.edition:
            pricing.seed(catalogue.price_list, catalogue.edition, self.clock())

    def checks(self) -> dict[str, Check]:
        """What tells whether its parts are ready, by their names; see `Readiness`."""
        presence = self.connection.presence
        return {
            "data": lambda: presence.words or READY,
            "database": lambda: _answering(self.connection),
            "calls": self.gateway.model.check,
            **self.engine.checks(),
        }

    def step_back(self) -> None:
        """Ends all work for good, because a newer Semblance takes over the data; what is asked of it from then on is refused."""
        self.engine.close()
        self.gateway.clerk.flush()
        self.connection.presence.leave()

    def close(self) -> None:
        self.engine.close()
        self.gateway.clerk.flush()
        self.gateway.slots.close()
        self.gateway.model.close()
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_semblance(
    settings: Settings | None = None, *, clock: Callable[[], datetime] | None = None, calls_apart: bool = False
) -> Semblance:
    """The platform over these settings, or those of the environment; raises `SetupError` in words.

    Its engine works on what it is given; what others left behind is taken up once `engine.start()` is called.
    clock: the database server's where none is given. calls_apart: model calls are made by a process of their own, which leaves this
    one to its sessions: for what serves many.
    """
    settings = settings or load_settings()
    connection = connect(settings)
    try:
        store = store_over(connection.database, connection.presence.check)
        ensure_accounts(store, settings)
    except BaseException:
        connection.close()
        raise
    clock = clock or store.clock
    catalogue = Catalogue()
    try:
        allowed = allowed_models(settings, os.environ, catalogue, store.model_rules)
    except InvalidInput as wrong:
        connection.close()
        raise SetupError(f"The setting SEMBLANCE_ALLOWED_MODELS is not usable: {wrong}") from None
    gateway = Gateway(
        clerk=Clerk(store.ledger, store.users.get),
        model=(ModelApart if calls_apart else LitellmModel)(
            base_urls=settings.base_urls | dict(allowed.addresses),
            keys=settings.provider_keys | own_keys(os.environ),
            secrets=known_keys(os.environ),
            simulator_delay_s=settings.simulator_delay_s,
            stream=settings.stream,
        ),
        prices=PriceBook(store.pricing, catalogue),
        catalogue=catalogue,
        clock=clock,
        slots=CallSlots(settings.concurrency),
        timeout_s=settings.call_timeout_s,
        attempts=settings.call_attempts,
        traits=TraitBook(store.model_traits, catalogue, clock),
        reasoning_tokens=settings.reasoning_tokens,
        fallbacks=settings.fallback_models,
        refusal=allowed.refusal,
    )
    kept = timedelta(days=settings.keep_audit_days) if settings.keep_audit_days else None
    retention = Retention(audit_log=kept)
    worker = Worker(store, gateway, clock, settings.lease_s, Heart(settings.lease_s), Reader(), retention)
    semblance = Semblance(settings, connection, store, gateway, _engine(worker, settings), clock, allowed)
    connection.presence.when_over(semblance.step_back)
    return semblance


def _answering(connection: Connection) -> str:
    try:
        check_answers(connection.database, ANSWERS_S)
    except DatabaseFailed:
        return "does not answer"
    return READY


def _engine(worker: Worker, settings: Settings) -> Engine:
    """Threads of this process, or the fleet where there is a broker."""
    if not settings.broker_url.get_secret_value():
        return LocalEngine(worker, settings.sweep_s)
    from semblance_core.engine.fleet import FleetEngine, fleet_app

    app = fleet_app(settings.broker_url.get_secret_value(), settings.mongodb_database)
    return FleetEngine(worker, settings.sweep_s, app)
