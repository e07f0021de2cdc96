"""Commands on prices and usage: seeding prices, checking the books, reconstructing and repricing what was used."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from decimal import Decimal
from typing import TYPE_CHECKING

from semblance_core.domain.plurals import number
from semblance_core.domain.times import asked_time
from semblance_core.domain.usage.events import Spent
from semblance_core.domain.usage.money import money
from semblance_core.settings import load_settings

if TYPE_CHECKING:
    from semblance_core.store.store import Store


TOLD = 20


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds this file's commands to the parser."""
    seed = commands.add_parser("seed-pricing", help="bring model_pricing up to the price lists; keeps edits")
    seed.set_defaults(command=_seed)

    check = commands.add_parser("check-usage", help="rebuild rollups and budgets from the events and compare them")
    check.add_argument("--repair", action="store_true", help="make them what the events say")
    check.set_defaults(command=_check)

    backfill = commands.add_parser(
        "backfill-usage",
        help="reconstruct the usage of messages that have none",
        description="Builds the prompt of every message without a usage event again, counts it, and records it as estimated.",
    )
    _add_times(backfill)
    backfill.add_argument("--dry-run", action="store_true", help="only say what would be written")
    backfill.add_argument(
        "--delete-existing-estimates",
        action="store_true",
        help="first remove what earlier backfills wrote in that time (never what was measured)",
    )
    backfill.set_defaults(command=_backfill)

    reprice = commands.add_parser("reprice", help="compute costs anew after a price was corrected")
    _add_times(reprice, since_needed=True)
    reprice.add_argument("--model", metavar="NAME", help="only this model's calls")
    reprice.add_argument("--dry-run", action="store_true", help="only say what would change")
    reprice.set_defaults(command=_reprice)


def _seed(_: argparse.Namespace) -> int:
    from semblance_core.llm.catalogue.listing import Catalogue

    catalogue = Catalogue()
    with open_store() as store, _recorded(store, "seed_prices"):
        done = store.pricing.seed(catalogue.price_list, catalogue.edition, store.clock())
    print(
        f"{len(catalogue.price_list):,} models listed by {catalogue.edition}: {done.added:,} added, {done.changed:,} with a new "
        f"price from today on, {done.kept:,} as they were, {done.edited:,} edited here and kept."
    )
    return 0


def _check(given: argparse.Namespace) -> int:
    with open_store() as store, _recorded(store, "repair_books", dry_run=not given.repair):
        audit = (
            store.reconciliation.repair(_said_now_and_then)
            if given.repair
            else store.reconciliation.check(_said_now_and_then)
        )
    for difference in audit.differences:
        print(difference)
    if (further := audit.wrong - len(audit.differences)) > 0:
        print(f"… and {further:,} more.")
    counted = f"{audit.events:,} events, {audit.rollups:,} rollups, {audit.budgets:,} budgets"
    if not audit.wrong:
        print(f"{counted}: they agree to the nano-dollar.")
        return 0
    print(f"{counted}: {audit.wrong:,} figures differed{' and were set right' if given.repair else ''}.")
    return 0 if given.repair else 1


def _said_now_and_then(done: int, total: int, what: str) -> None:
    """Says twenty times on the way how far it is, where figures on standard output are not in its way."""
    if total > TOLD and done % (total // TOLD) == 0:
        print(f"{done:,} of {total:,}: {what}", file=sys.stderr, flush=True)


def _backfill(given: argparse.Namespace) -> int:
    from semblance_core.flows.costs.backfill import backfill
    from semblance_core.llm.catalogue.listing import Catalogue
    from semblance_core.llm.catalogue.prices import PriceBook
    from semblance_core.llm.providers.litellm_model import LitellmModel

    times = {"since": given.since, "until": given.until}
    with open_store() as store, _recorded(store, "backfill_usage", dry_run=given.dry_run, **times):
        done = backfill(
            store,
            LitellmModel().count_tokens,
            PriceBook(store.pricing, Catalogue()).price_of,
            **times,
            dry_run=given.dry_run,
            delete_existing=given.delete_existing_estimates,
        )
    would = "would be " if given.dry_run else ""
    if given.delete_existing_estimates:
        print(f"{done.removed:,} earlier estimates {would}removed.")
    for model, spent in done.by_model.items():
        print(f"{model}: {number(spent.calls, 'message')}, {_used(spent)}")
    print(f"{number(done.messages, 'message')} without usage {would}given an estimated event.")
    return 0


def _reprice(given: argparse.Namespace) -> int:
    from semblance_core.flows.costs.reprice import reprice
    from semblance_core.llm.catalogue.listing import Catalogue
    from semblance_core.llm.catalogue.prices import PriceBook

    times = {"since": given.since, "until": given.until}
    with open_store() as store, _recorded(store, "reprice", dry_run=given.dry_run, about=given.model or "", **times):
        prices = PriceBook(store.pricing, Catalogue())
        names = prices.names_of(given.model) if given.model else ()
        changed = reprice(store.usage, prices.price_of, models=names, dry_run=given.dry_run, **times)
    for row in changed:
        unknown = f", {row.was_unknown:,} of them of unknown cost" if row.was_unknown else ""
        print(
            f"{row.user_id}, {row.model}: {number(row.calls, 'call')}{unknown}, from {money(row.before_usd)} to {money(row.after_usd)} "
            f"({_signed(row.difference_usd)})"
        )
    if in_flight := sum(row.in_flight for row in changed):
        is_are, them = ("is", "it") if in_flight == 1 else ("are", "them")
        print(f"{number(in_flight, 'call')} {is_are} being settled at this moment; run it again for {them}.")
    total = sum((row.difference_usd for row in changed), Decimal(0))
    calls = sum(row.calls for row in changed)
    print(f"{number(calls, 'call')} {'would change' if given.dry_run else 'changed'}, {_signed(total)} in all.")
    return 0


@contextmanager
def open_store() -> Iterator["Store"]:
    """The store by itself, for commands that need neither a model nor an engine."""
    from semblance_core.store.opening import connect
    from semblance_core.store.store import store_over

    connection = connect(load_settings())
    try:
        yield store_over(connection.database, connection.presence.check)
    finally:
        connection.close()


def _recorded(
    store: "Store", action: str, *, dry_run: bool = False, about: str = "", **given: object
) -> AbstractContextManager[None]:
    """Puts what is done inside into the audit log, unless it only says what it would do."""
    from semblance_core.domain.accounts.audit_log import COMMAND_LINE
    from semblance_core.workspace.audit import recorded

    return (
        nullcontext() if dry_run else recorded(store, store.clock(), COMMAND_LINE, action, about=about, arguments=given)
    )


def _add_times(command: argparse.ArgumentParser, *, since_needed: bool = False) -> None:
    told = "ISO 8601; without a zone it is UTC"
    command.add_argument(
        "--since", metavar="ISO", type=asked_time, required=since_needed, help=f"from then on ({told})"
    )
    command.add_argument("--until", metavar="ISO", type=asked_time, help="before then")


def _used(spent: Spent) -> str:
    cost = "unknown cost" if spent.cost_usd is None else money(spent.cost_usd)
    return f"{spent.tokens.prompt:,} prompt and {spent.tokens.completion:,} completion tokens, {cost}"


def _signed(usd: Decimal) -> str:
    return money(usd) if usd < 0 else f"+{money(usd)}"
