"""What an administrator says about models holds where one is chosen and where one is asked, and stands in the audit log."""

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.audit_log import AuditFilter
from semblance_core.domain.errors import InvalidInput, SetupError
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.catalogue.allowed import Source
from semblance_core.llm.gateway import Caller
from semblance_core.llm.request import CompletionRequest, PromptMessage
from tests.conftest import OpenPlatform
from tests.scripted_server import ScriptedServer
from tests.studies import asked_round, session


def test_an_administrator_narrows_and_widens_what_may_be_chosen_and_both_are_on_record(semblance: Semblance) -> None:
    admin, user = semblance.workspace("admin"), semblance.workspace("user")
    assert admin.models.allowed().source is Source.PROVIDERS
    session(user, model="openai/gpt-4o")
    admin.models.allow(["openai/gpt-4o-*", "groq/*"])
    with pytest.raises(InvalidInput, match=r"“openai/o3” is not among the models that may be used here: .*groq/\*"):
        session(user, model="openai/o3")
    session(user, model="groq/x")
    assert admin.models.allow([]).source is Source.PROVIDERS
    session(user, model="openai/o3")
    log = admin.audit.find(AuditFilter(action="set_allowed_models"), limit=10)[0]
    assert [entry.details for entry in log] == [
        ("allowed: by the keys that are set",),
        ("allowed: openai/gpt-4o-*, groq/*",),
    ]


def test_a_session_with_a_model_that_is_allowed_no_longer_is_told_so_and_asks_nobody(
    semblance: Semblance, model_server: ScriptedServer
) -> None:
    admin, user = semblance.workspace("admin"), semblance.workspace("user")
    group = session(user, model="openai/gpt-4o")
    asked_round(semblance, user, group.id, "Anything?")
    asked = len(model_server.asked)
    admin.models.allow(["openai/gpt-4o-mini"])
    with pytest.raises(InvalidInput, match="not among the models"):
        user.sessions.post(group.id, "And now?")
    copy = user.sessions.duplicate(group.id)
    assert copy.model == "openai/gpt-4o"
    with pytest.raises(InvalidInput, match="not among the models"):
        user.sessions.start(copy.id)
    assert len(model_server.asked) == asked


def test_a_call_for_a_session_that_was_stored_before_is_refused_in_words_and_costs_nothing(
    semblance: Semblance, model_server: ScriptedServer
) -> None:
    admin = semblance.workspace("admin")
    admin.models.allow(["groq/*"])
    asked = CompletionRequest("reply", (PromptMessage("user", "Anything?"),), max_tokens=20)
    for model in ("openai/gpt-4o", "gemini/../../../admin/keys", "hosted_vllm/x", "ollama/x"):
        with pytest.raises(ModelFailed) as failed:
            semblance.gateway.text(asked, model, Caller("user"))
        assert failed.value.kind == "not_allowed"
    semblance.gateway.text(asked, "openai/gpt-4o-mini", Caller("user"))  # the settings name it
    semblance.gateway.batcher.flush()
    assert [event.model for event in semblance.store.usage.events()] == ["openai/gpt-4o-mini"]
    assert len(model_server.asked) == 1


def test_the_settings_stand_above_what_an_administrator_says(open_platform: OpenPlatform) -> None:
    semblance = open_platform(SEMBLANCE_ALLOWED_MODELS="openai/gpt-4o*")
    admin = semblance.workspace("admin")
    assert admin.models.allowed().patterns == ("openai/gpt-4o*",)
    with pytest.raises(InvalidInput, match="SEMBLANCE_ALLOWED_MODELS sets"):
        admin.models.allow(["groq/*"])
    with pytest.raises(InvalidInput, match="not among the models"):
        session(semblance.workspace("user"), model="openai/o3")


def test_a_pattern_that_can_fit_nothing_ends_the_start_in_words(open_platform: OpenPlatform) -> None:
    with pytest.raises(SetupError, match="SEMBLANCE_ALLOWED_MODELS is not usable: “a b” is no pattern"):
        open_platform(SEMBLANCE_ALLOWED_MODELS="a b")
