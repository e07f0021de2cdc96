"""Models: an administrator opens a provider, tests it and names default models; keys are written and never shown."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import InvalidInput
from semblance_core.workspace import Workspace
from tests.pages.conftest import Opened, Visit
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import session

KEY = "canary_typed_0123456789"
MODEL = "mistral/mistral-small-latest"


@pytest.fixture
def platform_settings(platform_settings: dict[str, Any]) -> dict[str, Any]:
    bare = {"OPENAI_API_KEY": "", "OPENAI_BASE_URL": "", "SEMBLANCE_MODEL": "", "SEMBLANCE_CALL_ATTEMPTS": 1}
    return platform_settings | bare


@pytest.fixture
def admin(semblance: Semblance) -> Workspace:
    return semblance.workspace("admin")


def words(page: AppTest) -> str:
    shown = (*page.markdown, *page.caption, *page.error, *page.warning, *page.success, *page.info, *page.toast)
    return "\n".join(each.value for each in shown)


def state_of(admin: Workspace, name: str) -> Any:
    return next(state for state in admin.models.providers() if state.provider.name == name)


def test_a_key_is_typed_stored_and_shown_to_nobody(
    visit: Visit, opened: Opened, admin: Workspace, model_server: ScriptedServer
) -> None:
    page = visit("admin", "models")
    assert "No provider has a key yet" in words(page)
    assert "openai" in page.selectbox(key="provider_to_add").options
    assert "bedrock" in words(page), "what asks for more is told"
    page = opened("ui.models.providers.change_provider", state_of(admin, "mistral"), by="admin")
    page.text_input(key="provider_key_mistral").set_value(KEY)
    page.text_input(key="provider_address_mistral").set_value(f"{model_server.url}/v1")
    page.button[0].click().run()
    assert not page.exception
    assert state_of(admin, "mistral").has_key, words(page)
    for page in (
        visit("admin", "models"),
        opened("ui.models.providers.change_provider", state_of(admin, "mistral"), by="admin"),
    ):
        assert KEY not in repr(page._tree)
    page = visit("admin", "models")
    assert "Key stored on" in words(page)
    assert {"Test mistral", "Change mistral", "Remove mistral"} <= {button.label for button in page.button}


def test_what_the_environment_sets_is_shown_and_cannot_be_changed(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", KEY)
    page = visit("admin", "models")
    assert "Set by MISTRAL\\_API\\_KEY in this server's environment" in words(page)
    labels = {button.label for button in page.button}
    assert "Test mistral" in labels
    assert "Change mistral" not in labels
    assert "mistral" not in page.selectbox(key="provider_to_add").options
    assert KEY not in repr(page._tree)


def test_a_refused_key_is_told_in_words_that_do_not_repeat_it(opened: Opened, admin: Workspace) -> None:
    page = opened("ui.models.providers.change_provider", state_of(admin, "mistral"), by="admin")
    page.text_input(key="provider_address_mistral").set_value(KEY)
    page.text_input(key="provider_key_mistral").set_value("two words")
    page.button[0].click().run()
    assert "That is no key" in words(page)
    assert not state_of(admin, "mistral").has_key


def test_a_test_says_what_came_back_and_what_it_cost(
    opened: Opened, admin: Workspace, model_server: ScriptedServer
) -> None:
    admin.models.set_provider("mistral", KEY, f"{model_server.url}/v1")
    page = opened("ui.models.providers.test_model", "mistral", by="admin")
    page.selectbox(key="test_of_mistral").set_value(MODEL).run()
    model_server.script = lambda _: Reply("ready")
    page.button[0].click().run()
    assert "It answered “ready”." in words(page)
    assert "tokens, \\$0.00" in words(page)
    model_server.script = lambda _: Reply(f"no {KEY}", status=401)
    page.button[0].click().run()
    assert "The provider did not accept the API key." in words(page)
    assert KEY not in repr(page._tree)
    assert len(model_server.asked) == 2


def test_default_models_are_named_and_used(
    visit: Visit, semblance: Semblance, admin: Workspace, model_server: ScriptedServer
) -> None:
    admin.models.set_provider("mistral", KEY, f"{model_server.url}/v1")
    page = visit("admin", "models")
    page.selectbox(key="default_talk_0").set_value(MODEL)
    page.selectbox(key="default_analysis_0").set_value("mistral/mistral-large-latest")
    save = next(button for button in page.button if button.label == "Save")
    save.click().run()
    assert not page.exception
    said = admin.models.defaults()
    assert (said.talk, said.analysis, said.pictures) == (MODEL, "mistral/mistral-large-latest", "")
    user = semblance.workspace("user")
    group = session(user, model="")
    assert group.model == MODEL
    assert user.findings.estimate(group.id).model == "mistral/mistral-large-latest"
    assert user.findings.estimate(session(user, model="simulator/v1").id).model == "simulator/v1"
    with pytest.raises(InvalidInput, match="No key is set for anthropic"):
        admin.models.set_defaults(talk="anthropic/claude-sonnet-4-5")
    with pytest.raises(InvalidInput, match="not known to see pictures"):
        admin.models.set_defaults(MODEL, "mistral/mistral-large-latest", "mistral/open-mistral-7b")


def test_a_models_name_is_checked_when_it_is_typed(
    opened: Opened, semblance: Semblance, admin: Workspace, model_server: ScriptedServer
) -> None:
    admin.models.set_provider("mistral", KEY, f"{model_server.url}/v1")
    user = semblance.workspace("user")
    project_id = user.projects.create("Oat milk").id
    page = opened("ui.personas.recruiting.recruit", project_id)
    listed = page.selectbox(key=f"recruit_model_{project_id}").options
    assert any(label.startswith(f"{MODEL} · $") for label in listed)
    for name, told in (
        ("mistral/mistral-99-nonsense", "not in the price list; its cost will be unknown"),
        ("anthropic/claude-sonnet-4-5", "No key is set for anthropic"),
        ("no model at all", "names no model"),
    ):
        checked = user.models.check(name)
        assert told in checked.refusal + checked.warning
        page = opened("ui.personas.recruiting.recruit", project_id, **{f"recruit_model_{project_id}": name})
        assert told in words(page)
    assert model_server.asked == []
