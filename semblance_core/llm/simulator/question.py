"""What a moderator's question asks for, and about what."""

import re
from dataclasses import dataclass
from functools import cache

from semblance_core.llm.simulator.nouns import Noun, chunks, noun, subject_of
from semblance_core.llm.simulator.words import plain, sentences_of, stem

_KINDS: tuple[tuple[str, str], ...] = (
    ("opening", r"introduce|about yourself|who are you\b|say hello|warm.?up|tell us who"),
    (
        "closing",
        r"\b(any|your|some|with) (last|final|closing)\b|^(last|final|closing)\b|\b(last|final|closing) (words?|comments?|remarks?|question)\b"
        r"|anything (else|we|you)|before we (finish|close|go|end)|\bsum(ming|marise)? up\b|take ?away|piece of advice|one sentence",
    ),
    (
        "compare",
        r"\b(compared?|versus|vs\.?|difference between|rather than|instead of|better than|worse than|prefer)\b",
    ),
    (
        "price",
        r"\bhow much\b(?!.*\b(time|trust|matter)\b)|\b(price|pay|paying|cost|costs|worth|afford|budget|expensive|cheap)\b",
    ),
    (
        "imagine",
        r"\bimagine\b|\bideal\b|\bperfect\b|\bdream\b|if you (could|were|ran|had)|magic wand|\bdesign (your|a|the)\b|in (ten|five|\d+) years",
    ),
    ("source", r"who (would|do|did) you (ask|trust|consult|turn|talk|listen)|where would you (look|go|turn)"),
    (
        "best",
        r"\b(like|likes|liked|enjoy) (most|best|about)\b|\b(enjoy|best|benefits?|advantages?|strengths?|positives?)\b|works? well|good about",
    ),
    (
        "change",
        r"what would (make|get|convince|persuade|help|need|it take|encourage)|\b(change|improve|fix|differently|one thing)\b",
    ),
    ("lasttime", r"last time|most recent|a time when|walk (us|me) through|\b(story|anecdote)\b|example of"),
    (
        "would",
        r"\bwould (you|anyone|people)\b|could you see|how likely|are you (likely|willing|tempted|open)|\bwill you\b|do you (plan|intend)|tempt",
    ),
    (
        "problem",
        r"frustrat|annoy|\b(difficult|hardest|hard|worst|barriers?|concern(s|ed)?|worr(y|ies|ied)|dislike|hate|problems?|downsides?|struggle|wrong"
        r"|risks?|drawbacks?|doubts?)\b|put(s|ting)? you off|stops? you|holding you back|challenges?",
    ),
    (
        "source",
        r"who do you (trust|ask|listen)|where do you (hear|find|look|get)"
        r"|\b(recommendations?|reviews?|adverts?|advertising|information)\b|\btrust\b",
    ),
    ("why", r"\bwhy\b|what makes\b|\breasons?\b|what('s| is) behind|what drives|motivat"),
    (
        "choose",
        r"how do you (choose|decide|pick|select)|what matters|look for|most important"
        r"|\b(factors?|criteria|priorit\w+|deciding|decide|choose)\b",
    ),
    (
        "habit",
        r"how often|when (do|did) you|where do you|how do you (use|do|fit|handle|deal|organise)"
        r"|\b(typical|usually|routine|habits?|regularly|normally)\b"
        r"|day.to.day|how does .* fit|what role|part of your",
    ),
    ("who", r"\bwho (is|do|would|uses|buys|else)\b|what (kind|sort|type) of (person|people|customer)"),
    (
        "impression",
        r"first (thing|impressions?|reactions?|thoughts?)|comes? to mind|do you think|feel about|(your|the) (view|opinion|take|thoughts|reaction"
        r"|impression)|associat|how do you (see|find|feel)|react",
    ),
)
_GERUNDS = {
    "switch": "switching",
    "switching": "switching",
    "change": "changing",
    "changing": "changing",
    "cancel": "cancelling",
    "renew": "renewing",
    "borrow": "borrowing",
    "visit": "visiting",
    "cycle": "cycling",
    "commute": "commuting",
    "recycle": "recycling",
    "recommend": "recommending",
}
_VERB_PHRASE = re.compile(
    r"\b(switch|switching|chang(?:e|ing)|cancel|renew|borrow|cycle|commute|recycle) (?:(?:your|the|to|a) )?([a-z\-]{3,})",
    re.I,
)
_GENERIC = {
    "friend",
    "friends",
    "family",
    "home",
    "morning",
    "evening",
    "age",
    "name",
    "room",
    "scale",
    "ten",
    "session",
    "topic",
    "participants",
    "news",
    "issue",
    "litre",
    "litres",
    "pack",
    "packet",
    "bottle",
    "cup",
    "employee",
    "hour",
}
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

    >>> asked = read_question("What would make you switch provider?", "Car insurance")
    >>> asked.kind, asked.focus.text, asked.subject.text
    ('change', 'switching provider', 'car insurance')
    """
    subject, aspect = subject_of(plain(topic, 300))
    body = _asked(plain(text, 1_200))
    whole = re.sub(r"@[\w'’\-]+[,:]?\s*", "", plain(text, 1_200))
    kind = _kind(body)
    if kind == "other":
        kind = _kind(whole)
    options = () if kind in ("opening", "closing") else _options(body)
    if options and kind != "compare" and re.search(r"\bor\b", body, re.I):
        kind = "compare"
    focus = _focus(body if chunks(body) else whole, subject, aspect)
    return Question(kind, focus, subject, options, body)


def _asked(text: str) -> str:
    """The sentence that asks, without the name it is addressed to."""
    asking = [sentence for sentence in sentences_of(text) if sentence.endswith("?")]
    body = asking[-1] if asking else text
    return re.sub(r"@[\w'’\-]+[,:]?\s*", "", body).strip() or text


def _kind(text: str) -> str:
    low = text.lower().replace("’", "'")
    for kind, pattern in _KINDS:
        if re.search(pattern, low):
            return kind
    return "other" if "?" in text or not text else "statement"


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


def _focus(text: str, subject: Noun, aspect: Noun) -> Noun:
    verb = _VERB_PHRASE.search(text)
    if verb and verb[2].lower() not in (
        "how",
        "what",
        "your",
        "about",
        "anything",
        "something",
        "the",
        "mind",
        "one",
        "thing",
        "and",
        "for",
        "this",
        "that",
        "more",
        "less",
        "often",
        "again",
        "most",
    ):
        base = verb[1].lower()
        return Noun(f"{_GERUNDS.get(base, base)} {verb[2].lower()}", kinds=subject.kinds)
    best, best_score = None, 0.0
    found = chunks(text)
    for position, chunk in enumerate(found):
        stems = {stem(word.lower()) for word in chunk.words}
        if stems <= {stem(word) for word in _GENERIC}:
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
