"""Who may do what: every operation of a Workspace, as generated from the class itself, tried by everybody."""

import ast
import inspect
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from semblance_core.analysis.panel import parse_margins
from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.accounts.audit_log import AuditFilter, Outcome
from semblance_core.domain.coding.codings import MemoOn
from semblance_core.domain.discussion.asset import Asset
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.interviews import RoundConfig
from semblance_core.domain.errors import AccessDenied, InvalidInput, NotFound, SignedOut, UserMistake
from semblance_core.domain.findings.synthesis import RenameShared
from semblance_core.domain.findings.theme_edits import RewriteSummary
from semblance_core.domain.task import Task
from semblance_core.domain.usage.events import TokenCounts, UsageEvent, UsageFilter, UsageQuota, is_simulated
from semblance_core.domain.usage.price import model_price
from semblance_core.reports.deliverables.kinds import FileKind
from semblance_core.reports.exports import personas_json
from semblance_core.store.accounts.sign_ins import fingerprint
from semblance_core.store.ids import new_id
from semblance_core.store.version.schema import SCHEMA
from semblance_core.workspace import SessionConfig, Workspace, subjects
from semblance_core.workspace.audit import LOOKS
from semblance_core.workspace.declarations import Kind, Operations, changes
from semblance_core.workspace.subjects import Keyed, platform, signed_in
from tests.conftest import opened, settings_for
from tests.operations import NOBODY, OPERATIONS, offenders, operation
from tests.scripted_server import ScriptedServer
from tests.studies import GUIDE, REPOSITORY, eventually, finished, found_themes, panel, session
from tests.surveys import SHORT, STUDY, surveyed

OWNED = (
    *(subjects.project, subjects.persona, subjects.persona_id, subjects.focus_group, subjects.focus_group_id),
    *(subjects.asset, subjects.task, subjects.task_id, subjects.survey, subjects.survey_id),
    *(subjects.interview_round, subjects.interview_round_id, subjects.synthesis, subjects.synthesis_id),
    *(subjects.shared_report, subjects.event),
    *(subjects.code, subjects.memo, subjects.design, subjects.design_id),
)
"""Subjects that are somebody's."""


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


@pytest.fixture(scope="module")
def semblance(data_dir: Path) -> Iterator[Semblance]:
    """One platform for all of them: opening one for each would take longer than what is tested."""
    with ScriptedServer() as model_server, opened(settings_for(data_dir, model_server)) as semblance:
        yield semblance


@pytest.fixture
def study(semblance: Semblance) -> Study:
    return new_study(semblance)


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


def test_an_operation_without_a_declaration_cannot_be_made() -> None:
    with pytest.raises(TypeError, match=r"Say of Careless\.delete_everything what it @reads or @changes"):

        class Careless(Operations):
            def delete_everything(self) -> None: ...

    with pytest.raises(TypeError, match="does not take titel"):

        class Mistyped(Operations):
            @changes(platform, "Renamed all", action="rename_all", about="titel")
            def rename_all(self, title: str) -> None: ...

    with pytest.raises(TypeError, match="has no words for password"):

        class Leaking(Operations):
            @changes(platform, "Reset all passwords", action="reset_all", logs=("password",))
            def reset_all(self, password: str) -> None: ...


def test_every_operation_is_declared_under_an_action_and_words_of_its_own() -> None:
    assert len(OPERATIONS) > 35
    every = list(OPERATIONS.values())
    assert {each.kind for each in every} == set(Kind)
    assert set(OWNED) <= {each.subject for each in every}
    changing = [each for each in every if each.kind is Kind.CHANGES]
    assert [each for each in changing if not each.action or not each.words] == []
    assert len({each.action for each in changing}) == len({each.words for each in changing}) == len(changing)
    own = [path for path, each in OPERATIONS.items() if each.kind is Kind.CHANGES_OWN]
    assert [path for path in own if OPERATIONS[path].subject not in (signed_in, subjects.project)] == []


def test_no_operation_calls_another_one() -> None:
    """An inner call would check the access again, and read the account and the subject again."""
    names = {path.rpartition(".")[2] for path in OPERATIONS}
    found = []
    for path in (REPOSITORY / "semblance_core" / "workspace").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and ast.unparse(called.value) == "self" and called.attr in names:
                found.append(f"{path.name}:{called.lineno}: self.{called.attr}")
    assert found == []


def test_every_operation_says_what_it_does_in_its_docstring() -> None:
    assert [path for path in OPERATIONS if not operation(NOBODY, path).__doc__] == []


@pytest.mark.parametrize("who", ["anonymous", "unknown", "disabled"])
def test_who_is_not_signed_in_or_disabled_can_do_nothing(semblance: Semblance, study: Study, who: str) -> None:
    workspace = semblance.workspace({"anonymous": "", "unknown": "nobody", "disabled": "user"}[who])
    expected = "disabled" if who == "disabled" else "Sign in first"

    def fault(path: str) -> str | None:
        try:
            call(workspace, path, study, semblance)
        except AccessDenied as refused:
            return None if expected in str(refused) else str(refused)
        return "was let in"

    semblance.store.users.set_disabled("user", who == "disabled")
    try:
        assert offenders(OPERATIONS, fault) == []
    finally:
        semblance.store.users.set_disabled("user", False)


def test_somebody_else_sees_nothing_of_it_and_learns_nothing_of_it(semblance: Semblance) -> None:
    study = new_study(semblance, with_stimulus=True)
    other = semblance.workspace("other")
    absent = replace(study, **dict.fromkeys(vars_of(study), "there-is-none"))

    def refusal(path: str, of: Study) -> str:
        with pytest.raises(NotFound if OPERATIONS[path].subject in OWNED else AccessDenied) as refused:
            call(other, path, of, semblance)
        return str(refused.value)

    def fault(path: str) -> str | None:
        if OPERATIONS[path].subject is signed_in or path.startswith("usage.mine."):
            with suppress(InvalidInput):  # the current password is not this one
                if isinstance(begun := call(other, path, study, semblance), Task):
                    finished(semblance, other, begun)
            return None
        arguments(path, study, semblance)
        before = state(semblance)
        told = refusal(path, study)
        changed = [name for name, found in state(semblance).items() if before.get(name) != found]
        if changed and path != "accounts.delete":  # its arguments are an account of its own
            return f"changed {', '.join(changed)}"
        if OPERATIONS[path].subject in OWNED and told != (nothing := refusal(path, absent)):
            return f"{told} – {nothing}"
        return None

    assert offenders(OPERATIONS, fault) == []


@pytest.mark.parametrize("who", ["user", "admin"])
def test_owners_and_admins_get_past_the_rule(semblance: Semblance, who: str) -> None:
    workspace, log = semblance.workspace(who), semblance.store.audit_log
    unchanged = new_study(semblance, with_stimulus=True)
    of_long_ones = (subjects.survey, subjects.survey_id, subjects.design, subjects.design_id)

    def fault(path: str) -> str | None:
        it = OPERATIONS[path]
        is_reading = it.kind in (Kind.READS, Kind.READS_SUMS)
        of_admins = it.subject in (platform, subjects.account_id) or path.startswith("usage.everybody.")
        if is_reading or (who == "user" and of_admins):
            study = unchanged
            # An administrator's look at it is logged once an hour: this one is the first again.
            semblance.connection.database["audit_log"].delete_many({"action": {"$in": [*LOOKS]}})
        else:
            like = None if it.subject in of_long_ones else unchanged
            study = new_study(semblance, with_stimulus=True, like=like)
        if who == "user" and of_admins:
            with pytest.raises(AccessDenied, match="Only administrators"):
                call(workspace, path, study, semblance)
            return None
        logged, before = log.count(AuditFilter()), things(semblance, study)
        try:
            call(workspace, path, study, semblance)
        except UserMistake as refused:
            # It may not fit the state that the session is in; but the rule let it pass.
            if isinstance(refused, AccessDenied | NotFound) and "no message" not in str(refused):
                return f"{type(refused).__name__}: {refused}"
        new = log.find(AuditFilter())[: log.count(AuditFilter()) - logged]
        if who == "admin" and it.kind is Kind.READS and it.subject in OWNED:
            expected = [entry.action for entry in new if entry.action in LOOKS][:1] or ["a look"]
        else:
            expected = [it.action] if who == "admin" and it.kind is Kind.CHANGES else []
        if (found := [entry.action for entry in new]) != expected:
            return f"the log has {found}, not {expected}"
        for entry in new:
            assert (entry.actor_id, entry.outcome) in (("admin", Outcome.DONE), ("admin", Outcome.REFUSED))
            assert "a good password" not in repr(entry)
        return "changed something" if is_reading and things(semblance, study) != before else None

    assert offenders(OPERATIONS, fault) == []


def test_what_one_lists_is_ones_own(semblance: Semblance, study: Study) -> None:
    other = semblance.workspace("other")
    assert study.project_id not in [project.id for project in other.projects.mine()]
    assert {event.user_id for event in other.usage.mine.calls()} <= {"other"}
    counted = [event.tokens.total for event in other.usage.mine.calls() if not is_simulated(event.model)]
    assert other.me.quota().spent_tokens == sum(counted)


def test_the_cost_counts_on_the_owner_also_where_an_admin_starts_it(semblance: Semblance, study: Study) -> None:
    semblance.workspace("admin").sessions.post(study.group_id, "Anything?")
    semblance.engine.wait("focus_group", study.group_id)
    semblance.gateway.batcher.flush()
    assert {event.user_id for event in semblance.store.usage.events(focus_group_id=study.group_id)} == {"user"}


def test_a_user_disabled_in_the_middle_is_stopped_at_the_next_operation(semblance: Semblance, study: Study) -> None:
    workspace = semblance.workspace("user")
    workspace.sessions.get(study.group_id)
    semblance.workspace("admin").accounts.set_disabled("user", True)
    with pytest.raises(AccessDenied, match="disabled"):
        workspace.sessions.get(study.group_id)
    semblance.workspace("admin").accounts.set_disabled("user", False)
    assert workspace.sessions.get(study.group_id)


def test_a_workspace_ends_with_the_sign_in_that_opened_it(semblance: Semblance, study: Study) -> None:
    token, other = (semblance.store.sign_ins.open("user", semblance.clock()) for _ in range(2))
    workspace, elsewhere = (semblance.workspace("user", fingerprint(each)) for each in (token, other))
    assert workspace.sessions.get(study.group_id)
    semblance.store.sign_ins.revoke(token)
    with pytest.raises(SignedOut, match="signed out"):
        workspace.sessions.get(study.group_id)
    with pytest.raises(SignedOut, match="signed out"):
        workspace.projects.create("Late")
    assert elsewhere.sessions.get(study.group_id)
    with pytest.raises(SignedOut):
        semblance.workspace("admin", fingerprint(other)).me.account()


def state(semblance: Semblance) -> dict[str, str]:
    """What every collection holds, as the server's checksums, but where processes say every few seconds that they live."""
    hashes: dict[str, str] = semblance.connection.database.command("dbHash")["collections"]
    return {name: found for name, found in hashes.items() if name != SCHEMA}


def things(semblance: Semblance, study: Study) -> list[Any]:
    """The study and all accounts, which nothing changes by itself, unlike the sessions that other tests let run."""
    database = semblance.connection.database
    project = {"project_id": study.project_id}
    of_study = [database[name].find(project).sort("_id", 1) for name in ("personas", "focus_groups", "tasks")]
    of_session = {"focus_group_id": study.group_id}
    messages = database["focus_group_messages"].find(of_session).sort("seq", 1)
    assets = database["assets"].find(of_session).sort("_id", 1)
    everywhere = [database[name].find().sort("_id", 1) for name in ("users", "projects", "model_pricing", "sign_ins")]
    return [list(found) for found in (*of_study, messages, assets, *everywhere)]
