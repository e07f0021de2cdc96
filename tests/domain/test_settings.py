"""Settings: what is used where nothing is said, and a sentence for what cannot be used."""

from typing import Any

import pytest

from semblance_core.domain.errors import SetupError
from semblance_core.settings import load_settings


@pytest.mark.parametrize(
    ("given", "model"),
    [
        ({}, "simulator/v1"),
        ({"OPENAI_API_KEY": "sk-1"}, "openai/gpt-4o-mini"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1/v1"}, "openai/gpt-4o-mini"),
        ({"GEMINI_API_KEY": "AIza"}, "gemini/gemini-2.5-flash"),
        ({"GEMINI_API_KEY": "AIza", "OPENAI_API_KEY": "sk-1"}, "gemini/gemini-2.5-flash"),
        ({"GEMINI_API_KEY": "AIza", "SEMBLANCE_MODEL": "ollama/llama3"}, "ollama/llama3"),
    ],
)
def test_the_model_follows_from_what_is_set(given: dict[str, Any], model: str) -> None:
    assert load_settings(**given).default_model == model


def test_a_provider_can_be_somewhere_else() -> None:
    settings = load_settings(OPENAI_BASE_URL="http://127.0.0.1:1/v1/", GEMINI_BASE_URL="http://127.0.0.1:2/v1beta")
    assert settings.base_urls == {"openai": "http://127.0.0.1:1/v1", "gemini": "http://127.0.0.1:2/v1beta"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SEMBLANCE_ENV", "prod"),
        ("SEMBLANCE_CONCURRENCY", 0),
        ("SEMBLANCE_MONGODB_PORT", 70_000),
        ("SEMBLANCE_DATABASE", ""),
        ("SEMBLANCE_LEASE_S", 0.5),
    ],
)
def test_a_value_that_cannot_be_is_a_sentence_that_names_the_variable(name: str, value: object) -> None:
    with pytest.raises(SetupError, match=f"The setting {name} is not usable"):
        load_settings(**{name: value})


def test_a_key_is_not_shown_by_the_settings_that_hold_it() -> None:
    settings = load_settings(OPENAI_API_KEY="sk-canary-123456", GEMINI_API_KEY="AIzaCanary")
    assert "canary" not in repr(settings).casefold()
    assert settings.provider_keys == {"openai": "sk-canary-123456", "gemini": "AIzaCanary"}
