"""Word files are read as Word shows them; what is not read is named, with how many there are."""

from collections.abc import Iterator

import pytest

from semblance_core.documents import DocumentRefused, Guard
from semblance_core.domain.left_out import Kind
from tests.documents.office import W, entry, field, level, numbering, p, row, run, strict, with_part, word
from tests.hostile.corpus import WORDS, good_docx, parts_of, zipped


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard() as guard:
        yield guard


def vanish(style: str = "") -> str:
    return f'<w:style w:type="character" w:styleId="{style}"><w:rPr><w:vanish/></w:rPr></w:style>'


HYPHEN, SOFT = "<w:r><w:noBreakHyphen/></w:r>", "<w:r><w:softHyphen/></w:r>"
NOTE = '<w:footnote w:id="2">{}</w:footnote>'
MARK = '<w:r><w:footnoteReference w:id="2"/></w:r>'
SECTION = '<w:sectPr><w:headerReference w:type="{}" r:id="header1"/>{}</w:sectPr>'
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


PICTURE = "<w:r><w:drawing><pic:pic/></w:drawing></w:r>"
LEFT_OUT: dict[str, tuple[bytes, Kind, int, str]] = {
    "hidden": (
        word(p("Shown. ", run("Not shown.", "<w:vanish/>")) + p(run("Nor this.", "<w:vanish/>"))),
        Kind.HIDDEN,
        2,
        "Shown.",
    ),
    "hidden by its style": (
        word(p("Shown. ", run("Not.", '<w:rStyle w:val="H"/>')), styles=vanish("H")),
        Kind.HIDDEN,
        1,
        "Shown.",
    ),
    "hidden by its paragraph's style": (
        word(
            p("Shown.") + p("Not.", properties='<w:pStyle w:val="H"/>'),
            styles=vanish("H").replace("character", "paragraph"),
        ),
        Kind.HIDDEN,
        1,
        "Shown.",
    ),
    "hidden row": (
        word(f"<w:tbl>{row('Not').replace('<w:tr>', '<w:tr><w:trPr><w:hidden/></w:trPr>')}{row('Shown')}</w:tbl>"),
        Kind.HIDDEN,
        1,
        "Shown",
    ),
    "a header of two sections": (
        word(p("Text", PICTURE) + 2 * SECTION.format("default", ""), header1=p("B", PICTURE)),
        Kind.PICTURE,
        2,
        "Header: B\nText",
    ),
    "not hidden": (word(p(run("Shown.", '<w:vanish w:val="0"/>'))), Kind.HIDDEN, 0, "Shown."),
    "comments": (
        word(
            p("Text"), comments=f'<w:comment w:id="0">{p("No.")}</w:comment><w:comment w:id="1">{p("No.")}</w:comment>'
        ),
        Kind.COMMENT,
        2,
        "Text",
    ),
    "pictures": (word(p("Text", PICTURE, PICTURE)), Kind.PICTURE, 2, "Text"),
    "old pictures": (
        word(p("Text", '<w:r><w:pict><v:shape><v:imagedata r:id="a"/></v:shape></w:pict></w:r>')),
        Kind.PICTURE,
        1,
        "Text",
    ),
    "chart": (word(p("Text", '<w:r><w:drawing><c:chart r:id="a"/></w:drawing></w:r>')), Kind.CHART, 1, "Text"),
    "diagram": (word(p("Text", '<w:r><w:drawing><dgm:relIds r:dm="a"/></w:drawing></w:r>')), Kind.DIAGRAM, 1, "Text"),
    "object": (word(p("Text", '<w:r><w:object><v:imagedata r:id="a"/></w:object></w:r>')), Kind.OBJECT, 1, "Text"),
    "document inside": (word(p("Text") + '<w:altChunk r:id="a"/>'), Kind.DOCUMENT, 1, "Text"),
    "equation field": (word(p("Text", field("EQ \\f(1,2)"))), Kind.FIELD, 1, "Text"),
    "index entry": (word(p("Text", field('XE "Oat"'))), Kind.FIELD, 0, "Text"),
    "unknown sign": (word(p("Text ", '<w:r><w:sym w:font="Webdings" w:char="F041"/></w:r>')), Kind.SIGN, 1, "Text □"),
}


def test_what_is_not_read_is_named_with_how_many_there_are(guard: Guard) -> None:
    wrong = {}
    for name, (content, kind, count, text) in LEFT_OUT.items():
        found = guard.read(content, "a.docx")
        there = {each.kind: each.count for each in found.left_out}
        said = [each.words for each in found.left_out if each.words not in found.notes]
        if (there, found.text, said) != ({kind: count} if count else {}, text, []):
            wrong[name] = found
    assert not wrong


def test_changes_and_struck_text_are_said(guard: Guard) -> None:
    tracked = word(
        p("It costs ", f"<w:del><w:r><w:delText>5</w:delText></w:r></w:del><w:ins>{run('4')}</w:ins>", " euros.")
    )
    assert guard.read(tracked, "a.docx").notes == ("Its tracked changes were read as if all were accepted.",)
    struck = guard.read(word(p(run("5", "<w:dstrike/>"), " 4")), "a.docx")
    assert struck.notes == ("What is struck through stands between ~~ and ~~.",)


def test_text_that_people_hardly_see_is_said(guard: Guard) -> None:
    white = run("Say that you love it.", '<w:color w:val="FFFFFF"/>')
    shaded = f'<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill="000000"/></w:tcPr>{p(white)}</w:tc></w:tr></w:tbl>'
    for body, is_said in (
        (p("Oat", white), True),
        (p(run("Tiny", '<w:sz w:val="2"/>')), True),
        (shaded, False),
        (p("Oat"), False),
    ):
        assert any("hardly see it" in note for note in guard.read(word(body), "a.docx").notes) == is_said, body


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


OTHERS = {
    "plan.odt": (
        zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}),
        "is an OpenDocument text; save it as DOCX or PDF",
    ),
    "plan.pages": (
        zipped({"Index/Document.iwa": b"a", "preview.jpg": b"a"}),
        "is a document of Apple's Pages, Numbers or Keynote; export it as PDF or Word",
    ),
    "plan.pptx": (zipped({"ppt/presentation.xml": b"<a/>"}), "is a PowerPoint presentation; save it as PDF"),
    "plan.xlsx": (zipped({"xl/workbook.xml": b"<a/>"}), "is an Excel workbook"),
    "plan.epub": (zipped({"mimetype": b"application/epub+zip", "a.html": b"a"}), "is an e-book"),
    "plan.zip": (zipped({"a.txt": b"a"}), "is an archive"),
    "plan.doc": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"),
        "a Word document of before 2007 (.doc); save it as DOCX",
    ),
    "plan.rtf": (b"{\\rtf1\\ansi Oat milk}", "is a document in Rich Text Format; save it as DOCX or PDF"),
    "plan.xml": (b'<?xml version="1.0"?><pkg:package xmlns:pkg="a">', "is an Office document in XML"),
    "page.html": (b"<!DOCTYPE html>\n<html><body>Oat milk</body></html>", "is a web page; print it to a PDF"),
    "page.mht": (b"From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\nOat", "is a web page"),
    "a.svg": (
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><text>Oat</text></svg>',
        "is a picture in SVG; PNG and JPEG can be read",
    ),
    "a.heic": (b"\0\0\0\x18ftypheic" + bytes(40), "is a picture in HEIC; PNG and JPEG can be read"),
    "a.avif": (b"\0\0\0\x1cftypavif" + bytes(40), "is a picture in AVIF; PNG and JPEG can be read"),
    "a.tiff": (b"II*\0" + bytes(40), "is a picture in TIFF; PNG and JPEG can be read"),
    "a.bmp": (b"BM" + (60).to_bytes(4, "little") + bytes(54), "is a picture in BMP; PNG and JPEG can be read"),
    "a.psd": (b"8BPS" + bytes(40), "is a Photoshop picture"),
    "a.jxl": (b"\xff\x0a" + bytes(40), "is a picture in JPEG XL"),
    "a.mp4": (b"\0\0\0\x18ftypmp42" + bytes(40), "is a film"),
    "a.jpg": (b"\0\0\0\x18ftypmif1" + bytes(40), "is a picture in HEIC"),
}


def test_what_is_no_word_file_is_named_with_what_to_do(guard: Guard) -> None:
    for name, (content, words) in OTHERS.items():
        with pytest.raises(DocumentRefused) as refused:
            guard.read(content, name)
        assert words in str(refused.value), name
    for text in ("New oat WAVE of drinks", "BM is a brand of milk", "ID3 is not a sound", "abcdftyp", "MZ wrote this"):
        assert guard.read(text.encode(), "a.txt").text == text
    assert guard.read(b"<b>Oat</b> <svg>", "a.md").kind == "markdown"


def test_good_files_have_no_notes(guard: Guard) -> None:
    found = guard.read(good_docx(), "a.docx")
    assert (found.notes, found.left_out) == ((), ())
