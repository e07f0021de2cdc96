"""Checks in words whether everything that Semblance needs is ready."""

import os
import sys
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.usage.events import is_simulated
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.catalogue.access import NO_ACCESS, ProviderAccess
from semblance_core.llm.catalogue.allowed import Source, allowed_models, allowed_words
from semblance_core.llm.catalogue.default_models import DefaultModels
from semblance_core.llm.catalogue.listing import Catalogue
from semblance_core.llm.catalogue.prices import PriceBook
from semblance_core.llm.catalogue.provider_book import provider_book
from semblance_core.llm.catalogue.providers import known_keys, own_addresses, own_keys
from semblance_core.llm.providers.litellm_model import LitellmModel
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.settings import Settings, microsoft_app
from semblance_core.store.store import Store

if TYPE_CHECKING:
    from semblance_core.store.opening import Connection
    from semblance_core.store.server.connection import Reached


@dataclass(frozen=True, slots=True)
class Finding:
    part: str
    ok: bool
    words: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """The model that is asked where nobody chooses one, and the keys that administrators typed, as far as the data are read."""

    model: str
    access: ProviderAccess = NO_ACCESS


def examine(settings: Settings) -> list[Finding]:
    """One finding a part: Python, folders, database, accounts, price, fleet, Microsoft, keys, model (with one tiny call)."""
    database, asked = _database(settings)
    return [
        _python(),
        _folder(settings),
        *database,
        *_fleet(settings),
        *_microsoft(settings),
        *_strangers(settings),
        _keys(settings),
        _allowed(settings),
        _model(settings, asked),
    ]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), f"{version} (3.11 or newer is needed)")


def _folder(settings: Settings) -> Finding:
    from semblance_core.store.server.embedded import writable_folder

    try:
        folder = writable_folder(settings.data_dir)
    except SemblanceError as refused:
        return Finding("Data folder", False, str(refused))
    return Finding("Data folder", True, f"{folder.parent} can be written")


def _database(settings: Settings) -> tuple[list[Finding], _Asked]:
    """Checks the database, and reads which model is asked.

    Data are only looked at first: those of another version are neither migrated nor read any further.
    """
    from semblance_core.store.opening import connect
    from semblance_core.store.server.connection import reach

    asked = _Asked(settings.default_model)
    try:
        reached = reach(settings)
    except SemblanceError as failed:
        return [Finding("Database", False, str(failed))], asked
    try:
        version = reached.database.client.server_info()["version"]
        where = "Semblance's own server" if reached.is_embedded else "the server at MONGODB_URI"
        findings = [Finding("Database", True, f"MongoDB {version}, {where}, a replica set")]
        data, as_they_are = _data(reached)
        if not as_they_are:
            return [*findings, data], asked
        with closing(connect(settings)) as connection:
            indexes = [Finding("Indexes", False, words) for words in connection.unmade]
            accounts, asked = _accounts(settings, connection)
            return [*findings, data, *indexes, *accounts], asked
    except SemblanceError as failed:
        return [Finding("Database", False, str(failed))], asked
    finally:
        reached.close()


def _data(reached: "Reached") -> tuple[Finding, bool]:
    """The version of what is stored, and whether it is the one that this program works on."""
    from semblance_core.store.version.schema import MIGRATIONS, stored_in

    known = len(MIGRATIONS)
    stored = stored_in(reached.database)
    if stored.is_newer_than(known):
        return Finding("Data", False, stored.refusal(reached.database.name, known)), False
    if stored.version is None:
        return Finding("Data", True, f"none yet; they will have version {known}"), True
    if stored.version == known:
        return Finding("Data", True, f"version {known}, the one that this Semblance works on"), True
    due = ", ".join(migration.what for migration in MIGRATIONS[stored.version :])
    words = f"version {stored.version}; the next start moves them on to {known} ({due}): make a backup first"
    return Finding("Data", True, words), False


def _accounts(settings: Settings, connection: "Connection") -> tuple[list[Finding], _Asked]:
    from semblance_core.accounts import ensure_accounts
    from semblance_core.store.store import store_over

    store = store_over(connection.database, connection.presence.check)
    book = provider_book(settings, store.provider_keys)
    asked = _Asked(DefaultModels(settings, book, store.model_rules).talk, book.access())
    try:
        ensure_accounts(store, settings)
    except SemblanceError as failed:
        return [Finding("Accounts", False, str(failed))], asked
    count = len(store.users.list())
    words = f"{count} for {settings.env}" if count else "none yet: python -m semblance_core add-user NAME --role admin"
    return [Finding("Accounts", count > 0, words), _price(asked.model, store)], asked


def _microsoft(settings: Settings) -> list[Finding]:
    """Returns whether signing in with Microsoft is set up whole; nobody is asked, because that takes a browser."""
    try:
        app = microsoft_app(settings)
    except SemblanceError as failed:
        return [Finding("Microsoft", False, str(failed))]
    words = "the app registration has to name the redirect URI"
    return [Finding("Microsoft", True, f"{words} {app.redirect_uri}")] if app else []


def _fleet(settings: Settings) -> list[Finding]:
    if not settings.broker_url.get_secret_value():
        return []
    from semblance_core.engine.fleet.publisher import fleet_app, living_workers

    try:
        names = living_workers(fleet_app(settings.broker_url.get_secret_value(), settings.mongodb_database))
    except SemblanceError as failed:
        return [Finding("Fleet", False, str(failed))]
    count = f"{len(names)} {'worker answers' if len(names) == 1 else 'workers answer'}"
    return [Finding("Fleet", bool(names), count if names else "no worker answers: python -m semblance_core worker")]


def _keys(settings: Settings) -> Finding:
    there = [f"{provider.upper()}_API_KEY" for provider in settings.provider_keys]
    return Finding(
        "Keys",
        True,
        f"{' and '.join(there) or 'none set'}; without one, keys typed on the page Models, else the simulator",
    )


def _strangers(settings: Settings) -> list[Finding]:
    """Returns whether the server knows its own name, by which it tells a page that only points its own name here."""
    if settings.env != "production" or settings.url:
        return []
    words = "SEMBLANCE_URL is not set, so the server answers under any name: set it to the address that people open"
    return [Finding("Address", True, words)]


def _allowed(settings: Settings) -> Finding:
    """Names the providers that the environment opens; keys and lists that administrators typed are not read here."""
    try:
        allowed = allowed_models(settings, provider_book(settings, None), Catalogue(), None)
    except SemblanceError as wrong:
        return Finding("Models", False, f"SEMBLANCE_ALLOWED_MODELS: {wrong}")
    rule = allowed.rule()
    by = "SEMBLANCE_ALLOWED_MODELS" if rule.source is Source.ENVIRONMENT else "keys and addresses that are set"
    refused = [f"{model}: {why}" for model in allowed.named if (why := allowed.refusal(model))]
    words = f"allowed by {by}, unless an administrator says otherwise: {allowed_words(rule, allowed.named)}"
    return Finding("Models", not refused, "; ".join((words, *refused)))


def _model(settings: Settings, by_default: _Asked) -> Finding:
    model = by_default.model
    if is_simulated(model):
        return Finding(
            "Model", True, f"{model}, the built-in simulator: no key, no network, every answer marked as simulated"
        )
    asked = CompletionRequest(
        "reply", (PromptMessage("user", "Say: ready"),), max_tokens=settings.reasoning_tokens + 16
    )
    caller = LitellmModel(
        base_urls=settings.base_urls | own_addresses(os.environ),
        keys=settings.provider_keys | own_keys(os.environ),
        secrets=known_keys(os.environ),
        stored=lambda: by_default.access,
    )
    try:
        caller.warm_up(model)
        answer = caller.complete(model, asked, settings.call_timeout_s)
    except ModelFailed as failed:
        return Finding("Model", False, " ".join(filter(None, (f"{model}: {failed}", failed.provider_said))))
    return Finding("Model", True, f"{model} answered in {answer.latency_s:.1f} s")


def _price(model: str, store: Store) -> Finding:
    price = PriceBook(store.pricing, Catalogue()).price_of(model, store.clock())
    if price is None:
        return Finding(
            "Price", True, "not known for this model: costs will show as unknown, and quotas must be in tokens"
        )
    rates = price.base
    return Finding("Price", True, f"${rates.prompt:f} prompt and ${rates.completion:f} completion per million tokens")
