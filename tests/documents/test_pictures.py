"""Pictures become small, and keep their look, in the process that reads strangers' files."""

from io import BytesIO

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageFont

from semblance_core.documents import DocumentRefused, Guard
from semblance_core.documents.document import MOST_SENT_BYTES, SENT_EDGE
from tests.documents.pictures import LEFT, halves, made, moving, near, noise, opened, read


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
