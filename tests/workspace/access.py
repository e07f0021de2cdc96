"""A study of `user` with everything in it, and how each operation is called on it."""

import inspect
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from semblance_core.analysis.panel import parse_margins
from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.accounts.audit_log import AuditFilter
from semblance_core.domain.coding.codings import MemoOn
from semblance_core.domain.discussion.asset import Asset
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.interviews import RoundConfig
from semblance_core.domain.findings.synthesis import RenameShared
from semblance_core.domain.findings.theme_edits import RewriteSummary
from semblance_core.domain.usage.events import TokenCounts, UsageEvent, UsageFilter, UsageQuota
from semblance_core.domain.usage.price import model_price
from semblance_core.reports.deliverables.kinds import FileKind
from semblance_core.reports.exports import personas_json
from semblance_core.store.ids import new_id
from semblance_core.workspace import SessionConfig, Workspace
from semblance_core.workspace.subjects import Keyed
from tests.operations import NOBODY, OPERATIONS, operation
from tests.studies import GUIDE, eventually, finished, found_themes, panel, session
from tests.surveys import SHORT, STUDY, surveyed


@dataclass(frozen=True)
class Study:
    """What belongs to `user`, by the name of the argument that asks for it."""

    project_id: str
    persona_id: str
    group_id: str
    task_id: str
    survey_id: str
    round_id: str
    synthesis_id: str
    design_id: str
    event_id: str
    asset_id: str
    report_id: str
    code_id: str
    memo_id: str


def new_study(semblance: Semblance, *, with_stimulus: bool = False, like: Study | None = None) -> Study:
    """like: another study, whose survey and design, which take longest to make, are this one's too."""
    workspace = semblance.workspace("user")
    semblance.allowed.book.put("mistral", "a-key-of-the-test", "", semblance.clock())
    group = session(workspace)
    asset = Asset(new_id(), group.id, "user", "a.txt", "text", "text/plain", 1, "0", semblance.clock())
    if with_stimulus:
        semblance.store.assets.add(asset, b"A", "A")
    persona = workspace.personas.add(group.project_id, panel(1)[0])
    task = finished(semblance, workspace, workspace.findings.analyse(group.id))
    found_themes(semblance, group, [], analysis_id=task.id)
    tokens, now = TokenCounts(9, 0, 3), semblance.clock()
    event = UsageEvent(new_id(), "user", "reply", "m/1", tokens, None, 0.4, "ok", False, now, group.project_id)
    with semblance.connection.database.client.start_session() as session_of_database:
        semblance.store.usage.record([event], session_of_database)
    survey_id, design_id = (
        (like.survey_id, like.design_id) if like else asked_in(group.project_id, semblance, workspace)
    )
    by_person = RoundConfig("Alone", parse_guide(GUIDE), model="simulator/instant", by_person=True)
    held = workspace.interviews.start(group.project_id, by_person, [persona.id])
    shared = workspace.sharing.share(group.id)
    code = workspace.codebook.add(group.project_id, "Price")
    memo = workspace.memos.add(group.project_id, MemoOn.CODE, "Look again.", target=code.id)
    together = workspace.syntheses.begin(group.project_id, "All of it")
    # What it began changes nothing any more while something is read.
    eventually(semblance.engine.is_idle, within_s=120)
    semblance.gateway.batcher.flush()
    return Study(
        project_id=group.project_id,
        persona_id=persona.id,
        group_id=group.id,
        task_id=task.id,
        survey_id=survey_id,
        round_id=held.id,
        event_id=event.id,
        asset_id=asset.id,
        report_id=shared.report.id,
        synthesis_id=together.id,
        code_id=code.id,
        memo_id=memo.id,
        design_id=design_id,
    )


def asked_in(project_id: str, semblance: Semblance, workspace: Workspace) -> tuple[str, str]:
    """Ids of a survey of this project that is done, and of a design."""
    survey = workspace.surveys.begin(project_id, SHORT, model="simulator/instant")
    surveyed(semblance, workspace, survey)
    design = workspace.designs.begin(project_id, STUDY, [("people.json", personas_json(panel(2)).encode())])
    return survey.id, design.id


def call(workspace: Workspace, path: str, study: Study, semblance: Semblance) -> Any:
    """Calls the operation with fitting arguments."""
    asked = operation(workspace, path)
    given = arguments(path, study, semblance)
    subject = OPERATIONS[path].subject
    key = [given.pop(subject.key)] if isinstance(subject, Keyed) else []
    return asked(*key, **given)


def arguments(path: str, study: Study, semblance: Semblance) -> dict[str, Any]:
    """Fitting arguments for an operation, by parameter name."""
    known = vars_of(study) | {
        "set_up": SessionConfig("Another", "", parse_guide(GUIDE), panel(2)),
        "wanted_round": RoundConfig("Others", parse_guide(GUIDE), model="simulator/instant", by_person=True),
        "persona": panel(1)[0],
        "persona_ids": [study.persona_id],
        "to_project_id": study.project_id,
        "name": "commuters" if path == "examples.open_recording" else f"Another {new_id()}",
        "text": "Anything?",
        "content": b"Anything else?" if path in ("stimuli.attach", "coding.take_in") else "Anything?",
        "files": [("a.txt", b"Anything else?")],
        "description": "A blue carton.",
        "size": 1,
        "seq": 1,
        "question_id": "none",
        "question": 0,
        "after": 0,
        "margins": parse_margins("gender: women 50%, men 50%"),
        "since": semblance.clock() - timedelta(days=30),
        "user_id": other_account(semblance, path),
        "role": Role.RESEARCHER,
        "password": "a good password",
        "current": "not the password",
        "source": "here",
        "sign_in_id": "there-is-none",
        "quota": UsageQuota(),
        "disabled": False,
        "brief": "Anybody",
        "questionnaire": SHORT,
        "study_text": STUDY,
        "where": AuditFilter() if path == "audit.find" else UsageFilter(),
        "limit": 10,
        "model": "openai/gpt-4o-mini",
        "price": model_price("1", "1", "2"),
        "provider": "mistral",
        "valid_from": semblance.clock(),
        "analysis_id": study.task_id,
        "other_id": study.task_id,
        "version": 0,
        "back_to": 0,
        "change": RenameShared(1, "Any") if path == "syntheses.edit" else RewriteSummary("Anything."),
        "title": "Others together",
        "source_ids": [study.group_id],
        "kind": FileKind.TRANSCRIPT_VTT,
        "on": True,
        "code_ids": [study.code_id],
        "coding_ids": [new_id()],
        "into_id": study.code_id,
        "one": "person:user",
        "other": "person:admin",
        "about": MemoOn.SESSION,
    }
    wanted = inspect.signature(operation(NOBODY, path)).parameters.values()
    needed = [each.name for each in wanted if each.default is inspect.Parameter.empty]
    return {name: known[name] for name in needed}


def other_account(semblance: Semblance, path: str) -> str:
    """Whose account an operation is done to: a new one's where it could not be done to one again."""
    if path not in ("accounts.add", "accounts.delete"):
        return "other"
    name = f"new-{new_id()}"
    if path == "accounts.delete":
        semblance.store.users.add(User(name, "New", Role.RESEARCHER, semblance.clock()), None)
    return name


def vars_of(study: Study) -> dict[str, Any]:
    return {name: getattr(study, name) for name in Study.__dataclass_fields__}
