"""Themes and quotes as the API answers them."""

from api.values import View, When


class Verbatim(View):
    """An exact quote; seq: the message that it stands in. sentiment: the model's judgement, null where it gave none.

    by_hand: a person picked it, not the model.
    """

    seq: int
    speaker: str
    quote: str
    sentiment: str | None
    by_hand: bool


class Theme(View):
    name: str
    summary: str
    verbatims: list[Verbatim]


class Findings(View):
    """One analysis. dropped_quotes: quotes that the model gave and that nobody said. through_seq: the last message read.

    version: 0 as the model found it, and one more with each edit by a person; editor: who made the last one.
    """

    themes: list[Theme]
    summary: str
    dropped_quotes: int
    dropped_themes: int
    model: str
    through_seq: int
    created_at: When
    simulated: bool
    analysis_id: str
    version: int
    editor: str
    edited_at: When | None
