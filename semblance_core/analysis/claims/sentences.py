"""A summary in sentences, and the messages that each one cites. Pure."""

import re

from semblance_core.analysis.sentences import sentence_ends
from semblance_core.domain.findings.claims import Claim

MOST_IN_A_RANGE = 20
_LINES = re.compile(r"\n")
_CITED = re.compile(
    r"\s*[\[【]\s*(?:(?:messages?|msgs?)\.?\s*)?\d{1,9}(?:\s*(?:[,;–-]|and)\s*\d{1,9})*\s*[\]】]", re.IGNORECASE
)
_NUMBERS = re.compile(r"(\d+)\s*[–-]\s*(\d+)|(\d+)")


def in_sentences(text: str) -> list[tuple[str, str]]:
    """Returns the sentences in order, each with the spaces and line breaks behind it; put together they are the text again.

    >>> in_sentences("It is dear. They pay 3.50.\\n\\nNobody left.")
    [('It is dear.', ' '), ('They pay 3.50.', '\\n\\n'), ('Nobody left.', '')]
    """
    ends = {*sentence_ends(text), *(found.start() for found in _LINES.finditer(text))}
    cuts = sorted({len(text), *(len(text) - len(text[end:].lstrip()) for end in ends)})
    found: list[tuple[str, str]] = []
    start = 0
    for end in cuts:
        piece, start = text[start:end], end
        if found and not any(map(str.isalnum, piece)):
            sentence, behind = found[-1]
            whole = f"{sentence}{behind}{piece}"
        else:
            whole = piece
            found.append(("", ""))
        sentence = whole.rstrip()
        found[-1] = (sentence, whole[len(sentence) :])
    return [each for each in found if each != ("", "")]


def cited(text: str) -> tuple[str, tuple[Claim, ...]]:
    """Returns the text without the numbers of messages that stand in brackets behind its sentences, and the sentences with them.

    >>> text, claims = cited("It is dear [3, 7]. Ben left. [4–5] Why?")
    >>> text, [(claim.sentence, claim.seqs) for claim in claims]
    ('It is dear. Ben left. Why?', [('It is dear.', (3, 7)), ('Ben left.', (4, 5)), ('Why?', ())])
    """
    text = text.strip()
    kept, places, at, length = list[str](), list[tuple[int, tuple[int, ...]]](), 0, 0
    for found in _CITED.finditer(text):
        kept.append(text[at : found.start()])
        length += len(kept[-1])
        places.append((length, _numbers(found[0])))
        at = found.end()
    plain = "".join([*kept, text[at:]])
    claims, start = list[Claim](), 0
    for sentence, behind in in_sentences(plain):
        end = start + len(sentence)
        own = [seq for place, seqs in places if start < place <= end for seq in seqs]
        claims.append(Claim(sentence, seqs=tuple(dict.fromkeys(own))))
        start = end + len(behind)
    return plain, tuple(claims)


def _numbers(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for first, last, one in _NUMBERS.findall(text):
        if one:
            found.append(int(one))
        elif int(first) <= int(last) <= int(first) + MOST_IN_A_RANGE:
            found.extend(range(int(first), int(last) + 1))
        else:
            found += [int(first), int(last)]
    return tuple(found)
