"""Which operations are written into the audit log, under which words, and with what of what was given.

Every operation is in one of three lists: it only reads; it changes nothing but what is the actor's own; or it can change
what is somebody else's or the platform's. One of the third kind is written down whenever an administrator does it to what
is not theirs. An operation that is in no list is treated like those, and fails a test.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from semblance_core.domain.audit_log import AuditEntry, Outcome
from semblance_core.domain.errors import NotFound, SemblanceError, UserMistake
from semblance_core.domain.people import Role
from semblance_core.domain.price import ALWAYS
from semblance_core.domain.usage import UsageQuota
from semblance_core.reports.costs import price_words
from semblance_core.store.ids import new_id
from semblance_core.store.store import Store

log = logging.getLogger(__name__)
READS = frozenset(
    {
        *("me", "users", "my_quota", "my_events", "find_events"),
        *("my_usage_figures", "my_usage_choices", "usage_figures", "usage_choices", "usage_event", "check_admin"),
        *("is_session_there", "owner_name", "belongings"),
        *("my_usage_breakdowns", "usage_breakdowns"),
        *("total_spent", "newest_backfill", "called_models", "prices", "price_list", "check_books", "allowed_models"),
        *("project", "tasks", "my_work", "task", "example", "personas", "find_personas", "persona_facets"),
        *(
            "some_personas",
            "persona_names",
            "compare_personas",
            "persona",
            "project_of_persona",
            "panel_report",
            "focus_groups",
        ),
        *("session_page", "recent_sessions", "used_models"),
        *(
            "focus_group",
            "messages",
            "analysis_under_way",
            "findings",
            "analyses",
            "session_usage",
            "news",
            "search_messages",
        ),
        *(
            "estimate_discussion",
            "estimate_round",
            "estimate_analysis",
            "estimate_recruiting",
            "session_quota",
            "project_quota",
        ),
        *("session_spent", "discussion_spent", "task_spent", "audit_log", "audit_actors", "audit_owners"),
        *("user", "sign_ins", "my_sign_ins"),
        *("stimuli", "stimulus_tasks", "stimulus", "stimulus_text", "shown_text", "original", "sees_pictures"),
    }
)
OWN = frozenset(
    {
        *("create_project", "projects", "open_project", "make_example"),
        *("change_my_name", "change_my_password", "revoke_my_sign_in", "revoke_my_sign_ins"),
    }
)
CHANGES = {
    "add_user": "Added an account",
    "change_user": "Changed an account's name or role",
    "delete_user": "Deleted an account",
    "reset_password": "Reset a password",
    "revoke_sign_in": "Ended a sign-in",
    "revoke_sign_ins": "Signed an account out everywhere",
    "set_quota": "Set a quota",
    "set_disabled": "Disabled or enabled an account",
    "set_allowed_models": "Said which models are allowed",
    "set_price": "Set a price",
    "remove_price": "Removed a price",
    "seed_prices": "Updated prices from the lists",
    "reprice": "Computed costs anew",
    "repair_books": "Set the books right",
    "backfill_usage": "Reconstructed usage",
    "rename_project": "Renamed a project",
    "delete_project": "Deleted a project",
    "delete_task": "Deleted a task",
    "cancel_task": "Cancelled a task",
    "rerun_task": "Ran a task again",
    "add_persona": "Added a persona",
    "edit_persona": "Edited a persona",
    "copy_persona": "Copied a persona",
    "copy_personas": "Copied personas to a project",
    "delete_persona": "Deleted a persona",
    "delete_personas": "Deleted personas",
    "import_personas": "Imported personas",
    "recruit": "Recruited personas",
    "create_focus_group": "Set up a focus group",
    "change_focus_group": "Changed a focus group's set-up",
    "duplicate_focus_group": "Duplicated a focus group",
    "delete_focus_group": "Deleted a focus group",
    "add_stimuli": "Handed in stimuli",
    "attach_stimulus": "Added a stimulus",
    "note_not_added": "Put away which stimuli were not added",
    "describe_stimulus": "Described a stimulus",
    "remove_stimulus": "Removed a stimulus",
    "post_message": "Put a message to participants",
    "retry_reply": "Asked for a reply again",
    "start_autonomous": "Let a discussion run",
    "pause": "Paused a discussion",
    "stop": "Stopped a discussion",
    "end": "Ended a session",
    "finish_guide": "Ended a session whose guide was covered",
    "analyse": "Began an analysis",
    "edit_themes": "Edited themes",
    "restore_themes": "Restored an earlier version of themes",
}
"""What was done, as the log says it."""
LOOKS = {"look_into_session": "Looked into a session", "look_into_project": "Looked into a project"}
"""What an administrator read that is not theirs, once an hour for each session and project."""
WORDS = CHANGES | LOOKS
TELLS_LITTLE = frozenset(
    {
        *(
            "estimate_discussion",
            "estimate_round",
            "estimate_analysis",
            "estimate_recruiting",
            "session_quota",
            "session_spent",
        ),
        *(
            "discussion_spent",
            "task_spent",
            "sees_pictures",
            "analysis_under_way",
            "stimulus_tasks",
            "project_of_persona",
        ),
        *("usage_event", "is_session_there", "owner_name"),
    }
)
"""Operations that only read, and of somebody else's work hand out sums, states and forecasts alone."""
LONGEST = 120
TELLS_EMPTY = ("patterns", "hand_over_to")
"""What says something when it is empty."""


@contextmanager
def recorded(
    store: Store, at: datetime, actor_id: str, action: str, owner_id: str = "", /, **given: Any
) -> Iterator[None]:
    """Writes down what is done inside, before it is done and how it went; given: what it is done with, by name."""
    about, whose = _about(store, given)
    entry = AuditEntry(new_id(), at, actor_id, action, owner_id or whose, about, tuple(_details(given)))
    store.audit_log.begin(entry)
    facts = {"audit_id": entry.id, "actor_id": actor_id, "action": action, "owner_id": entry.owner_id}
    log.info("administrator's action", extra=facts)
    try:
        yield
    except SemblanceError as failed:
        outcome = Outcome.REFUSED if isinstance(failed, UserMistake) else Outcome.FAILED
        store.audit_log.end(entry.id, outcome, str(failed))
        raise
    except Exception:
        store.audit_log.end(entry.id, Outcome.FAILED, "Something went wrong on our side; the log says more.")
        raise
    store.audit_log.end(entry.id, Outcome.DONE)


def looked(store: Store, at: datetime, actor_id: str, owner_id: str, given: dict[str, Any]) -> None:
    """Writes down, before it is handed out, that an administrator reads what is somebody else's."""
    session, project = _place(store, given)
    about, _ = _about(store, {"group_id": session} if session else {"project_id": project})
    action = "look_into_session" if session else "look_into_project"
    key = sha256(f"{actor_id}|{action}|{session or project}|{at:%Y-%m-%d %H}".encode()).hexdigest()
    store.audit_log.note(AuditEntry(f"look-{key[:24]}", at, actor_id, action, owner_id, about, (), Outcome.DONE))


def is_looked(action: str, role: Role, actor_id: str, owner_id: str | None) -> bool:
    """Whether an administrator would read what somebody else wrote or found."""
    reads = action in READS and action not in TELLS_LITTLE
    return reads and role is Role.ADMIN and owner_id is not None and owner_id not in ("", actor_id)


def _place(store: Store, given: dict[str, Any]) -> tuple[str, str]:
    """The session that is read, else the project."""
    if "group_id" in given:
        return str(given["group_id"]), ""
    if "asset_id" in given:
        return store.assets.get(given["asset_id"]).focus_group_id, ""
    if "persona_id" in given:
        return "", store.personas.project_of(given["persona_id"])
    if "task_id" in given:
        return "", store.tasks.get(given["task_id"]).project_id
    return "", str(given["project_id"])


def is_recorded(action: str, role: Role, actor_id: str, owner_id: str | None, given: dict[str, Any]) -> bool:
    """Whether it belongs into the log: an administrator does it, to what is not their own, and it can change something.

    owner_id: None for what is the platform's.
    """
    changes = action not in READS and action not in OWN and not given.get("dry_run")
    return changes and role is Role.ADMIN and owner_id != actor_id


def _about(store: Store, given: dict[str, Any]) -> tuple[str, str]:
    """What it is done to, in words that still say it when it is gone; and whose it is, where that was given."""
    user_id = str(given.get("user_id", ""))[:LONGEST]
    name = user_id or str(given.get("model") or "")
    try:
        if "group_id" in given:
            name = store.focus_groups.get(given["group_id"]).title
        elif "asset_id" in given:
            name = store.assets.get(given["asset_id"]).name
        elif "persona_id" in given:
            name = store.personas.get(given["persona_id"]).name
        elif "project_id" in given:
            name = store.projects.get(given["project_id"]).name
        elif "task_id" in given:
            name = f"{store.tasks.get(given['task_id']).kind} task"
    except NotFound:
        name = "what is not there"
    return name[:LONGEST], user_id


def _details(given: dict[str, Any]) -> Iterator[str]:
    for name, words in _TOLD.items():
        value = given.get(name)
        is_empty = value in (None, (), "") or (isinstance(value, str) and not value.strip())
        if not is_empty or (value is not None and name in TELLS_EMPTY):
            yield words(value)


def _named(what: str) -> Callable[[Any], str]:
    return lambda value: f"{what} {str(value)[:LONGEST]}"


def _quota_words(quota: UsageQuota) -> str:
    usd = "no limit in US dollars" if quota.usd is None else f"{Decimal(quota.usd):,f} US dollars"
    tokens = "no limit in tokens" if quota.tokens is None else f"{quota.tokens:,} tokens"
    return f"{usd}, {tokens} a month"


def _day_words(what: str) -> Callable[[datetime], str]:
    return lambda moment: f"{what} {'the start' if moment == ALWAYS else f'{moment:%d %b %Y, %H:%M} UTC'}"


_TOLD: dict[str, Callable[[Any], str]] = {
    "name": _named("name:"),
    "role": lambda role: f"role: {Role(role).value}",
    "hand_over_to": lambda name: "projects handed over" if name else "projects deleted",
    "anonymise": lambda wanted: "under a pseudonym" if wanted else "under its own name",
    "disabled": lambda disabled: "disabled" if disabled else "enabled",
    "quota": _quota_words,
    "patterns": lambda patterns: f"allowed: {', '.join(patterns) or 'by the keys that are set'}"[:2_000],
    "price": price_words,
    "valid_from": _day_words("from"),
    "since": _day_words("since"),
    "until": _day_words("until"),
    "size": _named("personas wanted:"),
    "persona_ids": lambda ids: f"{len(ids):,} personas",
    "to_project_id": _named("to the project"),
    "seq": _named("message"),
    "files": lambda files: f"{len(files):,} {'file' if len(files) == 1 else 'files'}",
}
"""What of what was given is written down, and how; whatever is not here stays out: texts, files and, above all, passwords."""
