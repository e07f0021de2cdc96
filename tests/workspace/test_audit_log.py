"""The audit log: what administrators do to what is not theirs is written down, whatever comes of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from pymongo.errors import PyMongoError

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role
from semblance_core.domain.accounts.audit_log import AuditEntry, AuditFilter, Outcome
from semblance_core.domain.errors import InvalidInput, RunFailed
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.domain.usage.price import model_price
from semblance_core.reports.exports import audit_csv
from semblance_core.workspace import ACTION_WORDS, Workspace
from semblance_core.workspace.audit import recorded
from tests.studies import session

STORED = """
add_user change_user delete_user reset_password revoke_sign_in revoke_sign_ins set_quota
set_disabled set_allowed_models set_price remove_price seed_prices reprice repair_books
backfill_usage rename_project delete_project delete_task cancel_task rerun_task add_persona
edit_persona copy_persona copy_personas delete_persona delete_personas import_personas recruit
create_focus_group change_focus_group duplicate_focus_group delete_focus_group add_stimuli
attach_stimulus note_not_added describe_stimulus remove_stimulus post_message retry_reply
start_autonomous pause stop end finish_guide analyse edit_themes restore_themes look_into_session
look_into_project
"""
"""The names of actions that logs hold since they were first written."""


@pytest.fixture
def admin(semblance: Semblance) -> Workspace:
    return semblance.workspace("admin")


def entries(admin: Workspace, **where: object) -> list[AuditEntry]:
    return admin.audit.find(AuditFilter(**where))[0]  # type: ignore[arg-type]


def test_an_entry_says_who_did_what_to_whom_with_what_and_how_it_went(admin: Workspace) -> None:
    admin.accounts.set_quota("user", UsageQuota(Decimal("12.50"), None))
    (entry,) = entries(admin)
    assert (entry.actor_id, entry.owner_id, entry.about) == ("admin", "user", "user")
    assert ACTION_WORDS[entry.action] == "Set a quota"
    assert entry.details == ("12.50 US dollars, no limit in tokens a month",)
    assert (entry.outcome, entry.words) == (Outcome.DONE, "")


def test_a_password_is_in_no_entry(semblance: Semblance, admin: Workspace) -> None:
    admin.accounts.add("dana", "Dana Doe", Role.ADMIN, "a secret to keep")
    (entry,) = entries(admin)
    assert entry.details == ("name: Dana Doe", "role: admin")
    admin.accounts.add("erin", "", Role.RESEARCHER, "a good password")
    assert entries(admin)[0].details == ("role: researcher",)
    assert "secret" not in str(list(semblance.connection.database["audit_log"].find()))


def test_what_was_refused_is_there_with_the_reason(admin: Workspace) -> None:
    with pytest.raises(InvalidInput):
        admin.accounts.set_disabled("admin", True)
    (entry,) = entries(admin)
    assert (entry.outcome, entry.words) == (Outcome.REFUSED, "You cannot disable your own account.")


def test_what_failed_or_never_ended_is_there_too(semblance: Semblance, admin: Workspace) -> None:
    now = semblance.clock()
    with pytest.raises(RunFailed), recorded(semblance.store, now, "admin", "set_quota", owner_id="user"):
        raise RunFailed("It broke.")
    with pytest.raises(ZeroDivisionError), recorded(semblance.store, now, "admin", "set_quota", owner_id="user"):
        raise ZeroDivisionError
    with pytest.raises(SystemExit), recorded(semblance.store, now, "admin", "set_quota", owner_id="user"):
        raise SystemExit  # as a process that ends in the middle
    outcomes = [entry.outcome for entry in entries(admin)]
    assert sorted(outcomes) == [Outcome.BEGUN, Outcome.FAILED, Outcome.FAILED]


def test_nothing_is_changed_where_nothing_can_be_written_down(
    semblance: Semblance, admin: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = semblance.connection.database
    database.command("collMod", "audit_log", validator={"never": {"$exists": True}})
    try:
        with pytest.raises(PyMongoError):
            admin.accounts.set_disabled("user", True)
    finally:
        database.command("collMod", "audit_log", validator={})  # the database is used again
    assert not semblance.store.users.get("user").disabled


def test_a_session_that_is_gone_keeps_its_name_in_the_log(semblance: Semblance, admin: Workspace) -> None:
    group = session(semblance.workspace("user"))
    admin.sessions.delete(group.id)
    (entry,) = entries(admin)
    assert (entry.about, entry.owner_id) == (group.title, "user")


def test_what_an_administrator_does_to_their_own_is_nobodys_business(semblance: Semblance, admin: Workspace) -> None:
    group = session(admin)
    admin.sessions.delete(group.id)
    admin.usage.recalculate_costs(semblance.clock() - timedelta(days=1), dry_run=True)
    assert entries(admin) == []


def test_what_a_researcher_does_is_not_in_it(semblance: Semblance, admin: Workspace) -> None:
    researcher = semblance.workspace("user")
    researcher.sessions.delete(session(researcher).id)
    assert entries(admin) == []


def test_entries_are_found_by_actor_action_account_and_time_newest_first_and_by_pages(
    semblance: Semblance, admin: Workspace
) -> None:
    semblance.workspace("admin").prices.set("openai/gpt-4o-mini", model_price("1", "1", "2"), semblance.clock())
    between = semblance.clock()
    for tokens in range(5):
        admin.accounts.set_quota("other", UsageQuota(None, tokens))
    assert [entry.action for entry in entries(admin)] == ["set_quota"] * 5 + ["set_price"]
    assert [entry.about for entry in entries(admin, until=between)] == ["openai/gpt-4o-mini"]
    assert len(entries(admin, since=between, action="set_quota", owner_id="other", actor_id="admin")) == 5
    assert entries(admin, actor_id="user") == entries(admin, owner_id="user") == []
    page, total = admin.audit.find(AuditFilter(), skip=2, limit=2)
    assert total == 6
    assert page == entries(admin)[2:4]
    assert admin.audit.actors() == ["admin"]


def test_the_file_of_the_log_is_one_that_no_spreadsheet_runs(admin: Workspace) -> None:
    admin.accounts.add("dana", "=cmd|' /C calc'!A0", Role.RESEARCHER, "a good password")
    header, row = audit_csv(entries(admin), ACTION_WORDS).removeprefix("\ufeff").splitlines()
    assert header == "at,actor,action,about,owner,details,outcome,words"
    assert ",Added an account,dana,dana," in row
    admin.projects.rename(admin.projects.create("Mine").id, "=1+1")
    assert len(entries(admin)) == 1


def test_every_action_that_was_ever_stored_has_its_words(admin: Workspace) -> None:
    assert [action for action in STORED.split() if action not in ACTION_WORDS] == []
    assert len(set(ACTION_WORDS.values())) == len(ACTION_WORDS)
