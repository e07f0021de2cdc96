"""PNG and JPEG: recognised, and decoded once to see that they are whole. Runs in the guarded child process only."""

from io import BytesIO

from PIL import Image, ImageFile, ImagePalette, MpoImagePlugin, TiffImagePlugin

from semblance_core.documents.document import DocumentRefused, Limits, ReadDocument, shown_name

Image.preinit()
Image.MAX_IMAGE_PIXELS = None  # ours is the bound, and said
"""Pillow imports its parts late, which is too late behind the fence; so it does with those named above."""
__all__ = ["ImageFile", "ImagePalette", "MpoImagePlugin", "TiffImagePlugin", "read"]


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
            media_type = "image/png" if picture.format == "PNG" else "image/jpeg"  # or MPO, a JPEG with more inside
            return ReadDocument("image", "", 1, (), media_type)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise DocumentRefused(f"{shown} is a damaged picture.") from None
