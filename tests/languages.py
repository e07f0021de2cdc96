"""What people say of oat milk in 45 languages, and how many tokens an older tokeniser makes of it: for tests of lengths and bounds."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

TALK: dict[str, str] = json.loads((Path(__file__).parent / "data" / "talk.json").read_text(encoding="utf-8"))
MAIN = (
    *("English", "Finnish", "Hindi", "Japanese", "Thai", "Arabic", "Chinese", "Korean", "Russian", "Greek", "Tamil"),
    *("Vietnamese", "German", "Turkish", "Polish", "Hungarian", "Hebrew", "Bengali"),
)


@cache
def _encoding() -> Any:
    from litellm.litellm_core_utils.default_encoding import encoding

    assert encoding.name == "cl100k_base"
    return encoding


def tokens(text: str) -> int:
    """Tokens as models of 2023 count them; newer ones make fewer of most languages."""
    return len(_encoding().encode(text))


def cut_off(text: str, most: int) -> str:
    """The text as a model that may write so many tokens leaves it."""
    decoded: str = _encoding().decode(_encoding().encode(text)[:most])
    return decoded


def said_at_length(language: str, prompt: str) -> str:
    """Talk of exactly the length that a reply's prompt asks for."""
    asked = re.search(r"about (\d+) (words|characters)", prompt)
    assert asked, prompt[-200:]
    number, talk = int(asked[1]), TALK[language]
    if asked[2] == "characters":
        return (talk * (number // len(talk) + 1))[:number]
    words = talk.split()
    return " ".join((words * (number // len(words) + 1))[:number])
