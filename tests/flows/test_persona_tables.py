"""Tables as programs write them: each is read as what it says, and what is not taken over is named."""

import json
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semblance_core.domain.errors import InvalidInput
from semblance_core.flows.import_preview import ImportPreview, NoteKind
from semblance_core.flows.import_words import preview_lines
from semblance_core.flows.persona_file import preview_of, read_personas
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


SM = "Respondent ID,What is your name?"
TWO_HEADERS: dict[str, tuple[str, list[tuple[Any, ...]], str]] = {
    # what it is: a survey's table; who is in it (name, age, location, occupation, brands); columns left out
    "a checkbox question": (
        f"{SM},Which of these do you buy?,,Where do you live?\n,Open-Ended Response,Oat milk,Soy milk,Open-Ended Response\n"
        "118,Anna,Oat milk,,Leeds\n119,Ben,,Soy milk,York\n", [("Anna", None, "Leeds"), ("Ben", None, "York")],
        "Respondent ID|Which of these do you buy? – Oat milk|Which of these do you buy? – Soy milk"),
    "an age beside it": (
        f"{SM},How old are you?,What do you buy?,,\n,Open-Ended Response,Response,Oat,Soy,Cow\n1,Anna,34,Oat,,Cow\n", [("Anna", 34)],
        "Respondent ID|What do you buy? – Oat|What do you buy? – Cow"),
    "an age in options": (
        f"{SM},How old are you?,,\n,Open-Ended Response,18-24,34,over 40\n1,Anna,,34,\n", [("Anna", 34)], "Respondent ID"),
    "brands in options": (
        f"{SM},Which brands do you use?,,\n,Open-Ended Response,Oatly,Alpro,Other (please specify)\n1,Anna,Oatly,,Minor\n",
        [("Anna", None, "", "", ("Oatly", "Minor"))], "Respondent ID"),
    "no column but names": (f"{SM}\n,Open-Ended Response\n1,Anna\n", [("Anna", None)], "Respondent ID"),
    "no respondent's number": (
        "What is your name?,What do you buy?,\nOpen-Ended Response,Oat,Soy\nAnna,Oat,\n", [("Anna", None)], "What do you buy? – Oat"),
    "names of the list that was written to": (
        "Respondent ID,First Name,Last Name,What do you buy?,,\n,,,Oat,Soy,Other (please specify)\n1,Maya,Rao,Oat,,\n",
        [("Maya Rao", None)], "Respondent ID|What do you buy? – Oat"),
    "such names, and numbers as options": (
        "Respondent ID,First Name,How many?,,\n,,1,2,3 or more\n1,Maya,1,,\n2,Ben,,,3 or more\n", [("Maya", None), ("Ben", None)],
        "Respondent ID|How many? – 1|How many? – 3 or more"),
    "options called as fields are": (
        f"{SM},What matters?,,\n,Open-Ended Response,Work,Family,Goals\n1,Anna,Work,,Goals\n", [("Anna", None, "", "")],
        "Respondent ID|What matters? – Work|What matters? – Goals"),
    "a matrix": (
        f"{SM},How important is it?,,\n,Open-Ended Response,Price,Work,Age\n1,Anna,4,5,3\n", [("Anna", None, "", "")],
        "Respondent ID|How important is it? – Price|How important is it? – Work|How important is it? – Age"),
    "an address": (
        "Respondent ID,Collector ID,Contact information,,,What do you buy?,\n,,Name,City/Town:,Age:,Oat,Soy\n1,2,Anna,Leeds,34,Oat,\n",
        [("Anna", 34, "Leeds")], "Respondent ID|Collector ID|What do you buy? – Oat"),
    "a town and a country": (
        f"{SM},Do you buy it?,Where do you live?,\n,Open-Ended Response,Response,City/Town:,Country:\n1,Anna,Yes,Leeds,UK\n",
        [("Anna", None, "Leeds, UK")], "Respondent ID|Do you buy it?"),
    "semicolons": (
        "Respondent ID;What is your name?;Which?;\n;Open-Ended Response;Oat;Soy\n1;Anna;Oat;\n", [("Anna", None)], "Respondent ID|Which? – Oat"),
    "German": (
        "Respondent ID,Wie heißen Sie?,Was kaufen Sie?,,Wo wohnen Sie?\n,Offene Antwort,Hafer,Soja,Offene Antwort\n1,Anna,Hafer,,Köln\n",
        [("Anna", None, "Köln")], "Respondent ID|Was kaufen Sie? – Hafer"),
    "Polish": (
        "ID,Jak masz na imię?,Co kupujesz?,\n,Odpowiedź otwarta,Owsiane,Sojowe\n1,Maja,Owsiane,\n", [("Maja", None)], "ID|Co kupujesz? – Owsiane"),
    "Japanese": ("ID,名前,何を買う？,\n,自由回答,オーツ,大豆\n1,花子,オーツ,\n", [("花子", None)], "ID|何を買う？ – オーツ"),
}  # fmt: skip


def test_the_second_header_row_of_a_survey_is_nobody() -> None:
    for what, (text, people, named) in TWO_HEADERS.items():
        preview = preview_of(text)
        found = [
            (each.name, each.age, each.location, each.occupation, each.brands)[: len(one)]
            for each, one in zip(preview.personas, people, strict=False)
        ]
        assert (found, preview.problems, preview.questions) == (people, (), ()), what
        assert len(preview.personas) == len(people), what
        assert [each.column for each in preview.left_out] == named.split("|"), what
        assert preview.notes[0].text == "Row 2 is taken for a further header row, as survey programs write them.", what


def test_a_first_row_without_a_name_is_still_refused_where_it_may_be_a_person() -> None:
    for text in (
        "name,job,\n,Nurse,yes\nBen,Teacher,no\n",
        "id,name,city,\n1,,Leeds,x\n2,Ben,York,y\n",
        "name,x,\n,5,6\nBen,7,8\n",
    ):
        assert preview_of(text).problems == ("Row 2: A persona needs a name.",), text


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


def test_levels_in_words_are_left_out_and_said_and_halves_go_up() -> None:
    levels: dict[str, tuple[int, str]] = {
        # as written in a column that has numbers too: as read (50 where nothing is stated), what is said of it
        **dict.fromkeys(
            ("High", "very high", "hoch", "élevée", "высокая", "高い", "medium", "low/medium"),
            (50, "1 value in words left out, such as “"),
        ),
        "n/a": (50, "1 value such as “n/a” read as not stated"),
        **{
            f"{whole}.5": (whole + 1, f"1 value made whole, “{whole}.5” became {whole + 1}")
            for whole in (0, 45, 46, 72, 73, 99)
        },
        "72.49": (72, "1 value made whole, “72.49” became 72"),
        "72.0": (72, ""),
        "80 %": (80, "1 value with words read as numbers, “80 %” as 80"),
    }
    for written, (level, told) in levels.items():
        for name in ("openness", "neuroticism", "talkativeness"):
            preview = preview_of(f"name,{name}\nMaya,80\nBen,{written}\n")
            assert len(preview.personas) == 2, (name, written, preview.problems)
            values = {**asdict(preview.personas[1].big_five), "talkativeness": preview.personas[1].talkativeness}
            assert (values[name], preview.problems) == (level, ()), (name, written)
            notes = [note.text for note in preview.notes]
            assert len(notes) == bool(told), notes
            assert all(note.startswith(f"{name.capitalize()}: {told}") for note in notes), notes
    whole_column = preview_of("name,talkativeness\nMaya,quiet\nBen,loud\n")
    assert [(each.column, each.why) for each in whole_column.left_out] == [
        ("talkativeness", "Traits are numbers from 0 to 100 here, and these are words.")
    ]
    assert preview_of("name,openness\nMaya,80\nBen,800\n").problems  # a number that does not fit is none to be left out


def test_ages_that_are_none_are_asked_about_or_refused_never_guessed() -> None:
    ranges = b"name,age\nMaya,25-34\nBen,45 to 54 years\nZoe,65+\nCal,34\n"
    asked = preview_of(ranges)
    assert [person.name for person in asked.personas] == ["Cal"]
    assert "Row 2 (Maya): Age: “25-34” is a range" in asked.problems[0]
    assert [question.kind for question in asked.questions] == ["ages"]
    assert [person.age for person in read_personas(ranges, ages="middle")] == [29, 49, None, 34]
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
    with pytest.raises(InvalidInput, match=r"“klingon” is no encoding that is known here\. Known are: utf-8"):
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


HEADINGS = {
    "backstory": "Hintergrund|背景|Trasfondo|Sfondo|Historia de vida|Achtergrond|Parcours|À propos|Bakgrund|Tausta|Предыстория|Биография|배경"
    "|プロフィール|自己紹介|الخلفية|Geçmiş|Háttér|Życiorys|Příběh|Latar belakang|पृष्ठभूमि|Sobre mim|Über mich|Storia|简介|Ιστορικό|רקע",
    "frustrations": "Frustrationen|Freins|Problemas|Problemi|Frustraties|Frustracje|Проблемы|痛点|悩み|불만|المشاكل|Sorunlar",
    "media_habits": "Mediennutzung|Médias|Hábitos de medios|Mediagebruik|Медиапотребление|媒体|メディア|미디어|Medya",
    "shopping_habits": "Einkaufsverhalten|Habitudes d'achat|Hábitos de compra|Abitudini di acquisto|Koopgedrag|购物习惯|買い物|쇼핑 습관",
    "tech_comfort": "Technikaffinität|Tecnología|Digitale vaardigheden|Технологии|科技|Teknoloji",
    "way_of_speaking": "Sprechweise|Manière de parler|Forma de hablar|Modo di parlare|話し方|말투|Манера речи",
    "quote": "Zitat|Citation|Citazione|Citaat|Цитата|引用|인용",
    "values": "Wertvorstellungen|Değerler|Ценности|价值观|価値観|가치관|القيم",
    "goals": "Ziele|Metas|Doelstellingen|Hedefler|Цели|目标|目標|목표|الأهداف",
    "brands": "Lieblingsmarken|Бренды|品牌|ブランド|브랜드|Markalar",
    "occupation": "Empleo|Impiego|Praca|Meslek|Работа|仕事|المهنة|Ammatti|Erhverv",
    "education": "Schulabschluss|Formation|Formazione|Eğitim|教育|교육|التعليم",
    "household": "Familie|Famille|Familia|Gezin|Семья|家庭|世帯|가족|Aile",
    "income_band": "Gehalt|Salaire|Salario|Inkomensklasse|Gelir|Зарплата|月收入|収入|소득",
    "location": "Место жительства|住所|거주지|Lugar de residencia|Woonplaats|مكان الإقامة",
    "gender": "Cinsiyet|الجنس|Sukupuoli|Kjønn",
    "age": "Yaş|العمر|Ikä|Vek|Вік",
    "openness": "Offenheit|Ouverture|Apertura|开放性|개방성|Открытость",
    "conscientiousness": "Gewissenhaftigkeit|尽责性|誠実性|Sumienność",
    "extraversion": "Extraversión|外向性|Экстраверсия",
    "agreeableness": "Verträglichkeit|宜人性|協調性|Доброжелательность",
    "neuroticism": "Neurotizismus|神经质|Нейротизм|Neuroticismo",
}


def test_columns_are_known_by_their_names_in_many_languages() -> None:
    for field, headings in HEADINGS.items():
        for heading in headings.split("|"):
            preview = preview_of(f"name,{heading}\nMaya,34\n")
            assert [each.field for each in preview.taken] == ["name", field.replace("_", " ")], heading


def test_a_column_that_is_left_out_is_named_with_its_question() -> None:
    for text, named in (
        ('StartDate,IPAddress,Q1,Q4\nStart Date,IP Address,What is your name?,"Tell us\nmore"\n'
         '"{""ImportId"":""a""}","{""ImportId"":""b""}","{""ImportId"":""c""}","{""ImportId"":""d""}"\n1/2,::1,Maya,tea\n',
         ["StartDate", "IPAddress", "Q4: Tell us more"]),
        ("Q1,Q2\nWhat is your name?,Which shops do you go to?\nMaya,all\n", ["Q2: Which shops do you go to?"]),
        ("ID,What is your name?,What do you buy?\n,Open-Ended Response,Response\n1,Maya,tea\n", ["ID", "What do you buy?"]),
    ):  # fmt: skip
        assert [each.column for each in preview_of(text).left_out] == named, text


def test_notes_say_what_was_not_taken_as_it_stands() -> None:
    def notes(table: str) -> list[str]:
        return [note.text for note in preview_of(table.encode()).notes]

    for table, words in (
        ("Panel\n\nname,age\nMaya,34\n", "Row 1 stands above the header and is left out: “Panel”."),
        ("name,openness\nMaya,4\nBen,5\n", "Openness: no value is above 5; all are taken on a scale from 0 to 100."),
        ("name,gender\nMaya,1\nBen,2\n", "Gender: all values are numbers, such as “1”; if they are codes"),
        ("name\nMaria Garcia\nBen\nMaria Garcia\n", "“Maria Garcia” is in row 2 and row 4; a session takes only one"),
        ("name\nA\nA\nA\n", "“A” is in row 2, row 3 and row 4; a session takes only one of a name."),
        ('[{"name": "A"}, {"name": "A"}]', "“A” is in persona 1 and persona 2; a session"),
        *(
            (
                f"name\n{one}\nBen\n{other}\n",
                f"“{one}” (row 2) and “{other}” (row 4) cannot be told apart; a session takes",
            )
            for one, other in (
                *(
                    ("Anna", "anna"),
                    ("Anna", "Ánna"),
                    ("JOSÉ", "Jose"),
                    ("Łukasz", "Lukasz"),
                    ("Jürgen Weiß", "Jurgen Weiss"),
                ),
                *(
                    ("Søren", "Soren"),
                    ("Анна", "Aнна"),
                    ("O’Neil", "O'Neil"),
                    ("Jean-Luc", "Jean Luc"),
                    ("Ｍａｙａ", "Maya"),
                ),
            )
        ),
        (
            "name\nJosÃ©\n",
            "“JosÃ©” looks as if it was once read in the wrong encoding, and saved so; check that names are right.",
        ),
        ("name,age\nMaya,34 years\n", "Age: 1 value with words read as numbers, “34 years” as 34."),
        ("name,age\nMaya,NA\nBen,NA\n", "Age: 2 values such as “NA” read as not stated."),
        ('[{"name": "A", "age": 34, "age": 35}]', "“age” stands twice in one object; the last one was taken."),
    ):
        assert any(words in note for note in notes(table)), (table, notes(table))
    assert notes("name,age\nMaya,34\n") == []


def test_a_row_whose_cells_are_shifted_is_refused_not_misread() -> None:
    preview = preview_of("name,location,age\nMaya,Leeds, UK,34\nBen,York,51\n")
    assert [person.name for person in preview.personas] == ["Ben"]
    assert preview.problems == (
        "Row 2 (Maya): It has 4 cells, and the header 3: put texts that hold the separator in quotes.",
    )


def test_the_preview_shows_form_columns_and_three_rows() -> None:
    preview = preview_of(b"name;age;shoes\nA;20;40\nB;30;41\nC;40;42\nD;50;43\n")
    assert (preview.format, preview.encoding, preview.separator) == ("CSV", "utf-8", "semicolons")
    assert [(each.column, each.field) for each in preview.taken] == [("name", "name"), ("age", "age")]
    assert [(each.column, each.why) for each in preview.left_out] == [
        ("shoes", "No field of a persona goes by this name.")
    ]
    assert preview.headings == ("name", "age", "shoes")
    assert preview.rows == (("A", "20", "40"), ("B", "30", "41"), ("C", "40", "42"))
    lines = preview_of(b'{"persona": "A nurse"}\n{"persona": "A teacher"}\nnot JSON\n')
    assert lines.format == "JSON lines"
    assert [problem.partition(":")[0] for problem in lines.problems] == ["Line 1", "Line 2", "Line 3"]


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
