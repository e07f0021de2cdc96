"""The kinds of question, each told by its wording; the first that fits decides."""

import re

_KINDS: tuple[tuple[str, str], ...] = (
    ("opening", r"introduce|about yourself|who are you\b|say hello|warm.?up|tell us who"),
    (
        "closing",
        r"\b(any|your|some|with) (last|final|closing)\b|^(last|final|closing)\b|\b(last|final|closing) (words?|comments?|remarks?|question)\b"
        r"|anything (else|we|you)|before we (finish|close|go|end)|\bsum(ming|marise)? up\b|take ?away|piece of advice|one sentence",
    ),
    (
        "ever",
        r"\b(have|has) (you|anyone|anybody|any of you|somebody)( \w+){0,2} ever\b|\bdid you ever\b|^have (you|any)",
    ),
    (
        "whenlast",
        r"\bwhen (did|have) you (\w+ )?last\b|\bwhen (was|is) (the|your) last\b|how long ago|when did you (first|start)",
    ),
    (
        "lasttime",
        r"last time|most recent|\b(a|one|the) (time|occasion|moment) (when|you|that)\b|\btell us about (a|one|the last)\b"
        r"|walk (us|me) through|\b(story|anecdote)\b|example of|\blast\b.*\bwent (wrong|badly|well)\b",
    ),
    (
        "price",
        r"\bhow much\b(?! (time|effort|thought))(?=.*\b(pay|spend|cost|charge|worth|money|price|too much|add|save)\b)|\bhow much (is|are|for|money)\b"
        r"|\bwhat (would|do|did|could|can|should|will) (you|people|it|they|that|this) (\w+ )?(pay|cost|spend)\b"
        r"|\bwhat (does|do|did|would|should) .{2,60}\bcost\b(?! of)|(feel|think|say) (about|of|to) (the |its |their |that |this |such a )?([\w\-]+ )?"
        r"(price|prices|cost|costs|fee|fees|premium|premiums)\b|(willing|prepared|ready|happy) to (pay|spend)|\b(fair|right|good|reasonable) price\b"
        r"|\bafford\b|\bworth (the|paying|its|your) |too (expensive|cheap|dear)|\byour (budget|limit)\b",
    ),
    (
        "compare",
        r"\b(compared?|versus|vs\.?|difference between|rather than|instead of|better than|worse than|prefer)\b|would you rather",
    ),
    (
        "imagine",
        r"\bimagine\b|\bideal\b|\bperfect\b|\bdream\b|if you (could|were|ran|had)|magic wand|\bdesign (your|a|the)\b|in (ten|five|\d+) years",
    ),
    (
        "findout",
        r"\b(do|did|would|could) you (usually |normally |mostly )?(find out|hear about|get to (know|hear)|keep up|stay informed"
        r"|learn (about|when|what))\b"
        r"|\bhow (do|did|would) you know (when|what|about|if|that)|where (do|did|would) you (usually )?(find|hear|get|look for|check)\b"
        r"|where .*\b(information|news|updates)\b",
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
    (
        "would",
        r"\bwould (you|anyone|people) (?!use it for|be using)|could you see|how likely|are you (likely|willing|tempted|open)|\bwill you\b"
        r"|do you (plan|intend)|tempt",
    ),
    (
        "problem",
        r"frustrat|annoy|\b(difficult|hardest|hard|worst|barriers?|concern(s|ed)?|worr(y|ies|ied)|dislike|hate|problems?|downsides?|struggle|wrong"
        r"|risks?|drawbacks?|doubts?)\b|put(s|ting)? you off|stops? you|holding you back|challenges?",
    ),
    (
        "use",
        r"\bwhat (do|did|would|could|are|have) (you|people|they) (\w+ )?(use|used|using|need|want|go|going|do)\b.*(\bfor\b|\bthere\b|\bwith\b)"
        r"|\bwhat .{2,40}\b(used?|good) for\b|\bwhen (do|would) you use\b|\bhow do you (mostly |usually )?use\b|what for\b|what brings you",
    ),
    ("who", r"\bwho (do you (see|picture|think)|would (use|buy|want|like)|is (it|this|that) for|uses|buys|else)\b"),
    ("who", r"what (kind|sort|type) of (person|people|customer)"),
    (
        "process",
        r"\bhow (do|does|did|are|is) (you|your|it|things|that|everyone|people)\b( \w+){0,2} (run|handle|deal|organise"
        r"|organize|manage|go about|arrange|do"
        r"|set up|sort|keep track|prepare|run your|plan|split|share)\b|who is involved|\bat the moment\b.*\bhow\b",
    ),
    (
        "source",
        r"who do you (trust|ask|listen)|\b(recommendations?|reviews?|adverts?|advertising|information)\b|\btrust\b",
    ),
    ("why", r"\bwhy\b|what makes\b|\breasons?\b|what('s| is) behind|what drives|motivat"),
    (
        "choose",
        r"how do you (choose|decide|pick|select)|what matters|look for|most important"
        r"|\b(factors?|criteria|priorit\w+|deciding|decide|choose)\b",
    ),
    (
        "habit",
        r"how often|when (do|did) you|where do you|how do you (fit)"
        r"|\b(typical|usually|routine|habits?|regularly|normally)\b"
        r"|day.to.day|how does .* fit|what role|part of your",
    ),
    (
        "impression",
        r"first (thing|impressions?|reactions?|thoughts?)|comes? to mind|do you think|feel about|(your|the) (view|opinion|take|thoughts|reaction"
        r"|impression)|associat|how do you (see|find|feel)|react",
    ),
)
FACTUAL = frozenset({"ever", "whenlast", "lasttime", "findout", "use", "process", "habit", "price"})


def kind_of(text: str) -> str:
    """The sort of answer that a question wants.

    >>> [kind_of(asked) for asked in ("What would you pay for it?", "Have you ever paid for one?", "What do you use it for?")]
    ['price', 'ever', 'use']
    """
    low = text.lower().replace("’", "'")
    for kind, pattern in _KINDS:
        if re.search(pattern, low):
            return kind
    return "other" if "?" in text or not text else "statement"
