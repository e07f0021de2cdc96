"""Reads of the analyses of many sessions and interview rounds at once, with who took part; without their codes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo.database import Database

from semblance_core.domain.findings.theme import Findings
from semblance_core.domain.readable import Readable
from semblance_core.store.codec import from_document, readable
from semblance_core.store.server.document import Document

NO_CODES = {"codes": 0}


@dataclass(frozen=True, slots=True)
class Analysed:
    """A session or an interview round of a project.

    people: of each session (its id) and each name in its transcript the persona's id. simulated: whether the simulator answers.
    """

    id: str
    project_id: str
    title: str
    created_at: datetime
    is_round: bool = False
    people: dict[tuple[str, str], str] = field(default_factory=dict)
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """An analysis as it stands: its newest version, when it was made by which model, and its number of themes."""

    analysis_id: str
    version: int
    created_at: datetime
    model: str
    themes: int

    @property
    def document_id(self) -> str:
        """The id of the document that holds this version."""
        return document_id(self.analysis_id, self.version)


class AnalysesAcross:
    def __init__(self, database: Database[Document]):
        self._themes, self._groups = database["focus_group_themes"], database["focus_groups"]
        self._rounds = database["interview_rounds"]

    def sources(self, project_id: str) -> list[Analysed]:
        """A project's sessions and interview rounds that have an analysis, the oldest first."""
        every = [*self._sessions(project_id), *self._of_rounds(project_id)]
        there = set(self._themes.distinct("focus_group_id", {"focus_group_id": {"$in": [each.id for each in every]}}))
        return sorted((each for each in every if each.id in there), key=lambda each: (each.created_at, each.id))

    def standing(self, source_ids: Collection[str]) -> dict[str, list[Standing]]:
        """The analyses of each of these, the newest first, each with the version as it was last edited."""
        shown: Document = {"focus_group_id": 1, "analysis_id": 1, "version": 1, "created_at": 1, "model": 1}
        shown["count"] = {"$cond": [{"$isArray": "$themes"}, {"$size": "$themes"}, 0]}
        wanted = {"focus_group_id": {"$in": list(source_ids)}}
        by_source: dict[str, dict[str, Standing]] = {}
        for found in self._themes.find(wanted, shown).sort([("created_at", -1), ("version", -1)]):
            analysis_id = str(found.get("analysis_id") or found["_id"])
            told = (
                int(found.get("version") or 0),
                found["created_at"],
                str(found.get("model", "")),
                int(found["count"]),
            )
            of_source = by_source.setdefault(str(found["focus_group_id"]), {})
            of_source.setdefault(analysis_id, Standing(analysis_id, *told))
        return {source_id: list(each.values()) for source_id, each in by_source.items()}

    def some(self, wanted: Collection[tuple[str, int]]) -> Readable[Findings]:
        """Analyses by their ids and versions; those that are gone are left out."""
        ids = [document_id(analysis_id, version) for analysis_id, version in wanted]
        return readable(self._themes.find({"_id": {"$in": ids}}, NO_CODES), _findings)

    def _sessions(self, project_id: str) -> list[Analysed]:
        alone = {"project_id": project_id, "round_id": {"$in": [None, ""]}}
        shown = {**_ABOUT, "participants.id": 1, "participants.name": 1}
        return [
            Analysed(**_about(found), people=_people(str(found["_id"]), found.get("participants", ())))
            for found in self._groups.find(alone, shown)
        ]

    def _of_rounds(self, project_id: str) -> list[Analysed]:
        found_rounds = self._rounds.find({"project_id": project_id}, {**_ABOUT, "people": 1})
        return [
            Analysed(
                **_about(found),
                is_round=True,
                people={(str(p["session_id"]), str(p["name"])): str(p["persona_id"]) for p in found.get("people", ())},
            )
            for found in found_rounds
        ]


def document_id(analysis_id: str, version: int) -> str:
    """The id of the document that holds this version of an analysis."""
    return f"{analysis_id}/{version}" if version else analysis_id


_ABOUT = {"project_id": 1, "title": 1, "created_at": 1, "simulated": 1}


def _about(found: Document) -> dict[str, Any]:
    return {
        "id": str(found["_id"]),
        "project_id": str(found["project_id"]),
        "title": str(found.get("title", "")),
        "created_at": found["created_at"],
        "simulated": bool(found.get("simulated")),
    }


def _people(session_id: str, participants: Sequence[Document]) -> dict[tuple[str, str], str]:
    return {
        (session_id, str(each.get("name", ""))): str(each.get("id") or each.get("name", "")) for each in participants
    }


def _findings(document: Document) -> Findings:
    return from_document(Findings, {"analysis_id": document["_id"], **document})
