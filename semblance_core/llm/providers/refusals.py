"""Reads a refused request for facts about the model: fields that it does not take, and its size limit. Pure.

Every server says it in words of its own; these are the ones that were seen.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from semblance_core.domain.usage.model_traits import SOME

_NOT = (
    r"(?:not (?:\w+ )?(?:support|permit|allow|accept|available|enabled|recogni[sz]ed|implemented)|unsupported|unrecogni[sz]ed|unknown|"
    r"unexpected|extra (?:inputs?|fields?|forbidden)|extra_forbidden|invalid|deprecated|unavailable|n['o]t support|can(?:no|')t)"
)
_SCHEMA = re.compile(
    r"json[_ -]?schema|structured[_ -]?outputs?|response[_ -]?(?:schema|format['\"`]?[ _.-]*type)|"
    r"response[_ ]?format['\"`]?[^.]{0,30}(?:type|must be|schema)|guided[_ -]?(?:json|decoding|grammar)|\bgrammar\b|"
    r"unsupported schema|invalid schema",
    re.IGNORECASE,
)
_FORMAT = re.compile(
    r"response[_ ]?(?:format|mime)|json[_ -]?(?:mode|object|output|format)|response_?mime_?type", re.IGNORECASE
)
_REPEATED = re.compile(
    r"roles? (?:must|should|need to|have to|are expected to)[^.]{0,60}alternat|alternat\w+ between[^.]{0,40}(?:user|assistant)|"
    r"(?:multiple|consecutive|successive)[^.]{0,30}(?:user|assistant|same)[^.]{0,20}(?:role|message|turn)|"
    r"roles?[^.]{0,40}in a row|must alternate|should be alternating|same role (?:consecutively|twice)",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    rf"(?:system|developer)[_ -]?(?:role|messages?|prompts?|instructions?)[^.]{{0,60}}{_NOT}|"
    rf"{_NOT}[^.]{{0,60}}(?:system|developer)[_ '\"`-]{{0,3}}(?:role|messages?|prompts?|instructions?)|"
    rf"{_NOT}[^.]{{0,20}}role[^.]{{0,20}}['\"`]?system|role['\"`]?[^.]{{0,40}}does not support ['\"`]?system|"
    r"only user(?:,| and|/) ?assistant|system message must be|"
    rf"['\"`]system['\"`][^.]{{0,60}}{_NOT}|roles? (?:must|should) be (?:one of )?[^.]{{0,10}}user[^.]{{0,10}}assistant",
    re.IGNORECASE,
)
_RENAMED = re.compile(
    rf"max_tokens['\"`]?[^.]{{0,60}}{_NOT}|{_NOT}[^.]{{0,40}}['\"`]?max_tokens\b|use ['\"`]?max_completion_tokens",
    re.IGNORECASE,
)
_RENAMED_BACK = re.compile(
    rf"max_completion_tokens['\"`]?[^.]{{0,60}}{_NOT}|{_NOT}[^.]{{0,40}}['\"`]?max_completion_tokens\b", re.IGNORECASE
)
_STREAM = re.compile(
    rf"(?:verified to|cannot|can't) stream|stream(?:ing|ed)?['\"`]?(?! ?_?options)[^.]{{0,40}}{_NOT}|"
    rf"{_NOT}[^.]{{0,30}}['\"`]?stream(?:ing)?['\"`]?(?!_options)\b",
    re.IGNORECASE,
)
_ARGUMENTS = {
    "stream_options": re.compile(r"stream[_ ]?options|include_usage", re.IGNORECASE),
    "response_format": _SCHEMA,
    "json_object": _FORMAT,
    "max_tokens": _RENAMED,
    "max_completion_tokens": _RENAMED_BACK,
    "temperature": re.compile(r"\btemperature\b", re.IGNORECASE),
    "seed": re.compile(r"(?<![\w/:.-])seed(?![\w/:.-])", re.IGNORECASE),
    "repeated_roles": _REPEATED,
    "system_role": _SYSTEM,
    "stream": _STREAM,
}
_SOME = re.compile(
    rf"(?:handle|support) (?:all )?the requested parameters|{_NOT} (?:request )?(?:parameter|argument|field)s?\b",
    re.IGNORECASE,
)
_BY_PARAMETER = {
    "response_format": "json_object",
    "temperature": "temperature",
    "seed": "seed",
    "random_seed": "seed",
    "max_tokens": "max_tokens",
    "max_completion_tokens": "max_completion_tokens",
    "stream": "stream",
    "stream_options": "stream_options",
}
_TOO_LONG = re.compile(
    r"context[_ -]?(?:length|window|size)|maximum[_ ](?:context|number of (?:input )?tokens|input length|prompt length)|"
    r"prompt (?:is|was) too long|(?:input|prompt|request)[^.]{0,40} too (?:long|many tokens)|too many (?:input )?tokens|"
    r"max_(?:model_len|seq_len|input_tokens)|exceeds? the (?:model'?s? )?(?:maximum|max|limit|available)[^.]{0,40}tokens|"
    r"(?:input|prompt) tokens? (?:count of \d+ )?exceed|reduce the length of the (?:messages|prompt|input)|tokens? \+ .{0,20}max_new_tokens",
    re.IGNORECASE,
)
_LABELS = re.compile(r"""["'](?:type|code|status|object)["']\s*:\s*(?:"[^"]*"|'[^']*'|\d+|null|None)""")
"""Labels beside the words of an error in JSON."""
_NUMBER = r"(\d{1,3}(?:[,_]\d{3})+|\d{3,8})"
_BOUND = r"max(?:imum)?[_ ]?(?:completion|output|new|generation|generated)?[_ ]?tokens(?:_to_sample)?"
_LIMITS = (
    re.compile(
        rf"(?:context[_ -]?(?:length|window|size)|n_ctx|max_model_len|max_seq_len)\D{{0,40}}{_NUMBER}", re.IGNORECASE
    ),
    re.compile(rf"{_NUMBER}\W{{0,3}}(?:tokens?\W{{0,3}})?(?:maximum|max(?:imum)? context|context)", re.IGNORECASE),
    re.compile(
        rf"(?:maximum|limit(?:ed)?|at most|allowed|allows|up to|<=|≤|only|exceeds?)\D{{0,60}}{_NUMBER}", re.IGNORECASE
    ),
)
_COUNTED = re.compile(
    rf"{_NUMBER} (?:tokens? )?(?:in|from) (?:the |your )?(?:messages|prompt|input)|(?:prompt|request has|input) (?:contains |of |is )?"
    rf"{_NUMBER} (?:input |prompt )?tokens",
    re.IGNORECASE,
)
_LEFT = re.compile(
    rf"{_BOUND}['\"`]? (?:or ['\"`]?\w+['\"`]? )?is too large.{{0,60}}maximum context length is {_NUMBER} tokens? and your request has "
    rf"(\d+) input tokens",
    re.IGNORECASE | re.DOTALL,
)
_BOUNDS = (
    re.compile(
        rf"{_BOUND}\W{{0,3}}(?:is |was )?too (?:large|big|high).{{0,80}}?"
        rf"(?:at most|up to|supports?|maximum(?: of)?|limit(?: of)?|<=?)\D{{0,30}}{_NUMBER}",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(rf"valid range of {_BOUND} is \[\d+, ?{_NUMBER}\]", re.IGNORECASE),
    re.compile(rf"{_BOUND}['\"`]?:? \d+ ?> ?{_NUMBER}", re.IGNORECASE),
    re.compile(
        rf"{_BOUND}['\"`]?.{{0,80}}?(?:less than(?: or equal to)?|at most|<=|≤|smaller than|lower than|not exceed|no (?:more|greater) than|"
        rf"cannot be (?:greater|larger|more) than|exceeds?[^.\d]{{0,40}}(?:limit|maximum)(?: of)?|up to)\D{{0,20}}{_NUMBER}",
        re.IGNORECASE,
    ),
    re.compile(rf"maximum tokens you requested exceeds? the model limit of {_NUMBER}", re.IGNORECASE),
    re.compile(
        rf"{_BOUND}.{{0,80}}?supported range is from \d+ \(inclusive\) (?:up )?to {_NUMBER} \((?P<end>in|ex)clusive\)",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(rf"range of {_BOUND}[^.]{{0,40}}\[\d+, ?{_NUMBER}\]", re.IGNORECASE),
)
SMALLEST, LARGEST = 512, 20_000_000
LEAST_BOUND = 16


def refused_argument(said: str) -> str:
    """Returns the field of `REFUSABLE` that a refusal (400, 422 …) is most likely about; empty for none.

    >>> refused_argument("This response_format type is unavailable now"), refused_argument("Messages must not be empty")
    ('response_format', '')
    >>> refused_argument("Conversation roles must alternate user/assistant/user/assistant/...")
    'repeated_roles'
    """
    return next(iter(refused_arguments(said)), "")


def refused_arguments(said: str) -> tuple[str, ...]:
    """All that it may be about, the likeliest first.

    What an error names apart from its words counts first, because these may quote the prompt.
    """
    said = _plain(said)
    words = _LABELS.sub("", said)
    named = [name for parameter in _parameters(said) if (name := _BY_PARAMETER.get(parameter, ""))]
    schema = ["response_format"] if "json_object" in named and _SCHEMA.search(words) else []
    found = [*schema, *named, *filter(None, [refused_roles(said)])]
    found += [name for name, pattern in _ARGUMENTS.items() if pattern.search(words)]
    found += [SOME] if not found and _SOME.search(words) else []
    return tuple(dict.fromkeys(found))


def says_what_does_not_fit(words: str) -> bool:
    """Returns whether an error tells what of a request the model does not take, or that it is too long."""
    return is_too_long(words) or most_asked(words) is not None or bool(refused_arguments(words))


def refused_roles(said: str) -> str:
    """Returns the message roles that a template or server does not take; empty where the refusal is about something else."""
    return next((name for name in ("repeated_roles", "system_role") if _ARGUMENTS[name].search(said)), "")


def most_asked(said: str) -> int | None:
    """The most that may be asked for as the bound of an answer, where the refusal is about that.

    >>> most_asked("max_tokens is too large: 7000. This model supports at most 4096 completion tokens")
    4096
    """
    said = _plain(said)
    if left := _LEFT.search(said):
        tokens = _whole(left[1]) - int(left[2])
        return tokens if tokens >= LEAST_BOUND else None
    for pattern in _BOUNDS:
        if found := pattern.search(said):
            ends_before = found.groupdict().get("end") == "ex"
            return max(LEAST_BOUND, _whole(found[1]) - ends_before)
    return None


def is_too_long(said: str) -> bool:
    """Returns whether a refusal says that the prompt is too long for the model."""
    return bool(_TOO_LONG.search(said))


def prompt_counted(said: str) -> int | None:
    """Returns the number of prompt tokens that the model counted, where the refusal says so.

    >>> prompt_counted("However, you requested 9000 tokens (8000 in the messages, 1000 in the completion).")
    8000
    """
    found = _COUNTED.search(said)
    return _whole(found[1] or found[2]) if found else None


def tokens_taken(said: str) -> int | None:
    """Returns the number of tokens that the model takes at once, where the refusal says so.

    >>> tokens_taken("This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.")
    8192
    >>> tokens_taken("prompt is too long: 210000 tokens > 200000 maximum")
    200000
    """
    for pattern in _LIMITS:
        if found := pattern.search(said):
            tokens = _whole(found[1])
            if SMALLEST <= tokens <= LARGEST:
                return tokens
    return None


def _plain(said: str) -> str:
    """Without what marks quotes inside quotes: routers hand on what a provider said as a text in their own JSON."""
    return said.replace("\\", "")


def _whole(number: str) -> int:
    return int(re.sub(r"\D", "", number))


def _parameters(said: str) -> Iterator[str]:
    """Names of arguments that an error in JSON points at (`param`, or `loc` as pydantic and FastAPI write it)."""
    for start in (match.start() for match in re.finditer(r"\{", said)):
        try:
            document, _ = json.JSONDecoder().raw_decode(said, start)
        except (ValueError, RecursionError):
            continue
        yield from _pointed_at(document)
        return


def _pointed_at(node: Any, depth: int = 0) -> Iterator[str]:
    if depth > 5:
        return
    if isinstance(node, list):
        for item in node[:20]:
            yield from _pointed_at(item, depth + 1)
    if not isinstance(node, Mapping):
        return
    if isinstance(param := node.get("param"), str):
        yield param.partition(".")[0].partition("[")[0]
    if isinstance(loc := node.get("loc"), list) and len(loc) > 1:
        yield str(loc[1])
    for name in ("error", "detail", "errors", "message"):
        yield from _pointed_at(node.get(name), depth + 1)
