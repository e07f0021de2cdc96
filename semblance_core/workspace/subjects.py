"""Subjects of operations: each is found once, together with its owner, and only for an actor who may have it.

An id of somebody else's is answered like one that does not exist, so that nobody learns of it. What is made in a project
belongs to the project's owner, whoever makes it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from semblance_core.domain.accounts.account import Project, Role, User
from semblance_core.domain.coding.codebook import CodebookCode
from semblance_core.domain.coding.codings import Memo
from semblance_core.domain.designs.design import Design
from semblance_core.domain.discussion.asset import Asset
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.interviews import InterviewRound
from semblance_core.domain.errors import AccessDenied, NotFound, Unreadable
from semblance_core.domain.findings.shared_report import SharedReport
from semblance_core.domain.findings.synthesis import Synthesis
from semblance_core.domain.instruments.survey import Survey
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.task import Task
from semblance_core.domain.usage.events import UsageEvent
from semblance_core.store.store import Store

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Found(Generic[Thing]):
    """A subject that the actor may have.

    Attributes:
        owner_id: its owner; None for the platform's.
        read: returns it; raises `Unreadable` where it is damaged.
        about: its name for the audit log.
        account_id: the account that an administrator's operation is done to.
        session_id: the session that it is or belongs to.
        project_id: the project that it is or belongs to, where no session is told.
    """

    owner_id: str | None
    read: Callable[[], Thing]
    about: Callable[[], str] = field(default=lambda: "")
    account_id: str = ""
    session_id: str = ""
    project_id: str = ""


@dataclass(frozen=True, slots=True)
class Keyed(Generic[Thing]):
    """A kind of subject with an id. key: what the id is called."""

    key: str
    find: Callable[[Store, User, str], Found[Thing]]


@dataclass(frozen=True, slots=True)
class Keyless:
    """A subject without an id. find: is handed the actor and the family of operations that is asked."""

    find: Callable[[User, object], Found[None]]


def _nothing() -> None:
    return None


def _signed_in(actor: User, _asked: object) -> Found[None]:
    return Found(actor.id, _nothing)


def _platform(actor: User, _asked: object) -> Found[None]:
    check_admin(actor)
    return Found(None, _nothing)


def check_admin(actor: User) -> None:
    """Raises `AccessDenied` unless the actor is an administrator."""
    if actor.role is not Role.ADMIN:
        raise AccessDenied("Only administrators may do this.")


def _account_id(_store: Store, actor: User, user_id: str) -> Found[str]:
    check_admin(actor)
    return Found(None, lambda: user_id, lambda: str(user_id), account_id=str(user_id))


def _project(store: Store, actor: User, project_id: str) -> Found[Project]:
    project = store.projects.get(project_id)
    _check_owner(actor, project.owner_id, "project")
    return Found(project.owner_id, lambda: project, lambda: project.name, project_id=project.id)


def _persona(store: Store, actor: User, persona_id: str) -> Found[Persona]:
    owned = store.personas.owned(persona_id)
    _check_owner(actor, owned.owner_id, "persona")
    return Found(owned.owner_id, owned.read, lambda: owned.read().name, project_id=owned.project_id)


def _persona_id(store: Store, actor: User, persona_id: str) -> Found[str]:
    found = _persona(store, actor, persona_id)
    return Found(found.owner_id, lambda: persona_id, found.about, project_id=found.project_id)


def _focus_group(store: Store, actor: User, group_id: str) -> Found[FocusGroup]:
    owned = store.focus_groups.owned(group_id)
    _check_owner(actor, owned.owner_id, "focus group")
    return Found(owned.owner_id, owned.read, lambda: owned.read().title, session_id=group_id)


def _focus_group_id(store: Store, actor: User, group_id: str) -> Found[str]:
    owner_id = store.focus_groups.owner_of(group_id)
    _check_owner(actor, owner_id, "focus group")
    return Found(owner_id, lambda: group_id, lambda: store.focus_groups.get(group_id).title, session_id=group_id)


def _asset(store: Store, actor: User, asset_id: str) -> Found[Asset]:
    asset = store.assets.get(asset_id)
    try:
        owner_id = store.focus_groups.owner_of(asset.focus_group_id)
    except NotFound:  # its session is being deleted
        owner_id = asset.owner_id
    _check_owner(actor, owner_id, "stimulus")
    return Found(owner_id, lambda: asset, lambda: asset.name, session_id=asset.focus_group_id)


def _task(store: Store, actor: User, task_id: str) -> Found[Task]:
    owned = store.tasks.owned(task_id)
    _check_owner(actor, owned.owner_id, "task")  # the owner of a task of no project is empty: administrators have it

    def about() -> str:
        return f"{owned.read().kind} task"

    return Found(owned.owner_id, owned.read, about, project_id=owned.project_id)


def _task_id(store: Store, actor: User, task_id: str) -> Found[str]:
    found = _task(store, actor, task_id)
    return Found(found.owner_id, lambda: task_id, found.about, project_id=found.project_id)


def _survey(store: Store, actor: User, survey_id: str) -> Found[Survey]:
    owned = store.surveys.owned(survey_id)
    _check_owner(actor, owned.owner_id, "survey")
    return Found(owned.owner_id, owned.read, lambda: owned.read().title, project_id=owned.project_id)


def _survey_id(store: Store, actor: User, survey_id: str) -> Found[str]:
    found = _survey(store, actor, survey_id)
    return Found(found.owner_id, lambda: survey_id, found.about, project_id=found.project_id)


def _interview_round(store: Store, actor: User, round_id: str) -> Found[InterviewRound]:
    owned = store.interviews.owned(round_id)
    _check_owner(actor, owned.owner_id, "interview round")
    return Found(owned.owner_id, owned.read, lambda: owned.read().title, project_id=owned.project_id)


def _interview_round_id(store: Store, actor: User, round_id: str) -> Found[str]:
    found = _interview_round(store, actor, round_id)
    return Found(found.owner_id, lambda: round_id, found.about, project_id=found.project_id)


def _shared_report(store: Store, actor: User, report_id: str) -> Found[SharedReport]:
    owned = store.shared_reports.owned(report_id)
    _check_owner(actor, owned.owner_id, "shared report")
    return Found(owned.owner_id, owned.read, lambda: owned.read().title, project_id=owned.project_id)


def _synthesis(store: Store, actor: User, synthesis_id: str) -> Found[Synthesis]:
    owned = store.syntheses.owned(synthesis_id)
    _check_owner(actor, owned.owner_id, "synthesis")
    return Found(owned.owner_id, owned.read, lambda: owned.read().title, project_id=owned.project_id)


def _synthesis_id(store: Store, actor: User, synthesis_id: str) -> Found[str]:
    found = _synthesis(store, actor, synthesis_id)
    return Found(found.owner_id, lambda: synthesis_id, found.about, project_id=found.project_id)


def _code(store: Store, actor: User, code_id: str) -> Found[CodebookCode]:
    owned = store.codings.owned_code(code_id)
    _check_owner(actor, owned.owner_id, "code")
    return Found(owned.owner_id, owned.read, lambda: owned.read().name, project_id=owned.project_id)


def _memo(store: Store, actor: User, memo_id: str) -> Found[Memo]:
    owned = store.codings.owned_memo(memo_id)
    _check_owner(actor, owned.owner_id, "memo")
    return Found(owned.owner_id, owned.read, lambda: "a memo", project_id=owned.project_id)


def _design(store: Store, actor: User, design_id: str) -> Found[Design]:
    owned = store.designs.owned(design_id)
    _check_owner(actor, owned.owner_id, "design")
    return Found(owned.owner_id, owned.read, lambda: owned.read().title, project_id=owned.project_id)


def _design_id(store: Store, actor: User, design_id: str) -> Found[str]:
    found = _design(store, actor, design_id)
    return Found(found.owner_id, lambda: design_id, found.about, project_id=found.project_id)


def _event(store: Store, actor: User, event_id: str) -> Found[UsageEvent]:
    event = store.usage.find(event_id)
    if event is None:
        raise NotFound("There is no such call.")
    _check_owner(actor, event.user_id, "call")
    return Found(event.user_id, lambda: event)


def _check_owner(actor: User, owner_id: str, what: str) -> None:
    if actor.role is not Role.ADMIN and owner_id != actor.id:
        raise NotFound(f"There is no such {what}.")


def name_of(found: Found[Thing]) -> str:
    """The subject's name for the audit log, also where it is gone or damaged."""
    try:
        return found.about()
    except NotFound:
        return "what is not there"
    except Unreadable:
        return "what cannot be read"


signed_in = Keyless(_signed_in)
"""The actor's own: for everybody whose account is not disabled."""
platform = Keyless(_platform)
"""The platform's: for administrators."""
account_id = Keyed("user_id", _account_id)
"""An account, by its user name: for administrators."""
project = Keyed("project_id", _project)
persona = Keyed("persona_id", _persona)
persona_id = Keyed("persona_id", _persona_id)
focus_group = Keyed("group_id", _focus_group)
focus_group_id = Keyed("group_id", _focus_group_id)
"""Only its id is handed over: for operations that need no more, and that have to work on a damaged one."""
asset = Keyed("asset_id", _asset)
task = Keyed("task_id", _task)
task_id = Keyed("task_id", _task_id)
survey = Keyed("survey_id", _survey)
survey_id = Keyed("survey_id", _survey_id)
interview_round = Keyed("round_id", _interview_round)
interview_round_id = Keyed("round_id", _interview_round_id)
shared_report = Keyed("report_id", _shared_report)
synthesis = Keyed("synthesis_id", _synthesis)
synthesis_id = Keyed("synthesis_id", _synthesis_id)
code = Keyed("code_id", _code)
memo = Keyed("memo_id", _memo)
design = Keyed("design_id", _design)
design_id = Keyed("design_id", _design_id)
event = Keyed("event_id", _event)
"""A model call on record: its user's, who made it or on whose account it counts."""
