"""Stimuli of a session as its first question fixes them: their order, and the session's number among those that rotate theirs."""

from dataclasses import replace

from pymongo.collection import Collection

from semblance_core.domain.discussion.asset import Asset
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.discussion.shows import Showing
from semblance_core.store.codec import to_document
from semblance_core.store.server.document import Document


class PlacedStimuli:
    def __init__(self, groups: Collection[Document]):
        self._groups = groups

    def show_next(self, asset: Asset) -> bool:
        """Takes a stimulus from its question, so that the next message shows it; False where it stands at none, or was shown."""
        place: Document = {"$indexOfArray": ["$stimuli", asset.id]}
        waits: Document = {
            "_id": asset.focus_group_id,
            "state": FocusGroupState.MODERATED.value,
            "stimulus_plan.placed.asset_id": asset.id,
            "$expr": {"$gte": [place, "$course.stimuli_shown"]},
        }
        changes: Document = {"$pull": {"stimulus_plan.placed": {"asset_id": asset.id}}}
        return self._groups.update_one(waits, changes).matched_count == 1

    def number_of(self, group: FocusGroup) -> int:
        """Returns the session's number, from 1, in the order in which they were made; 0 where it keeps the order of its guide.

        A number that was given counts. One that has begun keeps its number, and the next one is above it, whatever was deleted.
        """
        if not group.rotate_stimuli:
            return 0
        if group.group_number:
            return group.group_number
        before = {"$or": [{"created_at": {"$lt": group.created_at}}, self._made_at_once(group)]}
        rotating = {"project_id": group.project_id, "rotate_stimuli": True, "_id": {"$ne": group.id}, **before}
        number = 0
        for earlier in self._groups.find(rotating, {"stimulus_plan.group_number": 1}).sort(
            [("created_at", 1), ("_id", 1)]
        ):
            begun: int = (earlier.get("stimulus_plan") or {}).get("group_number", 0)
            number = max(number + 1, begun)
        return number + 1

    @staticmethod
    def _made_at_once(group: FocusGroup) -> Document:
        return {"created_at": group.created_at, "_id": {"$lt": group.id}}


def same_stimuli(group: FocusGroup) -> Document:
    """The condition that nobody added or removed a stimulus, or edited the guide, since `group` was read and planned."""
    same: Document = {"stimuli": list(group.stimuli)} if group.stimuli else {"stimuli.0": {"$exists": False}}
    if group.state is FocusGroupState.DRAFT and group.stimulus_plan is not None:
        same |= {"version": group.version or {"$in": [0, None]}}
    elif group.stimulus_plan and group.stimulus_plan.placed:
        same |= {"stimulus_plan.placed": {"$size": len(group.stimulus_plan.placed)}}
    return same


def stimuli_with(group: FocusGroup, message: Message) -> Document:
    """The session's stimuli in their order, as a turn that shows some writes them."""
    return {"stimuli": list(group.stimuli)} if message.stimuli else {}


def shown(group: FocusGroup, showing: Showing | None) -> FocusGroup:
    """The session after a message that shows this."""
    if showing is None:
        return group
    return replace(group, stimuli=showing.stimuli, course=replace(group.course, stimuli_shown=showing.count))


def begun_with(group: FocusGroup) -> Document:
    """The fields that say which stimuli are shown at which question, which were shown, and in which order."""
    order: Document = {"stimuli": list(group.stimuli), "course.stimuli_shown": group.course.stimuli_shown}
    return order | ({"stimulus_plan": to_document(group.stimulus_plan)} if group.stimulus_plan else {})
