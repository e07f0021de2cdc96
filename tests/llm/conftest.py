"""One platform for all tests of a module (two attempts a call, the second at once)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.store.ids import new_id
from tests.conftest import opened, settings_for
from tests.llm.booth import Booth, model_at
from tests.llm.harness import GEMINI, GEMINI_KEY, OPENAI, GatewayHarness
from tests.raw_server import RawServer
from tests.scripted_server import ScriptedServer, sensible


@pytest.fixture(scope="module")
def platform(data_dir: Path) -> Iterator[tuple[Semblance, ScriptedServer]]:
    with ScriptedServer() as server:
        own = {"GEMINI_API_KEY": GEMINI_KEY, "GEMINI_BASE_URL": f"{server.url}/v1beta", "SEMBLANCE_CALL_ATTEMPTS": 2}
        with opened(settings_for(data_dir, server) | own) as semblance:
            for model in (OPENAI, GEMINI):
                semblance.gateway.model.warm_up(model)
            gateway = replace(semblance.gateway, timeout_s=30.0, first_wait_s=0.0)
            yield replace(semblance, gateway=gateway), server


@pytest.fixture
def harness(platform: tuple[Semblance, ScriptedServer]) -> GatewayHarness:
    """A user whom nobody has heard of before, and a provider that neither."""
    semblance, server = platform
    user = new_id()
    semblance.store.users.add(User(user, "Somebody", Role.RESEARCHER, semblance.clock()), "no password fits")
    semblance.store.model_traits.forget()
    semblance.gateway.traits.forget()
    server.forget()
    server.script = sensible
    return GatewayHarness(semblance, server, user)


@pytest.fixture(scope="module")
def raw(data_dir: Path) -> Iterator[tuple[Semblance, RawServer]]:
    """A platform all of whose providers are one raw server."""
    with RawServer() as server, ScriptedServer() as unused, opened(settings_for(data_dir, unused)) as semblance:
        gateway = replace(
            semblance.gateway,
            model=model_at(server),
            refusal=lambda _: "",
            timeout_s=30.0,
            first_wait_s=0.0,
            attempts=2,
        )
        yield replace(semblance, gateway=gateway), server


@pytest.fixture
def booth(raw: tuple[Semblance, RawServer]) -> Booth:
    semblance, server = raw
    user = new_id()
    semblance.store.users.add(User(user, "Somebody", Role.RESEARCHER, semblance.clock()), "no password fits")
    booth = Booth(semblance, server, user, semblance.gateway)
    booth.forget()
    return booth
