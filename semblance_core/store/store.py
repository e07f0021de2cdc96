"""All collections together, over one connection."""

from collections.abc import Callable
from dataclasses import dataclass

from pymongo.database import Database

from semblance_core.store.accounts.accounts import Personas, Projects, Users
from semblance_core.store.accounts.audit_log import AuditLog
from semblance_core.store.accounts.project_contents import ProjectsContents
from semblance_core.store.accounts.sign_ins import SignIns
from semblance_core.store.accounts.traces import Traces
from semblance_core.store.across.analyses import AnalysesAcross
from semblance_core.store.across.search import TextSearch
from semblance_core.store.across.syntheses import Syntheses
from semblance_core.store.coding.codings import Codings
from semblance_core.store.deletions import Deletions
from semblance_core.store.designs.designs import Designs
from semblance_core.store.files.assets import Assets
from semblance_core.store.files.uploads import UploadStaging
from semblance_core.store.interviews.rounds import InterviewRounds
from semblance_core.store.providers.provider_keys import ProviderKeys
from semblance_core.store.pruning import Pruning
from semblance_core.store.server.clock import ServerClock
from semblance_core.store.server.document import Document
from semblance_core.store.sessions.focus_groups import FocusGroups
from semblance_core.store.sessions.listing import SessionLists
from semblance_core.store.sessions.moderation.forks import Forks
from semblance_core.store.sessions.open_work import OpenWork
from semblance_core.store.sessions.tasks import Tasks
from semblance_core.store.sessions.themes import Themes, ThemesDue
from semblance_core.store.sessions.transcripts import Transcripts
from semblance_core.store.sharing.shared_reports import SharedReports
from semblance_core.store.surveys.ballots import Ballots
from semblance_core.store.surveys.surveys import Surveys
from semblance_core.store.usage.ledger import Ledger
from semblance_core.store.usage.model_rules import ModelRules
from semblance_core.store.usage.model_traits import LearnedTraits
from semblance_core.store.usage.owner import UsageOwner
from semblance_core.store.usage.pricing import Pricing
from semblance_core.store.usage.reconciliation import Reconciliation
from semblance_core.store.usage.records import UsageRecords


@dataclass(frozen=True, slots=True)
class Store:
    """clock: now, as the database's server has it. check_version: raises `SetupError` once a newer Semblance has taken over the data."""

    clock: ServerClock
    users: Users
    projects: Projects
    project_contents: ProjectsContents
    personas: Personas
    focus_groups: FocusGroups
    assets: Assets
    uploads: UploadStaging
    session_lists: SessionLists
    transcripts: Transcripts
    themes: Themes
    themes_due: ThemesDue
    tasks: Tasks
    surveys: Surveys
    ballots: Ballots
    forks: Forks
    interviews: InterviewRounds
    shared_reports: SharedReports
    syntheses: Syntheses
    analyses_across: AnalysesAcross
    text_search: TextSearch
    codings: Codings
    designs: Designs
    open_work: OpenWork
    ledger: Ledger
    usage: UsageRecords
    reconciliation: Reconciliation
    pricing: Pricing
    model_traits: LearnedTraits
    sign_ins: SignIns
    audit_log: AuditLog
    pruning: Pruning
    deletions: Deletions
    traces: Traces
    usage_owner: UsageOwner
    model_rules: ModelRules
    provider_keys: ProviderKeys
    check_version: Callable[[], None]


def store_over(database: Database[Document], check_version: Callable[[], None] = lambda: None) -> Store:
    usage = UsageRecords(database)
    ledger = Ledger(database, usage)
    focus_groups = FocusGroups(database, ledger)
    return Store(
        ServerClock(database),
        Users(database),
        Projects(database),
        ProjectsContents(database),
        Personas(database),
        focus_groups,
        focus_groups.assets,
        UploadStaging(database),
        SessionLists(database),
        Transcripts(database),
        Themes(database),
        ThemesDue(database),
        Tasks(database, ledger),
        Surveys(database),
        Ballots(database),
        Forks(database),
        InterviewRounds(database),
        SharedReports(database),
        Syntheses(database),
        AnalysesAcross(database),
        TextSearch(database),
        Codings(database),
        Designs(database),
        OpenWork(database),
        ledger,
        usage,
        Reconciliation(database),
        Pricing(database),
        LearnedTraits(database),
        SignIns(database),
        AuditLog(database),
        Pruning(database),
        Deletions(database),
        Traces(database),
        UsageOwner(database),
        ModelRules(database),
        ProviderKeys(database),
        check_version,
    )
