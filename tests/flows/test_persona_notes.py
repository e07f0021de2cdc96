"""Notes and the preview say what was not taken as it stands."""

from dataclasses import asdict

from semblance_core.flows.importing.persona_file import preview_of


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


def test_notes_say_what_was_not_taken_as_it_stands() -> None:
    def notes(table: str) -> list[str]:
        return [note.text for note in preview_of(table.encode()).notes]

    for table, words in (
        ("Panel\n\nname,age\nMaya,34\n", "Row 1 stands above the header and is left out: “Panel”."),
        ("name,openness\nMaya,4\nBen,5\n", "Openness: no value is above 5; all are taken on a scale from 0 to 100."),
        ("name,gender\nMaya,1\nBen,2\n", "Gender: all values are numbers, such as “1”; if they are codes"),
        ("name\nMaria Garcia\nBen\nMaria Garcia\n", "“Maria Garcia” is in row 2 and row 4; in a session the later"),
        ("name\nA\nA\nA\n", "“A” is in row 2, row 3 and row 4; in a session the later ones get a number."),
        ('[{"name": "A"}, {"name": "A"}]', "“A” is in persona 1 and persona 2; in a session"),
        *(
            (
                f"name\n{one}\nBen\n{other}\n",
                f"“{one}” (row 2) and “{other}” (row 4) cannot be told apart; in a session the later ones get a number.",
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
