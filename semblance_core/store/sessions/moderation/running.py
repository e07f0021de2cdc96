"""A discussion that runs: whether its worker still holds it, a pause that is asked for, and whispers to its moderator.

These are written beside the worker, who reads them with its next turn. They change nothing that its commit compares.
"""

from dataclasses import dataclass, replace

from pymongo.collection import Collection

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.moderation.whisper import MOST_WHISPERS, Whisper
from semblance_core.store.codec import from_document, to_values
from semblance_core.store.server.document import Document

AUTONOMOUS = FocusGroupState.AUTONOMOUS.value
TOLD = {"pausing": 1, "whispers": 1}
"""The fields that are written beside the worker."""


@dataclass(frozen=True, slots=True)
class Told:
    """These fields of a session's document."""

    pausing: bool = False
    whispers: tuple[Whisper, ...] = ()


def told(group: FocusGroup, found: Document) -> FocusGroup:
    """The session with these fields as they are in a document that was read by `TOLD`."""
    now = from_document(Told, {name: found[name] for name in TOLD if found.get(name) is not None})
    return replace(group, pausing=now.pausing, whispers=now.whispers)


def nothing_new(group: FocusGroup) -> Document:
    """The condition that nobody asked for a pause, or whispered, since the session was read."""
    return {"pausing": {"$ne": True}, f"whispers.{len(group.whispers)}": {"$exists": False}}


class Running:
    def __init__(self, groups: Collection[Document]):
        self._groups = groups

    def held(self, group: FocusGroup) -> FocusGroup | None:
        """The discussion with what was written beside its worker; None where it stopped or its epoch is over."""
        found = self._groups.find_one({"_id": group.id, "epoch": group.epoch, "state": AUTONOMOUS}, TOLD)
        return told(group, found) if found else None

    def pause(self, group_id: str) -> bool:
        """Asks a running discussion to pause after the turn under way; False where it does not run."""
        running = {"_id": group_id, "state": AUTONOMOUS}
        return self._groups.update_one(running, {"$set": {"pausing": True}}).matched_count == 1

    def whisper(self, group_id: str, whisper: Whisper) -> bool:
        """Adds a whisper to the moderator; False where no moderator runs the discussion, or as many stand there as may."""
        runs = {"_id": group_id, "state": AUTONOMOUS, "alone_until": {"$in": [0, None]}}
        room = {f"whispers.{MOST_WHISPERS - 1}": {"$exists": False}}
        changes = {"$push": to_values({"whispers": whisper})}
        return self._groups.update_one({**runs, **room}, changes).matched_count == 1
