"""Signing in and out, who one is, and for administrators the accounts."""

from decimal import Decimal
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter
from fastapi import Query as InQuery
from pydantic import Field, StringConstraints
from starlette.requests import Request

from api.actor import Actor, Token
from api.problems import described
from api.values import AS_JSON, MOST_WHOLE, Form, Name, Query, View, When
from api.views import QuotaStatus, User
from semblance_core import accounts
from semblance_core.domain.accounts.account import Role, Visitor, agent_family
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.usage.events import MOST_TOKENS, UsageQuota
from semblance_core.store.accounts.sign_ins import LASTS
from ui.app.runtime import running_semblance

LOOPBACK = ("127.0.0.1", "::1")
router = APIRouter(tags=["Accounts"])


class SignIn(Form):
    username: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class SignedIn(View):
    """access_token: what stands for the account from now on, until it expires or is signed out. It is shown only here."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_at: When


class NewUser(Form):
    username: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._@-]{0,63}$")]
    name: Name
    role: Literal["researcher", "admin"] = "researcher"
    password: Annotated[str, StringConstraints(min_length=8, max_length=72)]


class NewQuota(Form):
    """Limit in a calendar month (UTC); null is no limit. usd: a decimal text, as in "12.50".

    version: of the account as it was read; without it, the last writer wins.
    """

    usd: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{1,9})?$")] | None
    tokens: Annotated[int, Field(ge=0, le=MOST_TOKENS), AS_JSON] | None
    version: Annotated[int, Field(ge=0, le=MOST_WHOLE), AS_JSON] | None = None


class Leaving(Query):
    """hand_over_to: who gets the account's projects; without it they are deleted too. anonymise: put its usage under a pseudonym."""

    hand_over_to: Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9._@-]{0,63})?$")] = ""
    anonymise: bool = False


class Left(View):
    """on_record_as: the name that the usage of the account stands under."""

    on_record_as: str


class Me(View):
    user: User
    month: QuotaStatus


class Account(View):
    user: User
    month: QuotaStatus


@router.post("/auth/login", responses=described(401, 415, 429))
async def sign_in(given: SignIn, request: Request) -> SignedIn:
    """Opens a sign-in of 14 days. At most 10 tries in 15 minutes count for an account and address."""
    store = running_semblance().store
    store.check_version()
    # A password takes a quarter of a second of a core to check: a flood of tries leaves the other threads alone.
    checked_at_a_time = request.app.state.sign_ins
    token = await to_thread.run_sync(
        accounts.sign_in, store, given.username, given.password, _visitor(request), limiter=checked_at_a_time
    )
    return SignedIn(access_token=token, expires_at=running_semblance().clock() + LASTS)


@router.post("/auth/logout", status_code=204, responses=described(401))
def sign_out(_: Actor, token: Token) -> None:
    """Ends this sign-in, and no other one of the account."""
    running_semblance().store.sign_ins.revoke(token)


@router.get("/me", responses=described(401, 403))
def who_am_i(ws: Actor) -> Me:
    """Your account, and what it used this month."""
    return Me.of({"user": ws.me.account(), "month": ws.me.quota()})


@router.get("/admin/users", responses=described(401, 403))
def list_users(ws: Actor) -> list[Account]:
    """All accounts, each with what it used this month. For administrators."""
    return [Account.of({"user": user, "month": status}) for user, status in ws.accounts.all()]


@router.post("/admin/users", status_code=201, responses=described(401, 403, 409, 415))
def add_user(ws: Actor, given: NewUser) -> User:
    """Adds an account with a password of its own. For administrators."""
    return User.of(ws.accounts.add(given.username, given.name, Role(given.role), given.password))


@router.delete("/admin/users/{user_id}", responses=described(401, 403, 404, 409))
def delete_user(ws: Actor, user_id: str, how: Annotated[Leaving, InQuery()]) -> Left:
    """Deletes an account, ends its work and its sign-ins. What it used stays on record, without texts. For administrators."""
    try:
        return Left(on_record_as=ws.accounts.delete(user_id, hand_over_to=how.hand_over_to, anonymise=how.anonymise))
    except InvalidInput as refused:  # each value is as described; they do not fit these accounts
        raise Conflict(str(refused)) from None


@router.put("/admin/users/{user_id}/quota", status_code=204, responses=described(401, 403, 404, 409, 415))
def set_quota(ws: Actor, user_id: str, given: NewQuota) -> None:
    """Sets what an account may use in a month; sessions that were paused for it go on. For administrators.

    409 with the code edit_conflict where somebody set another quota since the version that is given.
    """
    ws.accounts.set_quota(
        user_id, UsageQuota(None if given.usd is None else Decimal(given.usd), given.tokens), given.version
    )


def _visitor(request: Request) -> Visitor:
    """Returns the origin of an attempt, named as on the sign-in page."""
    host = request.client.host if request.client else ""
    return Visitor(
        "local" if not host or host in LOOPBACK else host, agent_family(request.headers.get("User-Agent", ""))
    )
