"""A survey as files: long and wide hold the same answers, every row says that it is synthetic, figures are those of the results."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime

from semblance_core.domain.instruments.answers import Answer, AnswerState, RatingMethod
from semblance_core.domain.instruments.markdown import parse_questionnaire
from semblance_core.domain.instruments.survey import Given, Respondent, Survey
from semblance_core.domain.personas.persona import Persona
from semblance_core.reports.surveys.answered import AnsweredSurvey
from semblance_core.reports.surveys.files import archive, columns_csv, long_csv, results_json, results_rows, wide_csv
from semblance_core.reports.surveys.method import method_card
from tests.surveys import EVERY

SIMILARITY = RatingMethod.SIMILARITY


def answered() -> AnsweredSurvey:
    survey = Survey(
        *("s", "p", "user", "Oat milk", EVERY, "openai/gpt-4o-mini", 7, 2, datetime(2026, 11, 30, 12, tzinfo=UTC)),
        methods=(RatingMethod.DIRECT, SIMILARITY),
        rater="TF-IDF",
        anchors="1",
        prompts="abcd1234",
    )
    people = tuple(
        Respondent(number, Persona(f"P{number}", age=30, gender="woman", id=f"id-{number}")) for number in range(2)
    )
    first = [
        Answer(0, options=(2,), order=(2, 0, 1), text="=SUM(1)", model="m"),
        Answer(1, value=4.0, text="Yes.", model="m"),
        Answer(1, SIMILARITY, value=3.25, shares=(0, 0.25, 0.5, 0, 0.25), text="Maybe.", model="m"),
        Answer(2, options=(0, 2), order=(0, 1, 2), model="m"),
        Answer(3, value=9.0, model="m"),
        Answer(4, options=(1, 2, 0), order=(0, 1, 2), model="m"),
        Answer(5, value=2.5, model="m"),
        Answer(6, shares=(70.0, 30.0), order=(1, 0), model="m"),
        Answer(7, text="It is dear.", model="m"),
    ]
    given = [*(Given(0, answer) for answer in first), Given(1, Answer(0, state=AnswerState.DONT_KNOW, model="m"))]
    return AnsweredSurvey(survey, parse_questionnaire(EVERY), people, tuple(given))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_long_form_has_a_row_an_answer() -> None:
    found = rows(long_csv(answered()))
    assert len(found) == 10
    assert [row["answer"] for row in found] == [
        *(
            "None",
            "4",
            "3.25",
            "Oat | Rice",
            "9",
            "Taste | Packaging | Price",
            "2.5",
            "Price: 70 | Taste: 30",
            "It is dear.",
            "",
        )
    ]
    assert found[0]["order_shown"] == "None | Oat milk | Cow's milk"
    assert found[0]["words"] == "'=SUM(1)", "no formula"
    assert found[2]["distribution"] == "0 0.25 0.5 0 0.25"
    assert (found[2]["similarity"], found[2]["anchors"], found[1]["similarity"]) == ("TF-IDF", "1", "")
    assert found[9]["state"] == "don't know"
    assert all(row["synthetic"] == "True" and row["model"] == "m" and "unbenchmarked" in row["flags"] for row in found)


def test_the_wide_form_has_a_row_a_respondent() -> None:
    first, second = rows(wide_csv(answered()))
    assert (first["q1"], first["q2"], first["q2_similarity"], first["q2_similarity_p3"]) == ("None", "4", "3.25", "0.5")
    assert [first[f"q3 {option}"] for option in ("Oat", "Soy", "Rice")] == ["1", "0", "1"]
    assert [first[f"q5 {option}"] for option in ("Price", "Taste", "Packaging")] == ["3", "1", "2"]
    assert (first["q7 Price"], first["q8_words"], first["gender"]) == ("70", "It is dear.", "woman")
    assert (second["q1"], second["q1_state"], second["q2_state"]) == ("", "don't know", "not asked yet")
    assert first["synthetic"] == second["synthetic"] == "True"


def test_each_column_of_answers_has_its_questions_text() -> None:
    made = answered()
    told = {row["column"]: row for row in rows(columns_csv(made))}
    wide = list(rows(wide_csv(made))[0])
    assert list(told) == [name for name in wide if re.match(r"q\d", name)]
    likely = made.questionnaire.questions[1].text
    assert {row["text"] for name, row in told.items() if name.startswith("q2")} == {likely}
    assert (told["q3 Soy"]["option"], told["q3 Soy"]["holds"]) == ("Soy", "1 chosen, 0 not")
    assert told["q5 Taste"]["holds"] == "the rank, 1 is the first"
    assert told["q2"]["holds"].startswith("a point from 1 (I would never buy it) to 5")


def test_all_files_in_one_archive_agree_with_the_results() -> None:
    made = answered()
    assert archive(made) == archive(made)
    with zipfile.ZipFile(io.BytesIO(archive(made))) as packed:
        assert packed.namelist() == [
            *(
                "answers.csv",
                "answers-wide.csv",
                "answers-wide-columns.csv",
                "results.json",
                "questionnaire.md",
                "method.md",
            )
        ]
        told = json.loads(packed.read("results.json"))
        assert packed.read("method.md").decode() == method_card(made)
    assert told == json.loads(results_json(made))
    assert told["results"] == json.loads(json.dumps(results_rows(made.results())))
    assert told["synthetic"] is True


def test_the_card_says_what_it_is_and_is_not() -> None:
    card = method_card(answered())
    for words in ("synthetic, by a language model", "similarity: free text", "T = 1", "version abcd1234", "small\\_n"):
        assert words in card
    assert "not how far it is from people's" in card
