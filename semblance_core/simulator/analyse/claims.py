"""Checks of a summary's sentences by their words: what the messages share no words with, they do not say."""

import json
import re

from semblance_core.requests.analysis import ClaimsRequest
from semblance_core.simulator.lexicon import stopwords
from semblance_core.simulator.read.concerns import concerns_in
from semblance_core.simulator.read.scene import Turn, feeling, turns_of
from semblance_core.simulator.words import plain, stem, words_of

_COVERED = 0.5
_MOST_CITED = 6
_METHOD = re.compile(
    r"\bthey range from\b|\bsimulated participants\b|\breal (people|respondents)\b|\bfurther session\b|\bthe conversation was short\b",
    re.I,
)
_TONE = re.compile(r"\b(mostly|sounds?|more) (positive|favourable|critical)\b", re.I)
_ABOUT_TALK = frozenset(
    stem(word)
    for word in words_of(
        "participants talk come back bring up weigh dwell touch speak speaks sound sounds favourable critical positive tone mostly "
        "above all only opinions divided welcomed criticised everyday life plus sore point favour doubts close behind third "
        "strand further quietly comes thing stands puts more"
    )
)


def check_claims(asked: ClaimsRequest) -> str:
    """Returns verdicts as JSON: said where the messages hold at least half of a sentence's telling words, its concern, or the tone it speaks of."""
    turns = turns_of(asked.lines)
    return json.dumps({"sentences": [_verdict(at, text, turns) for at, text in enumerate(asked.sentences, start=1)]})


def _verdict(number: int, sentence: str, turns: tuple[Turn, ...]) -> dict[str, object]:
    if _METHOD.search(sentence):
        return {"number": number, "verdict": "no_claim", "messages": []}
    text = plain(sentence, 600)
    firsts = {turn.first.lower() for turn in turns}
    words = [word for word in words_of(text) if word not in stopwords() and word not in firsts]
    telling = {stem(word) for word in words if len(word) > 2} - _ABOUT_TALK
    named = [turn for turn in turns if turn.first.lower() in words_of(text)]
    if _TONE.search(text) and named:
        rests_on = [turn for turn in named if feeling(turn.text)]
        held = bool(rests_on)
    else:
        by_turn = {turn: telling & {stem(word) for word in words_of(turn.text)} for turn in named or turns}
        found = set().union(*by_turn.values()) if by_turn else set()
        rests_on = sorted((turn for turn in by_turn if by_turn[turn]), key=lambda turn: -len(by_turn[turn]))
        held = bool(telling) and len(found) >= _COVERED * len(telling)
        if not held and (concerns := set(concerns_in(text))):  # a concern has many words
            rests_on = [turn for turn in named or turns if concerns & set(concerns_in(turn.text))]
            held = bool(rests_on)
    cited = sorted(turn.seq for turn in rests_on[:_MOST_CITED])
    return {"number": number, "verdict": "said" if held else "not_said", "messages": cited}
