"""The providers whose chat models can be asked, and which of them this installation has opened by its environment."""

from collections.abc import Mapping
from dataclasses import dataclass

from semblance_core.settings import SIMULATOR, Settings


@dataclass(frozen=True, slots=True)
class Provider:
    """keys: any one of these variables opens it. bases: variables with an address of its models, which open it too.

    own: it runs on machines of one's own, so it has no address but the one that is set. like: it is asked with the key and
    at the address of this one. by_key: a key or an address is all that it asks for.
    """

    name: str
    keys: tuple[str, ...]
    bases: tuple[str, ...]
    own: bool = False
    like: str = ""
    by_key: bool = True


_HOSTED = (
    *("ai21", "aihubmix", "aiml", "amazon_nova", "anthropic", "apertis", "baseten", "bytez"),
    *("cerebras", "chutes", "clarifai", "cloudflare", "codestral", "cognition", "cohere", "cometapi"),
    *("compactifai", "cortecs", "crusoe", "darkbloom", "dashscope", "databricks"),
    *("datarobot", "deepinfra", "deepseek", "edenai", "empower", "featherless_ai", "fireworks_ai"),
    *("friendliai", "galadriel", "gemini", "gigachat", "github", "gmi", "gradient_ai", "groq", "helicone"),
    *("heroku", "huggingface", "hyperbolic", "inception", "lambda_ai", "libertai"),
    *("llamagate", "maritalk", "meta", "meta_llama", "minimax", "mistral", "modelscope", "moonshot"),
    *("morph", "nano-gpt", "nebius", "neosantara", "nlp_cloud", "novita", "nscale", "nvidia_nim"),
    *("openai", "openrouter", "ovhcloud", "parasail", "perplexity", "pinstripes", "poe"),
    *("predibase", "prism", "publicai", "qwen_ai_platform", "qwencloud", "reka", "replicate", "sail"),
    *("sambanova", "sarvam", "scaleway", "scx-ai", "snowflake", "synthetic", "tencent"),
    *("tensormesh", "together_ai", "v0", "vercel_ai_gateway", "volcengine", "wandb", "xai", "xiaomi_mimo"),
    "zai",
)
"""Asked by a key of their own: NAME_API_KEY, and at NAME_API_BASE where that is set."""
_OWN = (
    *("custom_openai", "docker_model_runner", "hosted_vllm", "lemonade", "litellm_proxy", "llamafile"),
    *("lm_studio", "ollama", "openai_like", "xinference"),
)
"""Machines of one's own, at NAME_API_BASE and nowhere else."""
_FURTHER_KEYS = {
    "cohere": ("CO_API_KEY",),
    "friendliai": ("FRIENDLI_TOKEN",),
    "gemini": ("GOOGLE_API_KEY",),
    "gigachat": ("GIGACHAT_CREDENTIALS",),
    "huggingface": ("HF_TOKEN",),
    "lambda_ai": ("LAMBDA_API_KEY",),
    "meta_llama": ("LLAMA_API_KEY",),
    "nano-gpt": ("NANOGPT_API_KEY",),
    "perplexity": ("PERPLEXITYAI_API_KEY",),
    "replicate": ("REPLICATE_API_TOKEN",),
    "scaleway": ("SCW_SECRET_KEY",),
    "snowflake": ("SNOWFLAKE_JWT",),
    "together_ai": ("TOGETHER_API_KEY", "TOGETHERAI_API_KEY", "TOGETHER_AI_TOKEN"),
}
_FURTHER_BASES = {"gemini": ("GEMINI_BASE_URL",), "openai": ("OPENAI_BASE_URL",)}
_AWS = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN")
_GOOGLE = ("GOOGLE_APPLICATION_CREDENTIALS", "VERTEXAI_PROJECT", "VERTEX_PROJECT", "VERTEXAI_CREDENTIALS")
_WATSONX = ("WATSONX_API_KEY", "WATSONX_APIKEY", "WATSONX_TOKEN", "WATSONX_ZENAPIKEY")
_OTHERS = (
    Provider("azure", ("AZURE_API_KEY", "AZURE_OPENAI_API_KEY", "AZURE_AD_TOKEN"), ("AZURE_API_BASE",)),
    Provider("azure_ai", ("AZURE_AI_API_KEY",), ("AZURE_AI_API_BASE",)),
    Provider("bedrock", _AWS, ("AWS_BEDROCK_RUNTIME_ENDPOINT",), by_key=False),
    Provider("bedrock_mantle", ("BEDROCK_MANTLE_API_KEY", *_AWS), (), by_key=False),
    Provider("oci", ("OCI_KEY", "OCI_KEY_FILE"), (), by_key=False),
    Provider("sagemaker", _AWS, (), by_key=False),
    Provider("sagemaker_chat", _AWS, (), by_key=False),
    Provider("vertex_ai", _GOOGLE, ("VERTEXAI_API_BASE",), by_key=False),
    Provider("watsonx", _WATSONX, ("WATSONX_API_BASE", "WATSONX_URL", "WX_URL"), by_key=False),
)
_LIKE = {
    "ai21_chat": "ai21",
    "anthropic_text": "anthropic",
    "azure_text": "azure",
    "cohere_chat": "cohere",
    "ollama_chat": "ollama",
    "sagemaker_nova": "sagemaker",
    "text-completion-codestral": "codestral",
    "text-completion-inception": "inception",
    "text-completion-openai": "openai",
    "vertex_ai_beta": "vertex_ai",
    "watsonx_text": "watsonx",
}


def _table() -> dict[str, Provider]:
    table = {}
    for name in (*_HOSTED, *_OWN):
        variable = name.upper().replace("-", "_")
        keys = (f"{variable}_API_KEY", *_FURTHER_KEYS.get(name, ()))
        bases = (*_FURTHER_BASES.get(name, ()), f"{variable}_API_BASE")
        table[name] = Provider(name, () if name in _OWN else keys, bases, own=name in _OWN)
    table |= {provider.name: provider for provider in _OTHERS}
    for name, other in _LIKE.items():
        table[name] = Provider(name, table[other].keys, table[other].bases, table[other].own, like=other)
    return table


PROVIDERS = _table()
"""By litellm's name. What is not here is no provider of chat models, or one that logs in by itself or runs agents."""
ALIASES = {"bedrock_converse": "bedrock"}
"""Names in litellm's table of prices that stand for another provider."""


def open_providers(settings: Settings, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Those with a key or an address in the settings or the environment, by name; the simulator is always among them."""
    given = {name for name, value in environment.items() if value.strip()}
    ours = {name for name, value in (*settings.provider_keys.items(), *settings.base_urls.items()) if value.strip()}
    found = {
        provider.name
        for provider in PROVIDERS.values()
        if given.intersection((*provider.keys, *provider.bases)) or (provider.like or provider.name) in ours
    }
    return tuple(sorted(found | {SIMULATOR.partition("/")[0]}))


def own_keys(environment: Mapping[str, str]) -> dict[str, str]:
    """The keys of machines of one's own, by the provider's name; many ask for none."""
    found = {name: environment.get(f"{name.upper()}_API_KEY", "").strip() for name in PROVIDERS if PROVIDERS[name].own}
    return {name: key for name, key in found.items() if key}


def known_keys(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Every key of a provider in the environment, to be taken out of what is stored, logged or shown."""
    names = {name for provider in PROVIDERS.values() for name in provider.keys}
    names |= {"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", *(f"{name.upper()}_API_KEY" for name in PROVIDERS)}
    return tuple(value for name in sorted(names) if (value := environment.get(name, "").strip()))


def own_addresses(environment: Mapping[str, str]) -> dict[str, str]:
    """Returns the addresses of models on one's own machines, by the provider's name; none has an address by default."""
    return {
        provider.name: address.rstrip("/")
        for provider in PROVIDERS.values()
        if provider.own
        and (address := next((environment[name].strip() for name in provider.bases if environment.get(name)), ""))
    }
