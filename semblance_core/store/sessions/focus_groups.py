"""Focus groups and their messages: the writes of the turn protocol.

One compare-and-set on the focus group's document decides who wrote a turn. Its `last` holds the messages of that write
until they are copied to `focus_group_messages`; making that copy twice does no harm.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pymongo.database import Database

from semblance_core.domain.discussion.discussion_state import DiscussionState
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.discussion.queued import QueuedQuestion
from semblance_core.domain.discussion.reasons import WAITING
from semblance_core.domain.discussion.shows import Showing
from semblance_core.domain.errors import NotFound, NotWanted
from semblance_core.domain.readable import Readable
from semblance_core.store.codec import from_document, from_documents, to_document, under
from semblance_core.store.edits import version_before, written
from semblance_core.store.files.assets import Assets
from semblance_core.store.ids import new_id
from semblance_core.store.server.document import Document
from semblance_core.store.server.failures import patiently
from semblance_core.store.server.lease import NO_LEASE
from semblance_core.store.sessions.awaited import NO_STOP_UNFINISHED, PENDING, Awaited
from semblance_core.store.sessions.claims import NOT_LOST, Claims
from semblance_core.store.sessions.moderation.guide_changes import GuideChanges
from semblance_core.store.sessions.moderation.running import TOLD, Running, nothing_new, told
from semblance_core.store.sessions.over import over, reached, under_way
from semblance_core.store.sessions.owners import Owned, owned, owner_in_project
from semblance_core.store.sessions.queue import NONE_QUEUED, QUEUED, QuestionQueue, is_new, is_waiting, noted
from semblance_core.store.sessions.still_there import StillThere
from semblance_core.store.sessions.stimuli import PlacedStimuli, begun_with, same_stimuli, shown, stimuli_with
from semblance_core.store.sessions.transcript_writer import TranscriptWriter, message_document, message_id
from semblance_core.store.sessions.turns import Turns
from semblance_core.store.usage.ledger import Ledger

AUTONOMOUS = FocusGroupState.AUTONOMOUS.value
BUSY: dict[str, Any] = {"$or": [{"state": AUTONOMOUS}, {"pending": {"$gt": 0}}, QUEUED]}
DERIVED = ("simulated", "updated_at")  # follow from a set-up and are written with it


class FocusGroups:
    def __init__(self, database: Database[Document], ledger: Ledger):
        self._ledger = ledger
        self._groups = database["focus_groups"]
        self._messages = database["focus_group_messages"]
        self._themes = database["focus_group_themes"]
        self._there = StillThere(database)
        self.assets = Assets(database)
        self.claims = Claims(self._groups, BUSY)
        self.turns = Turns(self._messages)
        self._transcript_writer = TranscriptWriter(self._messages)
        self.queue = QuestionQueue(self._groups)
        self.placed = PlacedStimuli(self._groups)
        self.running = Running(self._groups)
        self.guide_changes = GuideChanges(self._groups)
        self.awaited = Awaited(self._groups, self._messages, self._transcript_writer, self.turns)

    def add(self, group: FocusGroup, messages: Sequence[Message] = ()) -> None:
        """Adds a session, after its transcript where it has one; raises `NotFound` where its project is gone."""

        def undo() -> None:
            self._groups.delete_one({"_id": group.id})
            self._messages.delete_many({"focus_group_id": group.id})

        with self._there.adding(undo, project_id=group.project_id):
            self._transcript_writer.write(list(map(message_document, messages)))
            self._groups.insert_one({**to_document(group), "lease_until": NO_LEASE, "last": []})

    def get(self, group_id: str) -> FocusGroup:
        if found := self._groups.find_one({"_id": group_id}, {"last": 0}):
            return from_document(FocusGroup, found)
        raise NotFound("There is no such focus group.")

    def owned(self, group_id: str) -> Owned[FocusGroup]:
        return owned(self._groups, group_id, "focus group", FocusGroup, hidden="last")

    def owner_of(self, group_id: str) -> str:
        """The owner of the session's project, whose account its calls count on."""
        return owner_in_project(self._groups, group_id, "focus group")

    def is_busy(self, group_id: str) -> bool:
        """Returns whether the session needs a worker; False for one that is not there."""
        return self._groups.find_one({"_id": group_id, **BUSY}, {"_id": 1}) is not None

    def check_wanted(self, group: FocusGroup) -> None:
        """Raises `NotWanted` where this worker lost the session: stopped, deleted, or claimed by another worker."""
        if not self._groups.find_one({"_id": group.id, "epoch": group.epoch, **BUSY}, {"_id": 1}):
            raise NotWanted("This was stopped or deleted meanwhile, so nothing more is asked for it.")

    def of_project(self, project_id: str) -> Readable[FocusGroup]:
        found = self._groups.find({"project_id": project_id}, {"last": 0}).sort("created_at", -1)
        return from_documents(FocusGroup, found)

    def set_up(self, group: FocusGroup, changed: Collection[str]) -> bool:
        """Writes these fields of a draft as its next version; False where it is no draft or was changed meanwhile."""
        draft = {"_id": group.id, "state": FocusGroupState.DRAFT.value, "epoch": group.epoch, **version_before(group)}
        return self._groups.update_one(draft, written(group, (*changed, *DERIVED))).matched_count == 1

    def delete(self, group_id: str, at: datetime) -> None:
        assets = self.assets.leaving(group_id, at)
        self._transcript_writer.wait(group_id)
        self._groups.delete_one({"_id": group_id})
        self._messages.delete_many({"focus_group_id": group_id})
        self._themes.delete_many({"focus_group_id": group_id})
        self.assets.remove_all(assets)

    def claim(self, group_id: str, lease_s: float, handoff_epoch: int | None = None) -> FocusGroup | None:
        """Claims the session under a new epoch; None where there is nothing to do or another worker has it."""
        found = self.claims.claim(group_id, lease_s, handoff_epoch)
        if found is None:
            return None
        # All that the last worker left undone, before this one may read the transcript or make a call.
        self._transcript_writer.copy_missing(found["last"])
        if found["abandoned"]:
            self._ledger.settle_left(found["owner_id"], focus_group_id=group_id, task_id=None)
            self.claims.recovered(group_id, found["epoch"])
        if found["pending"]:
            self.awaited.taken(group_id, found["epoch"])
        return from_document(FocusGroup, found)

    def append(
        self,
        group: FocusGroup,
        messages: Sequence[Message],
        at: datetime,
        *,
        state: FocusGroupState,
        pending: int = 0,
        queued: QueuedQuestion | None = None,
        showing: Showing | None = None,
        key: str = "",
    ) -> FocusGroup | None:
        """Writes a person's message and the replies it asks for; None where the session changed since `group` was read.

        queued: the message waited, and leaves the queue by this write. No other one passes those that wait. showing: what the
        message shows; the plan in `group` is written with it. key: the message's own; one with the same is not written.
        """
        documents = list(map(message_document, messages))
        unchanged = {"_id": group.id, "epoch": group.epoch, "next_seq": group.next_seq, "state": group.state.value}
        unchanged |= {**same_stimuli(group), **is_new(key)}
        group = shown(group, showing)
        fields = {"last": documents, "pending": pending, **begun_with(group)}
        fields |= {**under_way(state, at), "lease_until": NO_LEASE, **NOT_LOST, **reached(group, messages)}
        leaves = {"queued": {"id": queued.id}} if queued else {}
        found = self._groups.find_one_and_update(
            {**unchanged, "pending": 0, **NO_STOP_UNFINISHED, **(is_waiting(queued) if queued else NONE_QUEUED)},
            {"$set": fields, "$inc": {"next_seq": len(documents)}, "$push": noted(key), "$pull": leaves},
            projection={"_id": 1},
        )
        if not found:
            return None
        self._transcript_writer.write(documents)
        after = {"state": state, "pending": pending, "next_seq": group.next_seq + len(documents), "updated_at": at}
        after |= {"queued": tuple(each for each in group.queued if each != queued), "ended_at": None}
        return replace(group, reason="", reason_detail="", **after)  # type: ignore[arg-type]

    def commit(
        self, group: FocusGroup, message: Message, course: DiscussionState, awaited: Sequence[Message] = ()
    ) -> FocusGroup | None:
        """Writes one autonomous turn, stimuli in their order, and replies that it asks for; None where a worker or a stop came first."""
        written = self._commit(group, (message, *awaited), course, new_id())
        if written is None:
            return None
        # Nothing else can have changed, because every other write to the session raises the epoch.
        end = message.seq + 1 + len(awaited)
        after = replace(group, course=course, updated_at=message.at, pending=len(awaited), next_seq=end)
        return told(after, written) if written else after

    @patiently
    def _commit(
        self, group: FocusGroup, said: Sequence[Message], course: DiscussionState, write: str
    ) -> Document | None:
        """Writes the turn. A second try finds by `write` that the first succeeded and only its answer was lost."""
        message, documents = said[0], list(map(message_document, said))
        mine = {"_id": group.id, "epoch": group.epoch, "next_seq": message.seq, "state": AUTONOMOUS}
        turn = {"last": documents, "updated_at": message.at, "write": write, **under("course", to_document(course))}
        turn |= {**NOT_LOST, "pending": len(documents) - 1, **stimuli_with(group, message)}
        changes = {"$set": turn, "$inc": {"next_seq": len(documents)}}
        self._transcript_writer.wait(group.id)  # this turn overwrites `last`, the only other copy of the turn before
        done: Document | None = {}
        # Mostly there is nothing new for the worker, and an update that returns no document costs the server less.
        if not self._groups.update_one({**mine, **nothing_new(group)}, changes).matched_count:
            done = self._groups.find_one_and_update(mine, changes, projection=TOLD)
            done = done or self._groups.find_one({"_id": group.id, "write": write}, TOLD)
        if done is not None:
            self._transcript_writer.begin(documents)
        return done

    @patiently
    def fill(self, message: Message) -> bool:
        """Writes the outcome of a pending reply; False where it is not pending any more or is another worker's."""
        mine = {"_id": message_id(message), "status": PENDING, "epoch": message.epoch}
        return self._messages.update_one(mine, {"$set": message_document(message)}).matched_count == 1

    @patiently
    def finish_round(self, group: FocusGroup, course: DiscussionState, at: datetime) -> bool:
        """Marks a moderated round as answered, with the course after it."""
        mine = {"_id": group.id, "epoch": group.epoch, "next_seq": group.next_seq}  # not the round after this one
        fields = {"pending": 0, "lease_until": NO_LEASE, "updated_at": at, **under("course", to_document(course))}
        return self._groups.update_one(mine, {"$set": fields}).matched_count == 1

    def reopen(self, group: FocusGroup, *messages: Message) -> bool:
        """Makes failed or lost replies pending again; False where the session is busy or over, or all are there."""
        return self.awaited.reopen(group, messages)

    def open_again(self, group_id: str, at: datetime) -> bool:
        """Opens a session that has ended; False where it has not."""
        ended = {"_id": group_id, "state": FocusGroupState.ENDED.value, **NO_STOP_UNFINISHED}
        return self._groups.update_one(ended, {"$set": under_way(FocusGroupState.MODERATED, at)}).matched_count == 1

    def start(self, group: FocusGroup, at: datetime, queued: QueuedQuestion | None = None) -> bool:
        """Starts the autonomous discussion with the group's estimate, plan and end; False where it changed since it was read.

        queued: the wish to let them discuss waited, and leaves the queue by this write.
        """
        state = group.state.value
        free = {"_id": group.id, "epoch": group.epoch, "state": state, "pending": 0, **NO_STOP_UNFINISHED}
        fields = {
            **under_way(FocusGroupState.AUTONOMOUS, at),
            **NOT_LOST,
            "lease_until": NO_LEASE,
            "estimate": to_document(group.estimate) if group.estimate else None,
            "paused_at": None,
            "pausing": False,
            "alone_from": group.next_seq,
            "alone_until": group.alone_until,
            **begun_with(group),
        }
        unchanged = {**free, **(is_waiting(queued) if queued else NONE_QUEUED), **same_stimuli(group)}
        changes = {"$set": fields, **({"$pull": {"queued": {"id": queued.id}}} if queued else {})}
        return self._groups.update_one(unchanged, changes).matched_count == 1

    def stop(
        self,
        group_id: str,
        at: datetime,
        *,
        reason: str,
        detail: str = "",
        ended: bool = False,
        epoch: int | None = None,
    ) -> bool:
        """Stops the session by one update that raises the epoch, so that no worker can write to it any more.

        Args:
            detail: What failed. With the reason `failed`, pending replies fail with it; otherwise they are discarded.
            ended: Ends it for good, busy or not.
            epoch: Stops it only if it is still held under this epoch.
        """
        state = FocusGroupState.ENDED if ended else FocusGroupState.MODERATED
        busy = {"$or": [*BUSY["$or"], {"reason": {"$in": list(WAITING)}}]}
        which: Document = {"_id": group_id, **({"state": {"$ne": FocusGroupState.ENDED.value}} if ended else busy)}
        if epoch is not None:
            which["epoch"] = epoch
        # The pending replies are other documents: until they are given up, the mark keeps anything new from beginning.
        fields = {**over(state, reason, detail, at), "pending": 0}
        fields["stop_unfinished"] = detail if reason == "failed" else True
        changes, shown = {"$set": fields, "$inc": {"epoch": 1}}, {"last": 1, "stop_unfinished": 1}
        stopped = self._groups.find_one_and_update(which, changes, projection=shown, return_document=True)
        if stopped:
            self.awaited.give_up(stopped)
        return stopped is not None

    @patiently
    def conclude(
        self, group: FocusGroup, at: datetime, *, state: FocusGroupState, reason: str, detail: str = ""
    ) -> bool:
        """Ends or pauses a discussion for its own worker; stores its course and the quota that it needs to go on."""
        self._transcript_writer.wait(group.id)
        mine = {"_id": group.id, "epoch": group.epoch, "state": AUTONOMOUS}
        now = to_document(group)
        stands = {name: now[name] for name in ("needs_nano_usd", "needs_tokens")} | under("course", now["course"])
        return self._groups.update_one(mine, {"$set": over(state, reason, detail, at) | stands}).matched_count == 1

    def messages(self, group_id: str, *, first: int = 1, last: int | None = None, limit: int = 0) -> list[Message]:
        """Messages with `first <= seq <= last`, in order."""
        self._transcript_writer.wait(group_id)
        wanted: dict[str, Any] = {"$gte": first} if last is None else {"$gte": first, "$lte": last}
        found = self._messages.find({"focus_group_id": group_id, "seq": wanted}).sort("seq", 1).limit(limit)
        return [from_document(Message, document) for document in found]

    def pending(self, group_id: str) -> list[Message]:
        """Pending replies, in order."""
        found = self._messages.find({"focus_group_id": group_id, "status": PENDING}).sort("seq", 1)
        return [from_document(Message, document) for document in found]

    def message(self, group_id: str, seq: int) -> Message:
        self._transcript_writer.wait(group_id)
        if found := self._messages.find_one({"focus_group_id": group_id, "seq": seq}):
            return from_document(Message, found)
        raise NotFound(f"This session has no message {seq}.")
