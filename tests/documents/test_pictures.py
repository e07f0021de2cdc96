"""What people bring as pictures becomes upright, bare and small, in the process that reads strangers' files."""

from collections.abc import Callable, Iterator
from io import BytesIO
from random import Random
from zlib import compress, crc32

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageFont, PngImagePlugin

from semblance_core.documents import DocumentRefused, Guard, ReadPicture
from semblance_core.documents.document import MOST_SENT_BYTES, SENT_EDGE

SECRET = b"Jane Doe"
LEFT, RIGHT = (255, 0, 0), (0, 0, 255)
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">Jane Doe</x:xmpmeta>'


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard() as guard:
        yield guard


def made(picture: Image.Image, form: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def notes_of_a_phone(orientation: int = 1) -> Image.Exif:
    notes = Image.Exif()
    notes[ORIENTATION], notes[MAKER] = orientation, SECRET.decode()
    place = notes.get_ifd(GPS)
    place[1], place[2] = "N", (52.0, 31.0, 12.0)
    return notes


def halves(size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, RIGHT)
    picture.paste(LEFT, (0, 0, size[0] // 2, size[1]))
    return picture


def noise(side: int, seed: int = 1) -> Image.Image:
    return Image.frombytes("RGB", (side, side), Random(seed).randbytes(side * side * 3))


def text_chunks() -> PngImagePlugin.PngInfo:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET.decode())
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return texts


def moving(form: str, **options: object) -> bytes:
    first, *others = (Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue"))
    return made(first, form, save_all=True, append_images=others, **options)


def read(guard: Guard, content: bytes, name: str = "Pack.jpg") -> ReadPicture:
    picture = guard.read(content, name).picture
    assert picture
    return picture


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 30 for a, b in zip(one, other, strict=True))


PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


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


def test_large_ones_are_scaled_down_and_small_ones_left_as_they_are(guard: Guard) -> None:
    sizes = {(3_000, 2_000): (1_024, 683), (600, 2_400): (256, 1_024), (12, 8): (12, 8), (20_000, 3): (1_024, 1)}
    for given, wanted in sizes.items():
        picture = read(guard, made(halves(given), "PNG"), "Pack.png")
        assert opened(picture.kept).size == given
        assert opened(picture.scaled).size == wanted


def test_ten_of_any_kind_fit_into_a_request(guard: Guard) -> None:
    for form, options in (("PNG", {}), ("JPEG", {"quality": 95})):
        picture = read(guard, made(noise(1_150), form, **options))
        assert len(picture.scaled) <= MOST_SENT_BYTES
        assert max(opened(picture.scaled).size) > SENT_EDGE // 2
    assert 10 * MOST_SENT_BYTES * 4 / 3 < 20e6


def test_a_photograph_goes_as_jpeg_and_a_drawing_as_png_with_the_colours_it_has(guard: Guard) -> None:
    photograph = Image.merge(
        "RGB", (Image.radial_gradient("L"), Image.linear_gradient("L"), Image.effect_noise((256, 256), 60))
    )
    assert read(guard, made(photograph, "PNG")).scaled_type == "image/jpeg"
    drawing = read(guard, made(halves((2_000, 1_000)), "JPEG", quality=95))
    assert drawing.scaled_type == "image/png"
    flat = read(guard, made(halves(), "PNG"))
    assert opened(flat.scaled).convert("RGB").tobytes() == halves().tobytes()
    assert flat.kept == made(halves(), "PNG")  # which holds nothing else, so it stays as it is


def test_print_of_ten_points_on_a_page_stays_dark_on_white(guard: Guard) -> None:
    page = Image.new("RGB", (2_480, 3_508), "white")  # A4 at 300 dots an inch
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(size=42)
    for line in range(60):
        draw.text((200, 200 + 50 * line), "Oat drink from whole oats, 2.10 a litre. " * 2, "black", font=font)
    found = opened(read(guard, made(page, "PNG")).scaled).convert("L")
    strip = found.crop((60, 60, 600, 930))
    darkest, lightest = strip.getextrema()
    assert darkest < 70
    assert lightest > 240
    rows = [sum(strip.crop((0, y, strip.width, y + 1)).tobytes()) / strip.width for y in range(strip.height)]
    lines = sum(one > 230 >= other for one, other in zip(rows, rows[1:], strict=False))
    assert 55 <= lines <= 61, "lines have run together"


def test_what_is_transparent_is_shown_on_white(guard: Guard) -> None:
    drawn = Image.new("RGBA", (60, 40), (255, 0, 0, 0))
    drawn.paste((0, 0, 255, 255), (30, 0, 60, 40))
    for content in (
        made(drawn, "PNG"),
        made(drawn.convert("LA"), "PNG"),
        made(drawn.quantize(8), "PNG"),
        made(drawn, "WEBP", lossless=True),
        made(halves((60, 40)), "PNG", transparency=LEFT),
        made(drawn, "GIF"),
    ):
        picture = read(guard, content, "Logo.png")
        assert near(opened(picture.scaled).convert("RGB").getpixel((5, 5)), (255, 255, 255))
        assert opened(picture.kept).convert("RGBA").getpixel((5, 5))[3] == 0


def test_sixteen_bits_greys_palettes_and_two_colours_keep_their_look(guard: Guard) -> None:
    deep = Image.new("I;16", (64, 4))
    deep.putdata([column * 1_000 for _ in range(4) for column in range(64)])
    ramp = Image.linear_gradient("L")
    for content, place, wanted in (
        (made(deep, "PNG"), (32, 2), 125),
        (made(ramp, "PNG"), (100, 128), 128),
        (made(ramp.quantize(64), "PNG"), (100, 128), 128),
        (made(ramp.point(lambda value: 255 * (value > 127), "1"), "PNG"), (100, 200), 255),
        (made(ramp, "JPEG"), (100, 128), 128),
    ):
        sent = opened(read(guard, content, "a.png").scaled).convert("L")
        assert abs(sent.getpixel(place) - wanted) < 8


def test_print_colours_and_wide_colours_become_those_of_screens(guard: Guard) -> None:
    for content in (made(halves().convert("CMYK"), "JPEG", quality=95), made(halves(), "JPEG", quality=95)):
        picture = read(guard, content)
        for each in (picture.kept, picture.scaled):
            assert opened(each).mode == "RGB"
            assert near(opened(each).getpixel((10, 40)), LEFT)
    swapped = ImageCms.ImageCmsProfile(BytesIO(of_another_screen()))
    assert "sRGB" not in ImageCms.getProfileDescription(swapped)
    for form in ("JPEG", "PNG"):
        grey = made(Image.new("RGB", (40, 40), (128, 128, 128)), form, icc_profile=of_another_screen())
        for each in (read(guard, grey).kept, read(guard, grey).scaled):
            assert abs(opened(each).convert("L").getpixel((20, 20)) - 128) > 20, "its profile was left out"


def of_another_screen() -> bytes:
    """A profile like sRGB's, but of gamma 1, which makes its middle grey a light one: 188."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for name in (b"rTRC", b"gTRC", b"bTRC"):
        entry = made.index(name, 128)
        start = int.from_bytes(made[entry + 4 : entry + 8], "big")
        size = int.from_bytes(made[entry + 8 : entry + 12], "big")
        straight = b"curv" + bytes(4) + bytes(4)  # no entries: the identity
        made[start : start + len(straight)] = straight
        assert size >= len(straight)
    return bytes(made).replace("sRGB".encode("utf-16-be"), "Wide".encode("utf-16-be")).replace(b"sRGB", b"Wide")


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
def test_of_what_moves_the_first_frame_is_shown_and_said(guard: Guard, name: str) -> None:
    form = name[2:].upper()
    found = guard.read(moving(form), name)
    assert found.notes == ("It moves; participants are shown its first frame.",)
    assert found.picture
    for content in (found.picture.kept, found.picture.scaled):
        assert near(opened(content).convert("RGB").getpixel((30, 20)), (255, 0, 0))
    assert guard.read(made(halves(), form), name).notes == ()


def test_too_many_pixels_and_damaged_ones_are_refused(guard: Guard) -> None:
    for content, words in (
        (made(Image.new("1", (9_000, 9_000)), "PNG"), "9,000 × 9,000 pixels"),
        (made(halves(), "WEBP")[:60], "is a damaged picture"),
        (made(halves(), "GIF")[:30], "is a GIF picture that is damaged"),
    ):
        with pytest.raises(DocumentRefused, match=words):
            guard.read(content, "a.png")


@pytest.mark.parametrize(
    "said",
    [
        b'"media_type": "image/svg+xml", "picture": {"kept": 8, "scaled": 8, "scaled_type": "image/png"}}\n<svg/>..<svg/>..',
        b'"media_type": "image/png", "picture": {"kept": 8, "scaled": 8, "scaled_type": "image/png"}}\n<svg/>..<svg/>..',
        b'"media_type": "image/png", "picture": {"kept": 8, "scaled": 9, "scaled_type": "image/png"}}\n\x89PNG\r\n\x1a\n\x89PNG\r\n\x1a\n',
        b'"media_type": "image/png"}\n',
    ],
)
def test_a_reader_that_was_taken_over_is_not_believed_about_pictures(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    line = b'{"kind": "image", "text": "", "parts": 1, "notes": [], '
    monkeypatch.setattr(Guard, "_asked", lambda *_: line + said)
    with pytest.raises(DocumentRefused, match="could not be read"):
        Guard().read(b"a", "a.png")
