"""Backups taken apart and put together again."""

import gzip
import io
import tarfile
from pathlib import Path
from typing import Any

Member = tuple[str | tarfile.TarInfo, bytes]


def unpacked(file: Path) -> list[tuple[str, bytes]]:
    with tarfile.open(file) as tar:
        return [(member.name, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]


def packed(file: Path, members: list[Any]) -> None:
    """A tar of these members; one that is a `TarInfo` is written as it says, even if it lies."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in members:
            header = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            if header is not name:
                header.size = len(content)
            tar.fileobj.write(header.tobuf(tarfile.GNU_FORMAT) + content + bytes(-len(content) % 512))  # type: ignore[union-attr]
    file.write_bytes(gzip.compress(plain.getvalue()))
