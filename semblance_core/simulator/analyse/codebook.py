"""Coding with a codebook by rule: a sentence that shares enough words with a code's name or definition gets the code."""

import json

from semblance_core.requests.analysis import CodeRequest
from semblance_core.requests.codebook import ApplyRequest, AskedCode, ProposeRequest
from semblance_core.simulator.analyse.codes import code_transcript, quotes_of
from semblance_core.simulator.lexicon import stopwords
from semblance_core.simulator.read.scene import turns_of
from semblance_core.simulator.words import stem, words_of

_OF_DEFINITION = 2
"""Words of a definition that a sentence has to share; of a name, half are enough."""


def propose_codes(asked: ProposeRequest) -> str:
    """Codes as JSON: the labels that open coding finds, each with a definition that says no more than that."""
    found = json.loads(code_transcript(CodeRequest(asked.topic, asked.lines, asked.most)))
    there = {name.casefold() for name in asked.there}
    labels = [code["label"] for code in found["codes"] if code["label"].casefold() not in there]
    codes = [
        {
            "name": label,
            "definition": f"A participant speaks of {label[:1].lower()}{label[1:]}.",
            "when": "The words of the name, or words that mean the same, are used.",
            "when_not": "The moderator alone uses them.",
        }
        for label in labels[: asked.most]
    ]
    return json.dumps({"codes": codes})


def apply_codebook(asked: ApplyRequest) -> str:
    """Codings as JSON: for each code the sentences of participants that share enough words with it."""
    quotes = [quote for turn in turns_of(asked.lines) if turn.role != "moderator" for quote in quotes_of(turn)]
    stems = [(quote, _stems(quote.text)) for quote in quotes]
    codings = [
        {"code": number, "seq": quote.seq, "speaker": quote.speaker, "quote": quote.text}
        for number, code in enumerate(asked.codes, start=1)
        for quote, words in stems
        if _applies(code, words)
    ]
    return json.dumps({"codings": codings})


def _applies(code: AskedCode, words: frozenset[str]) -> bool:
    name, definition = _stems(code.name), _stems(f"{code.definition} {code.when}")
    shared = len(name & words)
    return (bool(name) and 2 * shared >= len(name)) or len(definition & words) >= _OF_DEFINITION + (not shared)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words_of(text) if word not in stopwords() and len(word) > 2)
