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
from semblance_core.engine.lease_renewer import LeaseRenewer
from semblance_core.engine.local import LocalEngine
from semblance_core.engine.work import Engine, Worker
from semblance_core.flows.designs.going_on import Bounds
from semblance_core.llm.catalogue.allowed import AllowedModels, allowed_models
from semblance_core.llm.catalogue.default_models import DefaultModels
from semblance_core.llm.catalogue.listing import Catalogue
from semblance_core.llm.catalogue.prices import PriceBook
from semblance_core.llm.catalogue.provider_book import provider_book
from semblance_core.llm.catalogue.providers import known_keys, own_addresses, own_keys
from semblance_core.llm.catalogue.traits import TraitBook
from semblance_core.llm.gateway import Gateway
from semblance_core.llm.providers.litellm_model import LitellmModel
from semblance_core.llm.slots import CallSlots
from semblance_core.llm.subprocess.model import SubprocessModel
from semblance_core.llm.writing import Writing
from semblance_core.readiness import READY, Check
from semblance_core.settings import Settings, load_settings
from semblance_core.store.opening import Connection, connect
from semblance_core.store.pruning import Retention
from semblance_core.store.server.failures import DatabaseFailed, check_answers
from semblance_core.store.store import Store, store_over
from semblance_core.store.usage.ledger_batcher import LedgerBatcher
from semblance_core.workspace import Workspace
from semblance_core.workspace.context import OperationContext

WARM_UP_AGAIN_S = 10.0
ANSWERS_S = 2.5
"""Seconds that the database may take to answer a health check; watchers commonly wait 3 s or more."""
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
    defaults: DefaultModels

    def workspace(self, user_id: str, sign_in: str = "") -> Workspace:
        """Returns all operations of this user. sign_in: fingerprint of the sign-in that they end with."""
        parts = (self.store, self.engine, self.settings, self.gateway, self.clock, self.allowed, self.defaults)
        return Workspace(OperationContext(user_id, *parts, sign_in))

    def warm_up(self) -> None:
        """Prepares the first model call, which would otherwise wait."""
        self.gateway.model.warm_up(self.defaults.talk)
        gc.collect()
        gc.freeze()  # what is imported by now stays; later collections need not look at it again

    def warm_up_later(self) -> threading.Thread:
        """Warms up in a thread of its own, and again after a while where that fails; calls do not depend on it."""
        return self._later(self.warm_up, "model calls are not warmed up yet")

    def seed_prices_later(self) -> threading.Thread:
        """Does the same with `seed_prices`."""
        return self._later(self.seed_prices, "prices are not seeded yet")

    def _later(self, work: Callable[[], None], failed_words: str) -> threading.Thread:
        def begin() -> None:
            while not self.gateway.closing.is_set():
                try:
                    work()
                    return
                except Interrupted:
                    return
                except (SemblanceError, DatabaseFailed) as failed:
                    facts = {"why": type(failed).__name__, "again_in_s": WARM_UP_AGAIN_S}
                    log.warning(failed_words, extra=facts)
                self.gateway.closing.wait(WARM_UP_AGAIN_S)

        thread = threading.Thread(target=begin, name="warm-up", daemon=True)
        thread.start()
        return thread

    def seed_prices(self) -> None:
        """Takes over what the price lists say, where this database has not seen their edition yet."""
        catalogue, pricing = self.gateway.catalogue, self.store.pricing
        if pricing.edition() != catalogue.edition:
            pricing.seed(catalogue.price_list, catalogue.edition, self.clock())

    def checks(self) -> dict[str, Check]:
        """Returns the checks of all parts, by name; see `Readiness`."""
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
        self.gateway.batcher.flush()
        self.connection.presence.leave()

    def close(self) -> None:
        self.engine.close()
        self.gateway.batcher.flush()
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
    settings: Settings | None = None, *, clock: Callable[[], datetime] | None = None, calls_in_subprocess: bool = False
) -> Semblance:
    """Opens the platform. Use it in a `with` statement, or call `close()` at the end.

    Its engine works on what it is given; `engine.start()` makes it take up abandoned work, too.

    Args:
        settings: those of the environment and `.env` where none are given.
        clock: the database server's where none is given.
        calls_in_subprocess: whether a process of its own makes the model calls, which leaves this one to its sessions: for
            servers. Notebooks and commands call in their own process.

    Raises:
        SetupError: a part of the installation is missing or unusable; the message says what to do.
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
    catalogue, book = Catalogue(), provider_book(settings, store.provider_keys)
    try:
        allowed = allowed_models(settings, book, catalogue, store.model_rules)
    except InvalidInput as wrong:
        connection.close()
        raise SetupError(f"The setting SEMBLANCE_ALLOWED_MODELS is not usable: {wrong}") from None
    gateway = Gateway(
        batcher=LedgerBatcher(store.ledger, store.users.get),
        model=(SubprocessModel if calls_in_subprocess else LitellmModel)(
            base_urls=settings.base_urls | own_addresses(os.environ),
            keys=settings.provider_keys | own_keys(os.environ),
            secrets=known_keys(os.environ),
            stored=book.access,
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
        writing=Writing(settings.show_writing),
    )
    kept = timedelta(days=settings.keep_audit_days) if settings.keep_audit_days else None
    retention = Retention(audit_log=kept)
    bounds = Bounds(settings.open_panels, settings.open_tasks, settings.running_sessions)
    renewer = LeaseRenewer(settings.lease_s)
    worker = Worker(store, gateway, clock, settings.lease_s, renewer, Reader(), retention, bounds=bounds)
    defaults = DefaultModels(settings, book, store.model_rules)
    semblance = Semblance(settings, connection, store, gateway, _engine(worker, settings), clock, allowed, defaults)
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
    from semblance_core.engine.fleet.publisher import FleetEngine, fleet_app

    app = fleet_app(settings.broker_url.get_secret_value(), settings.mongodb_database)
    return FleetEngine(worker, settings.sweep_s, app)
