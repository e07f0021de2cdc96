"""Who may do what: every operation of a Workspace, as generated from the class itself, tried by everybody."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from semblance_core.analysis.panel import parse_margins
from semblance_core.bootstrap import Semblance
from semblance_core.domain.asset import Asset
from semblance_core.domain.audit_log import AuditFilter, Outcome
from semblance_core.domain.errors import AccessDenied, InvalidInput, NotFound, SignedOut, UserMistake
from semblance_core.domain.guide import parse_guide
from semblance_core.domain.people import Role, User
from semblance_core.domain.price import model_price
from semblance_core.domain.task import Task
from semblance_core.domain.theme_edits import RewriteSummary
from semblance_core.domain.usage import TokenCounts, UsageEvent, UsageFilter, UsageQuota, is_simulated
from semblance_core.store.ids import new_id
from semblance_core.store.schema import SCHEMA
from semblance_core.store.sign_ins import fingerprint
from semblance_core.workspace import SetUp, Workspace
from semblance_core.workspace.access import (
    admins,
    of_asset,
    of_both_projects,
    of_event,
    of_focus_group,
    of_persona,
    of_project,
    of_task,
    signed_in,
)
from semblance_core.workspace.audited import CHANGES, LOOKS, OWN, READS, is_looked
from tests.conftest import opened, settings_for
from tests.scripted_server import ScriptedServer
from tests.studies import GUIDE, finished, found_themes, panel, session

OPERATIONS = {
    name: method for name, method in inspect.getmembers(Workspace, inspect.isfunction) if not name.startswith("_")
}
EVERYBODY = {signed_in}
OWNERS = {of_project, of_both_projects, of_persona, of_focus_group, of_task, of_event, of_asset}


@dataclass(frozen=True)
class Study:
    """What belongs to `user`, by the name of the argument that asks for it."""

    project_id: str
    persona_id: str
    group_id: str
    task_id: str
    event_id: str
    asset_id: str


@pytest.fixture(scope="module")
def semblance(data_dir: Path) -> Iterator[Semblance]:
    """One platform for all of them: opening one for each would take longer than what is tested."""
    with ScriptedServer() as model_server, opened(settings_for(data_dir, model_server)) as semblance:
        yield semblance


@pytest.fixture
def study(semblance: Semblance, request: pytest.FixtureRequest) -> Study:
    workspace = semblance.workspace("user")
    group = session(workspace)
    asset = Asset(new_id(), group.id, "user", "a.txt", "text", "text/plain", 1, "0", semblance.clock())
    called = OPERATIONS.get(request.node.callspec.params["name"]) if hasattr(request.node, "callspec") else None
    if called and "asset_id" in inspect.signature(called).parameters:
        semblance.store.assets.add(asset, b"A", "A")
    persona = workspace.add_persona(group.project_id, panel(1)[0])
    task = finished(semblance, workspace, workspace.analyse(group.id))
    found_themes(semblance, group, [], analysis_id=task.id)
    event = UsageEvent(
        new_id(),
        "user",
        "reply",
        "m/1",
        TokenCounts(9, 0, 3),
        None,
        0.4,
        "ok",
        False,
        semblance.clock(),
        group.project_id,
    )
    with semblance.connection.database.client.start_session() as session_of_database:
        semblance.store.usage.record([event], session_of_database)
    return Study(group.project_id, persona.id, group.id, task.id, event.id, asset.id)


def arguments(method: Callable[..., Any], study: Study, semblance: Semblance) -> dict[str, Any]:
    """Fitting arguments for an operation, by parameter name."""
    known = vars_of(study) | {
        "set_up": SetUp("Another", "", parse_guide(GUIDE), panel(2)),
        "persona": panel(1)[0],
        "persona_ids": [study.persona_id],
        "to_project_id": study.project_id,
        "name": "Another",
        "text": "Anything?",
        "content": b"Anything else?" if method.__name__ == "attach_stimulus" else "Anything?",
        "files": [("a.txt", b"Anything else?")],
        "description": "A blue carton.",
        "size": 1,
        "seq": 1,
        "after": 0,
        "margins": parse_margins("gender: women 50%, men 50%"),
        "since": semblance.clock() - timedelta(days=30),
        "user_id": other_account(semblance, method.__name__),
        "role": Role.RESEARCHER,
        "password": "a good password",
        "current": "not the password",
        "source": "here",
        "sign_in_id": "there-is-none",
        "quota": UsageQuota(),
        "disabled": False,
        "brief": "Anybody",
        "where": AuditFilter() if method.__name__ == "audit_log" else UsageFilter(),
        "limit": 10,
        "model": "openai/gpt-4o-mini",
        "price": model_price("1", "1", "2"),
        "valid_from": semblance.clock(),
        "analysis_id": study.task_id,
        "version": 0,
        "back_to": 0,
        "change": RewriteSummary("Anything."),
    }
    wanted = inspect.signature(method).parameters.values()
    needed = [each.name for each in wanted if each.default is inspect.Parameter.empty and each.name != "self"]
    return {name: known[name] for name in needed}


def other_account(semblance: Semblance, operation: str) -> str:
    """Whose account an operation is done to: a new one's where it could not be done to one again."""
    if operation not in ("add_user", "delete_user"):
        return "other"
    name = f"new-{new_id()}"
    if operation == "delete_user":
        semblance.store.users.add(User(name, "New", Role.RESEARCHER, semblance.clock()), None)
    return name


def vars_of(study: Study) -> dict[str, Any]:
    return {name: getattr(study, name) for name in Study.__dataclass_fields__}


def test_every_operation_declares_who_may_call_it() -> None:
    assert len(OPERATIONS) > 35
    without = [name for name, method in OPERATIONS.items() if not hasattr(method, "rule")]
    assert without == []
    assert {method.rule for method in OPERATIONS.values()} == EVERYBODY | OWNERS | {admins}  # type: ignore[attr-defined]


def test_every_operation_is_said_to_read_to_change_what_is_the_actors_own_or_to_belong_into_the_audit_log() -> None:
    lists = (READS, OWN, CHANGES.keys())
    undeclared = OPERATIONS.keys() - READS - OWN - CHANGES.keys()
    assert undeclared == set(), "put them into one of the lists of semblance_core/workspace/audited.py"
    assert sum(map(len, lists)) == len(OPERATIONS), "a name is in two lists, or of no operation any more"
    assert len(set(CHANGES.values())) == len(CHANGES)
    for name in OWN:
        assert OPERATIONS[name].rule in (signed_in, of_project)  # type: ignore[attr-defined]


def test_an_operation_takes_the_argument_that_its_rule_reads() -> None:
    reads = {
        of_project: "project_id",
        of_both_projects: "to_project_id",
        of_persona: "persona_id",
        of_focus_group: "group_id",
        of_task: "task_id",
        of_event: "event_id",
        of_asset: "asset_id",
    }
    for method in OPERATIONS.values():
        rule = method.rule  # type: ignore[attr-defined]
        assert rule not in reads or reads[rule] in inspect.signature(method).parameters


def test_every_operation_says_what_it_does_in_its_name_or_its_docstring() -> None:
    unclear = [name for name, method in OPERATIONS.items() if not method.__doc__ and len(name.split("_")) > 3]
    assert unclear == []


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("who", ["anonymous", "unknown", "disabled"])
def test_who_is_not_signed_in_or_disabled_can_do_nothing(
    semblance: Semblance, study: Study, name: str, who: str
) -> None:
    given = arguments(OPERATIONS[name], study, semblance)
    semblance.store.users.set_disabled("user", who == "disabled")
    try:
        actor = {"anonymous": "", "unknown": "nobody", "disabled": "user"}[who]
        with pytest.raises(AccessDenied, match="disabled" if who == "disabled" else "Sign in first"):
            OPERATIONS[name](semblance.workspace(actor), **given)
    finally:
        semblance.store.users.set_disabled("user", False)


@pytest.mark.parametrize("name", OPERATIONS)
def test_somebody_else_sees_nothing_of_it_and_learns_nothing_of_it(
    semblance: Semblance, study: Study, name: str
) -> None:
    method = OPERATIONS[name]
    rule = method.rule  # type: ignore[attr-defined]
    given = arguments(method, study, semblance)
    other = semblance.workspace("other")
    if rule in EVERYBODY:
        with suppress(InvalidInput):  # the current password is not this one
            if isinstance(begun := method(other, **given), Task):
                finished(semblance, other, begun)
        return
    before = state(semblance)
    with pytest.raises(AccessDenied if rule is admins else NotFound) as refused:
        method(other, **given)
    assert state(semblance) == before
    if rule in OWNERS:
        absent = replace(study, **dict.fromkeys(vars_of(study), "there-is-none"))
        with pytest.raises(NotFound) as missing:
            method(other, **arguments(method, absent, semblance))
        assert str(refused.value) == str(missing.value)


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("who", ["user", "admin"])
def test_owners_and_admins_get_past_the_rule(semblance: Semblance, study: Study, name: str, who: str) -> None:
    method = OPERATIONS[name]
    rule = method.rule  # type: ignore[attr-defined]
    workspace = semblance.workspace(who)
    given = arguments(method, study, semblance)
    if rule is admins and who == "user":
        with pytest.raises(AccessDenied, match="Only administrators"):
            method(workspace, **given)
        return
    log = semblance.store.audit_log
    logged, before = log.count(AuditFilter()), things(semblance, study)
    try:
        method(workspace, **given)
    except UserMistake as refused:
        # It may not fit the state that the session is in; but the rule let it pass.
        assert not isinstance(refused, AccessDenied | NotFound) or "no message" in str(refused)  # noqa: PT017
    new = log.find(AuditFilter())[: log.count(AuditFilter()) - logged]
    look = is_looked(name, Role(semblance.store.users.get(who).role), who, "user" if rule in OWNERS else None)
    if look:
        assert [entry.action in LOOKS for entry in new] == [True]
    else:
        assert [entry.action for entry in new] == ([name] if who == "admin" and name in CHANGES else [])
    for entry in new:
        assert (entry.actor_id, entry.outcome) in (("admin", Outcome.DONE), ("admin", Outcome.REFUSED))
        assert "a good password" not in repr(entry)
    if name in READS:
        assert things(semblance, study) == before


def test_what_one_lists_is_ones_own(semblance: Semblance, study: Study) -> None:
    other = semblance.workspace("other")
    assert study.project_id not in [project.id for project in other.projects()]
    assert {event.user_id for event in other.my_events()} <= {"other"}
    counted = [event.tokens.total for event in other.my_events() if not is_simulated(event.model)]
    assert other.my_quota().spent_tokens == sum(counted)


def test_the_cost_counts_on_the_owner_also_where_an_admin_starts_it(semblance: Semblance, study: Study) -> None:
    semblance.workspace("admin").post_message(study.group_id, "Anything?")
    semblance.engine.wait("focus_group", study.group_id)
    semblance.gateway.clerk.flush()
    assert {event.user_id for event in semblance.store.usage.events(focus_group_id=study.group_id)} == {"user"}


def test_a_user_disabled_in_the_middle_is_stopped_at_the_next_operation(semblance: Semblance, study: Study) -> None:
    workspace = semblance.workspace("user")
    workspace.focus_group(study.group_id)
    semblance.workspace("admin").set_disabled("user", True)
    with pytest.raises(AccessDenied, match="disabled"):
        workspace.focus_group(study.group_id)
    semblance.workspace("admin").set_disabled("user", False)
    assert workspace.focus_group(study.group_id)


def test_a_workspace_ends_with_the_sign_in_that_opened_it(semblance: Semblance, study: Study) -> None:
    token, other = (semblance.store.sign_ins.open("user", semblance.clock()) for _ in range(2))
    workspace, elsewhere = (semblance.workspace("user", fingerprint(each)) for each in (token, other))
    assert workspace.focus_group(study.group_id)
    semblance.store.sign_ins.revoke(token)
    for method, given in ((Workspace.focus_group, (study.group_id,)), (Workspace.create_project, ("Late",))):
        with pytest.raises(SignedOut, match="signed out"):
            method(workspace, *given)
    assert elsewhere.focus_group(study.group_id)
    with pytest.raises(SignedOut):
        semblance.workspace("admin", fingerprint(other)).me()


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
