"""Focus groups and their messages; the writes of the turn protocol.

The focus group's document is the single place of truth: one compare-and-set on it decides who wrote a turn. `last` holds
the messages of that write until they are copied to `focus_group_messages`, which anybody may do again without harm.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pymongo.database import Database

from semblance_core.domain.errors import NotFound, NotWanted
from semblance_core.domain.focus_group import WAITING, Course, FocusGroup, FocusGroupState, Message
from semblance_core.domain.readable import Readable
from semblance_core.store.assets import Assets
from semblance_core.store.awaited import NO_STOP_UNFINISHED, PENDING, Awaited
from semblance_core.store.claims import NOT_LOST, Claims
from semblance_core.store.codec import from_document, from_documents, to_document, under
from semblance_core.store.connection import Document
from semblance_core.store.copies import Copies
from semblance_core.store.edits import version_before, written
from semblance_core.store.failures import patiently
from semblance_core.store.ids import new_id
from semblance_core.store.lease import NO_LEASE
from semblance_core.store.ledger import Ledger
from semblance_core.store.over import over
from semblance_core.store.owners import owner_in_project
from semblance_core.store.still_there import StillThere
from semblance_core.store.turns import Turns

AUTONOMOUS = FocusGroupState.AUTONOMOUS.value
BUSY: dict[str, Any] = {"$or": [{"state": AUTONOMOUS}, {"pending": {"$gt": 0}}]}
DERIVED = ("simulated", "updated_at")
"""What follows from a set-up and is written with it."""


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
        self._copies = Copies(self._messages)
        self._awaited = Awaited(self._groups, self._messages, self._copies, self.turns)

    def add(self, group: FocusGroup) -> None:
        """Raises `NotFound` where its project is gone."""
        with self._there.adding(lambda: self._groups.delete_one({"_id": group.id}), project_id=group.project_id):
            self._groups.insert_one({**to_document(group), "lease_until": NO_LEASE, "last": []})

    def get(self, group_id: str) -> FocusGroup:
        if found := self._groups.find_one({"_id": group_id}, {"last": 0}):
            return from_document(FocusGroup, found)
        raise NotFound("There is no such focus group.")

    def owner_of(self, group_id: str) -> str:
        """The owner of the session's project, on whose account it counts."""
        return owner_in_project(self._groups, group_id, "focus group")

    def is_busy(self, group_id: str) -> bool:
        """Whether the session needs a worker; False for one that is not there."""
        found = self._groups.find_one({"_id": group_id}, {"state": 1, "pending": 1})
        return found is not None and (found["state"] == AUTONOMOUS or found["pending"] > 0)

    def check_wanted(self, group: FocusGroup) -> None:
        """Raises `NotWanted` where this worker lost the session: it was stopped or deleted, or another one has it."""
        if not self._groups.find_one({"_id": group.id, "epoch": group.epoch, **BUSY}, {"_id": 1}):
            raise NotWanted("This was stopped or deleted meanwhile, so nothing more is asked for it.")

    def of_project(self, project_id: str) -> Readable[FocusGroup]:
        found = self._groups.find({"project_id": project_id}, {"last": 0}).sort("created_at", -1)
        return from_documents(FocusGroup, found)

    def set_up(self, group: FocusGroup, changed: Collection[str]) -> bool:
        """Writes these fields of a draft's set-up as its next version; False where it is no draft or another version by now."""
        draft = {"_id": group.id, "state": FocusGroupState.DRAFT.value, "epoch": group.epoch, **version_before(group)}
        return self._groups.update_one(draft, written(group, (*changed, *DERIVED))).matched_count == 1

    def delete(self, group_id: str, at: datetime) -> None:
        assets = self.assets.leaving(group_id, at)
        self._copies.wait(group_id)
        self._groups.delete_one({"_id": group_id})
        self._messages.delete_many({"focus_group_id": group_id})
        self._themes.delete_many({"focus_group_id": group_id})
        self.assets.remove_all(assets)

    def claim(self, group_id: str, lease_s: float, baton: int | None = None) -> FocusGroup | None:
        """The session, now this worker's with a new epoch; None where there is nothing to do or another worker has it."""
        found = self.claims.claim(group_id, lease_s, baton)
        if found is None:
            return None
        self._copy_if_missing(found["last"])
        if found["abandoned"]:
            self._ledger.settle_left(found["owner_id"], focus_group_id=group_id, task_id=None)
            self.claims.recovered(group_id, found["epoch"])
        if found["pending"]:
            self._awaited.taken(group_id, found["epoch"])
        return from_document(FocusGroup, found)

    def held(self, group: FocusGroup) -> FocusGroup | None:
        """The running discussion while its epoch still stands, with whether it is to pause by now; else None."""
        found = self._groups.find_one({"_id": group.id, "epoch": group.epoch, "state": AUTONOMOUS}, {"pausing": 1})
        return replace(group, pausing=bool(found.get("pausing"))) if found else None

    # What is written

    def append(
        self, group: FocusGroup, messages: Sequence[Message], at: datetime, *, state: FocusGroupState, pending: int = 0
    ) -> FocusGroup | None:
        """Writes a person's message and the replies it asks for; None where the session changed since `group` was read."""
        documents = [_message_document(message) for message in messages]
        course = replace(group.course, stimuli_shown=len(group.stimuli))
        unchanged = {"_id": group.id, "epoch": group.epoch, "next_seq": group.next_seq, "state": group.state.value}
        unchanged |= {"stimuli": list(group.stimuli)} if group.stimuli else {"stimuli.0": {"$exists": False}}
        found = self._groups.find_one_and_update(
            {**unchanged, "pending": 0, **NO_STOP_UNFINISHED},
            {
                "$set": {
                    "last": documents,
                    "course.stimuli_shown": course.stimuli_shown,
                    "state": state.value,
                    "pending": pending,
                    "updated_at": at,
                    "reason": "",
                    "reason_detail": "",
                    "lease_until": NO_LEASE,
                    **NOT_LOST,
                },
                "$inc": {"next_seq": len(documents)},
            },
            projection={"_id": 1},
        )
        if not found:
            return None
        self._copies.write(documents)
        after = {"state": state, "pending": pending, "next_seq": group.next_seq + len(documents), "updated_at": at}
        after |= {"course": course}
        return replace(group, reason="", reason_detail="", **after)  # type: ignore[arg-type]

    def commit(self, group: FocusGroup, message: Message, course: Course) -> FocusGroup | None:
        """Writes one autonomous turn; None where another worker or a stop came first, and the turn is to be discarded."""
        written = self._commit(group, message, course, new_id())
        if written is None:
            return None
        # Whatever else could have changed would have raised the epoch too.
        after = {"course": course, "updated_at": message.at, "next_seq": message.seq + 1}
        return replace(group, pausing=bool(written.get("pausing")), **after)  # type: ignore[arg-type]

    @patiently
    def _commit(self, group: FocusGroup, message: Message, course: Course, write: str) -> Document | None:
        """write: names this write, so that one whose answer was lost is known again when it is tried once more."""
        document = _message_document(message)
        mine = {"_id": group.id, "epoch": group.epoch, "next_seq": message.seq, "state": AUTONOMOUS}
        turn = {"last": [document], "updated_at": message.at, "write": write, **under("course", to_document(course))}
        turn |= NOT_LOST
        changes = {"$set": turn, "$inc": {"next_seq": 1}}
        self._copies.wait(group.id)  # this turn takes the place where the one before is kept
        done: Document | None = {}
        # Nearly always nobody asked for a pause, and an update that returns nothing costs the server less.
        if not self._groups.update_one({**mine, "pausing": {"$ne": True}}, changes).matched_count:
            done = self._groups.find_one_and_update(mine, changes, projection={"pausing": 1})
            done = done or self._groups.find_one({"_id": group.id, "write": write}, {"pausing": 1})
        if done is not None:
            self._copies.begin(document)
        return done

    @patiently
    def fill(self, message: Message) -> bool:
        """Writes the outcome of a pending reply; False where it is not pending any more, or is another worker's."""
        mine = {"_id": _message_id(message), "status": PENDING, "epoch": message.epoch}
        return self._messages.update_one(mine, {"$set": _message_document(message)}).matched_count == 1

    @patiently
    def finish_round(self, group: FocusGroup, course: Course, at: datetime) -> bool:
        """Marks the replies of a moderated round as all there."""
        mine = {"_id": group.id, "epoch": group.epoch, "next_seq": group.next_seq}  # not the round after this one
        fields = {"pending": 0, "lease_until": NO_LEASE, "updated_at": at, **under("course", to_document(course))}
        return self._groups.update_one(mine, {"$set": fields}).matched_count == 1

    def reopen(self, group: FocusGroup, message: Message) -> bool:
        """Makes a failed or lost reply awaited again; False where the session is busy or ended, or the reply is there."""
        return self._awaited.reopen(group, message)

    def start(self, group: FocusGroup, at: datetime) -> bool:
        """Lets the discussion run by itself, with the group's estimate; False where it changed since `group` was read."""
        state = group.state.value
        free = {"_id": group.id, "epoch": group.epoch, "state": state, "pending": 0, **NO_STOP_UNFINISHED}
        fields = {"state": AUTONOMOUS, "reason": "", "reason_detail": "", "lease_until": NO_LEASE, "updated_at": at}
        fields |= {
            **NOT_LOST,
            "estimate": to_document(group.estimate) if group.estimate else None,
            "paused_at": None,
            "pausing": False,
            "alone_from": group.next_seq,
        }
        return self._groups.update_one(free, {"$set": fields}).matched_count == 1

    def pause(self, group_id: str) -> bool:
        """Asks a running discussion to pause after the turn under way; False where it does not run."""
        running = {"_id": group_id, "state": AUTONOMOUS}
        return self._groups.update_one(running, {"$set": {"pausing": True}}).matched_count == 1

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
        """One update after which no worker of before can write: whatever comes late is discarded.

        ended: for good, busy or not. epoch: only if the session is still that worker's. Replies that were still to come are
        discarded; where the reason is `failed` they have failed with that detail, so that each can be asked for again.
        """
        state = FocusGroupState.ENDED if ended else FocusGroupState.MODERATED
        busy = {"$or": [{"state": AUTONOMOUS}, {"pending": {"$gt": 0}}, {"reason": {"$in": list(WAITING)}}]}
        which: Document = {"_id": group_id, **({"state": {"$ne": FocusGroupState.ENDED.value}} if ended else busy)}
        if epoch is not None:
            which["epoch"] = epoch
        fields = {
            **over(state, reason, detail, at),
            "pending": 0,
            "stop_unfinished": detail if reason == "failed" else True,
        }
        stopped = self._groups.find_one_and_update(
            which,
            {"$set": fields, "$inc": {"epoch": 1}},
            projection={"last": 1, "stop_unfinished": 1},
            return_document=True,
        )
        if stopped:
            self._awaited.give_up(stopped)
        return stopped is not None

    def finish_stops(self) -> None:
        """Finishes the stops whose process died before their last write; until then nothing new begins there."""
        self._awaited.finish_stops()

    def give_up_lost(self) -> Sequence[str]:
        """Gives up replies that are awaited in sessions which are not busy, and says which these were."""
        return self._awaited.give_up_lost()

    @patiently
    def conclude(
        self, group: FocusGroup, at: datetime, *, state: FocusGroupState, reason: str, detail: str = ""
    ) -> bool:
        """Ends or pauses an autonomous discussion by its own worker, with the group's course and what it needs to go on."""
        self._copies.wait(group.id)
        mine = {"_id": group.id, "epoch": group.epoch, "state": AUTONOMOUS}
        now = to_document(group)
        stands = {name: now[name] for name in ("needs_nano_usd", "needs_tokens")} | under("course", now["course"])
        return self._groups.update_one(mine, {"$set": over(state, reason, detail, at) | stands}).matched_count == 1

    def waiting(self) -> Readable[FocusGroup]:
        """Sessions that wait for room in their owner's quota, or for a price."""
        found = self._groups.find(
            {"reason": {"$in": list(WAITING)}, "state": FocusGroupState.MODERATED.value}, {"last": 0}
        )
        return from_documents(FocusGroup, found)

    def messages(self, group_id: str, *, first: int = 1, last: int | None = None, limit: int = 0) -> list[Message]:
        """Messages with `first <= seq <= last`, in order."""
        self._copies.wait(group_id)
        wanted: dict[str, Any] = {"$gte": first} if last is None else {"$gte": first, "$lte": last}
        found = self._messages.find({"focus_group_id": group_id, "seq": wanted}).sort("seq", 1).limit(limit)
        return [from_document(Message, document) for document in found]

    def pending(self, group_id: str) -> list[Message]:
        """Replies that are still to come, in order."""
        found = self._messages.find({"focus_group_id": group_id, "status": PENDING}).sort("seq", 1)
        return [from_document(Message, document) for document in found]

    def message(self, group_id: str, seq: int) -> Message:
        self._copies.wait(group_id)
        if found := self._messages.find_one({"focus_group_id": group_id, "seq": seq}):
            return from_document(Message, found)
        raise NotFound(f"This session has no message {seq}.")

    def _copy_if_missing(self, documents: Sequence[Document]) -> None:
        """Copies what a dead worker did not: copies are made in order, so the newest tells of all."""
        if documents and not self._messages.find_one({"_id": documents[-1]["_id"]}, {"_id": 1}):
            self._copies.write(documents)


def _message_id(message: Message) -> str:
    return f"{message.focus_group_id}/{message.seq}"


def _message_document(message: Message) -> Document:
    return {"_id": _message_id(message), **to_document(message)}
