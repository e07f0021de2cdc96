"""Which names are a chat model's and which could steer a request elsewhere; which providers the environment opens."""

from collections.abc import Mapping

import pytest

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.catalogue.allowed import AllowedModels, Source, allowed_models, checked_patterns
from semblance_core.llm.catalogue.listing import MODES, Catalogue
from semblance_core.llm.catalogue.provider_book import ProviderBook
from semblance_core.llm.catalogue.providers import PROVIDERS, known_keys, open_providers
from semblance_core.llm.providers.litellm_model import SAME_PLACE, LitellmModel
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.settings import load_settings
from tests.scripted_server import ScriptedServer

CATALOGUE = Catalogue()
ASKED = CompletionRequest("reply", (PromptMessage("user", "Say: ready"),), max_tokens=20)

NAMES = """
gpt-4o-mini openai/gpt-4o-mini openai/our-own openai/ft:gpt-4o-mini-2024-07-18:org:name:id openai/responses/gpt-4o
anthropic/claude-sonnet-4-5 gemini/gemini-2.5-flash gemini/gemini-2.0-flash-lite-001 mistral/mistral-large-latest
groq/llama-3.3-70b-versatile azure/my-deployment azure/eu/gpt-4o-2024-08-06 azure_ai/Llama-3.3-70B-Instruct
bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0 bedrock/us.anthropic.claude-3-5-haiku-20241022-v1:0
bedrock/eu-west-3/mistral.mistral-large-2402-v1:0 bedrock/converse/anthropic.claude-3-5-sonnet-20240620-v1:0
anthropic.claude-3-5-sonnet-20240620-v1:0 vertex_ai/gemini-2.5-pro vertex_ai/claude-sonnet-4-5@20250929
vertex_ai/mistralai/mistral-medium-3@001 openrouter/meta-llama/llama-3.1-8b-instruct:free openrouter/openai/gpt-4o
openrouter/auto huggingface/meta-llama/Llama-3.3-70B-Instruct huggingface/together/deepseek-ai/DeepSeek-R1
ollama/llama3.1:8b ollama/hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M ollama_chat/qwen3:30b lm_studio/qwen2.5-7b-instruct
hosted_vllm/meta-llama/Llama-3.3-70B-Instruct litellm_proxy/our-alias together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo
fireworks_ai/accounts/fireworks/models/llama-v3p1-8b-instruct cloudflare/@cf/meta/llama-3.2-3b-instruct
replicate/meta/meta-llama-3-70b-instruct deepseek/deepseek-chat xai/grok-4 simulator/v1 simulator/instant
""".split()  # noqa: SIM905 - a table that is read by eye

NO_NAMES = (
    *(
        "",
        " ",
        "nonsense",
        "gpt-9000/none",
        "Gemini/x",
        "openai/",
        "/x",
        "openai//x",
        "openai/x/",
        "openai/.",
        "openai/..",
    ),
    *(
        "gemini/../../../admin/keys",
        "gemini/..",
        "gemini/x:y/../../z",
        "openai/../x",
        "openai/a/../b",
        "gemini/admin/keys",
    ),
    *(
        "gemini/gemini-2.5-flash:streamGenerateContent",
        "gemini/gemini-2.5-flash?key=x",
        "gemini/x#y",
        "gemini/%2e%2e/x",
    ),
    *(
        "openai/x y",
        "openai/x\ty",
        "openai/x\n",
        "\nopenai/x",
        "openai/x\\y",
        "openai/‥/x",
        "openai/ｘ",
        "openai/x\x00",
    ),
    *("openai/x@evil.example", "openai/@evil.example/x", "openai/evil.example:80/x", "openai/http://evil.example/x"),
    *(
        "huggingface/http://127.0.0.1:1234/x",
        "huggingface/https://evil.example",
        "huggingface/@x/y",
        "ollama/@127.0.0.1/x",
    ),
    *("ollama/a:b:c", "ollama/a:/b", "ollama/a:8b/../c", "hosted_vllm/x:80/y", "oobabooga/http://127.0.0.1:1234"),
    *(
        "bedrock/agentcore/arn:aws:bedrock-agentcore:@127.0.0.1/:1:runtime/x",
        "bedrock/agent/X/Y",
        "bedrock/arn:aws:x:y:z:w",
    ),
    *("bedrock/evil.example/anthropic.claude-v2:1", "bedrock/us-east-1.evil.example/anthropic.claude-v2:1"),
    *(
        "bedrock/us-east-1@evil/anthropic.claude-v2:1",
        "bedrock/async_invoke/x",
        "bedrock/BEDROCK/x",
        "bedrock/x/y/z/w/v",
    ),
    *("vertex_ai/agent_engine/123", "vertex_ai/x@y@z", "vertex_ai/@x", "vertex_ai/../x", "azure_ai/agents/asst_1"),
    *(
        "azure/../../x",
        "azure/x?api-version=1",
        "azure/x:y",
        "sagemaker/../x",
        "cloudflare/@evil.example/x",
        "cloudflare/@CF/x",
    ),
    *("1024-x-1024/x", "256-x-256/dall-e-2", "hd/1024-x-1024/dall-e-3", "searxng/x", "searxng/search", "tavily/search"),
    *(
        "openai/text-embedding-3-small",
        "openai/whisper-1",
        "openai/gpt-image-1",
        "text-embedding-3-small",
    ),
    *(
        "langgraph/agent",
        "a2a/x",
        "github_copilot/gpt-4o",
        "chatgpt/gpt-5.5",
        "vllm/x",
        "petals/x",
        "custom/x",
        "triton/x",
    ),
    *("os.environ/OPENAI_API_KEY", "openai/os.environ/../X", "openai/" + "x" * 201, "simulator/../x", "simulator/a b"),
    "*",
)
LISTED_BUT_NOT_ASKED = (
    *("github_copilot", "chatgpt", "fal_ai", "microsoft_365_copilot"),
    *("anyscale", "coralbricks", "inferenceapis", "openinfer", "scaledown"),
)
"""Providers of litellm's table that sign in by themselves, whose answers are no chat, or that litellm itself cannot ask."""


@pytest.mark.parametrize("name", NAMES)
def test_names_that_people_use_are_known(name: str) -> None:
    assert CATALOGUE.knows(name)


@pytest.mark.parametrize("name", NO_NAMES)
def test_names_that_name_no_chat_model_or_would_steer_the_request_are_not(name: str) -> None:
    assert not CATALOGUE.knows(name)


def test_every_chat_model_of_the_list_is_known_by_its_name_and_nothing_else_is() -> None:
    unknown, known_others = [], []
    for name, entry in CATALOGUE._table.items():
        if entry.get("mode") not in MODES:
            known_others += [name] if entry.get("mode") and CATALOGUE.knows(name) else []
        elif not CATALOGUE.knows(name) and entry["litellm_provider"] not in LISTED_BUT_NOT_ASKED:
            unknown.append(name)
    assert known_others == []
    assert [name for name in unknown if "*" not in name and not name.startswith("amazon-nova/")] == []


ALLOWED = (
    ({}, "simulator/v1", True),
    ({}, "openai/gpt-4o-mini", False),
    ({"OPENAI_API_KEY": "k"}, "openai/gpt-4o-mini", True),
    ({"OPENAI_API_KEY": "k"}, "gpt-4o-mini", True),
    ({"OPENAI_API_KEY": "k"}, "anthropic/claude-sonnet-4-5", False),
    ({"OPENAI_API_KEY": " "}, "openai/gpt-4o-mini", False),
    ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, "openai/our-own", True),
    ({"OPENAI_API_KEY": "k"}, "hosted_vllm/x", False),
    ({"OPENAI_API_KEY": "k"}, "openai_like/x", False),
    ({"OPENAI_API_KEY": "k"}, "ollama/llama3", False),
    ({"GOOGLE_API_KEY": "k"}, "gemini/gemini-2.5-flash", True),
    ({"ANTHROPIC_API_KEY": "k"}, "anthropic/claude-sonnet-4-5", True),
    ({"MISTRAL_API_KEY": "k"}, "mistral/mistral-large-latest", True),
    ({"GROQ_API_KEY": "k"}, "groq/llama-3.3-70b-versatile", True),
    ({"OPENROUTER_API_KEY": "k"}, "openrouter/meta-llama/llama-3.1-8b-instruct:free", True),
    ({"AZURE_API_KEY": "k"}, "azure/my-deployment", True),
    ({"AWS_ACCESS_KEY_ID": "k"}, "bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0", True),
    ({"AWS_ACCESS_KEY_ID": "k"}, "anthropic.claude-3-5-sonnet-20240620-v1:0", True),
    ({"AWS_EC2_METADATA_DISABLED": "true"}, "bedrock/anthropic.claude-v2:1", False),
    ({"GOOGLE_APPLICATION_CREDENTIALS": "/x"}, "vertex_ai/gemini-2.5-pro", True),
    ({"OLLAMA_API_BASE": "http://10.0.0.5:11434"}, "ollama_chat/llama3.1:8b", True),
    ({"OLLAMA_API_KEY": "k"}, "ollama/llama3", False),
    ({"HOSTED_VLLM_API_BASE": "http://10.0.0.5:8000/v1"}, "hosted_vllm/x", True),
    ({"HOSTED_VLLM_API_BASE": "http://10.0.0.5:8000/v1"}, "hosted_vllm/../x", False),
    ({"SEMBLANCE_MODEL": "groq/x"}, "groq/x", True),
    ({"SEMBLANCE_MODEL": "groq/x"}, "groq/y", False),
    ({"SEMBLANCE_FALLBACK_MODELS": "groq/x, xai/y"}, "xai/y", True),
    ({"OPENAI_API_KEY": "k", "SEMBLANCE_ALLOWED_MODELS": "gemini/*, openai/gpt-4o*"}, "openai/gpt-4o-mini", True),
    ({"OPENAI_API_KEY": "k", "SEMBLANCE_ALLOWED_MODELS": "gemini/*, openai/gpt-4o*"}, "openai/gpt-5", False),
    ({"OPENAI_API_KEY": "k", "SEMBLANCE_ALLOWED_MODELS": "gemini/*"}, "simulator/v1", True),
    ({"SEMBLANCE_ALLOWED_MODELS": "*"}, "hosted_vllm/x", False),
    ({"SEMBLANCE_ALLOWED_MODELS": "*"}, "gemini/../x", False),
)


def allowed_by(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> AllowedModels:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    return allowed_models(settings, ProviderBook(settings, environment), CATALOGUE, None)


@pytest.mark.parametrize(("environment", "model", "may"), ALLOWED)
def test_a_model_is_asked_where_its_provider_is_open_or_an_administrator_says_so(
    monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str], model: str, may: bool
) -> None:
    why = allowed_by(monkeypatch, environment).refusal(model)
    assert (why == "") is may, why


def test_each_provider_is_opened_by_each_of_its_variables_and_by_no_others() -> None:
    for provider in PROVIDERS.values():
        for variable in (*provider.keys, *provider.bases):
            opened = open_providers(load_settings(), {variable: "x"})
            assert provider.name in opened
            for other in opened:
                assert other == "simulator" or variable in (*PROVIDERS[other].keys, *PROVIDERS[other].bases)
        assert not (provider.own and provider.keys)


def test_what_a_refused_model_lacks_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = allowed_by(monkeypatch, {"OPENAI_API_KEY": "k"})
    assert "sets HOSTED_VLLM_API_BASE" in allowed.refusal("hosted_vllm/x")
    assert "may be used here: openai/*, text-completion-openai/*, simulator/*." in allowed.refusal(
        "gemini/gemini-2.5-pro"
    )
    assert "names no model" in allowed.refusal("gemini/../x")
    assert allowed.rule().source is Source.PROVIDERS


@pytest.mark.parametrize("pattern", ["openai/../x", "a b", "x?y#", "//", "%", "openai//*"])
def test_a_pattern_that_fits_no_name_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidInput, match="no pattern"):
        checked_patterns([pattern])


def test_litellm_asks_the_provider_that_a_name_names() -> None:
    """Else another one would get the request: azure/mistral-large-latest becomes OpenAI's, with OpenAI's key."""
    litellm = LitellmModel()._litellm()
    strays = []
    for name, entry in CATALOGUE._table.items():
        if entry.get("mode") in MODES and CATALOGUE.knows(name):
            named = CATALOGUE.parts_of(name)[0]
            try:
                meant = litellm.get_llm_provider(model=name, api_base="http://127.0.0.1:1")[1]
            except litellm.BadRequestError:
                assert "/" not in name  # a name alone that only the list knows: it is refused before anybody is asked
                continue
            same = named == meant or (meant in PROVIDERS and PROVIDERS[meant].like == named)
            strays += [] if same or (named, meant) in SAME_PLACE else [name]
    assert strays == ["azure/mistral-large-latest"]
    model = LitellmModel(keys={"azure": "k"}, base_urls={"azure": "http://127.0.0.1:1"})
    with pytest.raises(ModelFailed, match="would be asked of openai and not of azure"):
        model.complete("azure/mistral-large-latest", ASKED, 5)


def test_machines_of_ones_own_are_asked_at_their_address_and_with_their_key(model_server: ScriptedServer) -> None:
    model = LitellmModel(base_urls={"hosted_vllm": f"{model_server.url}/v1"}, keys={"hosted_vllm": "own-key-123"})
    model.complete("hosted_vllm/meta/llama", ASKED, 30)
    (asked,) = model_server.asked
    assert asked.headers["authorization"] == "Bearer own-key-123"


def test_every_key_of_the_environment_is_known_so_that_it_can_be_taken_out() -> None:
    assert set(known_keys({"ANTHROPIC_API_KEY": "a", "AWS_SECRET_ACCESS_KEY": "b", "OTHER": "c"})) == {"a", "b"}
