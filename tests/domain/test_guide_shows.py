"""`show: NAME` in a guide: read below its question, written back as it was, and nothing of it guessed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from semblance_core.domain.discussion import guide_edit
from semblance_core.domain.discussion.asset import NAME_CHARS, Asset, safe_name
from semblance_core.domain.discussion.guide import (
    LONG_NAME,
    SHOWS_NOWHERE,
    Guide,
    Question,
    Section,
    guide_reading,
    parse_guide,
    to_markdown,
)
from semblance_core.domain.discussion.shows import meant_by, placing

NOW = datetime(2026, 5, 1, tzinfo=UTC)
Read = list[tuple[str, tuple[str, ...]]]
GUIDES: dict[str, tuple[str, Read, list[str]]] = {
    # what it is: its text, its questions with what they show, what is left out and why
    "as the product writes it": (
        "## A\n- Why?\n  show: Pack.png\n- When?\n",
        [("Why?", ("Pack.png",)), ("When?", ())],
        [],
    ),
    "several at one question": ("- Why?\nshow: A\nSHOW : B, or C.pdf\n", [("Why?", ("A", "B, or C.pdf"))], []),
    "bullets below a bullet": ("- Why?\n  - show: A\n  * Show：B\n- When?", [("Why?", ("A", "B")), ("When?", ())], []),
    "in bold": ("1. Why?\n**Show:** A\n   __show__: B", [("Why?", ("A", "B"))], []),
    "blank lines, timings and notes between": (
        "- Why?\n\n(5 min)\n[Hand it out]\n\nshow: A",
        [("Why?", ("A",))],
        ["(5 min)", "[Hand it out]"],
    ),
    "before any question": ("show: A\n- Why?", [("Why?", ())], [SHOWS_NOWHERE]),
    "below a heading": ("- Why?\n## B\nshow: A\n- When?", [("Why?", ()), ("When?", ())], [SHOWS_NOWHERE]),
    "below a line that is left out": ("- Why?\nSome words on it.\nshow: A", [("Why?", ())], ["neither", SHOWS_NOWHERE]),
    "a name that is too long": (f"- Why?\nshow: {'x' * 81}", [("Why?", ())], [LONG_NAME]),
    "questions and other words": (
        "- Show: the receipt that you brought\n- Show me how?\nShow: which one do you like?\n- Showing off?",
        [
            (text, ())
            for text in (
                "Show: the receipt that you brought",
                "Show me how?",
                "Show: which one do you like?",
                "Showing off?",
            )
        ],
        [],
    ),
}


@pytest.mark.parametrize("what", GUIDES)
def test_a_line_below_a_question_names_what_it_shows(what: str) -> None:
    text, read, left_out = GUIDES[what]
    reading = guide_reading(text)
    assert [(question.text, question.shows) for question in reading.guide.asked] == read
    notes = [f"{line.text} {line.why}" for line in reading.left_out]
    assert len(notes) == len(left_out)
    assert all(words in note for words, note in zip(left_out, notes, strict=True)), notes
    assert parse_guide(to_markdown(reading.guide)).asked == reading.guide.asked


NAMES = some.text(some.characters(exclude_categories=("Cc", "Cf", "Cs")), max_size=90).map(safe_name)


@given(some.lists(NAMES, min_size=1, max_size=4, unique_by=str.casefold))
def test_any_name_of_a_stimulus_is_written_and_found_again(names: list[str]) -> None:
    guide = Guide((Section.of("A", [Question("Why?", tuple(names)), Question("When?")]),))
    again = parse_guide(to_markdown(guide))
    assert again.questions == guide.questions
    assert len(again.asked[0].shows) == len(names)
    for name, read in zip(names, again.asked[0].shows, strict=True):
        assert name in meant_by(read, names)
    assert all(len(name) <= NAME_CHARS for name in names)


def test_what_a_question_shows_moves_along_with_it() -> None:
    guide = parse_guide("## A\n- 1?\n  show: one\n- 2?\n## B\n- 3?\n  show: three\n")
    one, two, three = guide.asked
    assert guide_edit.moved_question(guide, 0, 0, 1).asked == (two, one, three)
    assert guide_edit.moved_question(guide, 1, 0, -1).asked == (one, two, three)
    assert guide_edit.moved_question(guide, 0, 1, 1).sections[1].asked == (two, three)
    assert guide_edit.without_question(guide, 0, 0).asked == (two, three)
    assert guide_edit.reworded(guide, 0, 0, "Well?").asked[0] == Question("Well?", ("one",))
    assert guide_edit.moved_section(guide, 0, 1).asked == (three, one, two)
    assert guide_edit.joined(guide, guide).asked == (one, two, three) * 2
    blank = guide_edit.reworded(guide, 0, 0, " ")
    assert guide_edit.without_blanks(blank).asked == (two, three)
    assert guide_edit.showing(guide, 0, 0, []).sections[0] == Section("A", ("1?", "2?"))


def assets(*names: str) -> list[Asset]:
    return [Asset(f"id {name}", "g", "u", name, "text", "text/plain", 1, "0", NOW) for name in names]


def test_each_group_begins_with_another_one_and_every_place_has_each_once() -> None:
    text = "## Warm-up\n- Hi?\n  show: D\n## Concepts\n- 1?\n  show: A\n- 2?\n  show: B\n  show: C\n"
    there = assets("A.txt", "B.txt", "C.txt", "D.txt")
    orders = []
    for number in range(1, 7):
        plan, problems = placing(parse_guide(text), there, number)
        assert (problems, plan.group_number) == ((), number)
        assert [each.question for each in plan.placed] == [0, 1, 2, 2]
        assert plan.at(0)[0].name == "D.txt", "a section with one has nothing to rotate"
        orders.append([each.name[0] for each in plan.placed[1:]])
    assert orders == [["A", "B", "C"], ["B", "C", "A"], ["C", "A", "B"]] * 2
    alone = placing(parse_guide("- 1?\n  show: A\n"), there, 3)[0]
    assert (alone.group_number, alone.in_words) == (0, "as in the guide: A.txt at question 1")
    assert placing(parse_guide(text), there)[0].group_number == 0


def test_a_picture_whose_ending_changed_is_found_and_a_document_is_not_taken_for_it() -> None:
    there = assets("Pack.png", "Pack.pdf")
    guide = parse_guide("- 1?\n  show: pack.webp\n- 2?\n  show: pack.txt\n")
    plan, problems = placing(guide, [replace(there[0], kind="image"), there[1]])
    assert [each.name for each in plan.placed] == ["Pack.png"]
    assert len(problems) == 1
    assert "pack.txt" in problems[0]
