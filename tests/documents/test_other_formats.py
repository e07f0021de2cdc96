"""Files of other programs are refused as what they are, with what to do."""

import pytest

from semblance_core.documents import DocumentRefused, Guard
from tests.hostile.corpus import zipped

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
