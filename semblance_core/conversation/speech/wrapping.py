"""Takes off the wrapping of an answer: fences, JSON, quotation marks, tags, marks of templates, words about the answer. Pure."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

TEXT_KEYS = (
    *("response", "reply", "answer", "text", "content", "message", "speech", "words", "spoken", "spoken_words", "said"),
    *("output", "utterance", "dialogue", "line", "final", "final_answer", "result", "statement", "question"),
)
SPEAKER_KEYS = ("speaker", "name", "participant", "persona", "role", "who", "from")
MOST_LAYERS = 5
_FENCE = re.compile(r"(?P<mark>`{3,8}|~{3,8})[ \t]{0,8}[\w+.-]{0,20}[ \t]{0,8}(?:\n|(?=\S))")
_LONG_RUN = re.compile(r"(\W)\1{200,}")
"""Of one sign again and again: nobody's speech, and slow to read."""
_CODE = re.compile(r"\s*`([^`\n]+)`\s*\Z")
_TAGGED = re.compile(r"\s*<([A-Za-z][\w.-]*)(?:\s[^<>]*)?>(.*?)(?:</\1\s*>\s*)\Z", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p>", re.IGNORECASE)
_QUOTES = {
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    "＂": "＂",
    "‟": "”",
    "”": "”",
    '"': '"',
    "'": "'",
    "‘": "’",
    "‚": "‘",
    "``": "''",
}
_ROLE = r"(?:assistant|model|user|system|human|bot|tool|ipython)"
_MARK = (
    r"(?:<\|[^|<>\n]{1,40}\|>|<｜[^｜<>\n]{1,40}｜>|</?s>|<(?:end|start)_of_turn>|<(?:eos|bos|pad|unk)>|\[/?INST\]|<</?SYS>>|"
    r"<\|im_end\|?>|<\|endoftext\|?>)"
)
_LEADING_MARKS = re.compile(rf"(?:\s*{_MARK}\s*(?:{_ROLE}\b\s*:?)?)+", re.IGNORECASE)
_ANY_MARK = re.compile(
    rf"{_MARK}|^\s*#{{1,4}}\s*(?:human|user|instruction|input|system)\s*:", re.IGNORECASE | re.MULTILINE
)
_CALL = re.compile(
    r"<(?:tool_call|function_call|tools?|function)\b[^<>]*>.*?(?:</(?:tool_call|function_call|tools?|function)>|\Z)|"
    r"<(?:function|tool)=.*?(?:</(?:function|tool)>|\Z)|<\|(?:tool_calls?|python_tag)[^|]*\|>.*|\[TOOL_CALLS\].*|"
    r"<｜tool▁calls▁begin｜>.*",
    re.DOTALL | re.IGNORECASE,
)
_NOUN = (
    r"(?:response|reply|answer|statement|words|take|turn|output|contribution|summary|notes?|description|comment|json|"
    r"Antwort|réponse|respuesta|risposta|resposta|回答|返答|答え|回复|답변)"
)
_WILLING = r"(?:sure|certainly|of course|okay|ok|absolutely|great|understood|got it|alright)"
_ABOUT = re.compile(
    rf"[*_#\s]{{0,20}}(?:{_WILLING}\b[^\n:]{{0,40}}[.!,:—–-]\s*)?"
    rf"(?:(?:here(?:'s|’s| is| are| you go)|below is|this is|the following is|voici|hier ist|aquí está|ecco)\b[^\n:]{{0,80}}?\b{_NOUN}"
    rf"[^\n:.?!]{{0,60}}|(?:my |the |final |your |in-character |as )*{_NOUN})[*_]*\s*[:：][*_]*\s*|"
    rf"[*_#\s]{{0,20}}{_WILLING}\b[^\n]{{0,60}}[!.:][ \t]*\n[ \t]*\n|(?:speaking|answering|responding|replying) as [^\n:]{{1,60}}:\s*\n",
    re.IGNORECASE,
)
"""Words about the answer, in front of it."""
_BEHIND = re.compile(
    r"(?:\n|[(\[])\s{0,4}(?:[-–—*_#]{3,40}\s{0,4})?[*_(\[]{0,4}\s{0,4}(?:(?:word|character)s?[ _-]?(?:count)?\s{0,4}[:=]\s{0,4}\d+[^\n]{0,20}|"
    r"(?:approx(?:imately|\.)?|about|exactly|~|≈)?\s{0,4}\d+ ?(?:words?|characters?|Wörter|mots|palabras|parole|文字|字)|"
    r"end of (?:response|turn|reply|answer))\s{0,4}[)\]*_.]{0,8}\s{0,4}\Z|"
    r"\n\s{0,4}(?:[-–—*_]{3,40}\s{0,4}\n\s{0,4}|[(\[*_]{1,4})(?:note|ooc|nb)\s{0,4}:.{0,400}\Z",
    re.IGNORECASE | re.DOTALL,
)
"""Words about the answer, behind it."""
_ONE_FENCE = re.compile(r"[^`\n]{0,120}:\s*`{3,}[ \t]*[\w+.-]*[ \t]*\n(.*?)\n?`{3,}[^`]*\Z", re.DOTALL)
Owned = Callable[[str], bool | None]
"""Tells whether a name is the speaker's: None where it is nobody's."""


def unwrapped(text: str, owned: Owned = lambda _: None) -> tuple[str, bool]:
    """Takes off the wrapping of an answer.

    Args:
        text: the answer.
        owned: tells whether a name is the speaker's, for answers that say whose they are.

    Returns:
        The answer, and whether its end was cut off because it did not belong to the answer.

    >>> unwrapped('```json\\n{"response": "Too dear."}\\n```'), unwrapped("“Too dear.”"), unwrapped("{}")
    (('Too dear.', False), ('Too dear.', False), ('', False))
    """
    was_cut = False
    text = _LONG_RUN.sub(r"\1\1\1\1", text.strip())
    for _ in range(MOST_LAYERS):
        before = text
        text = _CALL.sub("", text)
        text = _LEADING_MARKS.sub("", text, count=1) if _LEADING_MARKS.match(text) else text
        if mark := _ANY_MARK.search(text):
            text, was_cut = text[: mark.start()], True
        text = _without_layer(text.strip(), owned)
        if text == before:
            break
    return text, was_cut


def without_quotes(text: str) -> str:
    """Returns the text without quotation marks around the whole of it.

    >>> without_quotes("「高い。」"), without_quotes('"Too dear," I said, "and bad."')
    ('高い。', '"Too dear," I said, "and bad."')
    """
    opened = next((mark for mark in _QUOTES if text.startswith(mark)), "")
    closers = _QUOTES.get(opened, "")
    closing = closers if opened == "``" else text[-1:]
    if not opened or len(text) < 2 or not closing or closing not in closers or not text.endswith(closing):
        return text
    inside = text[len(opened) : len(text) - len(closing)]
    inner = re.sub(r"(?<=\w)['’](?=\w)", "", inside) if opened in "'‘‚" else inside  # without apostrophes
    return text if any(mark in inner for mark in {opened, *closers}) else inside.strip()


def _without_layer(text: str, owned: Owned) -> str:
    if fenced := _FENCE.match(text):
        inside = text[fenced.end() :].removesuffix(fenced["mark"])
        if fenced["mark"] not in inside:
            return inside.strip()
    if code := _CODE.match(text):
        return code[1].strip()
    if text.count("```") == 2 and (one := _ONE_FENCE.match(text)):
        return one[1].strip()
    if (tagged := _TAGGED.match(text)) and f"<{tagged[1]}" not in tagged[2]:
        return "" if owned(tagged[1]) is False else tagged[2].strip()
    if text[:1] in ("{", "[") and (found := _parsed(text)) is not None:
        return _said_in(found, owned)
    if text[:1] == '"' and text[-1:] == '"' and "\\" in text and isinstance(found := _parsed(text), str):
        return found.strip()
    text = _BREAK.sub("\n", text)
    if (about := _ABOUT.match(text)) and text[about.end() :].strip():
        return text[about.end() :].strip()
    if (behind := _BEHIND.search(text)) and behind.start() > 0:
        return text[: behind.start()].strip()
    return without_quotes(text)


def _parsed(text: str) -> Any:
    """The JSON, mended where it broke off; None where it is none, as a number in brackets in front of words."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        if not re.match(r"""\s*(?:\{\s*(?:["'}]|\w+\s*:)|\[\s*[{"\]])""", text):
            return None
    from json_repair import repair_json

    try:
        return repair_json(text, return_objects=True) or {}
    except RecursionError:
        return {}


def _said_in(found: Any, owned: Owned) -> str:
    """Returns the speech in a JSON value: the text under a usual key, or under the speaker's own name."""
    if isinstance(found, str):
        return found.strip()
    if isinstance(found, list):
        return _said_in_list(found, owned)
    if not isinstance(found, Mapping):
        return ""
    values = {str(key).strip().casefold(): value for key, value in found.items()}
    mine = [value for key, value in found.items() if owned(str(key))]
    if mine:
        return _said_in(mine[0], owned)
    speaker = next((values[key] for key in SPEAKER_KEYS if isinstance(values.get(key), str)), "")
    if speaker and owned(speaker) is False:
        return ""
    for key in TEXT_KEYS:
        if key in values and (said := _said_in(values[key], owned)):
            return said
    others = [value for key, value in found.items() if isinstance(value, str) and owned(str(key)) is None]
    return others[0].strip() if len(found) == len(others) == 1 else ""


def _said_in_list(found: list[Any], owned: Owned) -> str:
    """The lines up to the first that is somebody else's."""
    said: list[str] = []
    for item in found:
        words = _said_in(item, owned)
        if words:
            said.append(words)
        elif said:
            break
    return "\n".join(said)
