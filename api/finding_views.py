"""Themes and quotes as the API answers them."""

from dataclasses import asdict
from typing import Self

from api.values import View, When
from semblance_core.analysis.claims.told import tally, told_of_session, told_of_theme
from semblance_core.domain.findings.theme import Findings as Found
from semblance_core.reports.claims import claim_rows


class Verbatim(View):
    """An exact quote; seq: the message that it stands in. sentiment: the model's judgement, null where it gave none.

    by_hand: a person picked it, not the model.
    """

    seq: int
    speaker: str
    quote: str
    sentiment: str | None
    by_hand: bool


class Claim(View):
    """A sentence of a summary. check: `said` by the messages it rests on, `inferred` by the analyst, `no_claim`, or `unchecked`.

    marks: what readers have to be told of it; empty where the messages say it. messages: those it rests on.
    """

    sentence: str
    check: str
    marks: list[str]
    messages: list[int]


class Theme(View):
    name: str
    summary: str
    claims: list[Claim]
    verbatims: list[Verbatim]


class Findings(View):
    """One analysis. dropped_quotes: quotes that the model gave and that nobody said. through_seq: the last message read.

    marked_sentences: those of all summaries that go beyond what the messages say; unchecked_sentences: those that nobody checked.
    version: 0 as the model found it, and one more with each edit by a person; editor: who made the last one.
    """

    themes: list[Theme]
    summary: str
    claims: list[Claim]
    marked_sentences: int
    unchecked_sentences: int
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

    @classmethod
    def among(cls, found: Found, people: int) -> Self:
        """The analysis of a session in which so many people take part."""
        counted = tally(found, people)
        themes = [{**asdict(theme), "claims": claim_rows(told_of_theme(theme, people))} for theme in found.themes]
        shown = {name: getattr(found, name) for name in cls.model_fields if hasattr(found, name)}
        claims = claim_rows(told_of_session(found, people))
        marks = {"marked_sentences": counted.marked, "unchecked_sentences": counted.unchecked}
        return cls.of({**shown, "themes": themes, "claims": claims, **marks})
