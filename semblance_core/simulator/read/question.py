"""Reads a moderator's question: the sort of answer that it wants, and what it is about."""

import re
from dataclasses import dataclass
from functools import cache

from semblance_core.simulator.lexicon import pairs, wordset
from semblance_core.simulator.read.asks import kind_of
from semblance_core.simulator.read.nouns import Noun, chunks, noun, subject_of, thing_in
from semblance_core.simulator.words import plain, sentences_of, stem, words_of

_VERB_PHRASE = re.compile(
    r"\b(switch|switching|chang(?:e|ing)|cancel|renew|borrow|cycle|commute|recycle) ((?:your|the|to|a) )?([a-z\-]{3,})",
    re.I,
)
_EITHER = re.compile(
    r"([\w'’\- ]{2,40}?)(?:,)? (?:or|versus|vs\.?|compared (?:to|with)|instead of|rather than) ([\w'’\- ]{2,40})", re.I
)
_BETWEEN = re.compile(r"between ([\w'’\- ]{2,40}?) and ([\w'’\- ]{2,40})", re.I)


@dataclass(frozen=True, slots=True)
class Question:
    """kind: what sort of answer it wants, such as `habit` or `price`. focus: what it is about. options: two things to
    choose between, or none. text: the words of the question."""

    kind: str
    focus: Noun
    subject: Noun
    options: tuple[str, ...] = ()
    text: str = ""


@cache
def read_question(text: str, topic: str) -> Question:
    """The kind, the focus and the subject of a question in a session on a topic.

    >>> asked = read_question("How do you feel about switching provider?", "Car insurance")
    >>> asked.kind, asked.focus.text, asked.subject.text
    ('impression', 'switching provider', 'car insurance')
    """
    subject, aspect = subject_of(plain(topic, 300))
    body = _asked(plain(text, 1_200))
    whole = re.sub(r"@[\w'’\-]+[,:]?\s*", "", plain(text, 1_200))
    kind = kind_of(body)
    if kind == "other":
        kind = kind_of(whole)
    options = () if kind in ("opening", "closing") else _options(body)
    if options and kind != "compare" and re.search(r"\bor\b", body, re.I):
        kind = "compare"
    focus = _focus(body if chunks(body) else whole, subject, aspect)
    if kind in ("change", "price", "use", "findout", "process", "whenlast") and not _is_thing(focus, kind):
        focus = subject  # "what would make you switch brand" is no question about switching
    return Question(kind, focus, subject, options, body)


def _is_thing(focus: Noun, kind: str) -> bool:
    """True where an answer of this kind can speak about the focus: not about switching, nor about the price of a price."""
    words = set(words_of(focus.text))
    doing = focus.text.split(" ")[0] in dict(pairs("grammar", "gerunds")).values()
    return (kind == "change" and not doing) or (
        kind != "change" and not doing and not words & wordset("aspects", "price")
    )


def _asked(text: str) -> str:
    """The sentence that asks, without the name it is addressed to."""
    asking = [sentence for sentence in sentences_of(text) if sentence.endswith("?")]
    body = asking[-1] if asking else text
    return re.sub(r"@[\w'’\-]+[,:]?\s*", "", body).strip() or text


def _options(text: str) -> tuple[str, ...]:
    low = text.replace("’", "'")
    match = _BETWEEN.search(low) or _EITHER.search(low)
    if not match:
        return ()
    left, right = chunks(match[1]), chunks(match[2])
    if not left or not right:
        return ()
    pair = (noun(left[-1].words, left[-1].determiner).text, noun(right[0].words, right[0].determiner).text)
    return pair if pair[0].lower() != pair[1].lower() else ()


@cache
def _generic_stems() -> frozenset[str]:
    """Stems of what questions name in passing, such as a friend or a morning."""
    return frozenset(map(stem, wordset("grammar", "generic")))


def _focus(text: str, subject: Noun, aspect: Noun) -> Noun:
    verb = _VERB_PHRASE.search(text)
    if verb and verb[3].lower() not in wordset("grammar", "no_objects"):
        base = verb[1].lower()
        link = (verb[2] or "").lower().replace("your", "my")
        doing = dict(pairs("grammar", "gerunds")).get(base, base)
        return Noun(f"{doing} {link}{verb[3].lower()}", kinds=subject.kinds)
    best, best_score = None, 0.0
    found = [chunk for chunk in map(thing_in, chunks(text)) if chunk]
    for position, chunk in enumerate(found):
        stems = {stem(word.lower()) for word in chunk.words}
        if stems <= _generic_stems():
            continue
        score = 1.0 + min(len(chunk.words), 3) * 0.2 - position * 0.05 + (0.4 if chunk.determiner else 0.0)
        score += (
            0.0
            if stems & (subject.stems | aspect.stems)
            else 0.7
            if chunk.determiner or chunk.before in ("of", "about", "for", "with")
            else -0.4
        )
        if score > best_score:
            best, best_score = chunk, score
    if best is None:
        return aspect
    stems = {stem(word.lower()) for word in best.words}
    if (
        subject.stems
        and subject.stems < stems
        and stem(best.words[-1].lower()) not in aspect.stems
        and stem(best.words[0].lower()) in subject.stems
    ):
        return subject  # "oat milk fits" has swallowed a verb
    head = stem(subject.text.lower().split()[-1])
    if stems <= subject.stems and (head in stems or subject.kinds & {"activity"}):
        return subject
    return aspect if stems == aspect.stems else noun(best.words, best.determiner)
