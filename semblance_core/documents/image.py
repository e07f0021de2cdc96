"""Pictures: made upright, bare and small. Runs in the guarded child process only.

What is kept holds pixels alone, in sRGB: no place, name, time, comment, preview, film or second picture that the file carried along.
"""

from contextlib import suppress
from io import BytesIO

from PIL import (
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
from PIL.Image import Transpose

from semblance_core.documents.document import (
    MOST_SENT_BYTES,
    PICTURE_TYPES,
    SENT_EDGE,
    DocumentRefused,
    Limits,
    ReadDocument,
    ReadPicture,
    megabytes,
    shown_name,
)

Image.preinit()
Image.MAX_IMAGE_PIXELS = None  # ours is the bound, and said
ImageFile.MAXBLOCK = 4 * SENT_EDGE**2  # what the smallest JPEG of noise may need at once
"""Pillow imports its parts late, which is too late behind the fence; so it does with those named above."""
__all__ = [
    "GifImagePlugin",
    "ImageFile",
    "ImagePalette",
    "MpoImagePlugin",
    "TiffImagePlugin",
    "WebPImagePlugin",
    "read",
]
SRGB = ImageCms.createProfile("sRGB")
ORIENTATION = 0x0112
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""By the orientation that a camera wrote down (EXIF): what makes the picture upright."""
NEEDED_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
"""Chunks that a PNG needs to be drawn."""
FEW_COLOURS = 4_096
"""Drawn rather than photographed: worth trying as a PNG."""
QUALITIES = ((85, "4:4:4"), (85, "4:2:0"), (70, "4:2:0"), (50, "4:2:0"))
"""Of a JPEG, from the best on: sharp colours first, because small print may be coloured."""
KEPT_QUALITY = 92


def read(content: bytes, name: str, limits: Limits) -> ReadDocument:
    """Raises DocumentRefused for a picture that is damaged or has too many pixels."""
    shown = shown_name(name)
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as picture:
            if picture.width * picture.height > limits.max_pixels:
                raise DocumentRefused(
                    f"{shown} has {picture.width:,} × {picture.height:,} pixels; save it with at most {limits.max_pixels:,}."
                )
            moves = picture.format != "MPO" and getattr(picture, "is_animated", False)  # MPO: a JPEG with more inside
            picture.load()
            kept, upright = _kept(picture, content)
        if len(kept) > limits.max_bytes:
            raise DocumentRefused(
                f"{shown} takes more than {megabytes(limits.max_bytes)} without what it is packed in."
            )
        scaled = _sent(upright)
        is_plain = upright.mode in ("L", "RGB") and not upright.info and max(upright.size) <= SENT_EDGE
        if is_plain and len(kept) <= len(scaled):
            scaled = kept
        notes = ("It moves; participants are shown its first frame.",) if moves else ()
        return ReadDocument("image", "", 1, notes, _type_of(kept), ReadPicture(kept, scaled, _type_of(scaled)))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        what = "a GIF picture that is damaged" if content.startswith(b"GIF8") else "a damaged picture"
        raise DocumentRefused(f"{shown} is {what}.") from None


def _kept(picture: Image.Image, content: bytes) -> tuple[bytes, Image.Image]:
    """The file as it is kept, and its picture upright: with the pixels it came with, where they need no change."""
    turn = TURNS.get(_orientation(picture))
    upright = _in_srgb(picture)
    is_changed = upright is not picture
    if turn is not None:
        upright, is_changed = upright.transpose(turn), True
    upright.info = {key: value for key, value in upright.info.items() if key == "transparency"}
    if picture.format == "PNG" and not is_changed:
        return _only_pixels(content) or _saved(upright, "PNG"), upright
    if picture.format in ("PNG", "GIF") or "A" in upright.getbands() or "transparency" in upright.info:
        return _saved(upright, "PNG"), upright
    if upright.mode not in ("L", "RGB"):
        upright = upright.convert("RGB")
    return _jpeg_as_before(picture, upright), upright


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - damaged notes of a camera do not make a damaged picture
        return 1


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The picture with its colours as screens and models take them; the same object where they are so already."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "P"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "srgb" not in ImageCms.getProfileDescription(source).casefold():
                return _converted(picture, source)
    return picture.convert("RGB") if picture.mode == "CMYK" else picture


def _converted(picture: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    if picture.mode == "P" or "transparency" in picture.info:
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    colours = picture.convert("RGB") if picture.mode == "RGBA" else picture
    converted = ImageCms.profileToProfile(colours, source, SRGB, outputMode="RGB")
    assert converted
    if picture.mode == "RGBA":
        converted.putalpha(picture.getchannel("A"))
    return converted


def _only_pixels(png: bytes) -> bytes:
    """Returns the PNG without texts, times, profiles, further frames and bytes after its end; empty where it has no end."""
    signature = PICTURE_TYPES["image/png"]
    parts, place = [signature], len(signature)
    while place + 8 <= len(png):
        end = place + 12 + int.from_bytes(png[place : place + 4], "big")
        kind = png[place + 4 : place + 8]
        if kind in NEEDED_CHUNKS:
            parts.append(png[place:end])
        if kind == b"IEND":
            return b"".join(parts)
        place = end
    return b""


def _jpeg_as_before(picture: Image.Image, upright: Image.Image) -> bytes:
    """A JPEG with the losses that it had already and hardly any more, as large as it was."""
    if isinstance(picture, JpegImagePlugin.JpegImageFile) and picture.mode == upright.mode:
        sampling = JpegImagePlugin.get_sampling(picture)
        with suppress(ValueError, OSError, TypeError):  # tables that no encoder takes
            return _saved(upright, "JPEG", qtables=picture.quantization, subsampling=max(sampling, 0))
    return _saved(upright, "JPEG", quality=KEPT_QUALITY)


def _sent(upright: Image.Image) -> bytes:
    """The picture as models are sent it: small, on white, as PNG where that is the smaller file."""
    picture = _flat(upright)
    picture.thumbnail((SENT_EDGE, SENT_EDGE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    best = _jpeg_within(picture)
    if picture.getcolors(FEW_COLOURS) is not None:
        png = _saved(picture, "PNG", optimize=True)
        if len(png) <= len(best):
            best = png
    return best


def _flat(picture: Image.Image) -> Image.Image:
    """In eight bits of grey or three colours of eight, what is transparent on white; always another object."""
    if picture.mode.startswith("I"):  # sixteen bits of grey
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if "A" in picture.getbands() or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture.getchannel("A"))
        return flat
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB") if picture.mode != "L" else picture.copy()


def _jpeg_within(picture: Image.Image) -> bytes:
    """The best JPEG that models may be sent."""
    while True:
        for quality, sampling in QUALITIES:
            jpeg = _saved(picture, "JPEG", quality=quality, subsampling=sampling, optimize=True)
            if len(jpeg) <= MOST_SENT_BYTES:
                return jpeg
        picture = picture.resize((max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4)), reducing_gap=3.0)


def _saved(picture: Image.Image, form: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def _type_of(content: bytes) -> str:
    return next(kind for kind, start in PICTURE_TYPES.items() if content.startswith(start))
