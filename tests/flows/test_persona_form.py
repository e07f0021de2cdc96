"""Personas from files: what an export writes an import reads back, and what is wrong is named by its place."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import LIST_FIELDS, BigFive, Persona
from semblance_core.domain.personas.vocabulary import gender_word
from semblance_core.flows.importing.persona_file import preview_of, read_personas
from semblance_core.flows.importing.persona_form import PersonaForm
from semblance_core.reports.exports import personas_csv, personas_json, template_csv

LEVEL = st.integers(0, 100)
FORMULA = st.builds(
    str.__add__, st.sampled_from(["=", "+", "-", "@", "'=", "''+", "'", "[", '"', ";", ","]), st.text(max_size=60)
)
TEXT = (st.text(max_size=60) | FORMULA).map(lambda text: " ".join(text.replace("\0", "").split()))
LIST = st.lists(TEXT.filter(bool), max_size=4).map(tuple)
PERSONAS = st.builds(
    Persona,
    name=TEXT.filter(bool),
    age=st.none() | st.integers(16, 110),
    gender=TEXT.map(gender_word),
    location=TEXT,
    tech_comfort=TEXT,
    backstory=TEXT,
    quote=TEXT,
    values=LIST,
    goals=LIST,
    brands=LIST,
    big_five=st.builds(BigFive, LEVEL, LEVEL, LEVEL, LEVEL, LEVEL),
    talkativeness=LEVEL,
    source_brief=TEXT,
    simulated=st.booleans(),
).filter(lambda persona: len(persona.name) <= 80)


@given(st.lists(PERSONAS, min_size=1, max_size=3))
def test_personas_come_back_from_csv_as_they_were(personas: list[Persona]) -> None:
    assert read_personas(personas_csv(personas)) == [replace(one, origin="imported") for one in personas]


@given(st.lists(PERSONAS, min_size=1, max_size=3))
def test_personas_come_back_from_json_as_they_were(personas: list[Persona]) -> None:
    assert read_personas(personas_json(personas)) == [replace(one, origin="imported") for one in personas]


@given(st.lists(PERSONAS, min_size=1, max_size=3))
def test_no_cell_of_an_export_is_a_formula(personas: list[Persona]) -> None:
    import csv
    import io

    for row in csv.reader(io.StringIO(personas_csv(personas))):
        for cell in row:
            is_number = cell.lstrip("-").replace(".", "", 1).isdecimal()
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\0")) or is_number


def test_a_table_from_a_spreadsheet_is_read_leniently() -> None:
    table = '\ufeffName, Age ,Values,Openness,Tech Comfort,Unknown\nMaya,34,thrift; calm,80,high,x\nBen,,"a, b",,,\n'
    maya, ben = read_personas(table)
    assert (maya.name, maya.age, maya.values, maya.big_five.openness) == ("Maya", 34, ("thrift", "calm"), 80)
    assert (maya.tech_comfort, maya.origin) == ("high", "imported")
    assert (ben.age, ben.values, ben.big_five.openness) == (None, ("a", "b"), 50)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        *(
            (text, "^The file is empty.$")
            for text in ("", " \n", "\ufeff", "\0\0", ";;;\r\n;;;\r\n", ",,\n", '""\n', "\t\t\n\n")
        ),
        ("age,gender\n3,x", "neither a JSON list"),
        ("name,age\n", "no persona"),
        ("[]", "no persona"),
        ('{"personas": 3}', "no list"),
        ("[1]", "Persona 1: It is not an object"),
        ('[{"name": "A"}, {"age": 3}]', "Persona 2: A persona needs a name"),
        ('[{"name": "A"', "not readable as JSON"),
        ("[" * 100_000, "not readable as JSON"),
        ("name,quote\nA," + "x" * 140_000, "not readable as CSV"),
        (json.dumps([{"name": "A"}] * 501), "at most 500"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read_personas(text)


@pytest.mark.parametrize("age", ["unknown", "thirty", "NaN", True, [], {}])
def test_an_age_that_is_none_is_not_invented(age: Any) -> None:
    assert PersonaForm.model_validate({"name": "A", "age": age}).persona().age is None


@given(
    st.dictionaries(
        st.sampled_from(list(PersonaForm.model_fields)),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=6,
        ),
    )
)
def test_whatever_a_model_writes_becomes_a_persona(fields: dict[str, Any]) -> None:
    persona = PersonaForm.model_validate(fields).persona(fallback_name="Participant 1")
    assert persona.name
    assert all(isinstance(getattr(persona, name), tuple) for name in LIST_FIELDS)


def test_half_a_character_from_a_model_can_be_stored() -> None:
    (persona,) = read_personas('[{"name": "A", "quote": "fine \\ud83d"}]')
    assert persona.quote == "fine ?"


def test_what_a_person_wrote_is_not_cut_but_named() -> None:
    rows = [
        {"name": "n" * 81},
        {"name": "Ben", "backstory": "b" * 4_001, "values": ["v" * 301], "goals": [f"g{n}" for n in range(13)]},
        {"name": "Cal", "openness": 101, "talkativeness": "140"},
        {"name": "Dee", "age": "34.0", "openness": "70"},
    ]
    preview = preview_of(json.dumps(rows))
    assert [(person.name, person.age, person.big_five.openness) for person in preview.personas] == [("Dee", 34, 70)]
    long_name, long_texts, levels = preview.problems
    assert "Name: it has 81 characters; at most 80 fit." in long_name
    assert "Persona 2 (Ben): Backstory: it has 4,001 characters; at most 4,000 fit." in long_texts
    assert "Values: “vvvvvv" in long_texts
    assert "Goals: there are 13 entries; at most 12 fit." in long_texts
    assert "Openness: “101” is not a whole number from 0 to 100." in levels
    assert "Talkativeness: “140” is not" in levels


def test_the_template_is_a_file_that_an_import_reads() -> None:
    (example,) = read_personas(template_csv())
    assert (example.name, example.age, example.values) == ("Maya Rao", 34, ("thrift", "calm"))
    assert "origin" not in template_csv().partition("\n")[0]
