"""What unpacks, nests or refers to itself without end, with the words that it must end in."""

import zlib
from collections.abc import Callable

from tests.hostile.corpus import (
    FONT,
    MEGABYTE,
    File,
    body,
    docx_with,
    good_docx,
    lying,
    page,
    paragraph,
    parts_of,
    pdf,
    picture_claiming,
    said,
    simple,
    stream,
    zipped,
)

TOO_MUCH = "unpacks to more than can be read safely"
DAMAGED = "is damaged"
OWN_ENTITIES = "defines entities of its own"
Bomb = tuple[str, Callable[[], bytes], str]


def archive_bombs() -> tuple[Bomb, ...]:
    """Name, content, and what is said."""
    blanks = body(" " * (40 * MEGABYTE))
    packed = docx_with(document=blanks)
    return (
        ("blanks.docx", lambda: packed, TOO_MUCH),
        ("claims-less.docx", lambda: lying(packed, "word/document.xml", 2_000), DAMAGED),
        ("claims-more.docx", lambda: lying(docx_with(), "word/document.xml", 2**32 - 2), "A plan"),
        (
            "in-another-part.docx",
            lambda: zipped(parts_of(good_docx()) | {"word/media/a.png": bytes(40 * MEGABYTE)}),
            TOO_MUCH,
        ),
        ("nested.zip", lambda: zipped({f"{each}.zip": packed for each in range(20)}), "is an archive"),
        ("nested.docx", lambda: zipped(parts_of(good_docx()) | {"word/embeddings/a.docx": packed}), "A plan"),
        (
            "many-parts.docx",
            lambda: zipped(parts_of(good_docx()) | {f"word/{each}": b"" for each in range(6_000)}),
            "parts inside",
        ),
        ("twice.docx", lambda: good_docx() + b"PK" + good_docx(), ""),
        ("deep.docx", lambda: docx_with(document=body("<w:r>" * 40_000 + "</w:r>" * 40_000)), DAMAGED),
        ("many-elements.docx", lambda: docx_with(document=body("<w:p/>" * 140_000)), "holds no text"),
        ("wide-table.docx", lambda: docx_with(document=body(_spanning(2**31 - 1))), "A cell"),
    )


def _spanning(columns: int) -> str:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{columns}"/></w:tcPr>{paragraph("A cell")}</w:tc>'
    return f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>"


def entity_bombs() -> tuple[Bomb, ...]:
    laughs = "".join(f'<!ENTITY l{each} "{f"&l{each - 1};" * 10}">' for each in range(1, 12))
    doctypes = {
        "file.docx": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        "address.docx": '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/canary">]>',
        "laughs.docx": f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}<!ENTITY e "&l11;">]>',
        "outside.docx": '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
    }
    made = [(name, docx_with(document=body(paragraph("&e;"), before))) for name, before in doctypes.items()]
    wide = body(paragraph("&e;"), doctypes["file.docx"]).decode().replace('"1.0"', '"1.0" encoding="UTF-16"')
    made += [("wide.docx", docx_with(document=wide.encode("utf-16")))]
    made += [("in-styles.docx", docx_with(styles=body(paragraph("&e;"), doctypes["laughs.docx"])))]
    return tuple((name, lambda content=content: content, OWN_ENTITIES) for name, content in made)


def pdf_bombs() -> tuple[Bomb, ...]:
    text = said("A cell")
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R /Y 7 0 R >> >>"
    calls = page(more=b"/XObject << /X 6 0 R /Y 7 0 R >>")
    drawing = stream(b"/X Do /Y Do")
    both = stream(b"/X Do /Y Do " * 20, form)
    return (
        ("huge-stream.pdf", lambda: simple(stream(b" " * (100 * MEGABYTE), rounds=1)), TOO_MUCH),
        ("deflated-thrice.pdf", lambda: simple(stream(bytes(100 * MEGABYTE), rounds=3)), TOO_MUCH),
        ("long-filters.pdf", lambda: simple(stream(text, b"/Filter [%s]" % (b"/ASCIIHexDecode " * 50_000))), TOO_MUCH),
        ("claims-length.pdf", lambda: simple(b"<< /Length 99999999999 >>\nstream\n%s\nendstream" % text), ""),
        ("own-parent.pdf", lambda: _page_tree(b"<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 3 >>"), DAMAGED),
        ("many-kids.pdf", lambda: _page_tree(b"<< /Type /Pages /Kids [%s] /Count 1 >>" % (b"3 0 R " * 90_000)), ""),
        ("claims-pages.pdf", lambda: _page_tree(b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>"), ""),
        ("deep-pages.pdf", _deep_pages, ""),
        ("draws-itself.pdf", lambda: simple(drawing, calls, _6=both, _7=both), ""),
        ("doubling-forms.pdf", _doubling_forms, ""),
        ("deep-arrays.pdf", lambda: simple(b"[" * 200_000 + b"]" * 200_000), ""),
        ("deep-content.pdf", lambda: simple(stream(b"[" * 2_000_000, rounds=1)), ""),
        ("deep-dictionaries.pdf", lambda: simple(b"<< /A " * 100_000 + b">>" * 100_000), ""),
        ("refers-to-itself.pdf", lambda: simple(b"4 0 R"), ""),
        ("earlier-table.pdf", lambda: pdf({1: b"<< /Type /Catalog /Pages 1 0 R >>"}, b"/Prev 9"), ""),
        ("letter-map.pdf", _letter_map, ""),
        ("long-numbers.pdf", lambda: simple(stream(b"9" * 5_000_000 + b" Td " + text, rounds=1)), ""),
    )


def _page_tree(root: bytes) -> bytes:
    return pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: root, 3: page(), 4: stream(said("A cell")), 5: FONT})


def _deep_pages() -> bytes:
    chain = {each: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (each + 1) for each in range(10, 5_000)}
    return pdf({1: b"<< /Type /Catalog /Pages 10 0 R >>"} | chain | {5_000: page(), 4: stream(said("A cell")), 5: FONT})


def _doubling_forms() -> bytes:
    """Forms of which each draws the next one twice: 2 to the 30th drawings."""
    head = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> /Font << /F1 5 0 R >> >>"
    )
    forms = {f"_{each}": stream(b"/X Do /X Do", head % (each + 1)) for each in range(6, 36)}
    return simple(stream(b"/X Do"), page(more=b"/XObject << /X 6 0 R >>"), **forms, _36=stream(said("A"), head % 5))


def _letter_map() -> bytes:
    rows = b"\n".join(b"<0000> <FFFF> <0041>" for _ in range(6_000))
    mapped = stream(b"begincmap 20000 beginbfrange\n%s\nendbfrange endcmap" % rows, rounds=1)
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [7 0 R] >>"
    return simple(
        stream(said("A cell")), _5=font, _6=mapped, _7=b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A >>"
    )


def picture_bombs() -> tuple[Bomb, ...]:
    return (
        ("claims-pixels.png", lambda: picture_claiming(100_000, 100_000), "has 100,000 × 100,000 pixels"),
        ("within.png", lambda: picture_claiming(6_000, 6_000), "is a damaged picture"),
        ("text.png", lambda: _with_text_chunk(), "is a damaged picture"),
    )


def _with_text_chunk() -> bytes:
    """A PNG whose comment unpacks to 100 MB."""
    data = b"a\0\0" + zlib.compress(bytes(100 * MEGABYTE), 1)
    chunk = len(data).to_bytes(4, "big") + b"zTXt" + data + zlib.crc32(b"zTXt" + data).to_bytes(4, "big")
    made = picture_claiming(40, 30)
    return made[:33] + chunk + made[33:]


def all_bombs() -> list[tuple[File, str]]:
    bombs = (*archive_bombs(), *entity_bombs(), *pdf_bombs(), *picture_bombs())
    return [(File(name, content()), words) for name, content, words in bombs]
