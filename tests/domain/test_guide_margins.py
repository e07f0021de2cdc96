"""Guides whose lines were broken at the margin, as a PDF or a mail leaves them, are whole again, and it is said."""

from semblance_core.domain.discussion.guide import guide_reading, read_guide

Sections = list[tuple[str, list[str]]]
BROKEN: dict[str, tuple[str, Sections, list[str]]] = {
    # what it is: its text, its sections with their questions, what is left out
    "a PDF without bullets": (
        "Habits\nWhat do you drink in the morning, and what was it\nbefore?\nWhich shops do you go to when you want to buy\nmilk or something"
        " like it?\n\nPrice\nHow much would you pay for one litre of oat milk,\nand at what price would it be too dear for you?\n",
        [
            (
                "Habits",
                [
                    "What do you drink in the morning, and what was it before?",
                    "Which shops do you go to when you want to buy milk or something like it?",
                ],
            ),
            (
                "Price",
                ["How much would you pay for one litre of oat milk, and at what price would it be too dear for you?"],
            ),
        ],
        [],
    ),
    "paragraphs": (
        "What do you think of oat milk?\n\nHow much would you pay for it and\nwhy?\n\nDescribe the last time you bought it.\n\n"
        "Imagine a world without milk. What would you miss?\n",
        [
            (
                "Discussion",
                [
                    "What do you think of oat milk?",
                    "How much would you pay for it and why?",
                    "Imagine a world without milk. What would you miss?",
                ],
            )
        ],
        ["Describe the last time you bought it."],
    ),
    "every line apart": (
        "How much would you pay for it and\n\nwhy?\n\nWhere?",
        [("Discussion", ["How much would you pay for it and why?", "Where?"])],
        [],
    ),
    "a noun of German at the margin": (
        "1. Was halten Sie von der neuen\nVerpackung?\n2. Und vom\nPreis?\n",
        [("Discussion", ["Was halten Sie von der neuen Verpackung?", "Und vom Preis?"])],
        [],
    ),
    "a name at the margin": (
        "Would you buy it at\nLidl or Aldi?\n",
        [("Discussion", ["Would you buy it at Lidl or Aldi?"])],
        [],
    ),
    "a shortened word": (
        "- Which packs, e.g.\nthe family pack?\n",
        [("Discussion", ["Which packs, e.g. the family pack?"])],
        [],
    ),
    "what a mail quotes": (
        "> Habits\n> What do you drink, and what was it\n> before?\n>\n> Price\n> How much would you\n> pay?\n",
        [("Habits", ["What do you drink, and what was it before?"]), ("Price", ["How much would you pay?"])],
        [],
    ),
    "a hyphen stays": (
        "Which super-\nmarket?\nWhat of oat-\nand soy milk?",
        [("Discussion", ["Which super-market?", "What of oat- and soy milk?"])],
        [],
    ),
    "capitals": (
        "WHAT DO YOU DRINK\nIN THE MORNING?\nPRICE\nHow much?",
        [("Discussion", ["WHAT DO YOU DRINK IN THE MORNING?"]), ("PRICE", ["How much?"])],
        [],
    ),
    "an indented rest": (
        "•\tWhat do you drink in the\n\tmorning?\n•\tWhy?",
        [("Discussion", ["What do you drink in the morning?", "Why?"])],
        [],
    ),
    "instructions": (
        "[Show the pack\nand wait]\nModerator: ask kindly and\nwait. Who starts?\n- Why?\nProbe: what of the price and\nwhy?\n- How much?",
        [("Discussion", ["Why?", "How much?"])],
        [
            "[Show the pack and wait]",
            "Moderator: ask kindly and wait. Who starts?",
        ],
    ),
    "an introduction": (
        "Thank you for coming. We talk about milk and\nother drinks. There are no wrong answers.\n\nHabits\nWhat do you drink?",
        [("Habits", ["What do you drink?"])],
        ["Thank you for coming. We talk about milk and other drinks. There are no wrong answers."],
    ),
    "all in small letters": (
        "habits\nwhat do you drink?\nwhere do you shop?\n\nprice\nhow much is fair?\n",
        [("habits", ["what do you drink?", "where do you shop?"]), ("price", ["how much is fair?"])],
        [],
    ),
    "a heading above small letters": (
        "Habits\nwhat do you drink?\nPrice (10 min)\nwhat would you pay?",
        [("Habits", ["what do you drink?"]), ("Price", ["what would you pay?"])],
        [],
    ),
    "a number above a question without one": (
        "1. Price\n   What would you pay?\n   When?\n",
        [("Price", ["What would you pay?", "When?"])],
        [],
    ),
    "Chinese": (
        "价格\n您愿意为一升燕麦奶支付多少钱，\n为什么？\n",
        [("价格", ["您愿意为一升燕麦奶支付多少钱，为什么？"])],
        [],
    ),
}


def test_lines_that_were_broken_at_the_margin_are_put_together() -> None:
    for what, (text, sections, left_out) in BROKEN.items():
        guide, notes = read_guide(text)
        assert [(section.title, list(section.questions)) for section in guide.sections] == sections, what
        assert [note.text for note in notes] == left_out, what


def test_lines_that_were_put_together_or_may_be_are_said() -> None:
    told = {
        "How much would you\npay?": [(1, "How much would you pay?", "Lines 1 and 2 were put together.")],
        "- A, b,\nc,\nd?": [(1, "A, b, c, d?", "Lines 1 to 3 were put together.")],
        "- Tell us\nPrice\n- How much?": [
            (2, "Price", "It is taken for a section's title; it may be the rest of the line above.")
        ],
        "What matters\nWhich brands?": [
            (1, "What matters", "It is taken for a section's title, though it begins as questions do.")
        ],
        "Price\n- How much?\nThank you all\nand goodbye": [],
    }
    for text, notes in told.items():
        assert [(note.number, note.text, note.how) for note in guide_reading(text).read_as] == notes, text
