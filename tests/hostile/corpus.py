"""Files that mean harm, made by code: each a name and the bytes behind it. The same seed makes the same files."""

import random
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import docx
from PIL import Image
from pypdf import PdfReader, PdfWriter

WORDS = "Oat milk costs 2.10 euros a litre."
RIGHT_TO_LEFT = "חלב שיבולת שועל עולה שני אירו. السعر مناسب."
COMBINING = "Zoe\u0308 said Z̸͓̈́a̵̛͎ļ̷̀g̵̰̚o̶̲͝, and नमस्ते, and 👩🏽‍🔬."
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
MEGABYTE = 1024 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class File(NamedTuple):
    name: str
    content: bytes


def pdf(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, of which 1 is the catalogue."""
    made, places = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        places[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(made), max(objects) + 1
    rows = (b"%010d 00000 n \n" % places[each] if each in places else b"%010d 65535 f \n" % 0 for each in range(size))
    made += b"xref\n0 %d\n%s" % (size, b"".join(rows))
    return made + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def stream(data: bytes, more: bytes = b"", rounds: int = 0) -> bytes:
    """A stream object; rounds: how often it is deflated."""
    for _ in range(rounds):
        data = zlib.compress(data, 9)
    filters = b"/Filter [%s]" % (b" /FlateDecode" * rounds) if rounds else b""
    return b"<< /Length %d %s %s >>\nstream\n%s\nendstream" % (len(data), filters, more, data)


def said(text: str) -> bytes:
    return b"BT /F1 12 Tf 40 700 Td (%s) Tj ET" % text.encode("latin-1")


def page(contents: bytes = b"4 0 R", more: bytes = b"") -> bytes:
    resources = b"<< /Font << /F1 5 0 R >> %s >>" % more
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources %s /Contents %s >>" % (resources, contents)


def simple(content: bytes, page_object: bytes = b"", **more: bytes) -> bytes:
    """A PDF with one page, drawn by the stream object `content`; further objects as `_6=b"…"`."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: page_object or page(),
        4: content,
        5: FONT,
    }
    return pdf(objects | {int(number[1:]): body for number, body in more.items()})


def good_pdf() -> bytes:
    return simple(stream(said(WORDS), rounds=1))


def good_docx(text: str = WORDS) -> bytes:
    document = docx.Document()
    document.add_heading("A plan")
    document.add_paragraph(text)
    document.add_table(1, 2).cell(0, 0).text = "Price"
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def parts_of(archive: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(parts: dict[str, bytes], level: int = 6) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def docx_with(**parts: bytes) -> bytes:
    """A good DOCX whose parts are replaced: `document=b"…"`."""
    return zipped(parts_of(good_docx()) | {f"word/{name}.xml": content for name, content in parts.items()})


def macros_docx() -> bytes:
    """A document with macros, as its content type says too."""
    parts = parts_of(good_docx())
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with_macros = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(main, with_macros)
    return zipped(parts | {"word/vbaProject.bin": OLD_OFFICE})


def body(inside: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<w:document xmlns:w="{W}"><w:body>{inside}</w:body></w:document>'.encode()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def lying(archive: bytes, name: str, claimed: int) -> bytes:
    """The archive with another unpacked size in both headers of one part."""
    made = bytearray(archive)
    for found in re.finditer(re.escape(name.encode()), archive):
        for header, offset, size in ((b"PK\x03\x04", 30, 22), (b"PK\x01\x02", 46, 24)):
            if archive[found.start() - offset : found.start() - offset + 4] == header:
                place = found.start() - offset + size
                made[place : place + 4] = claimed.to_bytes(4, "little")
    return bytes(made)


def with_flag(archive: bytes) -> bytes:
    """Every part marked as encrypted."""
    made = bytearray(archive)
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(header), archive):
            made[found.start() + offset] |= 1
    return bytes(made)


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    made = BytesIO()
    Image.effect_noise(size, 90).save(made, form)
    return made.getvalue()


def picture_claiming(width: int, height: int) -> bytes:
    made = bytearray(picture())
    made[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    made[29:33] = zlib.crc32(made[12:29]).to_bytes(4, "big")
    return bytes(made)


def picture_only_pdf(pages: int = 3) -> bytes:
    drawn = stream(
        b"\x80" * 64, b"/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8"
    )
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        4: stream(b"q 500 0 0 500 0 0 cm /I Do Q"),
        5: drawn,
    }
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 5 0 R >> >> /Contents 4 0 R >>"
    kids = b" ".join(b"%d 0 R" % (10 + each) for each in range(pages))
    objects |= {10 + each: leaf for each in range(pages)}
    return pdf(objects | {2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages)})


def locked_pdf(user_password: str, algorithm: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(good_pdf())))
    writer.encrypt(user_password, "owner", algorithm=algorithm)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def fuzzed(count: int, seed: int) -> Iterator[File]:
    """Half PDF, half DOCX, of which again half are damaged inside their parts and packed soundly."""
    chance = random.Random(seed)
    sound_pdf, sound_docx = good_pdf(), good_docx()
    parts = parts_of(sound_docx)
    inner = [name for name in parts if name.endswith((".xml", ".rels"))]
    for number in range(count):
        if number % 2:
            yield File(f"{number}.pdf", mutated(sound_pdf, chance))
        elif number % 4:
            yield File(f"{number}.docx", mutated(sound_docx, chance))
        else:
            name = chance.choice(inner) if chance.random() < 0.5 else "word/document.xml"
            yield File(f"{number}.docx", zipped(parts | {name: mutated(parts[name], chance)}, level=1))


def mutated(content: bytes, chance: random.Random) -> bytes:
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        start = chance.randrange(len(made))
        end = min(len(made), start + chance.choice((1, 1, 4, 30, 300)))
        match chance.randrange(6):
            case 0:
                made[start] ^= 1 << chance.randrange(8)
            case 1:
                made[start:end] = chance.randbytes(end - start)
            case 2 if len(made) > 600:
                del made[start:end]
            case 3:
                made[start:start] = made[start:end] * chance.choice((1, 3, 50))
            case 4:
                made[start:end] = bytes(end - start)
            case 5:
                if numbers := list(re.finditer(rb"\d+", made)):
                    found = chance.choice(numbers)
                    made[found.start() : found.end()] = chance.choice((b"0", b"-1", b"4294967296", b"9" * 40, b"3"))
    return bytes(made[: chance.randrange(1, len(made))] if chance.random() < 0.1 else made)


def slow_pdf() -> bytes:
    """One that takes longer to read than anybody waits."""
    return simple(stream(b"BT /F1 9 Tf " + b"(Oat milk) Tj 0 9 Td " * 400_000 + b"ET", rounds=1))
