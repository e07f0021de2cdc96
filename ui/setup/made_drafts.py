"""Drafts that wizards of this process made, by the word that stood in the address before they had an id.

A window that is reloaded before its address names the new draft comes back with that word, and finds the draft by it.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

KEPT = 1_000


@dataclass
class MadeDraft:
    """group_id: empty while there is no draft."""

    group_id: str = ""
    lock: Lock = field(default_factory=Lock)


class MadeDrafts:
    """The newest thousand drafts of this process."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, str], MadeDraft] = OrderedDict()
        self._lock = Lock()

    def find(self, actor_id: str, word: str) -> str:
        """The id of the draft that this actor's wizard made; empty where there is none."""
        with self._lock:
            made = self._made.get((actor_id, word))
        return made.group_id if made else ""

    @contextmanager
    def making(self, actor_id: str, word: str) -> Iterator[MadeDraft]:
        """The draft of this word, for its maker to read and to fill in: one window at a time."""
        with self._lock:
            made = self._made.setdefault((actor_id, word), MadeDraft())
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        with made.lock:
            yield made


MADE = MadeDrafts()
