"""Accounts of Microsoft: who is let in by what a checked identity token says, and as what."""

from collections.abc import Callable
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role, Visitor
from semblance_core.domain.errors import InvalidInput, SetupError, SignInFailed
from semblance_core.microsoft import admit
from semblance_core.settings import load_settings, microsoft_app

TENANT = "8c1a0f3e-0000-4000-8000-0123456789ab"
HERE = Visitor("192.0.2.1", "Edge on Windows")
Arrive = Callable[..., str]


@pytest.fixture
def arrive(semblance: Semblance) -> Arrive:
    """Signs in with claims of a fresh token; what is said differently replaces them."""

    def sign_in(**said: Any) -> str:
        claims = {
            "tid": TENANT.upper(),
            "oid": "object-1",
            "name": "Dana Doe",
            "preferred_username": "Dana.Doe@Example.org",
            "roles": ["Semblance.Researcher"],
            "iat": semblance.store.clock().timestamp(),
            "nonce": "first",
        }
        token = admit(semblance.store, TENANT, claims | said, HERE)
        return str(semblance.store.sign_ins.user_of(token, semblance.clock()))

    return sign_in


def test_the_first_sign_in_makes_an_account_and_the_next_one_finds_it(semblance: Semblance, arrive: Arrive) -> None:
    before = len(semblance.store.users.list())
    assert arrive() == "dana.doe@example.org"
    made = semblance.store.users.get("dana.doe@example.org")
    assert (made.name, made.role, made.microsoft_id) == ("Dana Doe", Role.RESEARCHER, f"{TENANT}/object-1")
    assert made.signed_in_at
    assert arrive(nonce="second", preferred_username="renamed@example.org") == made.id
    assert len(semblance.store.users.list()) == before + 1
    assert [each.way for each in semblance.workspace("admin").accounts.sign_ins(made.id)] == ["Microsoft", "Microsoft"]


def test_the_role_follows_the_app_roles_at_each_sign_in(semblance: Semblance, arrive: Arrive) -> None:
    for number, (roles, role) in enumerate(
        [
            (["Semblance.Researcher"], Role.RESEARCHER),
            (["Other", "Semblance.Admin", "Semblance.Researcher"], Role.ADMIN),
            (["Semblance.Researcher"], Role.RESEARCHER),
        ]
    ):
        assert semblance.store.users.get(arrive(roles=roles, nonce=str(number))).role is role
    with pytest.raises(InvalidInput, match="Microsoft's app roles"):
        semblance.workspace("admin").accounts.change("dana.doe@example.org", "Dana", Role.ADMIN)


@pytest.mark.parametrize("roles", [None, [], ["semblance.admin"], "Semblance.Admin", {"Semblance.Admin": 1}])
def test_nobody_comes_in_without_a_role(semblance: Semblance, arrive: Arrive, roles: object) -> None:
    with pytest.raises(SignInFailed, match="no role in Semblance"):
        arrive(roles=roles)
    assert semblance.store.users.find("dana.doe@example.org") is None


@pytest.mark.parametrize("tid", ["", None, "9188040d-6c67-4c5b-b112-36a304b66dad"])
def test_nobody_comes_in_from_another_tenant(semblance: Semblance, arrive: Arrive, tid: object) -> None:
    with pytest.raises(SignInFailed, match="another organisation"):
        arrive(tid=tid)


def test_a_disabled_account_is_refused_and_stays_disabled(semblance: Semblance, arrive: Arrive) -> None:
    name = arrive()
    semblance.workspace("admin").accounts.set_disabled(name, True)
    with pytest.raises(SignInFailed, match="disabled"):
        arrive(nonce="second")
    assert semblance.store.users.get(name).disabled


def test_a_token_opens_one_sign_in_and_only_while_it_is_fresh(semblance: Semblance, arrive: Arrive) -> None:
    issued = semblance.store.clock().timestamp()
    arrive(iat=issued)
    with pytest.raises(SignInFailed, match="Sign in again"):
        arrive(iat=issued)
    for other in (issued - 700, issued + 700, None, "soon"):
        with pytest.raises(SignInFailed, match="Sign in again"):
            arrive(iat=other, nonce="second")


def test_a_name_that_is_taken_here_is_not_taken_over(semblance: Semblance, arrive: Arrive) -> None:
    assert arrive(preferred_username="admin") == "admin-2"
    assert semblance.store.users.get("admin").microsoft_id == ""
    assert arrive(oid="object-2", preferred_username="../Ünal $where") == "nal-where"
    assert arrive(oid="object-3", preferred_username="", email="", name="") == "microsoft"
    assert semblance.store.users.get("microsoft").name == "microsoft"


def test_half_a_set_up_or_a_directory_that_lets_anybody_in_is_refused_in_words() -> None:
    whole = {
        "SEMBLANCE_MICROSOFT_TENANT_ID": TENANT,
        "SEMBLANCE_MICROSOFT_CLIENT_ID": "client",
        "SEMBLANCE_MICROSOFT_CLIENT_SECRET": "canary",
        "SEMBLANCE_URL": "https://research.example.org/semblance/",
    }
    app = microsoft_app(load_settings(**whole))
    assert app
    assert app.redirect_uri == "https://research.example.org/semblance/oauth2callback"
    assert app.metadata_url.startswith(f"https://login.microsoftonline.com/{TENANT}/v2.0/")
    assert microsoft_app(load_settings()) is None
    for name in whole:
        with pytest.raises(SetupError, match=f"set {name} too"):
            microsoft_app(load_settings(**whole | {name: ""}))
    for tenant in ("common", "organizations", "example.org"):
        with pytest.raises(SetupError, match="directory's own id"):
            microsoft_app(load_settings(**whole | {"SEMBLANCE_MICROSOFT_TENANT_ID": tenant}))
