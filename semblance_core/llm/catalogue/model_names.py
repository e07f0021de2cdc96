"""Checks the form of a model's name. It becomes part of an address and chooses key and host, so each form is a known one."""

import re

LONGEST = 200
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.))*(?<!\.)"
_PARTS = rf"{_PART}(?:/{_PART}){{0,5}}"
_TAG = r"(?::[A-Za-z0-9][A-Za-z0-9._-]*)?"
_REGION = r"(?:us|eu|ap|sa|ca|me|af|il|mx|us-gov)-[a-z]{4,9}(?:-[a-z]{4,9})?-[1-9]"
_PLAIN = re.compile(_PARTS)
_TAGGED = re.compile(rf"{_PARTS}{_TAG}")
_ONE = re.compile(_PART)
_FORMS = {
    "openai": re.compile(rf"{_PARTS}|(?:responses/)?ft:{_PART}(?::[A-Za-z0-9_-]*){{0,3}}"),
    "text-completion-openai": re.compile(rf"{_PARTS}|ft:{_PART}(?::[A-Za-z0-9_-]*){{0,3}}"),
    "gemini": _ONE,
    "vertex_ai": re.compile(rf"{_PARTS}(?:@[A-Za-z0-9][A-Za-z0-9._-]*)?"),
    "ai21": re.compile(rf"{_PARTS}(?:@[A-Za-z0-9][A-Za-z0-9._-]*)?"),
    "cloudflare": re.compile(rf"(?:@[a-z]{{2,6}}/)?{_PARTS}"),
    "bedrock": re.compile(
        rf"(?:(?:converse|invoke|converse_like|{_REGION}|[16]-month-commitment)/){{0,3}}{_PART}(?::[0-9]{{1,3}}k?){{0,2}}"
        r"(?:@[0-9]{8})?"
    ),
    **dict.fromkeys(
        (
            *(
                "ollama",
                "ollama_chat",
                "openrouter",
                "huggingface",
                "lm_studio",
                "litellm_proxy",
                "hosted_vllm",
                "xinference",
            ),
            *("docker_model_runner", "replicate", "nano-gpt", "lemonade", "vercel_ai_gateway"),
        ),
        _TAGGED,
    ),
}
_OTHER_WORK = frozenset(
    {
        *(
            "agent",
            "agents",
            "agentcore",
            "agent_engine",
            "reasoning_engine",
            "async_invoke",
            "arn",
            "doc-intelligence",
        ),
        *("embeddings", "moderations", "images", "audio", "rerank", "ocr", "realtime", "search"),
    }
)
"""Routes of litellm that are no chat: they run agents, wait for files or name a resource of their own."""


def has_known_form(provider: str, name: str) -> bool:
    """Returns whether a name behind `provider/` is of a form that names a model and nothing else.

    >>> has_known_form("ollama", "llama3.1:8b"), has_known_form("openrouter", "meta-llama/llama-3-8b:free")
    (True, True)
    >>> has_known_form("gemini", "../../../admin/keys"), has_known_form("bedrock", "agentcore/arn:aws:x:@127.0.0.1/:1:y")
    (False, False)
    """
    if len(name) > LONGEST or ".." in name or name.partition("/")[0].casefold() in _OTHER_WORK:
        return False
    return _FORMS.get(provider, _PLAIN).fullmatch(name) is not None


def is_edition(asked: str, served: str) -> bool:
    """Returns whether the name that answered is that of the model asked for, or of a dated edition of it.

    >>> is_edition("openai/gpt-4o-mini", "gpt-4o-mini-2024-07-18"), is_edition("openai/gpt-4o", "gpt-4o-mini")
    (True, False)
    """
    wanted, got = (name.rpartition("/")[2].casefold() for name in (asked, served))
    return got == wanted or bool(
        re.fullmatch(rf"{re.escape(wanted)}[-@:](?:\d[\d.-]*|v\d[\d.:-]*|latest|preview[\d-]*)", got)
    )
