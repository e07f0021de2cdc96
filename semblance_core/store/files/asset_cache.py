"""Keeps in memory the parts of assets that prompts need at every turn: extracts of documents, and pictures.

Bounded in number and bytes; the longest unused goes first, and a deleted asset leaves nothing.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from typing import TypeVar

from semblance_core.domain.discussion.asset import Picture

MOST_TEXTS = 256
MOST_PICTURE_BYTES = 16 * 2**20
"""Pictures as models are sent them: those of six sessions with ten large ones each."""
Kept = TypeVar("Kept", str, Picture)
Key = tuple[str, Hashable]
"""The asset's id, and the part of it."""


class AssetCache:
    """Many threads may ask at once; a part missing to two of them is made twice, so that neither waits for the other's database."""

    def __init__(self, most_texts: int = MOST_TEXTS, most_picture_bytes: int = MOST_PICTURE_BYTES):
        self._lock = threading.Lock()
        self._texts: OrderedDict[Key, str] = OrderedDict()
        self._pictures: OrderedDict[Key, Picture] = OrderedDict()
        self._most_texts = most_texts
        self._most_picture_bytes = most_picture_bytes

    def text(self, asset_id: str, what: Hashable, make: Callable[[], str]) -> str:
        """A text about the asset, made where it is not here."""
        return self._kept(self._texts, (asset_id, what), make)

    def picture(self, asset_id: str, read: Callable[[], Picture]) -> Picture:
        """The asset as models are sent it, read where it is not here."""
        return self._kept(self._pictures, (asset_id, None), read)

    def forget(self, asset_ids: Collection[str]) -> None:
        with self._lock:
            for kept in (self._texts, self._pictures):
                for key in [key for key in kept if key[0] in asset_ids]:
                    del kept[key]

    def assets(self) -> set[str]:
        """Ids of the assets that something is kept of."""
        with self._lock:
            return {asset_id for kept in (self._texts, self._pictures) for asset_id, _ in kept}

    def _kept(self, kept: OrderedDict[Key, Kept], key: Key, make: Callable[[], Kept]) -> Kept:
        with self._lock:
            if key in kept:
                kept.move_to_end(key)
                return kept[key]
        made = make()
        with self._lock:
            kept[key] = made
            while len(self._texts) > self._most_texts:
                self._texts.popitem(last=False)
            while sum(len(picture.content) for picture in self._pictures.values()) > self._most_picture_bytes:
                self._pictures.popitem(last=False)
        return made
