"""Questionnaires as Markdown: read, written, read again; mistakes with their lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.markdown import parse_questionnaire, read_questionnaire, to_markdown
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.instruments.questions import (
    Allocation,
    MultipleChoice,
    NumberQuestion,
    OpenText,
    Question,
    Ranking,
    Recommendation,
    Scale,
    SingleChoice,
    Topic,
)
from tests.studies import REPOSITORY

WHOLE = """# Oat milk

A carton of oat milk at 1.80.
It comes in blue.

## Which do you drink most?
type: single choice
- Oat milk
- Cow's milk
- None

## Which have you tried?
type: multiple choice
most: 2
shuffle: no
- Oat
- Soy
- Rice

## How likely are you to buy it?
type: scale
points: 5
low: I would never buy it
high: I would buy it today
anchors: purchase intent

## How likely are you to recommend it?
type: nps

## Put these in order
type: ranking
- Price
- Taste

## What would you pay?
type: number
least: 0
most: 10.5
unit: euros

## How much does each count?
type: allocation
don't know: no
- Price
- Taste

## Why?
type: open
"""


def test_a_questionnaire_of_every_type_reads_as_it_is_written() -> None:
    read = parse_questionnaire(WHOLE)
    assert read.introduction == "A carton of oat milk at 1.80.\nIt comes in blue."
    assert read.questions == (
        SingleChoice("Which do you drink most?", options=("Oat milk", "Cow's milk", "None")),
        MultipleChoice("Which have you tried?", options=("Oat", "Soy", "Rice"), shuffle=False, most=2),
        Scale(
            "How likely are you to buy it?",
            low="I would never buy it",
            high="I would buy it today",
            topic=Topic.PURCHASE_INTENT,
        ),
        Recommendation("How likely are you to recommend it?"),
        Ranking("Put these in order", options=("Price", "Taste")),
        NumberQuestion("What would you pay?", least=0, most=10.5, unit="euros"),
        Allocation("How much does each count?", dont_know=False, options=("Price", "Taste")),
        OpenText("Why?"),
    )
    assert parse_questionnaire(to_markdown(read)) == read


def test_the_example_of_the_docs_can_be_read() -> None:
    text = (REPOSITORY / "docs" / "instruments.md").read_text(encoding="utf-8")
    example = text.split("```markdown\n")[1].split("```")[0]
    assert len(parse_questionnaire(example).questions) == 8


WORDS = (
    st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=40)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
OPTIONS = st.lists(WORDS, min_size=2, max_size=6, unique_by=str.casefold).map(tuple)
ONE = st.booleans()
FINITE = st.floats(allow_nan=False, allow_infinity=False)
QUESTIONS: st.SearchStrategy[Question] = st.one_of(
    st.builds(SingleChoice, WORDS, ONE, OPTIONS, ONE),
    OPTIONS.flatmap(
        lambda options: st.builds(
            MultipleChoice, WORDS, ONE, st.just(options), ONE, st.none() | st.integers(1, len(options))
        )
    ),
    st.builds(Ranking, WORDS, ONE, OPTIONS, ONE),
    st.builds(Allocation, WORDS, ONE, OPTIONS, ONE),
    st.builds(Scale, WORDS, ONE, st.integers(2, 11), WORDS, WORDS, st.none() | st.sampled_from(Topic)),
    st.builds(Recommendation, WORDS, ONE, WORDS, WORDS),
    st.builds(
        NumberQuestion,
        WORDS,
        ONE,
        st.none() | FINITE,
        st.none(),
        st.just("") | WORDS.map(lambda unit: unit[:20].strip()),
    ),
    st.builds(OpenText, WORDS, ONE),
)


@given(WORDS, st.lists(QUESTIONS, min_size=1, max_size=5))
def test_every_questionnaire_comes_back_from_its_markdown(title: str, questions: list[Question]) -> None:
    made = Questionnaire(title, tuple(questions), "Read this.\n\nAnd this.")
    assert parse_questionnaire(to_markdown(made)) == made


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    reading = read_questionnaire(text)
    assert (reading.questionnaire is None) == bool(reading.mistakes)
    assert all(1 <= mistake.line <= max(1, len(text.splitlines())) for mistake in reading.mistakes)


@pytest.mark.parametrize(
    ("below", "told"),
    [
        ("", "Line 3: this question has no “type: …”; types are single choice, multiple choice, scale"),
        ("type: slider", "Line 4: there is no type “slider”"),
        ("type: single choice\n- A", "Line 3: A single choice question has 2 to 20 options, not 1."),
        ("type: single choice\n- A\n- a", "Line 3: The option “a” stands there twice."),
        ("type: scale\npoints: 12\nlow: no\nhigh: yes", "Line 3: A scale has 2 to 11 points, not 12."),
        (
            "type: scale\npoints: many\nlow: no\nhigh: yes",
            "Line 5: “points: many” cannot be read; it takes a whole number",
        ),
        ("type: scale\nhigh: yes", "Line 3: The end “low: …” has no words."),
        (
            "type: scale\nlow: no\nhigh: yes\nanchors: joy",
            "Line 7: “anchors: joy” cannot be read; it takes one of appeal",
        ),
        ("type: open\n- A", "Line 5: the type open has no options."),
        ("type: open\npoints: 3", "Line 5: “points” is no setting of the type open."),
        ("type: open\ntype: open", "Line 5: “type” is set twice for this question."),
        ("type: open\nfoo bar", "Line 5: “foo bar” is no option (“- …”) and no setting"),
        ("type: number\nleast: 5\nmost: 1", "Line 3: No number is from 5 to 1."),
        ("type: multiple choice\nmost: 3\n- A\n- B", "Line 3: “At most 3” fits no choice of 2 options."),
        ("type: nps\ndon't know: perhaps", "Line 5: “don't know: perhaps” cannot be read; it takes yes or no."),
    ],
)
def test_mistakes_are_said_with_their_line(below: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_questionnaire(f"# T\n\n## Q?\n{below}")
    assert told in str(refused.value)


def test_all_mistakes_are_told_in_the_order_of_their_lines() -> None:
    reading = read_questionnaire("Words first\n# T\n## A\ntype: x\n## B\nnonsense\n# Again")
    assert [mistake.line for mistake in reading.mistakes] == [2, 4, 5, 6, 7]


@pytest.mark.parametrize("text", ["", "# T", "## Q\ntype: open"])
def test_a_questionnaire_has_a_title_and_a_question(text: str) -> None:
    assert read_questionnaire(text).questionnaire is None
