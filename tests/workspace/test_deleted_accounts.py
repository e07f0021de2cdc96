"""An account that is deleted is gone, and the books say what they said before."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.accounts.audit_log import AuditFilter
from semblance_core.domain.errors import AccessDenied, Conflict, InvalidInput, NotFound
from semblance_core.domain.findings.synthesis import RenameShared
from semblance_core.domain.findings.theme import Theme
from semblance_core.domain.usage.events import TokenCounts, UsageEvent, UsageFilter, UsageQuota
from semblance_core.domain.usage.totals import UsageTotals
from semblance_core.flows.delete import delete_account, finish_deletions
from semblance_core.store.accounts.sign_ins import fingerprint
from semblance_core.store.ids import new_id
from semblance_core.store.usage.ledger import Hold
from semblance_core.workspace import Workspace
from tests.flows.deleting import Killed, before_the_next_write, holding, kill
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, eventually, found_themes, interviewed, panel, session
from tests.surveys import SHORT, surveyed

NAME, CALLED = "zephyrine", "Zephyrine Quill"


@pytest.fixture
def dana(semblance: Semblance) -> Workspace:
    semblance.store.users.add(User(NAME, CALLED, Role.RESEARCHER, semblance.clock()), None)
    return semblance.workspace(NAME)


@pytest.fixture
def admin(semblance: Semblance) -> Workspace:
    return semblance.workspace("admin")


def used(semblance: Semblance, user_id: str, days: int = 40) -> None:
    """Calls of two models over some weeks, one a day, some of unknown cost and some that failed."""
    now = semblance.clock()
    events = [
        UsageEvent(
            new_id(),
            user_id,
            "reply",
            f"openai/m{number % 2}",
            TokenCounts(prompt=900 + number, completion=100),
            None if number % 7 == 0 else Decimal("0.000123457"),
            0.5 + number,
            "timeout" if number % 5 == 0 else "ok",
            number % 5 == 0,
            now - timedelta(days=number),
            error=f"{user_id} said no" if number % 5 == 0 else "",
        )
        for number in range(days)
    ]
    for event in events:
        hold = Hold(event.id, user_id, event.at, Decimal(1), TokenCounts(prompt=1), "reply", event.model)
        semblance.store.ledger.hold(hold, UsageQuota(), 60)
        semblance.store.ledger.settle(hold, event)


def lived(semblance: Semblance, dana: Workspace, admin: Workspace) -> str:
    """What somebody leaves: a session, usage, sign-ins, tries, entries in the audit log, edits and work in others' projects."""
    group = session(dana, size=2)
    asked_round(semblance, dana, group.id, "What do you buy?")
    semblance.store.sign_ins.open(NAME, semblance.clock())
    semblance.store.sign_ins.try_counted(f"{NAME}|192.0.2.1", semblance.clock())
    admin.accounts.change(NAME, CALLED, Role.ADMIN)
    others = session(semblance.workspace("other"), size=2)
    dana.sessions.post(others.id, "@Maya And you?")
    semblance.engine.wait("focus_group", others.id)
    found = found_themes(semblance, others, [])
    edit = replace(found, version=1, edited_by=NAME, editor=CALLED, edited_at=semblance.clock(), edit="renamed")
    semblance.store.themes.add_version(edit)
    dana.accounts.set_quota("other", UsageQuota(Decimal(50), None))
    admin.projects.rename(group.project_id, f"{CALLED}'s study")
    admin.accounts.change(NAME, CALLED, Role.RESEARCHER)
    semblance.gateway.batcher.flush()
    used(semblance, NAME)
    return group.id


def totals(semblance: Semblance) -> UsageTotals:
    (figures,) = semblance.store.usage.rollups.figures(UsageFilter())
    return figures


def books_agree(semblance: Semblance) -> bool:
    return semblance.store.reconciliation.check().differences == ()


@pytest.mark.parametrize("anonymise", [False, True])
def test_a_deleted_account_leaves_its_usage_and_none_of_its_words(
    semblance: Semblance, dana: Workspace, admin: Workspace, anonymise: bool
) -> None:
    group_id = lived(semblance, dana, admin)
    used(semblance, "other", 3)
    before, of_dana = totals(semblance), semblance.store.usage.spent(user_id=NAME)
    entries = len(admin.audit.find(AuditFilter())[0])
    name = admin.accounts.delete(NAME, anonymise=anonymise)
    assert name == ("deleted-user-1" if anonymise else NAME)
    with pytest.raises(NotFound):
        admin.accounts.get(NAME)
    with pytest.raises(NotFound):
        admin.sessions.get(group_id)
    with pytest.raises(AccessDenied):
        dana.me.account()
    assert semblance.store.sign_ins.of_user(NAME, semblance.clock()) == []

    assert books_agree(semblance)
    assert totals(semblance) == before
    assert semblance.store.usage.spent(user_id=name) == of_dana
    assert {event.error for event in semblance.store.usage.events(user_id=name)} == {""}
    database = semblance.connection.database
    assert len(admin.audit.find(AuditFilter())[0]) == entries + 1
    others = [
        "focus_group_messages",
        "focus_group_themes",
        "focus_groups",
        "users",
    ]  # what was said and edited in their projects, and who edited their accounts
    assert holding(semblance, CALLED) == ([] if anonymise else others)
    if anonymise:
        assert holding(semblance, NAME) == ["deletions"], "for a day it is written down that it is being deleted"
        later = timedelta()
        for passed in (timedelta(minutes=1), timedelta(minutes=20), timedelta(days=2)):
            later += passed
            finish_deletions(semblance.store, lambda later=later: semblance.clock() + later)  # type: ignore[misc]
        assert holding(semblance, NAME) == []
    assert database["login_attempts"].count_documents({"key": f"{name}|192.0.2.1"}) == 1


def test_projects_are_handed_over_with_all_that_belongs_to_them(
    semblance: Semblance, dana: Workspace, admin: Workspace
) -> None:
    group_id = lived(semblance, dana, admin)
    group = dana.sessions.get(group_id)
    dana.personas.add(group.project_id, panel(1)[0])
    handed = dana.stimuli.attach(group_id, "note.txt", b"Something")
    task = dana.findings.analyse(group_id)
    survey = dana.surveys.begin(group.project_id, SHORT, model="simulator/instant")
    surveyed(semblance, dana, survey)
    alone = interviewed(semblance, dana, group.project_id)
    found_themes(semblance, group, [Theme("Price", "It is dear.", ())])
    together = dana.syntheses.begin(group.project_id, "Together")
    dana.syntheses.edit(together.id, 0, RenameShared(1, "Milk"))
    admin.accounts.delete(NAME, hand_over_to="other", anonymise=True)
    other = semblance.workspace("other")
    assert group.project_id in [project.id for project in other.projects.mine()]
    assert len(other.sessions.messages(group_id)) == 3
    assert {message.speaker for message in other.sessions.messages(group_id) if message.role == "moderator"} == {
        "Moderator"
    }
    assert other.stimuli.get(handed.id).name == "note.txt"
    assert len(other.personas.of_project(group.project_id)) == 1
    assert other.tasks.get(task.id).state.is_over
    assert {other.surveys.get(survey.id).owner_id, other.interviews.held(alone.id).round.owner_id} == {"other"}
    kept = other.syntheses.get(together.id).synthesis
    assert (kept.owner_id, kept.names) == ("other", {"1": "Milk"})
    assert NAME not in (kept.edited_by, kept.editor)
    asked_round(semblance, other, group_id, "@Maya Once more?")
    assert "other" in {event.user_id for event in other.sessions.calls(group_id)}
    assert books_agree(semblance)


def test_what_is_under_way_ends_first(
    semblance: Semblance, dana: Workspace, admin: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply("Hm, every week or so, I think.", delay_s=1.0)
    group = session(dana, size=3)
    dana.sessions.start(group.id)
    eventually(lambda: len(model_server.asked) >= 1, within_s=60)
    asked = len(model_server.asked)
    admin.accounts.delete(NAME, hand_over_to="other", anonymise=True)
    eventually(semblance.engine.is_idle, within_s=60)  # type: ignore[attr-defined]
    assert len(model_server.asked) == asked
    semblance.gateway.batcher.flush()
    finish_deletions(semblance.store, lambda: semblance.clock() + timedelta(minutes=1))
    assert {event.user_id for event in semblance.store.usage.events()} == {"deleted-user-1"}
    assert not semblance.workspace("other").sessions.get(group.id).is_busy
    assert books_agree(semblance)


def test_a_call_that_is_under_way_keeps_the_name_until_it_is_settled(
    semblance: Semblance, dana: Workspace, admin: Workspace
) -> None:
    used(semblance, NAME, 3)
    now, held = semblance.clock(), TokenCounts(prompt=10)
    hold = Hold(new_id(), NAME, now, Decimal("0.5"), held, "reply", "openai/m0")
    semblance.store.ledger.hold(hold, UsageQuota(), 60)
    assert admin.accounts.delete(NAME, anonymise=True) == "deleted-user-1"
    assert books_agree(semblance)
    semblance.store.ledger.settle(
        hold, hold.event(held, Decimal("0.1"), "ok", latency_s=1.0, estimated=False, error="")
    )
    assert books_agree(semblance)
    finish_deletions(semblance.store, lambda: semblance.clock() + timedelta(seconds=6))
    assert books_agree(semblance)
    assert {event.user_id for event in semblance.store.usage.events()} == {"deleted-user-1"}
    assert semblance.connection.database["budgets"].count_documents({"user_id": NAME}) == 0


def test_it_is_finished_however_often_it_is_killed_and_the_books_agree_all_the_time(
    semblance: Semblance, dana: Workspace, admin: Workspace
) -> None:
    lived(semblance, dana, admin)
    before = totals(semblance)
    for number in range(0, 500, 3):
        with pytest.MonkeyPatch.context() as patched:
            before_the_next_write(patched, kill, number)
            try:
                name = admin.accounts.delete(NAME, anonymise=True)
            except Killed:
                patched.undo()
                assert books_agree(semblance)
                continue
            break
    assert number > 15
    assert totals(semblance) == before
    assert {event.user_id for event in semblance.store.usage.events()} <= {name, "other"}
    assert semblance.connection.database["users"].count_documents({"_id": NAME}) == 0


def test_nobody_gets_a_name_that_usage_is_on_record_under(
    semblance: Semblance, dana: Workspace, admin: Workspace
) -> None:
    admin.accounts.delete(NAME)
    with pytest.raises(Conflict, match="on record as zephyrine"):
        admin.accounts.add(NAME, CALLED, Role.RESEARCHER, "a good password")
    admin.accounts.add("robin2", "Robin", Role.RESEARCHER, "a good password")
    admin.accounts.add("deleted-user-1", "Real", Role.RESEARCHER, "a good password")
    assert admin.accounts.delete("robin2", anonymise=True) == "deleted-user-2"
    admin.accounts.add("robin2", "Robin", Role.RESEARCHER, "a good password")
    with pytest.raises(Conflict):
        admin.accounts.add("deleted-user-2", "Somebody", Role.RESEARCHER, "a good password")


def test_oneself_the_last_administrator_and_nobody_cannot_be_deleted(
    semblance: Semblance, dana: Workspace, admin: Workspace
) -> None:
    with pytest.raises(InvalidInput, match="your own account"):
        admin.accounts.delete("admin")
    admin.accounts.change(NAME, CALLED, Role.ADMIN)
    semblance.store.users.set_role("admin", Role.RESEARCHER)  # as if both were demoted and deleted at the same moment
    with pytest.raises(Conflict, match="last administrator"):
        delete_account(semblance.store, NAME, semblance.clock)
    assert not semblance.store.users.get(NAME).disabled
    semblance.store.users.set_role("admin", Role.ADMIN)
    with pytest.raises(NotFound):
        admin.accounts.delete("nobody")
    with pytest.raises(NotFound):
        admin.accounts.delete(NAME, hand_over_to="nobody")
    with pytest.raises(InvalidInput, match="somebody else"):
        admin.accounts.delete(NAME, hand_over_to=NAME)
    admin.accounts.set_disabled("other", True)
    with pytest.raises(InvalidInput, match="is disabled"):
        admin.accounts.delete(NAME, hand_over_to="other")
    assert admin.accounts.get(NAME)[0].name == CALLED


def test_a_sign_in_ends_with_its_account(semblance: Semblance, dana: Workspace, admin: Workspace) -> None:
    token = semblance.store.sign_ins.open(NAME, semblance.clock())
    here = semblance.workspace(NAME, fingerprint(token))
    assert here.me.account().id == NAME
    admin.accounts.delete(NAME)
    with pytest.raises(AccessDenied):
        here.me.account()
