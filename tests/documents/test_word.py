"""Word files are read as Word shows them, with all their parts and within the same bounds."""

import pytest

from semblance_core.documents import DocumentRefused, Guard
from tests.documents.office import (
    MARK,
    NOTE,
    SECTION,
    W,
    entry,
    field,
    level,
    numbering,
    p,
    row,
    run,
    strict,
    vanish,
    with_part,
    word,
)
from tests.hostile.corpus import WORDS, parts_of, zipped

HYPHEN, SOFT = "<w:r><w:noBreakHyphen/></w:r>", "<w:r><w:softHyphen/></w:r>"
BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx>"
    "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)
HIGH = '<w:vertAlign w:val="superscript"/>'
FRACTION = (
    "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b+1</m:t></m:r></m:den></m:f></m:oMath>"
)
POWER = "<m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
ROOT = "<m:oMathPara><m:oMath><m:rad><m:deg/><m:e><m:r><m:t>16</m:t></m:r></m:e></m:rad></m:oMath></m:oMathPara>"
TICKED = (
    '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>'
    '<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
CHOSEN = (
    '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="Small"/>'
    '<w:listEntry w:val="Large"/></w:ddList></w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
NESTED_IF = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>'
    + field("MERGEFIELD x", "hidden")
    + '<w:r><w:instrText>= "a" "b"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    + run("4 euros")
    + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
DOWN, ON = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>', "<w:tcPr><w:vMerge/></w:tcPr>"
MERGED = (
    f"<w:tbl><w:tr><w:tc>{DOWN}{p('Oat')}</w:tc><w:tc>{p('2 euros')}</w:tc></w:tr>"
    f"<w:tr><w:tc>{ON}<w:p/></w:tc><w:tc>{p('3 euros')}</w:tc></w:tr></w:tbl>"
)
INNER = f"<w:tbl>{row('b', 'c')}{row('d', 'e')}</w:tbl>"
RUBY = f"<w:r><w:ruby><w:rt>{run('とうきょう')}</w:rt><w:rubyBase>{run('東京')}</w:rubyBase></w:ruby></w:r>"
RESTART = (
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/>{}</w:num>'
)
ANEW = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
HEADINGS = (
    '<w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:basedOn w:val="H1"/></w:style>'
)
LEVELS = (
    level(0, "decimal", "%1.", '<w:pStyle w:val="H1"/>'),
    level(1, "decimal", "%1.%2", '<w:pStyle w:val="H2"/>'),
)


def heading(text: str, style: str) -> str:
    return p(text, properties=f'<w:pStyle w:val="{style}"/>')


READ: dict[str, tuple[bytes, str]] = {
    "hyphens": (
        word(p("12", HYPHEN, "15 euros, e", HYPHEN, "mail, long", SOFT, "term, so­ft")),
        "12-15 euros, e-mail, longterm, soft",
    ),
    "footnote": (
        word(p("Nine euros", MARK, ".") + p("Next"), footnotes=NOTE.format(p("Then 19."))),
        "Nine euros [1].\n[1] Then 19.\nNext",
    ),
    "footnote whose mark stands high": (
        word(p("9", MARK.replace("<w:r>", f"<w:r><w:rPr>{HIGH}</w:rPr>")), footnotes=NOTE.format(p("Then 19."))),
        "9 [1]\n[1] Then 19.",
    ),
    "footnote in a table": (
        word(f"<w:tbl>{row(p('Nine', MARK), 'b')}</w:tbl>{p('Next')}", footnotes=NOTE.format(p("Then 19."))),
        "Nine [1] | b\n[1] Then 19.\nNext",
    ),
    "endnote": (
        word(
            p("Nine", '<w:r><w:endnoteReference w:id="1"/></w:r>'),
            endnotes=f'<w:endnote w:id="0" w:type="separator">{p("no")}</w:endnote><w:endnote w:id="1">{p("Then 19.")}</w:endnote>',
        ),
        "Nine [i]\n[i] Then 19.",
    ),
    "header": (word(p("Text") + SECTION.format("default", ""), header1=p("CONCEPT B")), "Header: CONCEPT B\nText"),
    "header of a first page that has none": (word(p("Text") + SECTION.format("first", ""), header1=p("B")), "Text"),
    "header of a first page": (
        word(p("Text") + SECTION.format("first", "<w:titlePg/>"), header1=p("B")),
        "Header: B\nText",
    ),
    "header of even pages": (
        word(p("Text") + SECTION.format("even", ""), header1=p("B"), settings="<w:evenAndOddHeaders/>"),
        "Header: B\nText",
    ),
    "page numbers": (
        word(
            p("Text") + SECTION.format("default", ""),
            header1=p("Page ", field("PAGE", "1"), " of ", field("NUMPAGES", "3")),
        ),
        "Text",
    ),
    "footer": (
        word(
            p("Text") + '<w:sectPr><w:footerReference w:type="default" r:id="footer1"/></w:sectPr>',
            footer1=p("Prices 2026"),
        ),
        "Text\nFooter: Prices 2026",
    ),
    "text box": (word(p("Before", BOX.format(p("In a box")), " and after.")), "Before and after.\nIn a box"),
    "content control": (
        word(
            f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('Click here')}</w:sdtContent></w:sdt>{p('Text')}"
        ),
        "Text",
    ),
    "fields": (word(p("Costs ", NESTED_IF, ".")), "Costs 4 euros."),
    "simple field": (
        word(p("See ", f"<w:fldSimple w:instr='REF x'>{run('page 4')}</w:fldSimple>", ".")),
        "See page 4.",
    ),
    "ticked": (word(p(TICKED, " Oat, ", CHOSEN)), "☒ Oat, Large"),
    "fraction": (word(p("p = ", FRACTION)), "p = a/(b+1)"),
    "power": (word(p("y = ", POWER)), "y = x²"),
    "root": (word(p(ROOT)), "√16"),
    "high figures": (
        word(p("10", run("6", HIGH), " litres, 5 m", run("2", HIGH), ", the 5", run("th", HIGH))),
        "10⁶ litres, 5 m², the 5th",
    ),
    "low figures": (word(p("CO", run("2", '<w:vertAlign w:val="subscript"/>'))), "CO₂"),
    "signs of fonts": (word(p('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', " vegan")), "✓ vegan"),
    "ruby": (word(p(RUBY)), "東京（とうきょう）"),
    "merged cells": (word(MERGED), "Oat | 2 euros\nOat | 3 euros"),
    "table in a table": (
        word(f"<w:tbl>{row('a', p('x') + INNER)}</w:tbl>"),
        "a | x b, c; d, e",
    ),
    "two paragraphs in a cell": (word(f"<w:tbl>{row(p('a') + p('b'), 'c')}</w:tbl>"), "a b | c"),
    "paragraph end deleted": (
        word(p("It costs ", properties="<w:rPr><w:del/></w:rPr>") + p("4 euros.")),
        "It costs 4 euros.",
    ),
    "row deleted": (
        word(f"<w:tbl>{row('Old').replace('<w:tr>', '<w:tr><w:trPr><w:del/></w:trPr>')}{row('New')}</w:tbl>"),
        "New",
    ),
    "struck through": (
        word(p(run("5", "<w:strike/>"), run(" euros", "<w:strike/>"), " 4 euros")),
        "~~5 euros~~ 4 euros",
    ),
    "moved": (word(p(f"<w:moveFrom>{run('Here. ')}</w:moveFrom>", f"<w:moveTo>{run('There.')}</w:moveTo>")), "There."),
    "strict": (strict(word(p("Strict ", POWER, MARK), footnotes=NOTE.format(p("Note.")))), "Strict x² [1]\n[1] Note."),
    "reference to nothing": (
        word(
            p("Text"),
            f'<Relationship Id="x" Type="{W}/image" Target="../NULL"/><Relationship Id="y" Type="z" Target="media/none.png"/>',
        ),
        "Text",
    ),
    "reference outside": (
        word(p("Text"), '<Relationship Id="x" Type="a/image" Target="http://none.invalid/a" TargetMode="External"/>'),
        "Text",
    ),
    "template": (with_part("docProps/a.xml", b"<a/>"), f"A plan\n{WORDS}\nPrice |"),
    # Numbers of lists
    "letters": (
        word(entry("Oat") + entry("Soy"), numbering=numbering(level(0, "upperLetter", "Option %1."))),
        "Option A. Oat\nOption B. Soy",
    ),
    "roman, from four": (
        word(entry("a") + entry("b"), numbering=numbering(level(0, "lowerRoman", "(%1)", start=4))),
        "(iv) a\n(v) b",
    ),
    "depths": (
        word(
            entry("a") + entry("b", depth=1) + entry("c", depth=1) + entry("d") + entry("e", depth=1),
            numbering=numbering(level(0, "decimal", "%1."), level(1, "lowerLetter", "%1.%2)")),
        ),
        "1. a\n1.a) b\n1.b) c\n2. d\n2.a) e",
    ),
    "a depth that goes on": (
        word(
            entry("a") + entry("b", depth=1) + entry("c") + entry("d", depth=1),
            numbering=numbering(level(0, "decimal", "%1."), level(1, "decimal", "%2)", '<w:lvlRestart w:val="0"/>')),
        ),
        "1. a\n1) b\n2. c\n2) d",
    ),
    "two lists that count together": (
        word(entry("a") + entry("b", 2), numbering=numbering(level(0, "decimal", "%1."), lists=RESTART.format(""))),
        "1. a\n2. b",
    ),
    "a list that begins anew": (
        word(
            entry("a") + entry("b", 2) + entry("c", 2),
            numbering=numbering(level(0, "decimal", "%1."), lists=RESTART.format(ANEW)),
        ),
        "1. a\n1. b\n2. c",
    ),
    "headings": (
        word(
            heading("Price", "H1") + heading("Now", "H2") + heading("Later", "H2") + heading("Taste", "H1"),
            styles=HEADINGS,
            numbering=numbering(*LEVELS),
        ),
        "1. Price\n1.1 Now\n1.2 Later\n2. Taste",
    ),
    "bullets": (word(entry("a"), numbering=numbering(level(0, "bullet", "&#61623;"))), "• a"),
    "no list after all": (word(entry("a", 0), numbering=numbering(level(0, "decimal", "%1."))), "a"),
    "legal": (
        word(
            entry("a") + entry("b", depth=1),
            numbering=numbering(level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2", "<w:isLgl/>")),
        ),
        "I. a\n1.1 b",
    ),
    "Japanese": (
        word(entry("a") + entry("b"), numbering=numbering(level(0, "japaneseCounting", "%1、"))),
        "一、 a\n二、 b",
    ),
    "in words": (
        word(entry("a") + entry("b"), numbering=numbering(level(0, "ordinalText", "%1 idea:"))),
        "First idea: a\nSecond idea: b",
    ),
    "Hebrew": (word(entry("a") + entry("b"), numbering=numbering(level(0, "hebrew1", "%1."))), "א. a\nב. b"),
    "padded": (word(entry("a"), numbering=numbering(level(0, "decimalZero", "%1"))), "01 a"),
    "deleted entries do not count": (
        word(
            entry("a")
            + entry("x")
            .replace("<w:r>", "<w:del><w:r>")
            .replace("</w:r></w:p>", "</w:r></w:del></w:p>")
            .replace("w:t", "w:delText")
            + entry("b"),
            numbering=numbering(level(0, "decimal", "%1.")),
        ),
        "1. a\n2. b",
    ),
}


def test_word_files_are_read_as_word_shows_them(guard: Guard) -> None:
    wrong = {}
    for name, (content, text) in READ.items():
        try:
            found = guard.read(content, "a.docx").text
        except DocumentRefused as refused:
            found = str(refused)
        if found != text:
            wrong[name] = (found, text)
    assert not wrong


def test_a_diagrams_words_are_read(guard: Guard) -> None:
    drawing = '<w:r><w:drawing><dgm:relIds r:dm="d"/></w:drawing></w:r>'
    content = word(p("Text", drawing), '<Relationship Id="d" Type="a/diagramData" Target="diagrams/data1.xml"/>')
    data = b'<d xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:t>Buy</a:t><a:t>Drink</a:t></d>'
    assert guard.read(with_part("word/diagrams/data1.xml", data, content), "a.docx").text == "Text\nBuy; Drink"


def test_further_parts_are_held_to_the_same_bounds(guard: Guard) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY e "ha">]>'
    for kind in ("footnotes", "header1", "numbering", "comments"):
        parts = parts_of(word(p("Text", MARK), **{kind: p("x")}))
        with_entities = zipped(parts | {f"word/{kind}.xml": laughs.encode() + parts[f"word/{kind}.xml"]})
        with pytest.raises(DocumentRefused, match="defines entities of its own"):
            guard.read(with_entities, "a.docx")
    itself = word(p("Text", MARK), footnotes=NOTE.format(p("Again", MARK)))
    assert guard.read(itself, "a.docx").text.startswith("Text [1]")
    many = word("".join(entry("a") for _ in range(3_000)), numbering=numbering(level(0, "lowerLetter", "%1.")))
    assert "•" not in guard.read(many, "a.docx").text
    loop = f'<w:style w:styleId="A"><w:basedOn w:val="A"/></w:style>{vanish("B")}'
    assert guard.read(word(p("Text", properties='<w:pStyle w:val="A"/>'), styles=loop), "a.docx").text == "Text"
