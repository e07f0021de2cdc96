"""Results of a survey on the screen: each question with its shares, figures, flags, and the words behind a bar."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from semblance_core.analysis.surveys.groups import FIELDS
from semblance_core.analysis.surveys.resampling import Interval
from semblance_core.analysis.surveys.results import Counts, QuestionResult
from semblance_core.domain.instruments.flags import FLAG_WORDS
from semblance_core.domain.instruments.questions import NumberQuestion, OpenText, Rated
from semblance_core.domain.personas.persona import label
from semblance_core.reports.surveys.answered import AnsweredSurvey
from semblance_core.reports.surveys.method import METHOD_WORDS
from ui.parts.in_address import Choice, by_text, page_of
from ui.parts.words import Markdown, joined, md, safe_markdown, shortened
from ui.surveys.charts import MOST_GROUPS, groups_chart, shares_chart
from ui.surveys.prices import prices_view

SHOWN = 8
MOST_WORDS, MOST_CHARS = 6, 400
EVERYONE = "everyone together"
BARS = "Beside each bar: its share, and how many people. Click on a bar to read the words behind it."
SPREAD = "Beside each bar: its share. Click on a bar to read the words behind it."
INTERVALS = (
    "Whiskers and ranges: the middle 95% of 2,000 resampled panels. They say how far a figure would move with other personas of "
    "this kind, not how far it is from people's."
)


def results_view(answered: AnsweredSurvey) -> None:
    """All questions, some a page, for everyone or by a field of the personas."""
    scope = f"survey/{answered.survey.id}"
    fields = Choice("by", scope, among=by_text((EVERYONE, *FIELDS)), default=EVERYONE)
    by = fields.show()
    st.selectbox(
        "Show results for",
        (EVERYONE, *FIELDS),
        key=fields.key,
        on_change=fields.keep,
        format_func=lambda name: name if name == EVERYONE else f"by {label(name)}",
        width=320,
    )
    st.caption(INTERVALS)
    prices_view(answered, {} if by == EVERYONE else answered.groups(by))
    results = answered.results()
    split = {} if by == EVERYONE else answered.results_by(by)
    questions = [list(ways) for _, ways in groupby(results, key=lambda result: result.place)]
    drawn = st.container()
    page = page_of(len(questions), SHOWN, scope, "questions")
    with drawn:
        for ways in questions[(page - 1) * SHOWN : page * SHOWN]:
            _question(answered, ways, {name: _of(group, ways[0].place) for name, group in split.items()})


def _of(results: Sequence[QuestionResult], place: int) -> list[QuestionResult]:
    return [result for result in results if result.place == place]


def _question(answered: AnsweredSurvey, ways: Sequence[QuestionResult], split: dict[str, list[QuestionResult]]) -> None:
    """One question, its ways of asking side by side."""
    question = ways[0].question
    most = max((bar.share.high for result in ways for bar in result.bars), default=1.0)
    with st.container(border=True):
        st.markdown(md("#### {}. {}", ways[0].place + 1, question.text))
        columns = st.columns(len(ways))
        for at, (column, result) in enumerate(zip(columns, ways, strict=True)):
            with column:
                if isinstance(question, Rated):
                    st.markdown(md("**{}**", METHOD_WORDS[result.method].capitalize()))
                _one_way(answered, result, {name: results[at] for name, results in split.items()}, most)


def _one_way(answered: AnsweredSurvey, result: QuestionResult, split: dict[str, QuestionResult], most: float) -> None:
    st.caption(counts_words(result.counts))
    _flags(result)
    key = f"{answered.survey.id}_{result.place}_{result.method}"
    picked = None
    if split and result.bars:
        if len(split) > MOST_GROUPS:
            st.caption(f"Drawn for the first {MOST_GROUPS} of {len(split)} groups; the table has all.")
        groups_chart(split, f"split_{key}")
        st.markdown(_split_table(split))
    elif result.bars:
        picked = shares_chart(result, f"shares_{key}", most)
        if figures := figure_words(result):
            st.markdown(figures)
        st.caption(BARS if result.bars[0].people is not None else SPREAD)
    if isinstance(result.question, OpenText) or picked is not None:
        _words(answered, result, picked, key)


def counts_words(counts: Counts) -> Markdown:
    """The number who answered, and what became of the rest."""
    told = [f"{counts.answered:,} of {counts.asked:,} answered"]
    told += [f"{counts.dont_know:,} don't know"] if counts.dont_know else []
    told += [f"{counts.unrated:,} could not be rated"] if counts.unrated else []
    told += [f"{counts.unusable:,} without a usable answer"] if counts.unusable else []
    told += [f"{counts.missing:,} not asked yet"] if counts.missing else []
    return safe_markdown(" · ".join(told))


def _flags(result: QuestionResult) -> None:
    with st.container(horizontal=True, gap="small"):
        for flag in result.flags:
            st.badge(safe_markdown(flag.label), color="gray", help=safe_markdown(FLAG_WORDS[flag]))


def figure_words(result: QuestionResult) -> Markdown:
    """Mean, spread, top two, score and ranking, each with its interval; empty where the question has none of them."""
    told = []
    if result.mean and isinstance(result.question, Rated | NumberQuestion):
        told.append(f"mean {_ranged(result.mean, '.2f')}")
    if result.spread is not None:
        told.append(f"spread {result.spread:.2f}")
    if isinstance(result.question, NumberQuestion) and result.middle is not None:
        told.append(f"median {result.middle:g}")
    if result.top_two:
        told.append(f"top two {_ranged(result.top_two, '.0%')}")
    if result.score:
        told.append(f"net promoter score {_ranged(result.score, '.0f')}")
    if result.borda:
        order = sorted(zip(result.bars, result.borda, strict=True), key=lambda pair: -pair[1].figure)
        ranked = "; ".join(f"{bar.label} {_ranged(points, '.2f')}" for bar, points in order)
        told.append(f"bars are first places; Borda points: {ranked}")
    return safe_markdown(" · ".join(told)) if told else md("")


def _ranged(interval: Interval, how: str) -> str:
    return f"{interval.figure:{how}} ({interval.low:{how}} to {interval.high:{how}})"


def _split_table(split: dict[str, QuestionResult]) -> Markdown:
    rows = [
        md(
            "| {} | {} | {} | {} |",
            " ".join(name.split()),
            f"{result.counts.answered:,}",
            _ranged(result.mean, ".2f") if result.mean else "–",
            _ranged(result.top_two, ".0%") if result.top_two else "–",
        )
        for name, result in split.items()
    ]
    return md("| Group | Answered | Mean | Top two |\n|---|---|---|---|\n{}", joined("\n", rows))


def _words(answered: AnsweredSurvey, result: QuestionResult, bar: int | None, key: str) -> None:
    """The words behind a bar, or of an open question, some a page."""
    found = answered.words(result.place, result.method, bar)
    if bar is not None:
        st.markdown(md("**{}**", result.bars[bar].label))
    if not found:
        st.caption("Nobody said a word here.")
    rows = st.container()
    page = page_of(len(found), MOST_WORDS, f"survey/{key}", f"words{result.place + 1}{result.method[0]}")
    with rows:
        for each in found[(page - 1) * MOST_WORDS : page * MOST_WORDS]:
            st.markdown(md("“{}”  \n:gray[{}]", shortened(each.text, MOST_CHARS), answered.name_of(each.respondent)))
