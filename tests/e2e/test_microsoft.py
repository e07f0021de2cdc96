"""Signing in with Microsoft in a real browser, against an OpenID provider on loopback: who comes in, who does not, and out again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.accounts.account import Role
from semblance_core.settings import load_settings
from semblance_core.store.server.embedded import free_port
from tests.browser import serving, wait_for_cookie
from tests.e2e.wizard import shot
from tests.openid_provider import TENANT, OpenIdProvider

DANA = {"oid": "object-1", "name": "Dana Doe", "preferred_username": "dana@example.org"}


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with OpenIdProvider() as provider:
        yield provider


@pytest.fixture
def app(provider: OpenIdProvider, tmp_path: Path) -> Iterator[str]:
    port = free_port()
    with serving(tmp_path / "data", port, **provider.settings(f"http://127.0.0.1:{port}")) as served:
        yield served.address


@pytest.fixture
def semblance(app: str, tmp_path: Path) -> Iterator[Semblance]:
    with open_semblance(load_settings(SEMBLANCE_DATA_DIR=tmp_path / "data")) as semblance:
        yield semblance


def arrive(page: Page, app: str) -> None:
    page.goto(app)
    page.get_by_role("button", name="Sign in with Microsoft").click()


def test_people_of_the_tenant_with_a_role_come_in_and_nobody_else(
    provider: OpenIdProvider, app: str, semblance: Semblance, page: Page, pictures: Path
) -> None:
    provider.claims = DANA | {"tid": "9188040d-6c67-4c5b-b112-36a304b66dad", "roles": ["Semblance.Admin"]}
    arrive(page, app)
    expect(page.get_by_text("This Microsoft account belongs to another organisation.")).to_be_visible()
    provider.claims = DANA
    arrive(page, app)
    expect(page.get_by_text("This Microsoft account has no role in Semblance.")).to_be_visible()
    shot(page, pictures, "30-microsoft-refused")
    assert semblance.store.users.of_microsoft(f"{TENANT}/object-1") is None

    provider.claims = DANA | {"roles": ["Semblance.Admin"]}
    arrive(page, app)
    wait_for_cookie(page)
    expect(page.get_by_text("Dana Doe")).to_be_visible()
    expect(page.get_by_role("link", name="Users")).to_be_visible()
    user = semblance.store.users.of_microsoft(f"{TENANT}/object-1")
    assert user
    assert user.role is Role.ADMIN
    page.reload()
    expect(page.get_by_text("Dana Doe")).to_be_visible()
    assert len(semblance.workspace(user.id).me.sign_ins()) == 1

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in with Microsoft")).to_be_visible()
    assert provider.signed_out == 1
    assert semblance.workspace(user.id).me.sign_ins() == []
    assert not semblance.store.users.get(user.id).disabled
    page.goto(f"{app}/admin")
    expect(page.get_by_role("button", name="Sign in with Microsoft")).to_be_visible()

    arrive(page, app)
    wait_for_cookie(page)
    semblance.workspace("admin").accounts.set_disabled(user.id, True)
    page.reload()  # the cookies of Streamlit and of Microsoft are still there, and open nothing
    expect(page.get_by_text("This account is disabled. Ask an administrator.")).to_be_visible()
    arrive(page, app)
    expect(page.get_by_text("This account is disabled. Ask an administrator.")).to_be_visible()
    assert semblance.store.sign_ins.of_user(user.id, semblance.clock()) == []
