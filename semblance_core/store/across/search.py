"""Search in the texts of many sessions: messages, and quotes of themes.

Messages are found through the text index `words`, whose entries begin with the session: only the sessions asked for are read. Words that
it cannot know, of scripts without spaces and of Korean, are found by a pattern in the messages of these sessions, one by one.
"""

import logging
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo.database import Database
from pymongo.errors import OperationFailure

from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.findings.search import Wanted
from semblance_core.store.across.patterns import SERVER_LETTER, index_word, patterns
from semblance_core.store.server.document import Document

AT_ONCE = 50
"""Sessions that one request asks for."""
NO_TEXT_INDEX = 27
SAID = {"status": MessageStatus.SAID.value}
_SHOWN = {"focus_group_id": 1, "seq": 1, "speaker": 1, "text": 1, "at": 1}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SearchedSession:
    """A session in which is searched."""

    id: str
    project_id: str
    title: str


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A message that holds what was looked for."""

    session_id: str
    seq: int
    speaker: str
    text: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """A theme's quote that may hold what was looked for, as it stands in its message."""

    session_id: str
    seq: int
    speaker: str
    text: str
    theme: str


class TextSearch:
    def __init__(self, database: Database[Document]):
        self._messages, self._groups = database["focus_group_messages"], database["focus_groups"]
        self._themes, self._rounds = database["focus_group_themes"], database["interview_rounds"]

    def sessions(self, project_ids: Collection[str], most: int) -> tuple[list[SearchedSession], int]:
        """The sessions of these projects that were last worked on, interviews among them, and how many there are in all."""
        wanted: Document = {"project_id": {"$in": list(project_ids)}}
        found = (
            self._groups.find(wanted, {"project_id": 1, "title": 1}).sort([("updated_at", -1), ("_id", 1)]).limit(most)
        )
        sessions = [SearchedSession(str(f["_id"]), str(f["project_id"]), str(f.get("title", ""))) for f in found]
        return sessions, len(sessions) if len(sessions) < most else self._groups.count_documents(wanted)

    def rounds(self, project_ids: Collection[str]) -> list[str]:
        """The ids of the interview rounds of these projects."""
        found = self._rounds.find({"project_id": {"$in": list(project_ids)}}, {"_id": 1})
        return [str(each["_id"]) for each in found]

    def messages(self, session_ids: Sequence[str], wanted: Wanted, speaker: str, most: int) -> list[FoundMessage]:
        """Messages that were said and hold what is looked for, by the order of the sessions and their number; at most so many.

        Args:
            session_ids: the only sessions that are read.
            wanted: what is looked for.
            speaker: a part of the speaker's name; empty for anybody.
            most: as many are found at most, in all and in a session.
        """
        by: list[Document] = [{"speaker": _matching(re.escape(speaker))}] if speaker else []
        word = index_word(wanted)
        every = [*by, *({"text": _matching(each)} for each in patterns(wanted, SERVER_LETTER))]
        beside = Wanted(tuple(part for part in wanted.parts if part != (word,) or not word.isalnum()))
        further = [*by, *({"text": _matching(each)} for each in patterns(beside, SERVER_LETTER))]
        found: list[FoundMessage] = []
        for start in range(0, len(session_ids), AT_ONCE):
            some = session_ids[start : start + AT_ONCE]
            if len(found) < most:
                found += (
                    self._by_index(some, word, further, every, most) if word else self._by_pattern(some, every, most)
                )
        return found[:most]

    def quotes(self, analyses: Collection[str], wanted: Wanted) -> list[FoundQuote]:
        """Quotes in analyses of which some hold what is looked for; the caller looks at each.

        analyses: their documents' ids, of which each names an analysis in one version.
        """
        first = patterns(wanted, SERVER_LETTER)[0]
        query: Document = {"_id": {"$in": list(analyses)}, "themes.verbatims.quote": _matching(first)}
        shown = {"focus_group_id": 1, "themes.name": 1, "themes.verbatims": 1}
        return [
            FoundQuote(
                str(said.get("session_id") or found["focus_group_id"]),
                int(said.get("seq", 0)),
                str(said.get("speaker", "")),
                str(said.get("quote", "")),
                str(theme.get("name", "")),
            )
            for found in self._themes.find(query, shown)
            for theme in found.get("themes", ())
            for said in theme.get("verbatims", ())
        ]

    def _by_index(
        self, session_ids: Sequence[str], word: str, further: Sequence[Document], every: Sequence[Document], most: int
    ) -> list[FoundMessage]:
        """further: the conditions besides the word that the index knows; every: all of them, where there is no index."""
        wanted: Document = {**SAID, "$text": {"$search": word, "$language": "none"}, **_all(further)}
        pipelines: list[list[Document]] = [
            [
                {"$match": {"focus_group_id": each, **wanted}},
                {"$sort": {"seq": 1}},
                {"$limit": most},
                {"$project": _SHOWN},
            ]
            for each in session_ids
        ]
        first, others = pipelines[0], pipelines[1:]
        union: list[Document] = [{"$unionWith": {"coll": self._messages.name, "pipeline": each}} for each in others]
        try:
            return [_message(each) for each in self._messages.aggregate([*first, *union, {"$limit": most}])]
        except OperationFailure as refused:
            if refused.code != NO_TEXT_INDEX:
                raise
            log.warning("There is no text index of messages; searching without it")
            return self._by_pattern(session_ids, every, most)

    def _by_pattern(self, session_ids: Sequence[str], every: Sequence[Document], most: int) -> list[FoundMessage]:
        found: list[FoundMessage] = []
        for session_id in session_ids:
            if (left := most - len(found)) > 0:
                query = {"focus_group_id": session_id, **SAID, **_all(every)}
                found += [_message(each) for each in self._messages.find(query, _SHOWN).sort("seq", 1).limit(left)]
        return found


def _all(conditions: Sequence[Document]) -> Document:
    return {"$and": list(conditions)} if conditions else {}


def _matching(pattern: str) -> Document:
    return {"$regex": pattern, "$options": "i"}


def _message(found: Document) -> FoundMessage:
    at = found.get("at")
    return FoundMessage(
        str(found["focus_group_id"]),
        int(found["seq"]),
        str(found.get("speaker", "")),
        str(found.get("text", "")),
        at if isinstance(at, datetime) else None,
    )
