"""A codebook as CSV, a row a code, and codings as CSV, a row a coding; each with who made and who confirmed it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from semblance_core.domain.coding.codebook import CodebookCode, tree
from semblance_core.domain.coding.codings import Coding
from semblance_core.domain.coding.provenance import Author
from semblance_core.domain.discussion.message import Message
from semblance_core.reports.exports import csv_text

NAME, DEFINITION, WHEN, WHEN_NOT, COLOUR, ABOVE = "name", "definition", "when", "when_not", "colour", "above"
COLUMNS = (NAME, DEFINITION, WHEN, WHEN_NOT, COLOUR, ABOVE)
"""Columns that an import reads; `above` holds the name of the code above."""
AUTHOR = ("by", "id", "kind", "at", "source")


def codebook_csv(codes: Sequence[CodebookCode], counts: Mapping[str, int]) -> str:
    """The codebook in the order of its tree. counts: numbers of codings by code."""
    rows = [
        {
            NAME: each.code.name,
            DEFINITION: each.code.definition,
            WHEN: each.code.when,
            WHEN_NOT: each.code.when_not,
            COLOUR: each.code.colour,
            ABOVE: each.path[-2] if each.level else "",
            "codings": counts.get(each.code.id, 0),
            **author_columns("made", each.code.made),
            **author_columns("confirmed", each.code.confirmed),
        }
        for each in tree(codes)
    ]
    return csv_text([*COLUMNS, "codings", *_names("made"), *_names("confirmed")], rows)


def codings_csv(codings: Sequence[Coding], codes: Mapping[str, CodebookCode], messages: Mapping[int, Message]) -> str:
    """A session's codings with the words that they mark. codes: by id; messages: by number."""
    rows = []
    for coding in codings:
        message, code = messages.get(coding.seq), codes.get(coding.code_id)
        if message and code:
            rows.append(
                {
                    "seq": coding.seq,
                    "speaker": message.speaker,
                    "start": coding.start,
                    "end": coding.end,
                    "words": message.text[coding.start : coding.end],
                    "code": code.name,
                    **author_columns("made", coding.made),
                    **author_columns("confirmed", coding.confirmed),
                    "simulated": "yes" if message.simulated else "no",
                    "synthetic_speaker": "no" if message.role == "moderator" else "yes",
                }
            )
    columns = ["seq", "speaker", "start", "end", "words", "code", *_names("made"), *_names("confirmed")]
    return csv_text([*columns, "simulated", "synthetic_speaker"], rows)


def author_columns(what: str, author: Author | None) -> dict[str, Any]:
    """Returns an author as columns: a person and a model can be told apart in each row."""
    if author is None:
        return dict.fromkeys(_names(what), "")
    kind = "model" if author.is_model else "person"
    values = (author.model or author.name, author.user_id, kind, f"{author.at:%Y-%m-%dT%H:%M:%SZ}", author.source)
    return dict(zip(_names(what), values, strict=True))


def _names(what: str) -> list[str]:
    return [f"{what}_{part}" for part in AUTHOR]
