"""Recognises answers that report of the speaker instead of speaking as them: “Too dear,” says Maya. Pure."""

import re
from collections.abc import Sequence

from semblance_core.conversation.speech.stage import is_act

_QUOTED = re.compile(
    r"“([^“”\n]{2,})(?:”|\Z)|\"([^\"\n]{2,})(?:\"|\Z)|«([^«»\n]{2,})(?:»|\Z)|「([^「」\n]{2,})(?:」|\Z)|"
    r"„([^„“”\n]{2,})(?:[“”]|\Z)|‘([^‘\n]{2,}?)’(?!\w)"
)
_ONLY_TOLD = re.compile(
    r"(?:[\s,.]*(?:he|she|they) (?:says?|said|adds?|added|replies|replied|answers?|answered|smiles?|nods?|shrugs?|"
    r"laughs?|sighs?|smiled|nodded|shrugged)"
    r"(?: (?:softly|quietly|slowly))?\b[\s,.]*){1,3}",
    re.IGNORECASE,
)
"""Around quotations, with nothing that says who else is meant."""
_FIRST_PERSON = re.compile(r"\b(?:i|me|my|ich|je|yo|io|eu|ik|jag|я)\b|[我私俺僕나저]|أنا|אני", re.IGNORECASE)
_REPORTED = re.compile(
    r"(?: (?:smiles|nods|laughs|sighs|shrugs|thinks|says|said|believes|feels|replies|answers|agrees|disagrees|adds|"
    r"would say|would probably say|"
    r"explains|prefers|likes|shakes|grins|pauses|looks|leans)\b|は、?[^。\n]{0,30}(?:と言|と答|と述べ|笑|頷|うなず)|"
    r"(?:说|表示|认为|觉得|笑着|点头))"
)
MOST_TOLD, LEAST_SPOKEN_SHARE = 40, 0.15
"""Words around quotations by which a model tells that the speaker says them, and the share that they are of the whole at least."""


def spoken_of(text: str, own: Sequence[str]) -> str:
    """Returns the speaker's words from an answer that reports what they say or do; else the text as it is.

    >>> spoken_of("Ben smiles. “I like it,” he says, “but it is dear.”", ["Ben"]), spoken_of("Ben nods. Too dear.", ["Ben"])
    ('I like it, but it is dear.', 'Too dear.')
    """
    parts = [next(part for part in found if part) for found in _QUOTED.findall(text)]
    around = _QUOTED.sub(" ", text)
    is_told = _names(around, own) or (_ONLY_TOLD.fullmatch(around) and _FIRST_PERSON.search(" ".join(parts)))
    if parts and is_told and len(around.split()) <= MOST_TOLD and not _FIRST_PERSON.search(around):
        spoken = " ".join(part.strip() for part in parts)
        if len(spoken) >= LEAST_SPOKEN_SHARE * len(text):
            return spoken.rstrip(",")
    return _without_acts(text, own)


def is_report(text: str, own: Sequence[str]) -> bool:
    """Returns whether the text reports of the speaker by full name and holds no word of theirs."""
    full = max(own, key=len, default="")
    is_full = " " in full or not full.isascii()
    begins = is_full and text.casefold().startswith(full.casefold()) and _REPORTED.match(text, len(full))
    return bool(begins) and not _FIRST_PERSON.search(text) and not _QUOTED.search(text)


def _without_acts(text: str, own: Sequence[str]) -> str:
    """Without sentences at its beginning that say what the speaker does: “Ben smiles.”"""
    pattern = "|".join(map(re.escape, own)) or r"(?!)"
    sentence = re.compile(rf"(?:{pattern}) ([^.!?…\n“\"«„]{{2,160}})[.!…]\s+", re.IGNORECASE)
    while (found := sentence.match(text)) and is_act(found[1]) and not _FIRST_PERSON.search(found[1]):
        text = text[found.end() :]
    return text


def _names(text: str, own: Sequence[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in own)
