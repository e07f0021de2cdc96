"""Whatever a file holds, reading it ends in text or in one sentence: in time, and at another process's expense."""

import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from semblance_core.documents import DocumentRefused, Guard, Limits, ReadDocument
from tests.hostile.bombs import all_bombs
from tests.hostile.corpus import (
    COMBINING,
    MEGABYTE,
    OLD_OFFICE,
    RIGHT_TO_LEFT,
    WORDS,
    File,
    body,
    docx_with,
    fuzzed,
    good_docx,
    good_pdf,
    locked_pdf,
    macros_docx,
    paragraph,
    parts_of,
    picture,
    picture_only_pdf,
    simple,
    slow_pdf,
    with_flag,
    zipped,
)
from tests.hostile.memory import growth_mb

GROWTH_MB = 50
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measured in /proc")


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard() as shared:
        yield shared


def outcome(guard: Guard, file: File) -> ReadDocument | str:
    """What it read, or the sentence that it refused in."""
    try:
        return guard.read(file.content, file.name)
    except DocumentRefused as refused:
        return str(refused)


def check(file: File, came: ReadDocument | str) -> None:
    """That it is text that can be stored, or one sentence on this file."""
    if isinstance(came, str):
        assert came.startswith(file.name)
        assert "it reaches for" not in came  # or the readers lack a part of theirs behind the fence
        assert re.fullmatch(r"[^\n]{10,300}\.", came), came
        return
    assert came.kind == "image" or came.text.strip()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", came.text)
    came.text.encode("utf-8")


@linux
def test_300_fuzzed_documents_end_in_text_or_words_within_a_minute_and_without_growth() -> None:
    files = list(fuzzed(300, seed=6))
    began = time.monotonic()
    with Guard() as one, Guard() as other, growth_mb() as grown, ThreadPoolExecutor(2) as both:
        halves = both.map(
            lambda half: [(file, outcome(half[0], file)) for file in half[1]], ((one, files[::2]), (other, files[1::2]))
        )
        came = [pair for half in halves for pair in half]
        assert grown() < GROWTH_MB
    assert time.monotonic() - began < 60
    for file, each in came:
        check(file, each)
    kinds = Counter(each.kind if isinstance(each, ReadDocument) else "refused" for _, each in came)
    assert min(kinds["pdf"], kinds["docx"], kinds["refused"]) > 20, kinds
    assert not [each for _, each in came if isinstance(each, str) and "the reader crashed" in each]


@linux
def test_bombs_end_in_words_or_what_they_hold_and_the_app_does_not_grow(guard: Guard) -> None:
    bombs = all_bombs()
    with growth_mb() as grown:
        for file, words in bombs:
            began = time.monotonic()
            came = outcome(guard, file)
            took = time.monotonic() - began
            check(file, came)
            assert words in (came if isinstance(came, str) else came.text), (file.name, str(came)[:300])
            assert took < Limits().wall_s + 5, (file.name, took)
        assert grown() < GROWTH_MB


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.pdf", b"", "is empty"),
        ("blank.txt", b" \n\t\n", "holds no text"),
        ("nul.txt", b"Oat\0milk", "NUL characters"),
        ("nul-after-mark.txt", "Oat\0milk".encode("utf-16"), "NUL characters"),
        ("odd.txt", "Oat milk".encode("utf-16")[:-1], "is damaged"),
        ("noise.txt", bytes(range(1, 32)) * 30 + b"\xff\xfe\x81", "is not text"),
        ("half.pdf", good_pdf()[:90], "is damaged"),
        ("half.docx", good_docx()[:9000], "is damaged"),
        ("program.pdf", b"MZ\x90\0\3\0\0\0", "is a program"),
        ("program.docx", b"\x7fELF\2\1\1\0", "is a program"),
        ("page.pdf", b"<!doctype html><p>Not found", "is not a PDF, though its name says so"),
        ("notes.docx", b"Oat milk", "is not a Word document, though its name says so"),
        ("old.doc", OLD_OFFICE, "old Office format"),
        ("locked.docx", OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        ("locked-parts.docx", with_flag(good_docx()), "locked with a password"),
        ("locked.pdf", locked_pdf("secret", "AES-256"), "locked with a password"),
        ("sheet.xlsx", zipped({"xl/workbook.xml": b"<x/>"}), "an Excel workbook"),
        ("no-body.docx", docx_with(document=b"<x/>"), "is damaged"),
        ("scan.pdf", picture_only_pdf(), "its pages are pictures"),
        ("half.png", picture()[:500], "is a damaged picture"),
        ("moving.gif", b"GIF89a", "is a GIF picture"),
        ("no-pages.pdf", simple(b"<< >>", b"<< /Type /Pages /Kids [] /Count 0 >>"), ""),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_cannot_be_shown_is_refused_in_words(guard: Guard, name: str, content: bytes, words: str) -> None:
    came = outcome(guard, File(name, content))
    assert isinstance(came, str)
    assert words in came
    check(File(name, content), came)


@pytest.mark.parametrize(
    ("name", "content", "kind", "text", "note"),
    [
        ("plan.pdf", good_pdf(), "pdf", WORDS, ""),
        ("plan.docx", good_docx(), "docx", WORDS, ""),
        ("plan.md", b"# Plan\r\n\r\n- Oat *milk*", "markdown", "# Plan\n\n- Oat *milk*", ""),
        ("right-to-left.txt", RIGHT_TO_LEFT.encode(), "text", RIGHT_TO_LEFT, ""),
        ("right-to-left.docx", good_docx(RIGHT_TO_LEFT), "docx", RIGHT_TO_LEFT, ""),
        ("combining.txt", COMBINING.encode("utf-16"), "text", COMBINING, ""),
        ("combining.docx", good_docx(COMBINING), "docx", COMBINING, ""),
        (
            "old.txt",
            ("Käse kostet fünf Euro, süße Äpfel größer. " * 9).encode("latin-1"),
            "text",
            "Käse kostet",
            "check",
        ),
        ("opened-by-all.pdf", locked_pdf("", "RC4-128"), "pdf", WORDS, ""),
        ("opened-by-all-2.pdf", locked_pdf("", "AES-256"), "pdf", WORDS, ""),
        ("plan.pdf", good_docx(), "docx", WORDS, "Its name says that it is a PDF, but it is a Word document"),
        ("plan.txt", good_pdf(), "pdf", WORDS, "Its name says that it is a text, but it is a PDF"),
        ("plan", good_pdf(), "pdf", WORDS, ""),
        ("face.docx", picture("JPEG"), "image", "", "but it is a picture"),
        ("face.png", picture(), "image", "", ""),
        ("before.pdf", b"\n" * 500 + good_pdf(), "pdf", WORDS, ""),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[-5:] else "",
)
def test_what_can_be_shown_is_read(guard: Guard, name: str, content: bytes, kind: str, text: str, note: str) -> None:
    came = guard.read(content, name)
    assert came.kind == kind
    assert text in came.text
    assert note in " ".join(came.notes)
    assert bool(note) == bool(came.notes)


def test_macros_are_ignored_and_said(guard: Guard) -> None:
    came = guard.read(macros_docx(), "plan.docm")
    assert WORDS in came.text
    assert came.notes == ("It holds macros, which were ignored.",)


def test_words_in_content_controls_insertions_and_links_are_read_and_deleted_ones_are_not(guard: Guard) -> None:
    inside = (
        f"<w:sdt><w:sdtContent>{paragraph('A control.')}</w:sdtContent></w:sdt>"
        "<w:p><w:ins><w:r><w:t>Put in.</w:t></w:r></w:ins><w:del><w:r><w:delText>Out.</w:delText></w:r></w:del>"
        "<w:hyperlink><w:r><w:t xml:space='preserve'> A link.</w:t></w:r></w:hyperlink></w:p>"
    )
    assert guard.read(docx_with(document=body(inside)), "a.docx").text == "A control.\nPut in. A link."


def test_pages_that_hold_only_pictures_are_counted(guard: Guard) -> None:
    import io

    from pypdf import PdfWriter

    writer, made = PdfWriter(), io.BytesIO()
    for content in (good_pdf(), picture_only_pdf(2)):
        writer.append(io.BytesIO(content))
    writer.write(made)
    came = guard.read(made.getvalue(), "mixed.pdf")
    assert (came.text, came.parts, came.extent) == (WORDS, 3, "3 pages")
    assert came.notes == ("Pages 2 and 3 hold only pictures, which are left out.",)


@linux
def test_the_longest_texts_are_cut_or_refused_without_growth(guard: Guard) -> None:
    huge, long = b"a" * (100 * MEGABYTE), "🥛".encode() * (6 * MEGABYTE)
    with growth_mb() as grown:
        assert outcome(guard, File("huge.txt", huge)) == "huge.txt has 100 MB; a document may have up to 25 MB."
        came = guard.read(long, "long.txt")
        assert grown() < GROWTH_MB
    assert (len(came.text), came.notes) == (2_000_000, ("Only the first 2,000,000 characters were kept.",))


def test_what_a_docx_unpacks_to_in_all_is_bounded() -> None:
    parts = parts_of(good_docx()) | {f"word/media/{each}.png": bytes(MEGABYTE) for each in range(6)}
    with Guard(Limits(max_inflated_bytes=5 * MEGABYTE)) as strict:
        assert "unpacks to more" in str(outcome(strict, File("a.docx", zipped(parts))))


def test_a_document_that_takes_too_long_is_ended(guard: Guard) -> None:
    for limits in (Limits(wall_s=2), Limits(cpu_s=2, wall_s=25)):
        began = time.monotonic()
        with Guard(limits) as short:
            assert "takes longer to read" in str(outcome(short, File("slow.pdf", slow_pdf())))
            assert time.monotonic() - began < 20
            assert isinstance(outcome(short, File("plan.txt", b"Oat milk")), ReadDocument)  # the next one is read


@linux
def test_a_document_that_takes_too_much_memory_is_ended() -> None:
    many = docx_with(document=body("<w:p/>" * 12_000_000))
    with Guard(Limits(max_ratio=10**6)) as loose:
        assert "takes more memory to read" in str(outcome(loose, File("many.docx", many)))
