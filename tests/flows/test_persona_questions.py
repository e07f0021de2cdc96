"""A file that can be read in two ways is asked about, never guessed: numbers, ages, encodings."""

import pytest

from semblance_core.domain.errors import InvalidInput
from semblance_core.flows.importing.persona_file import preview_of, read_personas
from semblance_core.flows.importing.preview import NoteKind
from semblance_core.flows.importing.words import preview_lines


def test_what_can_be_meant_in_two_ways_is_asked_field_by_field() -> None:
    table = b"name;age;talkativeness\r\nMaya Rao;34,0;50,5\r\n"
    asked = preview_of(table)
    assert asked.personas == ()
    (problem,) = asked.problems
    for field in (
        "Age: “34,0” is 34 with a decimal comma and no number with commas between thousands",
        "Talkativeness: “50,5” is 50.5 with",
    ):
        assert field in problem
    (question,) = asked.questions
    assert question.kind == "numbers"
    assert {choice.value: choice.shown[0] for choice in question.choices} == {
        "comma": "Age “34,0” is 34",
        "point": "Age “34,0” is no number",
    }
    with pytest.raises(InvalidInput, match="say how numbers are written"):
        read_personas(table)
    told = preview_of(table, numbers="comma")
    assert [(each.age, each.talkativeness) for each in told.personas] == [(34, 51)]
    assert told.questions == ()
    assert "Talkativeness: 1 value made whole, “50,5” became 51." in [note.text for note in told.notes]
    assert "“34,0” is not a whole number" in preview_of(table, numbers="point").problems[0]
    thousands = b'name,openness\nMaya,"1,000"\n'
    (question,) = preview_of(thousands).questions
    assert [choice.shown for choice in question.choices] == [("Openness “1,000” is 1",), ("Openness “1,000” is 1000",)]
    assert "“1000” is not a whole number from 0 to 100" in preview_of(thousands, numbers="point").problems[0]


def test_ages_that_are_none_are_asked_about_or_refused_never_guessed() -> None:
    ranges = b"name,age\nMaya,25-34\nBen,45 to 54 years\nZoe,65+\nCal,34\n"
    asked = preview_of(ranges)
    assert [person.name for person in asked.personas] == ["Cal"]
    assert "Row 2 (Maya): Age: “25-34” is a range" in asked.problems[0]
    assert [question.kind for question in asked.questions] == ["ages"]
    assert [person.age for person in read_personas(ranges, ages="middle")] == [30, 50, None, 34]
    said = "Age: 3 values read as ranges and taken for the middle: “25-34” became 30, “45 to 54 years” became 50, “65+” became not stated."
    assert said in [note.text for note in preview_of(ranges, ages="middle").notes]
    assert [person.age for person in read_personas(ranges, ages="none")] == [None, None, None, 34]
    for age, words in (("1990", "year or date of birth"), ("1990-05-01", "date of birth"), ("14-Oct", "not a whole number"),
                       ("young", "not a whole number"), ("340", "not a whole number from 16 to 110"), ("12", "not a whole")):  # fmt: skip
        (problem,) = preview_of(f"name,age\nMaya,{age}\n").problems
        assert words in problem, age
    for age, years in (("34y", 34), ("34 yrs old", 34), ("ca. 34", 34), ("34 ans", 34), ("３４歳", 34), ("34.0", 34), (" 34 ", 34),
                       ("N/A", None), (".", None), ("prefer not to say", None), ("-99", None), ("", None)):  # fmt: skip
        (person,) = preview_of(f"name,age\nMaya,{age}\n").personas
        assert person.age == years, age


def test_an_encoding_in_doubt_is_asked_with_the_first_rows() -> None:
    table = "name,occupation\nBen,Teacher\nAyşe Yıldız,öğretmen\n".encode("cp1254")
    (question,) = preview_of(table).questions
    assert question.kind == "encoding"
    shown = {choice.value: choice.shown[0] for choice in question.choices}
    assert next(iter(shown)) == "cp1254", "the likeliest is first"
    assert shown.items() >= {"cp1252": "Ayþe Yýldýz, öðretmen", "cp1254": "Ayşe Yıldız, öğretmen"}.items()
    with pytest.raises(InvalidInput, match="cp1254: Ayşe Yıldız, öğretmen"):
        read_personas(table)
    told = preview_of(table, encoding="Windows-1254")
    assert (told.personas[1].name, told.encoding, told.questions) == ("Ayşe Yıldız", "cp1254", ())
    with pytest.raises(InvalidInput, match=r"“klingon” is not a known encoding\. Known encodings: utf-8"):
        preview_of(table, encoding="klingon")
    with pytest.raises(InvalidInput, match=r"no text in Unicode \(UTF-8\): byte 31"):
        preview_of(table, encoding="utf-8")
    for encoding, name in (
        ("cp1252", "Müller"),
        ("cp1250", "Dvořák"),
        ("koi8-r", "Мария Иванова, Москва"),
        ("cp949", "김민수"),
    ):
        guessed = preview_of(f'name\n"{name}"\n'.encode(encoding))
        assert guessed.personas[0].name == name, encoding
        assert [note.kind for note in guessed.notes] == [NoteKind.ENCODING]


def test_rows_that_only_await_an_answer_are_no_faults() -> None:
    tables = {
        # a table: the rows that await an answer, the rows with a fault
        'name,age\nMaya,25-34\nBen,34\n"Zoe","34,0"\n': (["Row 2", "Row 4"], []),
        "name,age,openness\nMaya,25-34,300\nBen,12,5\nZoe,65+,5\n,18-24,5\n": (["Row 4"], ["Row 2", "Row 3", "Row 5"]),
        'name;age;openness\nMaya;25-34;"45,5"\nBen;34;"1,000"\n': (["Row 2", "Row 3"], []),
        "name,age\nMaya,1990\n": ([], ["Row 2"]),
        "name,age\nMaya,34\n": ([], []),
    }
    for table, (awaiting, faults) in tables.items():
        preview = preview_of(table)
        assert [each.partition(" (")[0].partition(":")[0] for each in preview.awaiting] == awaiting, table
        assert [each.partition(" (")[0].partition(":")[0] for each in preview.faults] == faults, table
        lines = list(preview_lines(preview, "people.csv"))
        assert not any(
            "say how numbers" in line or "say whether its middle" in line
            for line in lines
            if line.startswith("Row") and not faults
        ), lines
        assert any(
            f"{'1 row waits' if len(awaiting) == 1 else f'{len(awaiting)} rows wait'} for an answer:" in line
            for line in lines
        ) == bool(awaiting)


def test_nothing_is_said_to_be_read_in_an_encoding_that_nobody_chose() -> None:
    for name, text in (
        ("cp1254", "Ayşe Yıldız,öğretmen"),
        ("mac-roman", "Åsa,Läkare"),
        ("cp1250", "Łucja Gąska,pielęgniarka"),
    ):
        table = f"name,occupation\nBen,Teacher\n{text}\n".encode(name)
        preview = preview_of(table)
        if preview.needs_encoding:
            first = "\n".join(preview_lines(preview, "people.csv")).partition("The file's characters")[0]
            assert "They were read as" not in first, name
            assert "read as CSV, columns" in first, name
        told = "\n".join(preview_lines(preview_of(table, encoding=name), "people.csv"))
        assert "read as CSV in " in told, told
