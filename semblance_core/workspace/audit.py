"""The audit log: administrators' changes to what is not theirs, and once an hour that they looked into it."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from semblance_core.domain.accounts.account import Role
from semblance_core.domain.accounts.audit_log import AuditEntry, Outcome
from semblance_core.domain.errors import NotFound, SemblanceError, UserMistake
from semblance_core.domain.plurals import number
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.domain.usage.price import ALWAYS
from semblance_core.reports.costs import price_words
from semblance_core.store.ids import new_id
from semblance_core.store.store import Store

log = logging.getLogger(__name__)
LOOKS = {"look_into_session": "Looked into a session", "look_into_project": "Looked into a project"}
"""The stored actions of an administrator who reads somebody else's work, with their words."""
LONGEST = 120
TELLS_EMPTY = ("patterns", "hand_over_to")
"""Arguments whose empty value is recorded too."""


@contextmanager
def recorded(
    store: Store,
    at: datetime,
    actor_id: str,
    action: str,
    *,
    owner_id: str = "",
    about: str = "",
    arguments: Mapping[str, Any] | None = None,
) -> Iterator[None]:
    """Writes an entry before the block runs, and how it went afterwards.

    Args:
        store: where the audit log is.
        at: the time of the entry.
        actor_id: who acts.
        action: the stored name of the action; it never changes, because old entries hold it.
        owner_id: whose account or work it is done to; empty for the platform's.
        about: the name of what it is done to.
        arguments: what the entry's details are made of, by name (`WORDING`).
    """
    entry = AuditEntry(new_id(), at, actor_id, action, owner_id, about[:LONGEST], tuple(details(arguments or {})))
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
        store.audit_log.end(
            entry.id, Outcome.FAILED, "Something went wrong on our side; details are in the server log."
        )
        raise
    store.audit_log.end(entry.id, Outcome.DONE)


def looked(store: Store, at: datetime, actor_id: str, owner_id: str, session_id: str, project_id: str) -> None:
    """Writes, before anything is handed out, that an administrator reads somebody else's session or project.

    One entry an hour for each session or project.
    """
    action = "look_into_session" if session_id else "look_into_project"
    key = sha256(f"{actor_id}|{action}|{session_id or project_id}|{at:%Y-%m-%d %H}".encode()).hexdigest()
    about = _title(store, session_id, project_id)[:LONGEST]
    store.audit_log.note(AuditEntry(f"look-{key[:24]}", at, actor_id, action, owner_id, about, (), Outcome.DONE))


def is_looked(actor_role: Role, actor_id: str, owner_id: str | None) -> bool:
    """True where an administrator reads what somebody else wrote or found."""
    return actor_role is Role.ADMIN and owner_id is not None and owner_id not in ("", actor_id)


def is_recorded(actor_role: Role, actor_id: str, owner_id: str | None) -> bool:
    """True where an administrator changes what is not their own. owner_id: None for the platform's."""
    return actor_role is Role.ADMIN and owner_id != actor_id


def _title(store: Store, session_id: str, project_id: str) -> str:
    try:
        return store.focus_groups.get(session_id).title if session_id else store.projects.get(project_id).name
    except NotFound:
        return "what is not there"


def details(arguments: Mapping[str, Any]) -> Iterator[str]:
    """The arguments in words, as far as `WORDING` has them."""
    for name, words in WORDING.items():
        value = arguments.get(name)
        is_empty = value in (None, (), "") or (isinstance(value, str) and not value.strip())
        if not is_empty or (value is not None and name in TELLS_EMPTY):
            yield words(value)


def check_logged(names: Collection[str]) -> None:
    """Raises `TypeError` for names of arguments that have no words in the log."""
    if unknown := set(names) - WORDING.keys():
        raise TypeError(f"The audit log has no words for {', '.join(sorted(unknown))}; add them to WORDING.")


def _named(what: str) -> Callable[[Any], str]:
    return lambda value: f"{what} {str(value)[:LONGEST]}"


def _quota_words(quota: UsageQuota) -> str:
    usd = "no limit in US dollars" if quota.usd is None else f"{Decimal(quota.usd):,f} US dollars"
    tokens = "no limit in tokens" if quota.tokens is None else f"{quota.tokens:,} tokens"
    return f"{usd}, {tokens} a month"


def _day_words(what: str) -> Callable[[datetime], str]:
    return lambda moment: f"{what} {'the start' if moment == ALWAYS else f'{moment:%d %b %Y, %H:%M} UTC'}"


def _address_words(address: str) -> str:
    """The machine alone: a key that was typed into the wrong field is recorded nowhere."""
    try:
        parts = urlsplit(address.strip())
        machine, port = parts.hostname, parts.port
    except ValueError:
        machine, port = None, None
    if not machine or parts.scheme not in ("http", "https"):
        return "an address that is none"
    return f"at {machine}{f':{port}' if port else ''}"[:LONGEST]


WORDING: dict[str, Callable[[Any], str]] = {
    "name": _named("name:"),
    "role": lambda role: f"role: {Role(role).value}",
    "hand_over_to": lambda name: "projects handed over" if name else "projects deleted",
    "anonymise": lambda wanted: "under a pseudonym" if wanted else "under its own name",
    "disabled": lambda disabled: "disabled" if disabled else "enabled",
    "quota": _quota_words,
    "patterns": lambda patterns: f"allowed: {', '.join(patterns) or 'by the keys that are set'}"[:2_000],
    "address": _address_words,
    "talk": _named("sessions:"),
    "analysis": _named("analyses:"),
    "pictures": _named("pictures:"),
    "price": price_words,
    "valid_from": _day_words("from"),
    "since": _day_words("since"),
    "until": _day_words("until"),
    "size": _named("personas wanted:"),
    "persona_ids": lambda ids: number(len(ids), "persona"),
    "to_project_id": _named("to the project"),
    "seq": _named("message"),
    "days": lambda days: f"for {number(days, 'day')}",
    "files": lambda files: number(len(files), "file"),
}
"""Words for the arguments that an operation may log. Texts, contents of files and passwords are never among them."""
