"""A workspace: every operation that one actor can do, by families, each with its access rule."""

from collections.abc import Callable
from datetime import datetime

from semblance_core.settings import Settings
from semblance_core.workspace.audit import LOOKS
from semblance_core.workspace.context import OperationContext
from semblance_core.workspace.declarations import Kind, all_operations, declaration_of
from semblance_core.workspace.handing_in import HandedIn
from semblance_core.workspace.news import EndedWork, News, WorkNews
from semblance_core.workspace.operations.accounts import Accounts
from semblance_core.workspace.operations.across.search import Search
from semblance_core.workspace.operations.across.synthesis import Syntheses
from semblance_core.workspace.operations.audit_log import AuditLog
from semblance_core.workspace.operations.coding.codebook import Codebook
from semblance_core.workspace.operations.coding.codings import SessionCoding
from semblance_core.workspace.operations.coding.memos import Memos
from semblance_core.workspace.operations.designs.designs import Designs
from semblance_core.workspace.operations.examples import Examples
from semblance_core.workspace.operations.findings import SessionFindings
from semblance_core.workspace.operations.interviews import Interviews
from semblance_core.workspace.operations.me import Me
from semblance_core.workspace.operations.models import Models, TestedModel
from semblance_core.workspace.operations.moderation import Moderation
from semblance_core.workspace.operations.opinions.ballots import Ballots
from semblance_core.workspace.operations.opinions.forks import Forks
from semblance_core.workspace.operations.personas import Personas
from semblance_core.workspace.operations.prices import CalledModel, Prices
from semblance_core.workspace.operations.projects import Projects
from semblance_core.workspace.operations.results.sharing import Sharing
from semblance_core.workspace.operations.sessions import Sessions
from semblance_core.workspace.operations.stimuli import Stimuli
from semblance_core.workspace.operations.surveys import Surveys
from semblance_core.workspace.operations.tasks import Tasks
from semblance_core.workspace.operations.usage.scopes import UsageChoices
from semblance_core.workspace.operations.usage.usage import Usage
from semblance_core.workspace.session_config import CONFIG_FIELDS, SessionConfig, config_of

__all__ = [
    "ACTION_WORDS",
    "CONFIG_FIELDS",
    "CalledModel",
    "EndedWork",
    "HandedIn",
    "News",
    "SessionConfig",
    "TestedModel",
    "UsageChoices",
    "WorkNews",
    "Workspace",
    "config_of",
]


class Workspace:
    """The operations of one actor. Each reads the actor's account afresh and checks its access rule first.

    Attributes:
        me: the actor's own account.
        projects: projects.
        personas: personas of projects.
        sessions: focus groups.
        moderation: steering a session that goes on.
        stimuli: what sessions show.
        findings: themes found in sessions.
        sharing: links to reports for people without an account.
        codebook: the codes of projects, and taking back what one did there and in codings and memos.
        coding: spans of messages marked with codes.
        memos: notes on sessions, messages, themes and codes.
        surveys: questionnaires put to a panel without discussion.
        ballots: opinions before and after a discussion.
        forks: branches of a session from any message on.
        interviews: one guide put to each of several people alone.
        syntheses: themes of several sessions on one list.
        search: words in transcripts, quotes and notes.
        designs: studies of several arms and runs.
        tasks: work that outlives the request that began it.
        examples: the finished example for newcomers.
        usage: what calls used and cost: `usage.mine`, `usage.everybody`.
        prices: prices of models, for administrators.
        models: which models may be asked and by default are; keys of their providers, for administrators.
        accounts: everybody's accounts, for administrators.
        audit: the audit log, for administrators.
    """

    def __init__(self, context: OperationContext):
        self._context = context
        self.actor_id: str = context.actor_id
        self.settings: Settings = context.settings
        self.clock: Callable[[], datetime] = context.clock
        self.me = Me(context)
        self.projects = Projects(context)
        self.personas = Personas(context)
        self.sessions = Sessions(context)
        self.moderation = Moderation(context)
        self.stimuli = Stimuli(context)
        self.findings = SessionFindings(context)
        self.sharing = Sharing(context)
        self.codebook = Codebook(context)
        self.coding = SessionCoding(context)
        self.memos = Memos(context)
        self.surveys = Surveys(context)
        self.ballots = Ballots(context)
        self.forks = Forks(context)
        self.interviews = Interviews(context)
        self.syntheses = Syntheses(context)
        self.search = Search(context)
        self.designs = Designs(context)
        self.tasks = Tasks(context)
        self.examples = Examples(context)
        self.usage = Usage(context)
        self.prices = Prices(context)
        self.models = Models(context)
        self.accounts = Accounts(context)
        self.audit = AuditLog(context)


def _action_words() -> dict[str, str]:
    declared = map(declaration_of, all_operations().values())
    return {each.action: each.words for each in declared if each.kind is Kind.CHANGES} | LOOKS


ACTION_WORDS = _action_words()
"""The words for every action that the audit log holds, by its stored name."""
