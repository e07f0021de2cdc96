"""PDFs of a few objects: text in any script, form fields, annotations, pictures, layers."""

from collections.abc import Sequence

from tests.hostile.corpus import FONT, pdf, stream

WIDE = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8"
Pieces = Sequence[tuple[float, str]]
LIGATURES = {"\ue001": "لا", "\ue002": "لله"}
"""Signs that stand for several letters, as shaped Arabic has them."""


def picture(width: int = 8, height: int = 8) -> bytes:
    return stream(b"\x80" * (width * height), WIDE % (width, height))


def document(*pages: bytes, catalog: bytes = b"", **objects: bytes) -> bytes:
    """pages: what each has beside its place and its fonts /F1 and /F2, such as `b"/Contents 20 0 R"`. objects: by number, as `_20=b"…"`."""
    made = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (100 + n) for n in range(len(pages)))),
        5: FONT,
    }
    if not any(b"/Resources" in each for each in pages):
        pages = tuple(each + b"/Resources << /Font << /F1 5 0 R >> >>" for each in pages)
    for number, more in enumerate(pages):
        made[100 + number] = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s >>" % more
    return pdf(made | {int(name[1:]): body for name, body in objects.items()})


def in_script(*lines: Pieces, in_form: bool = False) -> bytes:
    """A page whose lines are drawn in these pieces, each from left to right from its place on. in_form: by a form on it."""
    signs = sorted({sign for line in lines for _, piece in line for sign in piece})
    rows = "\n".join(f"<{ord(sign):04X}> <{LIGATURES.get(sign, sign).encode('utf-16-be').hex()}>" for sign in signs)
    table = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(signs)} beginbfchar\n{rows}\nendbfchar endcmap"
    )
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [7 0 R] >>"
    below = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 500 /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        b"/Supplement 0 >> >>"
    )
    drawn = "BT /F1 10 Tf\n"
    for number, line in enumerate(lines):
        for x, piece in line:
            drawn += f"1 0 0 1 {x} {700 - 20 * number} Tm <{piece.encode('utf-16-be').hex()}> Tj\n"
    fonts = b"/Resources << /Font << /F1 5 0 R >> >>"
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Matrix [1 0 0 1 9 9] " + fonts
    return document(
        b"/Contents 4 0 R " + (b"/Resources << /XObject << /X 8 0 R >> >>" if in_form else fonts),
        _4=stream(b"/X Do") if in_form else stream(drawn.encode() + b"ET"),
        _8=stream(drawn.encode() + b"ET", form),
        _5=font,
        _6=stream(table.encode()),
        _7=below,
    )


def with_annotations(*annotations: bytes, catalog: bytes = b"", text: bytes = b"Name:", **objects: bytes) -> bytes:
    """A page with the text and these, from the top down."""
    listed = b" ".join(
        b"<< /Type /Annot /Rect [9 %d 99 %d] %s >>" % (700 - 20 * number, 710 - 20 * number, each)
        for number, each in enumerate(annotations)
    )
    page = b"/Contents 20 0 R /Annots [%s]" % listed
    drawn = stream(b"BT /F1 12 Tf 40 780 Td (%s) Tj ET" % text)
    return document(page, catalog=catalog, _20=drawn, **objects)
