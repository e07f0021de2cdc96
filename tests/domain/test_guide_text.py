"""Guides as people paste them: what is a question is taken, what is a heading opens a section, the rest is named."""

import re

from hypothesis import given
from hypothesis import strategies as some

from semblance_core.domain.discussion.guide import (
    BESIDE,
    INSTRUCTION,
    TIMING,
    TITLE,
    Guide,
    Section,
    parse_guide,
    read_guide,
    to_markdown,
)

ONE = [("Discussion", ["Why?"])]
GUIDES: dict[str, tuple[str, list[tuple[str, list[str]]], list[str]]] = {
    # what it is: its text, its sections with their questions, what is left out
    "pasted from Word": (
        "Discussion guide\n\n1.\tWhen did you last buy it?\n2.\tWhy?\n•\tWhat did it cost?\n– What else do you drink?\n- One more?\n",
        [
            (
                "Discussion",
                ["When did you last buy it?", "Why?", "What did it cost?", "What else do you drink?", "One more?"],
            )
        ],
        ["Discussion guide"],
    ),
    "Word's second and third level": (
        "•\tWhen?\no\tWhere?\n§\tHow?\n",
        [("Discussion", ["When?", "Where?", "How?"])],
        [],
    ),
    "Word's Symbol and Wingdings": (
        "\uf0b7\tWhen?\n\uf0a7\tWhere?\n\uf0d8 How?\n",
        [("Discussion", ["When?", "Where?", "How?"])],
        [],
    ),
    "numbers and letters": (
        "1) When?\n(2) Where?\na) Why?\n(b) How?\niv. Who?\nC. What?\n3 – Which?\n",
        [("Discussion", ["When?", "Where?", "Why?", "How?", "Who?", "What?", "Which?"])],
        [],
    ),
    "levels": (
        "1. Habits\n1.1 When do you buy it?\n1.2. Where?\n2. Price\n2.1 How much is fair?\n",
        [("Habits", ["When do you buy it?", "Where?"]), ("Price", ["How much is fair?"])],
        [],
    ),
    "Q and Question": (
        "Q1. When?\nQ2: Where?\nQ3 Why?\nQuestion 4: How?\nFrage 5: Wann?\n",
        [("Discussion", ["When?", "Where?", "Why?", "How?", "Wann?"])],
        [],
    ),
    "headings in words": (
        "Warm-up\n\n1. Who are you?\n\nShopping habits\n\n2. Where do you shop?\n",
        [("Warm-up", ["Who are you?"]), ("Shopping habits", ["Where do you shop?"])],
        [],
    ),
    "headings with timings": (
        "Introduction (5 min)\n• Who are you?\nPrice [10-15 minutes]\n• How much?\n",
        [("Introduction", ["Who are you?"]), ("Price", ["How much?"])],
        [],
    ),
    "numbered headings": (
        "1. Introduction (5 minutes)\na. Who are you?\n2. HABITS\n- When?\n3. Price\n- How much?\n",
        [("Introduction", ["Who are you?"]), ("HABITS", ["When?"]), ("Price", ["How much?"])],
        [],
    ),
    "headings in bold, capitals, with a colon": (
        "**Habits**\n- When?\nPRICE AND VALUE\n- How much?\nClosing:\n- Anything else?\nSection B\n- Why?\n",
        [
            ("Habits", ["When?"]),
            ("PRICE AND VALUE", ["How much?"]),
            ("Closing:", ["Anything else?"]),
            ("Section B", ["Why?"]),
        ],
        [],
    ),
    "headings with stars": (
        "## Price **10 min**\n- Why?\n### _Habits_ ##\n- What?\n**Brands** and __shops__:\n- Which?\n- **When?**\n",
        [("Price 10 min", ["Why?"]), ("Habits", ["What?"]), ("Brands and shops:", ["Which?", "When?"])],
        [],
    ),
    "moderator's instructions": (
        "Moderator: welcome.\n[Show the pack]\n- Why?\n- (Hand out card A)\nNote to moderator: smile.\nProbe: price\nINTERVIEWER: smile",
        ONE,
        [
            "Moderator: welcome.",
            "[Show the pack]",
            "(Hand out card A)",
            "Note to moderator: smile.",
            "INTERVIEWER: smile",
        ],
    ),
    "timings alone": (
        "(5 min)\n- Why?\n10:00–10:15\n15'\nDuration: 20 minutes\n",
        ONE,
        ["(5 min)", "10:00–10:15", "15'", "Duration: 20 minutes"],
    ),
    "a table": (
        "No.\tQuestion\tTime\n1\tWhen did you last buy it?\t5 min\n2\tWhy?\t10 min\n",
        [("Discussion", ["When did you last buy it?", "Why?"])],
        ["No. Question Time", "5 min", "10 min"],
    ),
    "a table in Markdown": ("| Question | Time |\n|---|---|\n| Why? | 5 min |\n", ONE, ["Question Time", "5 min"]),
    "smart quotes and blanks": (
        "1.\u00a0What does “fair” mean to you?\n\n\n\u200b•\u00a0 Why?  \n",
        [("Discussion", ["What does “fair” mean to you?", "Why?"])],
        [],
    ),
    "no markers at all": (
        "When did you last buy it?\nWhy that one?\nThank everybody.\n",
        [("Discussion", ["When did you last buy it?", "Why that one?"])],
        ["Thank everybody."],
    ),
    "a question over two lines": (
        "1. When did you last buy it,\n   and why?\n- What do you\nthink of\nthe price\n- Tell us\nPrice\n- How much?\n",
        [
            ("Discussion", ["When did you last buy it, and why?", "What do you think of the price", "Tell us"]),
            ("Price", ["How much?"]),
        ],
        [],
    ),
    "requests are questions": (
        "1. Tell me about yourself\n- Describe your last shopping trip.\n",
        [("Discussion", ["Tell me about yourself", "Describe your last shopping trip."])],
        [],
    ),
    "a request above bullets is no heading": (
        "1. Describe your morning\n• What do you drink?\n",
        [("Discussion", ["Describe your morning", "What do you drink?"])],
        [],
    ),
    "prices are no numbering": (
        "Would 3.50 euros be fair?\n2.99 or 3.49 – which is fair?\n",
        [("Discussion", ["Would 3.50 euros be fair?", "2.99 or 3.49 – which is fair?"])],
        [],
    ),
    "CR line ends": ("1. When?\r2. Why?\r", [("Discussion", ["When?", "Why?"])], []),
    "Japanese": (
        "ディスカッションガイド\n一、いつ買いましたか？\n（二）なぜですか？\n③どこで？\n問4．いくら？\n",
        [("Discussion", ["いつ買いましたか？", "なぜですか？", "どこで？", "いくら？"])],
        ["ディスカッションガイド"],
    ),
    "Chinese": (
        "一、您什么时候买的？\n二、为什么？\n1、多少钱？\n第四题：在哪里？\n",
        [("Discussion", ["您什么时候买的？", "为什么？", "多少钱？", "在哪里？"])],
        [],
    ),
    "Arabic": ("١. متى اشتريته؟\n٢) لماذا؟\nأ. أين؟\n", [("Discussion", ["متى اشتريته؟", "لماذا؟", "أين؟"])], []),
    "Russian": ("Раздел 1. Привычки\n1. Когда?\nа) Почему?\n", [("Раздел 1. Привычки", ["Когда?", "Почему?"])], []),
    "Hindi": ("१. कब खरीदा?\n२. क्यों?\n", [("Discussion", ["कब खरीदा?", "क्यों?"])], []),
    "Korean": ("가. 언제 샀나요?\n나) 왜요?\n", [("Discussion", ["언제 샀나요?", "왜요?"])], []),
    "Greek": ("α) Πότε;\n1. Γιατί;\n", [("Discussion", ["Πότε;", "Γιατί;"])], []),
    "Markdown": (
        "# Guide\n## Habits\n- When?\n* Why?\n---\n## Price\n1. How much?\n## Empty\n",
        [("Habits", ["When?", "Why?"]), ("Price", ["How much?"])],
        ["Guide", "Empty"],
    ),
}


def test_guides_from_anywhere_are_read_and_what_is_left_out_is_named() -> None:
    for what, (text, sections, left_out) in GUIDES.items():
        guide, notes = read_guide(text)
        assert [(section.title, list(section.questions)) for section in guide.sections] == sections, what
        assert [note.text for note in notes] == left_out, what
        assert all(note.why.endswith(".") for note in notes)


def test_why_a_line_is_left_out_is_said() -> None:
    text = "Topic guide\n[Show A]\n10 min\n1\tWhy?\t5 min\n"
    assert [(note.number, note.why) for note in read_guide(text)[1]] == [
        (1, TITLE),
        (2, INSTRUCTION),
        (3, TIMING),
        (4, BESIDE),
    ]


@given(
    some.lists(
        some.lists(
            some.text("ab? .1-•(\u0416一", min_size=1, max_size=12).map(lambda text: f"Q {text} x?"),
            min_size=1,
            max_size=3,
        ),
        max_size=3,
    )
)
def test_a_guide_comes_back_from_markdown_as_it_was(questions: list[list[str]]) -> None:
    sections = (
        Section(f"Part {number}", tuple(" ".join(each.split()) for each in some))
        for number, some in enumerate(questions)
    )
    guide = Guide(tuple(sections))
    assert not guide.questions or parse_guide(to_markdown(guide)) == guide


BULLETS: dict[str, tuple[str, list[str], list[str]]] = {
    # what it is: its text, its questions, what is planned as a probe, or left out
    "Outlook's bullets": (
        "1. What?\n   o  Prompt: a litre\no   Which brands?\n\u00a0\u00a0 o\u00a0\u00a0 Who?\n·\u00a0\u00a0\u00a0\u00a0 Why?\n§  When?\nØ  Where?\n",
        ["What?", "Which brands?", "Who?", "Why?", "When?", "Where?"],
        ["a litre"],
    ),
    "o with one blank": (
        "1. What?\n   o Probe: brands\n   o Which shops\n   o Probe for labels\n2. Why?",
        ["What?", "Which shops", "Why?"],
        ["brands", "Probe for labels"],
    ),
    "o with one blank, in small letters": (
        "1. What?\n   o brands\n   o prices\n2. Why?",
        ["What?", "brands", "prices", "Why?"],
        [],
    ),
    "o within a line": (
        "1. What? o Prompt: a litre o Probe for labels\n2. Why? • Probe: shops",
        ["What?", "Why?"],
        ["a litre", "shops", "Probe for labels"],
    ),
    "o as a word": (
        "o que você bebe?\no preço é justo?\n1. Che cosa compra,\n   o che cosa beve?\n2. ¿Qué compra\no qué bebe?",
        ["o que você bebe?", "o preço é justo?", "Che cosa compra, o che cosa beve?", "¿Qué compra o qué bebe?"],
        [],
    ),
    "probes under bullets": (
        "•\tWhat?\no\tPROBE: brands\n- Probe - shops\n* _Prompt:_ ads\n+ **Probe:** price\n→ Probe (if needed): when\n- Why?\n**Probe: who**",
        ["What?", "Why?"],
        [
            "brands",
            "shops",
            "ads",
            "price",
            "when",
            "who",
        ],
    ),
    "a list of probes": (
        "2. When?\n   Probes:\n   - shop\n   - which brand?\n3. Why?",
        ["When?", "Why?"],
        ["shop", "which brand?"],
    ),
    "a list of probes with the questions' bullets": (
        "- When?\nProbes:\n- shop\n- Why?",
        ["When?", "Why?"],
        ["shop"],
    ),
    "no probes": (
        "Impulse buying – what matters\n- Why?\nVertiefung (10 min)\n- Was?\nProbe 1: Geschmack\n- Wie?\n"
        "1. Ask all: How old are you?\n- Prompt delivery matters?",
        ["Why?", "Was?", "Wie?", "Ask all: How old are you?", "Prompt delivery matters?"],
        [],
    ),
}
PROBES = """Nachfassen: Marken? Warum?|Nachfragen: Preis|Nachhaken, ob es am Preis liegt|Bei Bedarf nachfragen: Marke|Vertiefung: Marken
Relance : pourquoi ?|Relances: marques|Creuser : le prix|Relancer sur le prix|Si besoin : les marques|Sondear: marcas|Indagar: ¿por qué?
Profundizar: precio|Repreguntar por la marca|Approfondire: marche|Indagare: perché?|Se necessario: marche|Sondar: preço|Aprofundar: por quê?
Doorvragen: merken?|Doorvragen naar merken|Indien nodig: prijs|Dopytać: marki|Dopytaj o marki|Pogłębić: dlaczego?|Уточнить: бренды
Уточняющий вопрос: почему?|При необходимости: цена|Зондирование: бренды|追问：为什么？|追問：為什麼？|追问: 品牌|深入追问：价格|探询：原因
追加質問：なぜ？|深掘り：ブランド|プローブ：価格|추가 질문: 왜?|프로브: 가격|후속 질문: 브랜드|استيضاح: لماذا؟|متابعة: السعر|سؤال متابعة: لماذا؟
Derinleştir: markalar|Gerekirse: fiyat|Takip sorusu: neden?|Följdfråga: varför?|Vid behov: pris|Uddyb: hvorfor?|Oppfølging: pris|Jatkokysymys: miksi?
Doptat se: značky|Rákérdezés: miért?|Probing: price|Follow-up: why?|Follow up on price|If needed: price?|Dig deeper: why?"""


def test_bullets_of_word_processors_are_none_of_the_words_and_probes_no_questions() -> None:
    for what, (text, questions, left_out) in BULLETS.items():
        guide, notes = read_guide(text)
        assert list(guide.questions) == questions, what
        assert [
            *(probe for asked in guide.asked for probe in asked.probes),
            *(note.text for note in notes),
        ] == left_out, what


def test_probes_are_told_in_each_language_with_and_without_a_bullet() -> None:
    for probe in PROBES.replace("\n", "|").split("|"):
        for text in (
            f"1. When?\n{probe}\n2. Why?",
            f"1. When?\n   o {probe}\n2. Why?",
            f"• When?\n  – {probe}\n• Why?",
        ):
            guide, notes = read_guide(text)
            assert guide.questions == ("When?", "Why?"), text
            told = [*guide.asked[0].probes, *(note.text for note in notes)]
            assert told in ([probe], [re.split(" ?[:：] ?", probe, maxsplit=1)[-1]]), text
