"""Who may do what: every operation of a Workspace, as generated from the class itself, tried by everybody."""

import ast
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.audit_log import AuditFilter, Outcome
from semblance_core.domain.errors import AccessDenied, InvalidInput, NotFound, SignedOut, UserMistake
from semblance_core.domain.task import Task
from semblance_core.domain.usage.events import is_simulated
from semblance_core.store.accounts.sign_ins import fingerprint
from semblance_core.store.version.schema import SCHEMA
from semblance_core.workspace import subjects
from semblance_core.workspace.audit import LOOKS
from semblance_core.workspace.declarations import Kind, Operations, changes
from semblance_core.workspace.subjects import platform, signed_in
from tests.conftest import opened, settings_for
from tests.operations import NOBODY, OPERATIONS, offenders, operation
from tests.scripted_server import ScriptedServer
from tests.studies import REPOSITORY, finished
from tests.workspace.access import Study, arguments, call, new_study, vars_of

OWNED = (
    *(subjects.project, subjects.persona, subjects.persona_id, subjects.focus_group, subjects.focus_group_id),
    *(subjects.asset, subjects.task, subjects.task_id, subjects.survey, subjects.survey_id),
    *(subjects.interview_round, subjects.interview_round_id, subjects.synthesis, subjects.synthesis_id),
    *(subjects.shared_report, subjects.event),
    *(subjects.code, subjects.memo, subjects.design, subjects.design_id),
)
"""Subjects that are somebody's."""


@pytest.fixture(scope="module")
def semblance(data_dir: Path) -> Iterator[Semblance]:
    """One platform for all of them: opening one for each would take longer than what is tested."""
    with ScriptedServer() as model_server, opened(settings_for(data_dir, model_server)) as semblance:
        yield semblance


@pytest.fixture
def study(semblance: Semblance) -> Study:
    return new_study(semblance)


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
