"""Findings of analyses: `focus_group_themes`, one document for an analysis and one more for each edit of it.

An edit is a whole version beside those before it, so what the model found is never lost. The id that holds a version's
number is unique, and decides between two people who edit the same version.
"""

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.errors import NotFound, Unreadable
from semblance_core.domain.findings.theme import Findings
from semblance_core.domain.readable import Readable
from semblance_core.store.codec import from_document, from_documents, readable, to_document
from semblance_core.store.ids import new_id
from semblance_core.store.server.document import Document
from semblance_core.store.server.failures import patiently
from semblance_core.store.sessions.awaited import NO_STOP_UNFINISHED
from semblance_core.store.sessions.still_there import StillThere

MOST_PASSED_OVER = 5
"""So many that cannot be read are passed over at most on the way to the newest one."""
MOST_AT_ONCE = 50
MOST_PLACES = 200
"""Sessions of a project in which unrelated themes are looked for."""
NEWEST = [("created_at", -1), ("version", -1)]


class Themes:
    def __init__(self, database: Database[Document]):
        self._themes, self._groups = database["focus_group_themes"], database["focus_groups"]
        self._there = StillThere(database)

    def add(self, findings: Findings, task_id: str) -> None:
        """Keeps what a task found; a task that finds it once more writes over it. Raises `NotFound` where the session is gone."""
        document = to_document(replace(findings, analysis_id=task_id))
        with self._adding(findings, task_id):
            self._themes.update_one({"_id": task_id}, {"$set": document}, upsert=True)

    def newest(self, group_id: str) -> Findings | None:
        """The newest analysis of a session as it was last edited, or None where there is none yet."""
        found = self._themes.find({"focus_group_id": group_id}, sort=NEWEST).limit(MOST_PASSED_OVER)
        read = readable(found, _findings)
        if read.unread and not read:
            raise Unreadable(
                "The themes of this session are damaged, or of another version; the log of the server says which."
            )
        return read[0] if read else None

    def get(self, group_id: str, analysis_id: str, version: int | None = None) -> Findings:
        """An analysis of this session as it was last edited, or in this version of it; 0 is as it was found."""
        of_analysis: dict[str, Any] = {"$or": [{"_id": analysis_id}, {"analysis_id": analysis_id}]}
        if version is not None:
            of_analysis = {"_id": _id(analysis_id, version)}
        found = self._themes.find_one({"focus_group_id": group_id, **of_analysis}, sort=NEWEST)
        if found is None:
            raise NotFound("There is no such analysis of this session.")
        return _findings(found)

    def analyses(self, group_id: str) -> Readable[Findings]:
        """All analyses of a session as they were last edited, newest first; without their codes."""
        found = self._themes.find({"focus_group_id": group_id}, {"codes": 0}, sort=NEWEST)
        newest: dict[str, Findings] = {}
        for findings in (all_of_them := readable(found, _findings)):
            newest.setdefault(findings.analysis_id, findings)
        return all_of_them.instead(newest.values())

    def unrelated(self, group: FocusGroup, most: int) -> Readable[Findings]:
        """Analyses of other sessions of the same project as they were found, the newest so many; without their codes."""
        others = self._groups.find({"project_id": group.project_id, "_id": {"$ne": group.id}}, {"_id": 1})
        ids = [found["_id"] for found in others.sort("_id", -1).limit(MOST_PLACES)]
        asked = {"focus_group_id": {"$in": ids}, "version": {"$in": [0, None]}}
        return readable(self._themes.find(asked, {"codes": 0}, sort=NEWEST).limit(most), _findings)

    def add_version(self, findings: Findings) -> bool:
        """Keeps an edit under its version's number; False where another edit took that number first.

        Raises `NotFound` where the session is gone.
        """
        with self._adding(findings, _id(findings.analysis_id, findings.version)):
            return self._add_version(findings, new_id())

    def delete_of(self, round_id: str) -> None:
        """Removes all analyses of an interview round; those of a session go with it."""
        self._themes.delete_many({"focus_group_id": round_id})

    def _adding(self, findings: Findings, name: str) -> AbstractContextManager[None]:
        of = {"round_id" if findings.sessions else "group_id": findings.focus_group_id}
        return self._there.adding(lambda: self._themes.delete_one({"_id": name}), **of)

    @patiently
    def _add_version(self, findings: Findings, write: str) -> bool:
        """write: names this write, so that one whose answer was lost is known again when it is tried once more."""
        name = _id(findings.analysis_id, findings.version)
        try:
            self._themes.insert_one({**to_document(findings), "_id": name, "write": write})
        except DuplicateKeyError:
            return self._themes.find_one({"_id": name, "write": write}, {"_id": 1}) is not None
        return True


def _id(analysis_id: str, version: int) -> str:
    return f"{analysis_id}/{version}" if version else analysis_id


def _findings(document: Document) -> Findings:
    return from_document(Findings, {"analysis_id": document["_id"], **document})


class ThemesDue:
    """Sessions whose themes are to be found by themselves once they end.

    The session's own document says by which model (`themes_with`), and through which message that was begun last
    (`themes_begun`), so that no transcript is analysed twice by itself.
    """

    def __init__(self, database: Database[Document]):
        self._groups = database["focus_groups"]

    def set(self, group_id: str, model: str) -> None:
        """Has this model find themes when the session ends; an empty one takes that back."""
        self._groups.update_one({"_id": group_id}, {"$set": {"themes_with": model}})

    def sessions(self) -> Readable[FocusGroup]:
        """Sessions that have ended, some of them, of which themes were not begun since the last message."""
        further = {"$lt": [{"$ifNull": ["$themes_begun", 0]}, {"$subtract": ["$next_seq", 1]}]}
        ended = {"themes_with": {"$gt": ""}, "state": FocusGroupState.ENDED.value, **NO_STOP_UNFINISHED}
        return from_documents(FocusGroup, self._groups.find({**ended, "$expr": further}).limit(MOST_AT_ONCE))

    def begun(self, group_id: str, through: int) -> None:
        """Notes that themes were begun through this message."""
        self._groups.update_one({"_id": group_id}, {"$max": {"themes_begun": through}})
