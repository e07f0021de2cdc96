"""What a guide says besides its questions: a section's time, planned probes, questions that each answers alone first."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from semblance_core.domain.discussion import guide_edit
from semblance_core.domain.discussion.guide import (
    INSTRUCTION,
    LONG_PROBE,
    MANY_PROBES,
    PRIVATE_NOWHERE,
    QUESTION_CHARS,
    RANGE,
    Guide,
    Question,
    Section,
    guide_reading,
    parse_guide,
    to_markdown,
)
from semblance_core.domain.discussion.moderation import guide_change
from semblance_core.domain.discussion.questions import MOST_PROBES
from semblance_core.domain.errors import InvalidInput

TIMED = {
    "## Habits (10 minutes)": ("Habits", 10, 0),
    "## Habits (12 turns)": ("Habits", 0, 12),
    "## Habits [1 turn]:": ("Habits", 0, 1),
    "Habits (15')": ("Habits", 15, 0),
    "**Preis (10 Min.)**": ("Preis", 10, 0),
    "3. Einstieg – 5 Minuten": ("Einstieg", 5, 0),
    "## Introducción (1 hora)": ("Introducción", 60, 0),
    "## 価格（10分）": ("価格", 10, 0),
    "## 暖场【5分钟】": ("暖场", 5, 0),
    "## Цена (7 мин)": ("Цена", 7, 0),
    "## 가격 (10분)": ("가격", 10, 0),
    "## السعر (10 دقائق)": ("السعر", 10, 0),
    # and what is none
    "## Life after 60 (or 70)": ("Life after 60 (or 70)", 0, 0),
    "## The last (10)": ("The last (10)", 0, 0),
    "## Price 10 min": ("Price 10 min", 0, 0),
    "## (10 minutes)": ("(10 minutes)", 0, 0),
    "## Waiting (0 minutes)": ("Waiting (0 minutes)", 0, 0),
    "## Years (9999 turns)": ("Years (9999 turns)", 0, 0),
}
BELOW: dict[str, tuple[str, list[Question], list[str]]] = {
    # what it is: its text, its questions, what is left out and why
    "as the product writes it": (
        "## A\n- Why?\n  private:\n  show: Pack.png\n  probe: since when?\n  probe: and before?\n- When?\n",
        [Question("Why?", ("Pack.png",), ("since when?", "and before?"), True), Question("When?")],
        [],
    ),
    "in any order, with blank lines, bullets and bold": (
        "- Why?\n\n  - probe: where?\n  - **private:**\n  **Probe:** who?\n- When?",
        [Question("Why?", (), ("where?", "who?"), True), Question("When?")],
        [],
    ),
    "in other scripts": (
        "- 为什么？\n  追问：在哪里？\n  private：\n- なぜ？\n  深掘り：いつから？",
        [Question("为什么？", (), ("在哪里？",), True), Question("なぜ？", (), ("いつから？",))],
        [],
    ),
    "broken at the margin": (
        "- Tell us about the last time you bought\n  milk\n  private:\n  probe: what of the price and\n  the shop?\n- When?",
        [
            Question("Tell us about the last time you bought milk", (), ("what of the price and the shop?",), True),
            Question("When?"),
        ],
        [],
    ),
    "in front of a question": (
        "- private: What comes to mind?\n2. private: What do you\n   earn?\nprivate: And you?\n- When?",
        [
            Question("What comes to mind?", private=True),
            Question("What do you earn?", private=True),
            Question("And you?", private=True),
            Question("When?"),
        ],
        [],
    ),
    "a colon in prose": (
        "- Private: what does the word mean to you?\n- Probe into space: would you fly?\n- Private or public: which one?\n"
        "- One thing first: why?\n- Turns (12 turns): who took them?",
        [
            Question("Private: what does the word mean to you?"),
            Question("Private or public: which one?"),
            Question("One thing first: why?"),
            Question("Turns (12 turns): who took them?"),
        ],
        [INSTRUCTION],
    ),
    "a heading": (
        "Private:\n- Who are you?\nWork:\n- And there?",
        [Question("Who are you?"), Question("And there?")],
        [],
    ),
    "below no question": (
        "private:\nprobe: why?\n- When?\n## B\n  private:\nprobe: what?\n- Where?",
        [Question("When?"), Question("Where?")],
        [PRIVATE_NOWHERE, INSTRUCTION, PRIVATE_NOWHERE, INSTRUCTION],
    ),
    "an instruction": ("- Why?\nListen for: price\nprobe for labels", [Question("Why?")], [INSTRUCTION] * 2),
    "a probe that is too long": (f"- Why?\nprobe: {'x' * 501}", [Question("Why?")], [LONG_PROBE]),
    "too many probes": (
        "- Why?\n" + "probe: when?\n" * 11,
        [Question("Why?", (), ("when?",) * MOST_PROBES)],
        [MANY_PROBES],
    ),
}


@pytest.mark.parametrize("line", TIMED)
def test_the_time_behind_a_title_is_the_sections(line: str) -> None:
    section = parse_guide(f"{line}\n- Why?\n").sections[0]
    assert (section.title, section.minutes, section.turns) == TIMED[line]
    assert parse_guide(to_markdown(Guide((section,)))).sections == (section,)


def test_of_a_range_the_middle_is_taken_and_said() -> None:
    reading = guide_reading("## Price (10–15 minutes)\n- Why?")
    assert reading.guide.sections[0].minutes == 13
    assert [(each.number, each.how) for each in reading.read_as] == [(1, RANGE)]


@pytest.mark.parametrize("what", BELOW)
def test_lines_below_a_question_belong_to_it(what: str) -> None:
    text, asked, left_out = BELOW[what]
    reading = guide_reading(text)
    assert list(reading.guide.asked) == asked
    assert [line.why for line in reading.left_out] == left_out
    assert parse_guide(to_markdown(reading.guide)).asked == reading.guide.asked


WORDS = some.text(some.characters(categories=("Lu", "Ll", "Lo", "Nd")), min_size=1, max_size=12).map("w{}".format)
ASKED = some.builds(
    lambda text, probes, private: Question(f"{text}?", (), tuple(probes), private),
    WORDS,
    some.lists(WORDS, max_size=3),
    some.booleans(),
)


@given(some.lists(some.tuples(WORDS, some.lists(ASKED, min_size=1, max_size=3), some.integers(0, 60)), max_size=3))
def test_what_is_written_is_read_again(parts: list[tuple[str, list[Question], int]]) -> None:
    guide = Guide(tuple(Section.of(title, asked, minutes=time) for title, asked, time in parts))
    assert not parts or parse_guide(to_markdown(guide)) == guide


def test_what_belongs_to_a_question_moves_along_and_is_typed_in_the_editor() -> None:
    guide = parse_guide("## A (5 minutes)\n- 1?\n  private:\n  probe: one?\n- 2?\n## B\n- 3?\n")
    one, two, three = guide.asked
    assert guide_edit.moved_question(guide, 0, 0, 1).asked == (two, one, three)
    assert guide_edit.moved_question(guide, 0, 0, 1).sections[0].heading == "A (5 minutes)"
    assert guide_edit.without_question(guide, 0, 1).sections[0].minutes == 5
    assert guide_edit.reworded(guide, 0, 0, "Well?").asked[0] == Question("Well?", (), ("one?",), True)
    assert guide_edit.reworded(guide, 0, 1, "private: Well?").asked[1] == Question("Well?", private=True)
    assert guide_edit.probing(guide, 0, 0, [], private=False).asked[0] == Question("1?")
    assert guide_edit.renamed(guide, 0, "A (3 turns)").sections[0] == Section.of("A", (one, two), turns=3)
    assert guide_edit.renamed(guide, 0, "A").sections[0].minutes == 0
    stored = Guide((Section("Intro (5 min)", ("Why?",)),))
    assert guide_edit.renamed(stored, 0, "Intro (5 min)") == stored, "a guide of earlier days stays as it is"
    assert guide_edit.without_blanks(guide) == guide


def test_a_guide_refuses_probes_beyond_its_bounds() -> None:
    for probes in (("x" * (QUESTION_CHARS + 1),), ("x",) * (MOST_PROBES + 1)):
        with pytest.raises(InvalidInput, match="probe"):
            Guide((Section.of("A", [Question("Why?", (), probes)]),))


def test_a_question_that_is_inserted_or_skipped_changes_nothing_else_of_the_guide() -> None:
    kept = Question("When?", ("Pack.png",), ("since when?",), private=True)
    first = Section.of("Habits", (kept, Question("Where?")), minutes=10)
    last = Section.of("Price", (Question("How much?"),), turns=6)
    for at, home in enumerate((0, 0, 0, 1)):
        grown = guide_change.with_inserted(Guide((first, last)), at, "Why?")
        assert grown.questions[at] == "Why?"
        assert "Why?" in grown.sections[home].questions
        assert guide_change.without_question(grown, at) == Guide((first, last))
