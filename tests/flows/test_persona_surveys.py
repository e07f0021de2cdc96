"""Further header rows of a survey's table are nobody, and its questions name the columns."""

from typing import Any

from semblance_core.flows.importing.persona_file import preview_of

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


def test_a_column_that_is_left_out_is_named_with_its_question() -> None:
    for text, named in (
        ('StartDate,IPAddress,Q1,Q4\nStart Date,IP Address,What is your name?,"Tell us\nmore"\n'
         '"{""ImportId"":""a""}","{""ImportId"":""b""}","{""ImportId"":""c""}","{""ImportId"":""d""}"\n1/2,::1,Maya,tea\n',
         ["StartDate", "IPAddress", "Q4: Tell us more"]),
        ("Q1,Q2\nWhat is your name?,Which shops do you go to?\nMaya,all\n", ["Q2: Which shops do you go to?"]),
        ("ID,What is your name?,What do you buy?\n,Open-Ended Response,Response\n1,Maya,tea\n", ["ID", "What do you buy?"]),
    ):  # fmt: skip
        assert [each.column for each in preview_of(text).left_out] == named, text
