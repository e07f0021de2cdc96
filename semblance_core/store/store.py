"""All collections together, over one connection."""

from collections.abc import Callable
from dataclasses import dataclass

from pymongo.database import Database

from semblance_core.store.assets import Assets
from semblance_core.store.audit import Books
from semblance_core.store.audit_log import AuditLog
from semblance_core.store.clock import ServerClock
from semblance_core.store.connection import Document
from semblance_core.store.deletions import Deletions
from semblance_core.store.focus_groups import FocusGroups
from semblance_core.store.incoming import Incoming
from semblance_core.store.ledger import Ledger
from semblance_core.store.model_rules import ModelRules
from semblance_core.store.model_traits import LearnedTraits
from semblance_core.store.open_work import OpenWork
from semblance_core.store.people import Personas, Projects, Users
from semblance_core.store.pricing import Pricing
from semblance_core.store.pruning import Pruning
from semblance_core.store.session_list import SessionLists
from semblance_core.store.sign_ins import SignIns
from semblance_core.store.tasks import Tasks
from semblance_core.store.themes import Themes
from semblance_core.store.traces import Traces
from semblance_core.store.transcripts import Transcripts
from semblance_core.store.usage import UsageRecords
from semblance_core.store.usage_owner import UsageOwner


@dataclass(frozen=True, slots=True)
class Store:
    """clock: now, as the database's server has it. check_version: raises `SetupError` once a newer Semblance has taken over the data."""

    clock: ServerClock
    users: Users
    projects: Projects
    personas: Personas
    focus_groups: FocusGroups
    assets: Assets
    incoming: Incoming
    session_lists: SessionLists
    transcripts: Transcripts
    themes: Themes
    tasks: Tasks
    open_work: OpenWork
    ledger: Ledger
    usage: UsageRecords
    books: Books
    pricing: Pricing
    model_traits: LearnedTraits
    sign_ins: SignIns
    audit_log: AuditLog
    pruning: Pruning
    deletions: Deletions
    traces: Traces
    usage_owner: UsageOwner
    model_rules: ModelRules
    check_version: Callable[[], None]


def store_over(database: Database[Document], check_version: Callable[[], None] = lambda: None) -> Store:
    usage = UsageRecords(database)
    ledger = Ledger(database, usage)
    focus_groups = FocusGroups(database, ledger)
    return Store(
        ServerClock(database),
        Users(database),
        Projects(database),
        Personas(database),
        focus_groups,
        focus_groups.assets,
        Incoming(database),
        SessionLists(database),
        Transcripts(database),
        Themes(database),
        Tasks(database, ledger),
        OpenWork(database),
        ledger,
        usage,
        Books(database),
        Pricing(database),
        LearnedTraits(database),
        SignIns(database),
        AuditLog(database),
        Pruning(database),
        Deletions(database),
        Traces(database),
        UsageOwner(database),
        ModelRules(database),
        check_version,
    )
