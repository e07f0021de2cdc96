"""Accounts of Microsoft Entra ID: who may come in by what their identity token says, and as what."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from semblance_core.accounts import BY_MICROSOFT, open_sign_in
from semblance_core.domain.accounts.account import LONGEST_NAME, Role, User, Visitor
from semblance_core.domain.errors import Conflict, SignInFailed
from semblance_core.store.store import Store

APP_ROLES = {"Semblance.Admin": Role.ADMIN, "Semblance.Researcher": Role.RESEARCHER}
"""The values of the app roles, the one that allows more first."""
OVER = "This sign-in is over. Sign in again."
FRESH = timedelta(minutes=10)


def admit(store: Store, tenant_id: str, claims: Mapping[str, Any], visitor: Visitor) -> str:
    """The token of a new sign-in for who these claims of a checked identity token name; their account is made if need be.

    Raises `SignInFailed` in words: for another tenant, for no app role, for a disabled account. An identity token opens one
    sign-in, within ten minutes, so that what an administrator revoked is not opened again by a cookie that was left.
    """
    if not is_fresh(store, claims):
        raise SignInFailed(OVER)
    tenant, person = str(claims.get("tid", "")).casefold(), str(claims.get("oid", "")).casefold()
    if tenant != tenant_id.casefold():
        raise SignInFailed("This Microsoft account belongs to another organisation.")
    if not person:
        raise SignInFailed("Microsoft did not say whose account this is. Ask an administrator.")
    role = _role(claims)
    if role is None:
        raise SignInFailed(
            "This Microsoft account has no role in Semblance. Ask an administrator of your organisation to assign one."
        )
    user = _account(store, f"{tenant}/{person}", role, claims)
    if user.disabled:
        raise SignInFailed("This account is disabled. Ask an administrator.")
    if store.sign_ins.used_up(_token_key(claims), store.clock()):
        raise SignInFailed(OVER)
    if user.role is not role:
        store.users.set_role(user.id, role, BY_MICROSOFT)
    return open_sign_in(store, user.id, visitor, BY_MICROSOFT)


def is_fresh(store: Store, claims: Mapping[str, Any]) -> bool:
    """Returns whether the token was issued within the last ten minutes, by the server's clock."""
    issued = claims.get("iat")
    return isinstance(issued, int | float) and abs(store.clock().timestamp() - issued) < FRESH.total_seconds()


def _token_key(claims: Mapping[str, Any]) -> str:
    return "/".join(str(claims.get(name, "")) for name in ("tid", "oid", "iat", "nonce", "uti"))


def _role(claims: Mapping[str, Any]) -> Role | None:
    given = claims.get("roles")
    named = given if isinstance(given, list) else []
    return next((role for value, role in APP_ROLES.items() if value in named), None)


def _account(store: Store, microsoft_id: str, role: Role, claims: Mapping[str, Any]) -> User:
    """The account of this person; made at the first sign-in, and never one that somebody else made under that name."""
    for name in _names(claims):
        if known := store.users.of_microsoft(microsoft_id):
            return known
        called = " ".join(str(claims.get("name") or name).split())[:LONGEST_NAME] or name
        user = User(name, called, role, store.clock(), microsoft_id=microsoft_id)
        try:
            store.users.add(user, None)
        except Conflict:
            continue
        return user
    raise SignInFailed("No user name is available for this Microsoft account. Ask an administrator.")


def _names(claims: Mapping[str, Any]) -> Iterator[str]:
    """User names to try: the one at Microsoft, then the same with numbers."""
    wanted = str(claims.get("preferred_username") or claims.get("email") or "microsoft").casefold()
    name = re.sub(r"[^a-z0-9._@-]+", "-", wanted).lstrip("._@-")[:56] or "microsoft"
    yield name
    yield from (f"{name}-{number}" for number in range(2, 100))
