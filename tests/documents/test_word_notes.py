"""Notes name what was not read of a Word file, and how the rest was read."""

from semblance_core.documents import Guard
from semblance_core.domain.discussion.left_out import Kind
from tests.documents.office import SECTION, field, p, row, run, vanish, word
from tests.hostile.corpus import good_docx

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


def test_good_files_have_no_notes(guard: Guard) -> None:
    found = guard.read(good_docx(), "a.docx")
    assert (found.notes, found.left_out) == ((), ())
