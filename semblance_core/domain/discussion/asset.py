"""Stimuli: assets of a focus group, and their form in prompts."""

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import PurePosixPath

from semblance_core.domain.discussion.left_out import LeftOut
from semblance_core.domain.editing import Edit
from semblance_core.domain.errors import InvalidInput

MOST_BYTES = 25 * 2**20
MOST_ASSETS = 10
NAME_CHARS = 80
DESCRIPTION_CHARS = 2_000
PICTURE = "image"
ENDINGS = {"image/png": (".png",), "image/jpeg": (".jpg", ".jpeg")}
PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+')


@dataclass(frozen=True, slots=True)
class Asset:
    """One document or picture. Its bytes and its text are kept beside it.

    kind: `pdf`, `docx`, `text`, `markdown` or `image`. media_type: of what is kept: of a picture not the file that was given,
    but the same upright and without what else it held. size_bytes, sha256: of the file that was given. characters, tokens: of its
    text, 0 for a picture; tokens are estimated, rather too many than too few. extent: its length in words, such as 3 pages.
    notes: sentences of its reader, such as parts left out. left_out: the same by kind and number; empty for one that an
    earlier version read. encoding: of a text, if a person gave it; empty where it was detected. description: a picture in
    words, for models that do not see; described_by: the model that wrote it, empty for a person. version, edits: of the
    description (editing.py). sent_type: media type of a picture as models are sent it; empty for what is none, and for one of earlier
    versions, whose file is still as it was given.
    """

    id: str
    focus_group_id: str
    owner_id: str
    name: str
    kind: str
    media_type: str
    size_bytes: int
    sha256: str
    created_at: datetime
    characters: int = 0
    tokens: int = 0
    extent: str = ""
    notes: tuple[str, ...] = ()
    description: str = ""
    described_by: str = ""
    version: int = 0
    edits: dict[str, Edit] = field(default_factory=dict, compare=False, repr=False)
    sent_type: str = ""
    left_out: tuple[LeftOut, ...] = ()
    encoding: str = ""

    @property
    def is_picture(self) -> bool:
        return self.kind == PICTURE


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that goes with a prompt. content: a whole PNG or JPEG file, as media_type says. digest: of the content."""

    content: bytes = field(repr=False)
    media_type: str
    digest: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", sha256(self.content).hexdigest())

    @property
    def address(self) -> str:
        """Itself as an address, which providers take in place of one on the web."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that waits to be added, without its bytes; its fields are those of `HandedFile`."""

    name: str
    sha256: str
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file that is to be added. name: safe to show. sha256: of its bytes. encoding: of a text, if a person gave it."""

    name: str
    sha256: str
    content: bytes = field(repr=False)
    encoding: str = ""

    @property
    def named(self) -> NamedFile:
        return NamedFile(self.name, self.sha256, self.encoding)


@dataclass(frozen=True, slots=True)
class NotAdded:
    """A file that was not added. why: a sentence."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Stimulus:
    """An asset as a prompt shows it. text: what everybody is shown of it; is_whole: nothing was left out of that.

    part: of a longer one, what bears on the question under discussion. picture: as models are sent it, where they are.
    """

    name: str
    text: str
    is_whole: bool = True
    part: str = ""
    picture: Picture | None = None


def safe_name(name: str, taken: tuple[str, ...] = ()) -> str:
    """A file's name to show and to save under: no path, nothing unseen, at most 80 characters, unlike those taken.

    >>> safe_name("../../etc/Con\\u202ecept.pdf"), safe_name("a.pdf", ("A.pdf",)), safe_name(" .. ")
    ('Con cept.pdf', 'a (2).pdf', 'stimulus')
    """
    plain = " ".join(_UNSAFE.sub(" ", name.replace("\\", "/").rpartition("/")[2]).split()).strip(". ") or "stimulus"
    path = PurePosixPath(plain)
    ending = path.suffix[:12]
    stem = plain[: len(plain) - len(path.suffix)] if path.suffix else plain
    known = {other.casefold() for other in taken}
    for number in range(1, len(known) + 2):
        mark = f" ({number})" if number > 1 else ""
        room = NAME_CHARS - len(ending) - len(mark)
        kept = stem if len(stem) <= room else f"{stem[: room - 1].rstrip()}…"
        candidate = f"{kept}{mark}{ending}"
        if candidate.casefold() not in known:
            return candidate
    raise AssertionError("one more name than are taken is free")


def named_as_kept(name: str, media_type: str) -> str:
    """A picture's name with the ending of what is kept of it.

    >>> named_as_kept("Pack.webp", "image/png"), named_as_kept("Pack.JPEG", "image/jpeg"), named_as_kept("v1.2", "image/png")
    ('Pack.png', 'Pack.JPEG', 'v1.2.png')
    """
    endings = ENDINGS[media_type]
    if name.casefold().endswith(endings):
        return name
    path = PurePosixPath(name)
    stem = name[: len(name) - len(path.suffix)] if path.suffix.casefold() in PICTURE_ENDINGS else name
    return stem + endings[0]


def check_size(size_bytes: int) -> None:
    """Raises `InvalidInput` for nothing at all and for more than is taken."""
    if not size_bytes:
        raise InvalidInput("This file is empty.")
    if size_bytes > MOST_BYTES:
        raise InvalidInput(
            f"A stimulus has at most {MOST_BYTES // 2**20} MB; this file has {size_bytes / 2**20:,.1f} MB."
        )
