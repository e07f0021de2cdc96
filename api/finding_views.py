"""Themes and quotes as the API answers them."""

from dataclasses import asdict
from typing import Self

from api.values import View, When
from semblance_core.analysis.agreement.analyses import TwoAnalyses
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


class Measure(View):
    """A measure of agreement; null where it is not defined, with the reason as `why`."""

    value: float | None
    why: str


class Measures(View):
    """Cohen's kappa, Gwet's AC1, Krippendorff's alpha, positive agreement. units: turns × themes; marked: of them, by either."""

    kappa: Measure
    ac1: Measure
    alpha: Measure
    positive: Measure
    units: int
    marked: int


class Disagreement(View):
    """A message that one analysis quotes for the theme and the other does not. marked_by: `first` or `second`."""

    seq: int
    marked_by: list[str]


class ThemeCompared(View):
    """first, second: the theme's names there; null where that analysis has none like it. found_again: both have it."""

    first: str | None
    second: str | None
    similarity: float
    found_again: bool
    agreement: Measures | None
    disagreements: list[Disagreement]


class AnalysesCompared(View):
    """threshold: similarity that unrelated themes reach, above which two are taken for one; null with the reason as `why`."""

    first: str
    second: str
    found_again: int
    threshold: float | None
    why: str
    turns: int
    overall: Measures | None
    themes: list[ThemeCompared]

    @classmethod
    def between(cls, found: TwoAnalyses) -> Self:
        """The comparison, its analyses and themes by their ids and names."""
        themes = [
            {
                **{name: getattr(each, name) for name in ThemeCompared.model_fields},
                "first": each.first.name if each.first else None,
                "second": each.second.name if each.second else None,
            }
            for each in found.themes
        ]
        shown = {name: getattr(found, name) for name in cls.model_fields}
        ids = {"first": found.first.analysis_id, "second": found.second.analysis_id}
        return cls.of({**shown, **ids, "themes": themes})
