"""Tables are read as the programs that write them mean them, and written again with the same values."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semblance_core.domain.errors import InvalidInput
from semblance_core.flows.importing.persona_file import preview_of, read_personas
from semblance_core.flows.importing.preview import ImportPreview
from semblance_core.reports.exports import personas_csv, personas_json

MAYA, BEN = ("Maya Rao", 34, "Nurse"), ("Ben Cole", 51, "Teacher")
TABLES: dict[str, tuple[bytes, list[tuple[Any, ...]], str]] = {
    # program: what it writes; who is in it (name, age, occupation, perhaps location); columns left out
    "Excel, comma": (b"name,age,occupation\r\nMaya Rao,34,Nurse\r\nBen Cole,51,Teacher\r\n", [MAYA, BEN], ""),
    "Excel for Mac, CR": (b"name,age,occupation\rMaya Rao,34,Nurse\rBen Cole,51,Teacher\r", [MAYA, BEN], ""),
    "Excel, sep=": (b"sep=;\r\nname;age;occupation\r\nMaya Rao;34;Nurse\r\nBen Cole;51;Teacher\r\n", [MAYA, BEN], ""),
    "Excel, quoted sep= and tabs": (b'"sep=\t"\r\nname\tage\toccupation\r\nMaya Rao\t34\tNurse\r\n', [MAYA], ""),
    "Excel, SEP=|": (b"SEP=|\nname|age|occupation\nMaya Rao|34|Nurse\n", [MAYA], ""),
    "Excel, semicolons and commas within": (b'name;age;occupation;quote\r\nMaya Rao;34;Nurse;"No, thanks"\r\n', [MAYA], ""),
    "Excel, blank rows and columns": (
        b"name;age;occupation;;\r\nMaya Rao;34;Nurse;;\r\n;;;;\r\n;;;;\r\nBen Cole;51;Teacher;;\r\n", [MAYA, BEN], ""),
    "Excel, Unicode text": ("name\tage\toccupation\r\nMaya Rao\t34\tNurse\r\n".encode("utf-16"), [MAYA], ""),
    "UTF-16 big-endian without a mark": ("name,age,occupation\r\nMaya Rao,34,Nurse\r\n".encode("utf-16-be"), [MAYA], ""),
    "Excel, CSV UTF-8": ("\ufeffname;age;occupation\r\nŁucja;34;Pielęgniarka\r\n".encode(), [("Łucja", 34, "Pielęgniarka")], ""),
    "Excel in Poland": (
        "name;age;occupation;location\r\nŁukasz Wiśniewski;34;Pielęgniarz;Łódź\r\n".encode("cp1250"),
        [("Łukasz Wiśniewski", 34, "Pielęgniarz", "Łódź")], ""),
    "Excel in France": ("Nom;Prénom;Âge;Métier\r\nDupré;Élodie;34;Infirmière\r\n".encode("cp1252"), [("Élodie Dupré", 34, "Infirmière")], ""),
    "Excel in Germany": (
        "Name;Alter;Beruf;Wohnort;Schuhgröße\r\nJürgen Weiß;51;Lehrer;Köln;44\r\n".encode("cp1252"),
        [("Jürgen Weiß", 51, "Lehrer", "Köln")], "Schuhgröße"),
    "Excel in Russia": ("Имя;Возраст;Профессия\r\nМария;34;Медсестра\r\n".encode("cp1251"), [("Мария", 34, "Медсестра")], ""),
    "Excel in Japan": ("名前,年齢,職業\r\n田中花子,34,看護師\r\n".encode("cp932"), [("田中花子", 34, "看護師")], ""),
    "Excel for Mac, Macintosh code page": (
        "name,age,occupation\rJosé Müller,34,François\r".encode("mac-roman"), [("José Müller", 34, "François")], ""),
    "DOS code page": ("name,age,occupation\r\nJosé Müllër,34,Infirmière\r\n".encode("cp850"), [("José Müllër", 34, "Infirmière")], ""),
    "Excel, opened in one column and saved again": (
        b'"name,age,occupation"\r\n"Maya Rao,34,""Nurse"""\r\n"Ben Cole,51,Teacher"\r\n', [MAYA, BEN], ""),
    "Excel, a quoted line break": (b'name,age,occupation,backstory\r\n"Maya Rao",34,Nurse,"Two\r\nlines, ""quoted"""\r\n', [MAYA], ""),
    "Excel, a title above": (b"Panel of March;;\r\n;;\r\nname;age;occupation\r\nMaya Rao;34;Nurse\r\n", [MAYA], ""),
    "Numbers, with the table's name": (b"Table 1\nName,Age,Occupation,\nMaya Rao,34,Nurse,\nBen Cole,51,Teacher,\n", [MAYA, BEN], ""),
    "Google Sheets, tabs": (b"Name\tAge\tJob title\tNotes\nMaya Rao\t34\tNurse\t\nBen Cole\t51\tTeacher\tcalls back\n", [MAYA, BEN], "Notes"),
    "Google Sheets, an error value": (b"Name,Age,Occupation\nMaya Rao,#N/A,#REF!\n", [("Maya Rao", None, "")], ""),
    "Google Forms": (
        b'"Timestamp","Name","How old are you?","What do you do?","Where do you live?"\r\n'
        b'"2026/01/02 10:00:00 am GMT","Maya Rao","34","Nurse","Leeds"\r\n', [(*MAYA, "Leeds")], "Timestamp"),
    "Google Forms, German": (
        "Zeitstempel,Wie heißen Sie?,Wie alt sind Sie?,Was machen Sie beruflich?,Wo wohnen Sie?\n"
        "02.01.2026 10:00:00,Maya Rao,34 Jahre,Nurse,Leeds\n".encode(), [(*MAYA, "Leeds")], "Zeitstempel"),
    "Microsoft Forms": (
        b"ID,Start time,Completion time,Email,Name,What is your age?,What is your current occupation?\r\n"
        b"1,1/2/26 10:00:00,1/2/26 10:05:00,anonymous,Maya Rao,34,Nurse\r\n", [MAYA], "Start time,Completion time,Email,ID"),
    "Qualtrics, text only": (
        b'name,occupation\r\nWhat is your first name?,What do you do for a living?\r\n'
        b'"{""ImportId"":""QID1_TEXT""}","{""ImportId"":""QID2_TEXT""}"\r\nMaya,Nurse\r\n', [("Maya", None, "Nurse")], ""),
    "Qualtrics, numbered questions": (
        b'StartDate,ResponseId,Q1,Q2,Q3\nStart Date,Response ID,What is your full name?,"How old are you, in years?",'
        b'What is your occupation?\n"{""ImportId"":""startDate"",""timeZone"":""America/Denver""}","{""ImportId"":""_recordId""}",'
        b'"{""ImportId"":""QID1_TEXT""}","{""ImportId"":""QID2_TEXT""}","{""ImportId"":""QID3_TEXT""}"\n'
        b"2026-01-02 10:00:00,R_1abc,Maya Rao,34,Nurse\n", [MAYA], "StartDate,ResponseId"),
    "Qualtrics, two header rows": (
        b"Q1,Q2\nWhat is your name?,How old are you?\nMaya Rao,34\n", [("Maya Rao", 34, "")], ""),
    "SurveyMonkey": (
        b"Respondent ID,Start Date,What is your name?,How old are you?,What do you do for a living?\n,,Open-Ended Response,Response,"
        b"Open-Ended Response\n11790000001,01/02/2026,Maya Rao,34,Nurse\n", [MAYA], "Respondent ID,Start Date"),
    "SurveyMonkey, contact information": (
        b"Respondent ID,Please tell us who you are:,,How old are you?\n,Name,City/Town,Response\n11790000001,Maya Rao,Leeds,34\n",
        [("Maya Rao", 34, "", "Leeds")], "Respondent ID"),
    "SPSS": (b"id,name,age,occupation,gender\r\n1,Maya Rao,34.00,Nurse,2\r\n2,Ben Cole,51.00,Teacher,#NULL!\r\n", [MAYA, BEN], "id"),
    "Stata": (b"name,age,occupation,region\nMaya Rao,34,Nurse,North\nBen Cole,.,Teacher,\n",
              [(*MAYA, "North"), ("Ben Cole", None, "Teacher")], ""),
    "R, row names": (b'"","name","age","occupation"\n"1","Maya Rao",34,"Nurse"\n"2","Ben Cole",NA,"Teacher"\n',
                     [MAYA, ("Ben Cole", None, "Teacher")], "column 1"),
    "pandas, with an index": (b",name,age,occupation\n0,Maya Rao,34.0,Nurse\n1,Ben Cole,,Teacher\n",
                              [MAYA, ("Ben Cole", None, "Teacher")], "column 1"),
    "LimeSurvey": (
        b'"id. Response ID","submitdate. Date submitted","Q01. What is your name?","Q02. How old are you?",'
        b'"Q03[SQ001]. What is your occupation?"\n"1","1980-01-01 00:00:00","Maya Rao","34","Nurse"\n',
        [MAYA], "id. Response ID,submitdate. Date submitted"),
    "Nemotron": (
        b"name,uuid,persona,sex,age,marital_status,education_level,occupation,city,state\r\n"
        b'Maria Lopez,1a,"A saver who plans ahead and distrusts adverts",Female,44,married_present,bachelors,accountant,El Paso,TX\r\n',
        [("Maria Lopez", 44, "accountant", "El Paso, TX")], "uuid"),
    "Salesforce": (b'"First Name","Last Name","Title","City","Country"\n"Maya","Rao","Ms","Leeds","UK"\n',
                   [("Maya Rao", None, "", "Leeds, UK")], "Title"),
    "HubSpot, first name and surname": (b"First name,Surname,Job\nMaya,Rao,Nurse\n", [("Maya Rao", None, "Nurse")], ""),
    "a table in Markdown": (b"| name | age | occupation |\n|------|----:|---|\n| Maya Rao | 34 | Nurse |\n| Ben Cole | 51 | Teacher |\n",
                            [MAYA, BEN], ""),
    "the same header twice": (b"name,age,occupation,age\nMaya Rao,34,Nurse,35\n", [MAYA], "age (column 4)"),
    "two headers of one field": (b"name,job,age,occupation\nMaya Rao,Sister,34,Nurse\nBen Cole,Teacher,51,\n", [MAYA, BEN], "job"),
    "a column without a header": (b"name,age,occupation\nMaya Rao,34,Nurse,likes tea\n", [MAYA], "column 4"),
    "date of birth": (b"name,date of birth,occupation\nMaya Rao,1992-05-01,Nurse\n", [("Maya Rao", None, "Nurse")], "date of birth"),
    "ages with words": (b"name,age,occupation\nMaya Rao,34 years,Nurse\nBen Cole,aged 51,Teacher\n", [MAYA, BEN], ""),
    "JSON lines": (b'{"name": "Maya Rao", "age": 34, "job": "Nurse"}\n\n{"name": "Ben Cole", "age": 51, "job": "Teacher"}', [MAYA, BEN], ""),
    "JSON of pandas, by column": (json.dumps({"name": {"0": "Maya Rao"}, "age": {"0": 34}, "occupation": {"0": "Nurse"}}).encode(), [MAYA], ""),
    "JSON of pandas, split": (json.dumps({"columns": ["name", "age", "occupation"], "index": [0], "data": [["Maya Rao", 34, "Nurse"]]}).encode(),
                              [MAYA], ""),
    "Google Sheets over its API": (json.dumps({"range": "A1:C2", "values": [["name", "age", "occupation"], ["Maya Rao", "34", "Nurse"]]}).encode(),
                                   [MAYA], ""),
    "by name": (json.dumps({"Maya Rao": {"age": 34, "occupation": "Nurse"}, "Ben Cole": {"age": 51, "job": "Teacher"}}).encode(), [MAYA, BEN], "job"),
    "nested": (json.dumps([{"name": {"first": "Maya", "last": "Rao"}, "demographics": {"age": 34, "location": {"city": "Leeds", "country": "UK"}},
                            "work": {"job_title": "Nurse"}, "pets": [{"kind": "cat"}]}]).encode(), [("Maya Rao", 34, "Nurse", "Leeds, UK")], "pets"),
    "EDSL, AgentList": (json.dumps({"agent_list": [
        {"name": "Maya Rao", "traits": {"age": 34, "occupation": "Nurse", "location": "Leeds", "hobbies": "running"}, "codebook": {},
         "instruction": "You are answering questions as if you were a human.", "edsl_version": "0.1.61", "edsl_class_name": "Agent"},
        {"name": "Ben Cole", "traits": {"age": 51, "occupation": "Teacher"}}],
        "edsl_version": "0.1.61", "edsl_class_name": "AgentList"}).encode(), [(*MAYA, "Leeds"), BEN], "hobbies,instruction"),
    "EDSL, agents with a codebook": (json.dumps([
        {"name": "Maya Rao", "traits": {"q1": 34, "q2": "Nurse"}, "codebook": {"q1": "How old are you?", "q2": "Your occupation?"}}]).encode(),
        [MAYA], ""),
    "EDSL, one agent, named in its traits": (json.dumps(
        {"name": None, "traits": {"name": "Maya Rao", "age": 34, "occupation": "Nurse"}, "edsl_class_name": "Agent"}).encode(), [MAYA], ""),
    "TinyTroupe, agent": (json.dumps({"type": "TinyPerson", "persona": {
        "name": "Lena Marsh", "age": 28, "gender": "Female", "residence": "Toronto", "nationality": "Canadian",
        "occupation": {"title": "Data analyst", "organization": "a retail group", "description": "You look for patterns."},
        "personality": {"traits": ["You are curious."], "big_five": {"openness": "High."}}, "long_term_goals": ["To lead a team."]}}).encode(),
        [("Lena Marsh", 28, "Data analyst, a retail group. You look for patterns.", "Toronto")],
        "nationality,personality.traits,personality.big_five.openness,type"),
    "TinyTroupe, old": (json.dumps({"type": "TinyPerson", "name": "Maya Rao", "age": 34, "occupation": "Nurse", "nationality": "British",
                                    "personality_traits": [{"trait": "You are calm."}], "routines": [{"routine": "wake at 7"}]}).encode(), [MAYA],
                        "type,nationality,personality_traits,routines"),
    "TinyTroupe, saved with its mind": (json.dumps({"json_serializable_class_name": "TinyPerson", "name": "Maya Rao", "_persona": {
        "name": "Maya Rao", "age": 34, "occupation": {"title": "Nurse"}}, "_mental_state": {"datetime": None, "goals": []}}).encode(), [MAYA], ""),
}  # fmt: skip


def left_out(preview: ImportPreview) -> set[str]:
    return {each.column for each in preview.left_out}


def test_tables_of_many_programs_are_read_and_what_is_left_out_is_named() -> None:
    for program, (content, people, named) in TABLES.items():
        preview = preview_of(content)
        found = [
            (each.name, each.age, each.occupation, each.location)[: len(one)]
            for each, one in zip(preview.personas, people, strict=False)
        ]
        assert (found, preview.problems, preview.questions) == (people, (), ()), program
        assert len(preview.personas) == len(people), program
        missing = set(filter(None, named.split(","))) - left_out(preview)
        assert not missing, (program, preview.left_out)
        unknown = left_out(preview) - set(named.split(","))
        assert not unknown, (program, unknown)


def test_files_of_other_programs_are_refused_by_what_they_are() -> None:
    for content, words in (
        (b"PK\x03\x04\x14\x00[Content_Types].xml xl/workbook.xml", "an Excel workbook"),
        (b"PK\x03\x04\x14\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "LibreOffice"),
        (b"PK\x03\x04\x14\x00Index/Document.iwa", "Numbers"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "an old Office file"),
        (b"$FL2@(#) SPSS DATA FILE", "SPSS"),
        (b"<stata_dta><header>", "Stata"),
        (b"%PDF-1.7", "a PDF"),
        (b"PAR1....", "Parquet"),
        (b"<html><table><tr><td>name</td></tr></table>", "neither a JSON list"),
        (b"name,age\n\x00\x01\x02", "NUL characters"),
        (b"persona,age\nA nurse,34\n", "“persona”, “age”"),
        (b'{"a": [{"name": "A"}], "b": [{"name": "B"}]}', "several lists"),
    ):
        with pytest.raises(InvalidInput, match=words):
            preview_of(content)


def test_a_row_whose_cells_are_shifted_is_refused_not_misread() -> None:
    preview = preview_of("name,location,age\nMaya,Leeds, UK,34\nBen,York,51\n")
    assert [person.name for person in preview.personas] == ["Ben"]
    assert preview.problems == (
        "Row 2 (Maya): It has 4 cells, and the header 3: put texts that hold the separator in quotes.",
    )


def test_what_was_imported_is_exported_and_imported_again_with_the_same_values() -> None:
    for program, (content, _, _) in TABLES.items():
        people = read_personas(content)
        for written in (personas_csv(people), personas_csv(people).encode(), personas_json(people).encode()):
            assert read_personas(written) == people, program


CELLS = st.lists(
    st.sampled_from(
        [
            "name",
            "age",
            ";",
            ",",
            "\t",
            "|",
            "\r",
            "\n",
            '"',
            "34",
            "25-34",
            "1,000",
            "sep=;",
            "{",
            "}",
            "[",
            "]",
            ":",
            "\0",
            "é",
            "What is your name?",
        ]
    )
    | st.text(max_size=5),
    max_size=30,
).map("".join)


@given(CELLS, st.sampled_from(["utf-8", "utf-16", "cp1252", ""]))
@settings(max_examples=300)
def test_whatever_a_file_holds_is_read_or_refused_in_words(text: str, encoding: str) -> None:
    with suppress(InvalidInput):
        preview_of(text.encode(encoding, "replace") if encoding else text)
