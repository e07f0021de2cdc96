"""Pictures lose everything but their pixels, and are turned as their camera says they were held."""

from collections.abc import Callable
from random import Random
from zlib import compress, crc32

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from semblance_core.documents import Guard
from tests.documents.pictures import (
    LEFT,
    RIGHT,
    SECRET,
    halves,
    made,
    moving,
    near,
    notes_of_a_phone,
    opened,
    read,
)

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">Jane Doe</x:xmpmeta>'
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def text_chunks() -> PngImagePlugin.PngInfo:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET.decode())
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return texts


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + crc32(kind + data).to_bytes(4, "big")


def png_with(*chunks: bytes) -> bytes:
    """A PNG with these right behind its head."""
    png = made(halves(), "PNG")
    return png[:33] + b"".join(chunks) + png[33:]


def jpeg_with(*segments: tuple[int, bytes]) -> bytes:
    """A JPEG with these segments in front."""
    jpeg = made(halves(), "JPEG")
    front = b"".join(bytes((0xFF, number)) + (len(data) + 2).to_bytes(2, "big") + data for number, data in segments)
    return jpeg[:2] + front + jpeg[2:]


def webp_with(*chunks: tuple[bytes, bytes]) -> bytes:
    webp = made(halves(), "WEBP", exif=notes_of_a_phone(6))
    more = b"".join(name + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2) for name, data in chunks)
    return b"RIFF" + (len(webp) - 8 + len(more)).to_bytes(4, "little") + webp[8:] + more


def gif_with(data: bytes) -> bytes:
    """A GIF with a block of an application, where XMP stands."""
    gif = made(halves(), "GIF")
    block = b"!\xff\x0bXMP DataXMP" + bytes((len(data),)) + data + b"\0"
    at = 13 + 3 * 2 ** ((gif[10] & 7) + 1)
    return gif[:at] + block + gif[at:]


def with_preview() -> bytes:
    """A JPEG whose notes hold a small picture of its own, which holds the name."""
    small = made(halves((16, 12)), "JPEG", comment=SECRET)
    notes = notes_of_a_phone(3)
    first = notes.get_ifd(1)
    first[0x0201], first[0x0202] = 0, len(small)
    return jpeg_with((0xE1, b"Exif\0\0" + notes.tobytes() + small))


IPTC = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0d\x1c\x02\x50\0\x08" + SECRET + b"\0"
CARRIERS: dict[str, Callable[[], bytes]] = {
    "exif.jpg": lambda: made(halves(), "JPEG", exif=notes_of_a_phone(), comment=SECRET, xmp=XMP),
    "turned.jpg": lambda: made(halves(), "JPEG", exif=notes_of_a_phone(6)),
    "after-its-end.jpg": lambda: made(halves(), "JPEG") + SECRET,
    "profile.jpg": lambda: made(halves(), "JPEG", icc_profile=PROFILE + SECRET),
    "two-in-one.jpg": lambda: made(
        halves(), "MPO", save_all=True, append_images=[halves((40, 30))], exif=notes_of_a_phone()
    ),
    "texts.png": lambda: made(halves(), "PNG", pnginfo=text_chunks(), exif=notes_of_a_phone(), icc_profile=PROFILE),
    "turned.png": lambda: made(halves(), "PNG", pnginfo=text_chunks(), exif=notes_of_a_phone(8)),
    "after-its-end.png": lambda: made(halves(), "PNG") + SECRET,
    "photo.webp": lambda: made(halves(), "WEBP", exif=notes_of_a_phone(6), xmp=XMP),
    "drawn.gif": lambda: made(halves(), "GIF", comment=SECRET),
    "packed-text.png": lambda: png_with(chunk(b"zTXt", b"Author\0\0" + compress(SECRET))),
    "eXIf.png": lambda: png_with(chunk(b"eXIf", notes_of_a_phone(8).tobytes().removeprefix(b"Exif\0\0"))),
    "time.png": lambda: png_with(chunk(b"tIME", b"\x07\xea\x0b\x1d\x0e\x00\x00"), chunk(b"prVt", SECRET)),
    "own-chunk.png": lambda: png_with(chunk(b"caNv", SECRET), chunk(b"iTXt", b"a\0\0\0\0\0" + SECRET)),
    "iptc.jpg": lambda: jpeg_with((0xED, IPTC)),
    "long-xmp.jpg": lambda: jpeg_with((0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(40) + XMP)),
    "own-segment.jpg": lambda: jpeg_with((0xEC, SECRET), (0xEF, SECRET), (0xEE, b"Adobe" + bytes(7))),
    "preview.jpg": with_preview,
    "chunks.webp": lambda: webp_with((b"XMP ", XMP), (b"name", SECRET)),
    "profile.webp": lambda: made(halves(), "WEBP", icc_profile=PROFILE + SECRET),
    "lossless.webp": lambda: made(halves().convert("RGBA"), "WEBP", lossless=True, exif=notes_of_a_phone(6), xmp=XMP),
    "moving.webp": lambda: moving("WEBP", exif=notes_of_a_phone(6), xmp=XMP),
    "xmp.gif": lambda: gif_with(XMP),
    "moving.gif": lambda: moving("GIF", comment=SECRET),
    "moving.png": lambda: moving("PNG", pnginfo=text_chunks()),
    "print.jpg": lambda: made(halves().convert("CMYK"), "JPEG", exif=notes_of_a_phone(6), comment=SECRET),
    "grey.jpg": lambda: made(halves().convert("L"), "JPEG", exif=notes_of_a_phone(5), xmp=XMP),
    "palette.png": lambda: made(halves().quantize(4), "PNG", pnginfo=text_chunks(), exif=notes_of_a_phone(6)),
}


def test_nothing_but_pixels_is_kept_or_sent(guard: Guard) -> None:
    plain = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "transparency"}
    for name, carrier in CARRIERS.items():
        given = carrier()
        assert given != made(halves(), "JPEG"), name
        picture = read(guard, given, name)
        for content in (picture.kept, picture.scaled):
            assert SECRET not in content, name
            found = opened(content)
            assert not found.getexif(), name
            assert set(found.info) <= plain, name
            assert getattr(found, "n_frames", 1) == 1, name


def test_webp_is_turned_upright_too(guard: Guard) -> None:
    held = halves().transpose(Image.Transpose.ROTATE_90)
    for options in ({"lossless": True}, {"quality": 90}):
        picture = read(guard, made(held, "WEBP", exif=notes_of_a_phone(6), **options), "a.webp")
        for content in (picture.kept, picture.scaled):
            found = opened(content).convert("RGB")
            assert found.size == (120, 80)
            assert near(found.getpixel((10, 40)), LEFT)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_pictures_are_turned_upright(guard: Guard, form: str, orientation: int) -> None:
    turns = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_90"}
    turns |= {7: "TRANSVERSE", 8: "ROTATE_270"}
    held = halves()
    if orientation > 1:  # as the camera held it
        held = held.transpose(Image.Transpose[turns[orientation]])
    picture = read(guard, made(held, form, exif=notes_of_a_phone(orientation)))
    for content in (picture.kept, picture.scaled):
        found = opened(content).convert("RGB")
        assert found.size == (120, 80)
        assert near(found.getpixel((10, 40)), LEFT)
        assert near(found.getpixel((110, 40)), RIGHT)


def test_damaged_notes_of_a_camera_are_no_damaged_picture(guard: Guard) -> None:
    content = bytearray(made(halves(), "JPEG", exif=notes_of_a_phone(6)))
    place = content.index(b"Exif\0\0") + 6
    content[place : place + 40] = bytes(Random(2).randbytes(40))
    assert opened(read(guard, bytes(content)).scaled).size in ((120, 80), (80, 120))
