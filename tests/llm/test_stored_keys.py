"""Keys that an administrator types are used by calls at once, here, in the process that makes calls and in other processes."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.times import utc_now
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.catalogue.provider_book import FRESH_S, ProviderBook
from semblance_core.llm.gateway import Caller
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.settings import load_settings
from tests.conftest import OpenPlatform
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import session

ASKED = CompletionRequest("reply", (PromptMessage("user", "What do you drink?"),), max_tokens=30)
MODEL = "mistral/mistral-small-latest"
FIRST, SECOND = "gsk_first_0123456789abcdef", "gsk_second_0123456789abcdef"
BARE: dict[str, Any] = {"OPENAI_API_KEY": "", "OPENAI_BASE_URL": "", "SEMBLANCE_MODEL": ""}


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MISTRAL_API_KEY", "MISTRAL_API_BASE", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=[False, True], ids=["here", "in a process of its own"])
def semblance(platform_settings: dict[str, Any], request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Semblance]:
    settings = load_settings(**platform_settings | BARE | {"SEMBLANCE_CALL_ATTEMPTS": 1})
    with open_semblance(settings, clock=utc_now, calls_in_subprocess=request.param) as semblance:
        for name, role in (("user", Role.RESEARCHER), ("admin", Role.ADMIN)):
            semblance.store.users.add(User(name, name.title(), role, utc_now()), None)
        yield semblance


def asked(semblance: Semblance, server: ScriptedServer) -> str:
    """The key that a call came with."""
    server.forget()
    semblance.gateway.text(ASKED, MODEL, Caller("user"))
    return server.asked[0].headers["authorization"]


def test_a_key_counts_from_the_next_call_on_and_no_longer_than_it_is_there(
    semblance: Semblance, model_server: ScriptedServer
) -> None:
    models, address = semblance.workspace("admin").models, f"{model_server.url}/v1"
    user = semblance.workspace("user")
    assert user.models.defaults().talk == "simulator/v1"
    with pytest.raises(
        InvalidInput, match="No key is set for mistral: an administrator can type one on the page Models"
    ):
        session(user, model=MODEL)
    with pytest.raises(ModelFailed, match="No key is set for mistral"):
        semblance.gateway.text(ASKED, MODEL, Caller("user"))
    models.set_provider("mistral", FIRST, address)
    assert session(user, model=MODEL).model == MODEL
    assert asked(semblance, model_server) == f"Bearer {FIRST}"
    models.set_provider("mistral", SECOND, address)
    assert asked(semblance, model_server) == f"Bearer {SECOND}"
    models.set_provider("mistral", "", f"{address}/")  # the same place: the key stays
    assert asked(semblance, model_server) == f"Bearer {SECOND}"
    model_server.script = lambda _: Reply(f"no {FIRST} {SECOND}", status=401)
    with pytest.raises(ModelFailed) as failed:
        asked(semblance, model_server)
    assert failed.value.kind == "auth"
    assert "[key]" in failed.value.provider_said
    assert not any(key in failed.value.provider_said for key in (FIRST, SECOND)), "the former one is taken out too"
    models.remove_provider("mistral")
    with pytest.raises(ModelFailed) as failed:
        asked(semblance, model_server)
    assert failed.value.kind == "not_allowed"
    assert model_server.asked == []


def test_a_test_makes_one_call_that_counts_and_says_what_came_of_it(
    semblance: Semblance, model_server: ScriptedServer
) -> None:
    models = semblance.workspace("admin").models
    models.set_provider("mistral", FIRST, f"{model_server.url}/v1")
    model_server.script = lambda _: Reply("ready")
    done = models.test(MODEL)
    assert (done.said, done.why, len(model_server.asked)) == ("ready", "", 1)
    assert done.tokens
    assert done.cost_usd
    semblance.gateway.batcher.flush()
    (event,) = semblance.store.usage.events()
    assert (event.user_id, event.feature, event.model, event.cost_usd) == ("admin", "test", MODEL, done.cost_usd)
    model_server.script = lambda _: Reply("no", status=401)
    failed = models.test(MODEL)
    assert (failed.said, failed.why) == ("", "The provider did not accept the API key.")
    with pytest.raises(InvalidInput, match="No key is set for anthropic"):
        models.test("anthropic/claude-sonnet-4-5")
    with pytest.raises(InvalidInput, match="needs no test"):
        models.test("simulator/v1")


def test_the_key_of_a_provider_makes_its_model_the_default(semblance: Semblance, model_server: ScriptedServer) -> None:
    models = semblance.workspace("admin").models
    models.set_provider("openai", FIRST, f"{model_server.url}/v1")
    assert models.defaults().talk == "openai/gpt-4o-mini"
    group = session(semblance.workspace("user"), model="")
    assert (group.model, group.simulated) == ("openai/gpt-4o-mini", False)


def test_another_process_uses_a_key_soon_after_and_no_longer_than_it_is_there(open_platform: OpenPlatform) -> None:
    semblance = open_platform(**BARE)
    models = semblance.workspace("admin").models
    seconds = [0.0]
    other = ProviderBook(semblance.settings, {}, semblance.store.provider_keys, now_s=lambda: seconds[0])
    assert "mistral" not in other.opened()
    models.set_provider("mistral", FIRST)
    assert "mistral" not in other.opened(), "it was read just now"
    seconds[0] += FRESH_S
    assert "mistral" in other.opened()
    assert other.access().keys == {"mistral": FIRST}
    models.remove_provider("mistral")
    seconds[0] += FRESH_S
    assert "mistral" not in other.opened()
    assert other.access().secrets == (FIRST,), "a late answer may still repeat it"


def test_a_key_of_another_secret_is_told_and_opens_nothing(
    open_platform: OpenPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    semblance = open_platform(**BARE)
    semblance.workspace("admin").models.set_provider("mistral", FIRST)
    caplog.set_level(logging.WARNING)
    elsewhere = open_platform(**BARE, SEMBLANCE_SECRET_KEY="another secret of at least 32 letters")
    models = elsewhere.workspace("admin").models
    (state,) = [each for each in models.providers() if each.provider.name == "mistral"]
    assert (state.is_readable, state.is_open) == (False, False)
    assert "encrypted with another secret" in models.check(MODEL).refusal
    assert "cannot be decrypted" in caplog.text
    models.set_provider("mistral", SECOND)
    assert models.check(MODEL).refusal == ""


def test_the_environment_stands_above_what_is_typed(
    open_platform: OpenPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    semblance = open_platform(**BARE)
    semblance.workspace("admin").models.set_provider("mistral", FIRST)
    monkeypatch.setenv("MISTRAL_API_KEY", "gsk_of_the_environment")
    later = open_platform(**BARE)
    models = later.workspace("admin").models
    (state,) = [each for each in models.providers() if each.provider.name == "mistral"]
    assert state.set_by == ("MISTRAL_API_KEY",)
    assert later.allowed.book.access().keys == {}
    with pytest.raises(InvalidInput, match="MISTRAL_API_KEY of this server's environment opens mistral"):
        models.set_provider("mistral", SECOND)


@pytest.mark.parametrize(
    ("provider", "key", "address", "why"),
    [
        ("mistral", "", "", "Type the key of mistral"),
        ("mistral", "two words", "", "That is no key"),
        ("mistral", "ключ", "", "That is no key"),
        ("mistral", FIRST, "models.example.org", "That is no address"),
        ("mistral", FIRST, FIRST, "That is no address"),
        ("mistral", FIRST, "https://user:secret@models.example.org/v1", "That is no address"),
        ("mistral", FIRST, "https://models.example.org/v1?key=secret", "That is no address"),
        ("mistral", FIRST, "https://models.example.org:port/", "That is no address"),
        ("mistral", FIRST, "file:///etc/passwd", "That is no address"),
        ("ollama", "", "", "type its address"),
        ("bedrock", FIRST, "", "more than a key"),
        ("simulator", FIRST, "", "no such provider"),
        ("ollama_chat", "", "http://127.0.0.1:11434", "no such provider"),
    ],
)
def test_a_key_or_address_that_cannot_be_used_is_refused_without_repeating_it(
    open_platform: OpenPlatform, provider: str, key: str, address: str, why: str
) -> None:
    semblance = open_platform(**BARE)
    with pytest.raises(InvalidInput, match=why) as refused:
        semblance.workspace("admin").models.set_provider(provider, key, address)
    assert FIRST not in str(refused.value)
    assert "secret" not in str(refused.value)
    log = repr(list(semblance.connection.database["audit_log"].find()))
    assert FIRST not in log
    assert "secret" not in log


def test_a_key_is_sent_to_no_other_address_than_the_one_it_was_typed_for(open_platform: OpenPlatform) -> None:
    semblance = open_platform(**BARE)
    models = semblance.workspace("admin").models
    models.set_provider("mistral", FIRST, "https://models.example.org/v1")
    for address in ("https://attacker.example.org/v1", ""):
        with pytest.raises(InvalidInput, match="Type the key again"):
            models.set_provider("mistral", "", address)
    assert semblance.allowed.book.access().base_urls == {"mistral": "https://models.example.org/v1"}


def test_a_fleet_wants_one_secret_for_all(open_platform: OpenPlatform) -> None:
    semblance = open_platform(**BARE, SEMBLANCE_BROKER_URL="amqp://127.0.0.1:1//")
    with pytest.raises(InvalidInput, match="set SEMBLANCE_SECRET_KEY to one value"):
        semblance.workspace("admin").models.set_provider("mistral", FIRST)
