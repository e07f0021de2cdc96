"""Pictures as phones, cameras and programs write them, and a look into those that were read."""

from io import BytesIO
from random import Random

from PIL import Image

from semblance_core.documents import Guard, ReadPicture

SECRET = b"Jane Doe"
LEFT, RIGHT = (255, 0, 0), (0, 0, 255)
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


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


def moving(form: str, **options: object) -> bytes:
    first, *others = (Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue"))
    return made(first, form, save_all=True, append_images=others, **options)


def read(guard: Guard, content: bytes, name: str = "Pack.jpg") -> ReadPicture:
    picture = guard.read(content, name).picture
    assert picture
    return picture


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 30 for a, b in zip(one, other, strict=True))
