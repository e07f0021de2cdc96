"""PNG and JPEG: recognised, and decoded once to see that they are whole. Runs in the guarded child process only."""

from io import BytesIO

from PIL import Image, JpegImagePlugin, PngImagePlugin

from semblance_core.documents.document import DocumentRefused, Limits, ReadDocument, shown_name

Image.preinit()  # what it would otherwise import at the first picture, when no file can be opened any more
FORMATS = {PngImagePlugin.PngImageFile.format: "image/png", JpegImagePlugin.JpegImageFile.format: "image/jpeg"}


def read(content: bytes, name: str, limits: Limits) -> ReadDocument:
    """Raises DocumentRefused for a picture that is damaged or has too many pixels."""
    shown = shown_name(name)
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > limits.max_pixels:
                raise DocumentRefused(
                    f"{shown} has {picture.width:,} × {picture.height:,} pixels; save it with at most {limits.max_pixels:,}."
                )
            picture.load()
            return ReadDocument("image", "", 1, (), FORMATS[str(picture.format)])
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise DocumentRefused(f"{shown} is a damaged picture.") from None
