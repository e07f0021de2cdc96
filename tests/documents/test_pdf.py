"""PDFs are read as they are shown: filled fields, right-to-left text, ligatures; what is not read is named, with its pages."""

import re
from io import BytesIO

import pytest
from pypdf import PdfWriter

from semblance_core.documents import DocumentRefused, Guard
from semblance_core.documents.text.right_to_left import as_read
from semblance_core.domain.discussion.left_out import Kind
from tests.documents.pdfs import document, in_script, picture, with_annotations
from tests.hostile.corpus import WORDS, good_pdf, locked_pdf, said, stream


def turned(text: str) -> str:
    return text[::-1]


WIDGET = b"/Subtype /Widget /FT "
READ: dict[str, tuple[bytes, str]] = {
    "text field": (with_annotations(WIDGET + b"/Tx /T (product) /V (Oat Drink)"), "Name:\nproduct: Oat Drink"),
    "its name for people": (with_annotations(WIDGET + b"/Tx /T (a1) /TU (Product) /V (Oat)"), "Name:\nProduct: Oat"),
    "two lines": (with_annotations(WIDGET + b"/Tx /T (a) /V (Oat\\rSoy)"), "Name:\na: Oat / Soy"),
    "two fields": (
        with_annotations(WIDGET + b"/Tx /T (a) /V (1)", WIDGET + b"/Tx /T (b) /V (2)"),
        "Name:\na: 1\nb: 2",
    ),
    "empty field": (with_annotations(WIDGET + b"/Tx /T (a) /V ()", WIDGET + b"/Tx /T (b)"), "Name:"),
    "ticked": (with_annotations(WIDGET + b"/Btn /T (Vegan) /V /Yes /AS /Yes"), "Name:\n☒ Vegan"),
    "not ticked": (with_annotations(WIDGET + b"/Btn /T (Vegan) /V /Off /AS /Off"), "Name:\n☐ Vegan"),
    "one of several": (
        with_annotations(
            b"/Subtype /Widget /Parent 30 0 R /AS /Large",
            b"/Subtype /Widget /Parent 30 0 R /AS /Off",
            _30=b"<< /FT /Btn /Ff 32768 /T (Size) /V /Large >>",
        ),
        "Name:\nSize: Large",
    ),
    "chosen, in words": (
        with_annotations(WIDGET + b"/Ch /T (Size) /V (l) /Opt [[(s) (Small)] [(l) (Large)]]"),
        "Name:\nSize: Large",
    ),
    "several chosen": (with_annotations(WIDGET + b"/Ch /T (Kinds) /V [(Oat) (Soy)]"), "Name:\nKinds: Oat, Soy"),
    "value of the whole": (
        with_annotations(b"/Subtype /Widget /Parent 30 0 R", _30=b"<< /FT /Tx /T (a) /V (Oat) >>"),
        "Name:\na: Oat",
    ),
    "button": (with_annotations(WIDGET + b"/Btn /Ff 65536 /T (Send)"), "Name:"),
    "password": (with_annotations(WIDGET + b"/Tx /Ff 8192 /T (a) /V (secret)"), "Name:"),
    "typed on the page": (with_annotations(b"/Subtype /FreeText /Contents (9 euros)"), "Name:\n9 euros"),
    "form without text": (with_annotations(WIDGET + b"/Tx /T (a) /V (Oat)", text=b""), "a: Oat"),
    "static XFA": (
        with_annotations(
            WIDGET + b"/Tx /T (a) /V (Oat)", catalog=b"/AcroForm << /Fields [] /XFA 30 0 R >>", _30=stream(b"<x/>")
        ),
        "Name:\na: Oat",
    ),
    "unlocked": (locked_pdf("", "AES-256"), WORDS),
    "rotated": (
        document(b"/Rotate 90 /Contents 20 0 R", _20=stream(b"BT /F1 12 Tf 0 1 -1 0 99 99 Tm (Small 2) Tj ET")),
        "Small 2",
    ),
    "ligatures": (in_script([(9, "the oﬃcial beneﬁt, ﬂat ﬅ")]), "the official benefit, flat st"),
    "divided words": (in_script([(9, "a breakfast\u00ad")], [(9, "cereal")]), "a breakfastcereal"),
    # From right to left
    "Hebrew with a number": (in_script([(9, turned("מחיר החלב הוא 21 שקלים"))]), "מחיר החלב הוא 12 שקלים"),
    "in pieces": (
        in_script([(200, turned("מחיר החלב הוא")), (180, "12"), (130, turned("שקלים"))]),
        "מחיר החלב הוא 12 שקלים",
    ),
    "in pieces from the left": (
        in_script([(130, turned("שקלים")), (180, "12"), (200, turned("מחיר החלב הוא"))]),
        "מחיר החלב הוא 12 שקלים",
    ),
    "letter by letter": (in_script([(100 - 5 * place, sign) for place, sign in enumerate("שלום")]), "שלום"),
    "a Latin name": (in_script([(9, f"{turned('במחיר')} Oatly {turned('מוצר של')}")]), "מוצר של Oatly במחיר"),
    "a Latin name with a number": (in_script([(9, f"{turned('עולה בחנות')} iPhone 15")]), "iPhone 15 עולה בחנות"),
    "brackets": (in_script([(9, f"{turned('של')} ({turned('חדש')}) {turned('מוצר')}")]), "מוצר (חדש) של"),
    "a span": (in_script([(9, f"{turned('אירו')} 12-15 {turned('עולה')}")]), "עולה 12-15 אירו"),
    "a price": (in_script([(9, f"₪ 3,499.90 {turned('מחיר')}")]), "מחיר 3,499.90 ₪"),
    "per cent": (in_script([(9, f"{turned('הנחה')} 50%")]), "50% הנחה"),
    "a date": (in_script([(9, f"12/11/2026 {turned('בתאריך')}")]), "בתאריך 12/11/2026"),
    "a year after a letter": (in_script([(9, "2024-" + turned("ב"))]), "ב-2024"),
    "two numbers": (in_script([(9, f"20 10 {turned('מספרים')}")]), "מספרים 10 20"),
    "Arabic": (in_script([(9, f"{turned('ريال')} 12 {turned('سعر الحليب هو')}")]), "سعر الحليب هو 12 ريال"),
    "Arabic per cent": (in_script([(9, f"%50 {turned('الخصم')}")]), "الخصم 50%"),
    "an Arabic span": (in_script([(9, f"15-12 {turned('حتى')}")]), "حتى 12-15"),
    "Arabic digits": (in_script([(9, f"{turned('ريال')} ١٢ {turned('السعر')}")]), "السعر ١٢ ريال"),
    "shaped Arabic": (in_script([(9, turned("ﺳﻌﺮ ﺍﻟﺤﻠﻴﺐ"))]), "سعر الحليب"),
    "a ligature of two letters": (in_script([(9, turned("الس\ue001م"))]), "السلام"),
    "a shaped ligature": (in_script([(9, turned("ﺍﻟﺴﻼﻡ"))]), "السلام"),
    "Persian": (in_script([(9, f"{turned('تومان')} ۱۲ {turned('قیمت شیر')}")]), "قیمت شیر ۱۲ تومان"),
    "a Hebrew word in English": (
        in_script([(9, f"The word {turned('שלום עולם')} means hello")]),
        "The word שלום עולם means hello",
    ),
    "kept as it is read": (in_script([(9, "מחיר החלב הוא 12 שקלים")]), "מחיר החלב הוא 12 שקלים"),
    "a row of a table": (in_script([(200, turned("מחיר")), (100, turned("כמות")), (9, turned("שם"))]), "מחיר כמות שם"),
    "Hebrew in a form": (in_script([(9, f"{turned('שקלים')} 12 {turned('מחיר')}")], in_form=True), "מחיר 12 שקלים"),
    "two columns": (
        in_script([(9, "Oat")], [(9, "milk")], [(300, "Soy"), (300, " drink")]),
        "Oat\nmilk\nSoy drink",
    ),
    "two lines of Hebrew": (in_script([(9, turned("שורה אחת"))], [(9, turned("שורה שתיים"))]), "שורה אחת\nשורה שתיים"),
}


def test_pdfs_are_read_as_they_are_shown(guard: Guard) -> None:
    wrong = {}
    for name, (content, text) in READ.items():
        try:
            found = guard.read(content, "a.pdf").text
        except DocumentRefused as refused:
            found = str(refused)
        if found != text:
            wrong[name] = (found, text)
    assert not wrong


DRAWS = b"/Contents 20 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /I 21 0 R >> >>"
TEXT_AND_PICTURE = stream(said("Page 1") + b" q 9 0 0 9 0 0 cm /I Do Q")
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /J 22 0 R >> >>"
LAYERS = b"/OCProperties << /OCGs [30 0 R] /D << /OFF [30 0 R] >> >>"
LAYERED = stream(b"BT /F1 9 Tf (Shown) Tj ET /OC /L BDC BT /F1 9 Tf (Not) Tj ET EMC")
ATTACHED = b"/Names << /EmbeddedFiles << /Names [(a.xlsx) 30 0 R] >> >>"
FILE = b"<< /Type /Filespec /F (a.xlsx) /EF << /F 31 0 R >> >>"
LEFT_OUT: dict[str, tuple[bytes, dict[Kind, int], str]] = {
    "a picture beside text": (
        document(DRAWS, _20=TEXT_AND_PICTURE, _21=picture()),
        {Kind.PICTURE: 1},
        "1 picture is left out, on page 1.",
    ),
    "on two of three pages": (
        document(
            DRAWS, DRAWS.replace(b"20", b"23"), DRAWS, _20=TEXT_AND_PICTURE, _21=picture(), _23=stream(said("Text"))
        ),
        {Kind.PICTURE: 2},
        "2 pictures are left out, on pages 1 and 3.",
    ),
    "pages of pictures": (
        document(DRAWS, *[DRAWS.replace(b"20", b"23")] * 3, _20=TEXT_AND_PICTURE, _21=picture(), _23=stream(b"/I Do")),
        {Kind.PICTURE: 1, Kind.PICTURE_PAGE: 3},
        "Pages 2–4 hold only pictures, which are left out.",
    ),
    "a picture between the text": (
        document(
            b"/Contents 20 0 R", _20=stream(said("Text") + b" BI /W 4 /H 4 /BPC 8 /CS /G ID " + b"\x80" * 16 + b" EI")
        ),
        {Kind.PICTURE: 1},
        "1 picture is left out, on page 1.",
    ),
    "a picture in a form": (
        document(DRAWS, _20=TEXT_AND_PICTURE, _21=stream(b"/J Do", FORM), _22=picture()),
        {Kind.PICTURE: 1},
        "1 picture is left out, on page 1.",
    ),
    "a picture that is not drawn": (document(DRAWS, _20=stream(said("Text")), _21=picture()), {}, ""),
    "a line": (document(DRAWS, _20=TEXT_AND_PICTURE, _21=picture(60, 1)), {}, ""),
    "an empty page": (
        document(b"/Contents 20 0 R", b"/Contents 23 0 R", _20=stream(said("Text")), _23=stream(b"")),
        {Kind.BLANK_PAGE: 1},
        "Page 2 holds no text.",
    ),
    "a layer that is off": (
        document(
            b"/Contents 20 0 R /Resources << /Font << /F1 5 0 R >> /Properties << /L 30 0 R >> >>",
            catalog=LAYERS,
            _20=LAYERED,
            _30=b"<< /Type /OCG /Name (Draft) >>",
        ),
        {Kind.HIDDEN: 1},
        "1 hidden passage is left out, on page 1.",
    ),
    "comments": (
        with_annotations(
            b"/Subtype /Text /Contents (No)", b"/Subtype /Highlight /Contents (No)", b"/Subtype /Highlight"
        ),
        {Kind.COMMENT: 2},
        "2 comments are left out, on page 1.",
    ),
    "a hidden field": (
        with_annotations(WIDGET + b"/Tx /T (a) /V (No) /F 2"),
        {Kind.FORM_FIELD: 1},
        "1 hidden form field is left out, on page 1.",
    ),
    "a signature": (
        with_annotations(WIDGET + b"/Sig /T (a) /V << >>"),
        {Kind.SIGNATURE: 1},
        "1 signature is left out, on page 1.",
    ),
    "an attached file": (
        document(
            b"/Contents 20 0 R",
            catalog=ATTACHED,
            _20=stream(said("Text")),
            _30=FILE,
            _31=stream(b"a", b"/Type /EmbeddedFile"),
        ),
        {Kind.ATTACHMENT: 1},
        "1 attached file is left out.",
    ),
    "a film": (with_annotations(b"/Subtype /RichMedia"), {Kind.OBJECT: 1}, "1 embedded object is left out, on page 1."),
    "a link": (with_annotations(b"/Subtype /Link /Contents (No)"), {}, ""),
}


def test_what_is_not_read_is_named_with_how_many_and_on_which_pages(guard: Guard) -> None:
    wrong = {}
    for name, (content, counts, words) in LEFT_OUT.items():
        found = guard.read(content, "a.pdf")
        there = {each.kind: each.count for each in found.left_out}
        if there != counts or (words or "-") not in (*found.notes, "-") or "No" in found.text.split():
            wrong[name] = found
    assert not wrong


def test_covers_that_stand_for_something_else_are_refused_with_what_to_do(guard: Guard) -> None:
    please = stream(said("Please wait. If this message is not replaced, your viewer cannot show this form."))
    for form in (
        b"/AcroForm << /Fields [] /XFA 30 0 R >>",
        b"/NeedsRendering true /AcroForm << /Fields [31 0 R] /XFA [(a) 30 0 R] >>",
    ):
        content = document(
            b"/Contents 20 0 R", catalog=form, _20=please, _30=stream(b"<x/>"), _31=b"<< /FT /Tx /T (a) >>"
        )
        with pytest.raises(
            DocumentRefused, match=r"a form that only Adobe Reader shows \(XFA\); print it to a PDF there"
        ):
            guard.read(content, "a.pdf")
    cover = document(
        b"/Contents 20 0 R",
        catalog=b"/Collection << >> " + ATTACHED,
        _20=please,
        _30=FILE,
        _31=stream(b"a", b"/Type /EmbeddedFile"),
    )
    with pytest.raises(
        DocumentRefused, match=re.escape("a portfolio, a cover with other files in it (a.xlsx); add these files")
    ):
        guard.read(cover, "a.pdf")


def test_a_font_that_does_not_say_what_it_draws_is_not_taken_for_letters(guard: Guard) -> None:
    mute = b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [7 0 R] >>"
    below = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Ordering (Identity) >> >>"
    fonts = b"/Contents 20 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >>"
    signs = b"BT /F2 9 Tf <002400250026> Tj ET "
    with pytest.raises(DocumentRefused, match="does not say which letters its signs stand for"):
        guard.read(document(fonts, _20=stream(signs), _6=mute, _7=below), "a.pdf")
    numbered = b"<< /Type /Font /Subtype /Type3 /Encoding << /Differences [36 /g36 /g37 /g38] >> >>"
    with pytest.raises(DocumentRefused, match="does not say which letters its signs stand for"):
        guard.read(document(fonts, _20=stream(b"BT /F2 9 Tf <242526> Tj ET "), _6=numbered), "a.pdf")
    found = guard.read(document(fonts, _20=stream(signs + said(WORDS * 3)), _6=mute, _7=below), "a.pdf")
    assert "Some of its signs do not say which letters they stand for." in found.notes


def test_damaged_fields_and_lists_do_not_spoil_a_page(guard: Guard) -> None:
    for content in (
        with_annotations(b"/Subtype /Widget /FT /Tx /Rect (a) /V 9"),
        with_annotations(b"/Subtype /Widget /Parent 30 0 R", _30=b"<< /Parent 30 0 R >>"),
        with_annotations(
            WIDGET + b"/Ch /T (a) /V (l) /Opt (x)",
            catalog=b"/Names << /EmbeddedFiles 30 0 R >>",
            _30=b"<< /Kids [30 0 R] >>",
        ),
        document(
            b"/Contents 20 0 R /Annots 20 0 R",
            _20=stream(said("Name:")),
            catalog=b"/OCProperties << /D << /OFF (a) >> >>",
        ),
    ):
        assert guard.read(content, "a.pdf").text.startswith("Name:")


def test_mixed_files_name_their_pages(guard: Guard) -> None:
    writer, made = PdfWriter(), BytesIO()
    for content in (good_pdf(), in_script([(9, turned("שלום"))]), document(DRAWS, _20=stream(b"/I Do"), _21=picture())):
        writer.append(BytesIO(content))
    writer.write(made)
    found = guard.read(made.getvalue(), "a.pdf")
    assert found.text == f"{WORDS}\n\nשלום"
    assert found.notes == ("Page 3 holds only pictures, which are left out.",)


def test_what_has_no_letters_from_right_to_left_stays_as_it_is() -> None:
    for text in ("", "12-15", "Oat (milk)", "价格 12"):
        assert as_read(text, True) == as_read(text, False) == text
