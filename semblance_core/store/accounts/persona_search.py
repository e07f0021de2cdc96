"""A search for personas as the database's server carries it out."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from semblance_core.domain.personas.search import (
    AGE_BANDS,
    FACETS,
    PersonaFacets,
    PersonaOrder,
    PersonaSearch,
    age_band,
)
from semblance_core.domain.personas.vocabulary import gender_pattern, gender_word
from semblance_core.store.codec import storable

MOST_WORDS = 8
READ = (
    *("name", "occupation", "location", "gender", "education", "household", "income_band", "values", "goals", "brands"),
    *("frustrations", "media_habits", "shopping_habits", "tech_comfort", "way_of_speaking", "quote", "backstory"),
)
"""The fields in which words are looked for."""
LIGHT = {"age": 1, **dict.fromkeys(FACETS, 1)}
_ORDERS: dict[PersonaOrder, list[tuple[str, int]]] = {
    PersonaOrder.NEWEST: [("created_at", -1), ("place", -1)],
    PersonaOrder.OLDEST: [("created_at", 1), ("place", 1)],
    PersonaOrder.NAME: [("folded", 1), ("place", 1)],
    PersonaOrder.YOUNGEST: [("ageless", 1), ("age", 1), ("place", 1)],
    PersonaOrder.ELDEST: [("ageless", 1), ("age", -1), ("place", 1)],
}
_AS_TEXT = {"input": "$name", "to": "string", "onError": "", "onNull": ""}
_MADE = {
    "ageless": {"$cond": [{"$eq": ["$age", None]}, 1, 0]},
    "folded": {"$toLower": {"$convert": {"input": "$name", "to": "string", "onError": "", "onNull": ""}}},
}
"""Computed fields that searches sort by."""


def conditions(project_id: str, search: PersonaSearch) -> dict[str, Any]:
    """The search as a filter on the collection."""
    every: list[dict[str, Any]] = [{"project_id": project_id}]
    for word in storable(search.text).replace("\0", " ").split()[:MOST_WORDS]:
        found = {"$regex": re.escape(word[:100]), "$options": "i"}
        every.append({"$or": [{name: found} for name in READ]})
    if search.age_bands:
        bounds = [AGE_BANDS[band] for band in search.age_bands if band]
        ages: list[dict[str, Any]] = [{"age": {"$gte": low, "$lte": high}} for low, high in bounds]
        every.append({"$or": [*ages, *([{"age": None}] if "" in search.age_bands else [])]})
    every += [_one_of(name, values) for name, values in search.values.items() if values]
    if search.task_id:
        every.append({"_id": {"$regex": f"^{re.escape(search.task_id)}-"}})
    return {"$and": every}


def pipeline(project_id: str, search: PersonaSearch, skip: int, limit: int) -> list[dict[str, Any]]:
    """The search as an aggregation; without an age comes last in an order by age. limit: 0 for all."""
    by = dict(_ORDERS[search.order])
    made = {name: how for name, how in _MADE.items() if name in by}
    stages: list[dict[str, Any]] = [{"$match": conditions(project_id, search)}]
    stages += [*([{"$addFields": made}] if made else []), {"$sort": by}, {"$skip": skip}]
    return [*stages, {"$limit": limit}] if limit else stages


def facets(documents: list[dict[str, Any]]) -> PersonaFacets:
    """Counts over documents that have the fields of `LIGHT`."""
    values = {name: _counted(_shown(name, str(found.get(name, ""))) for found in documents) for name in FACETS}
    ages = (found.get("age") for found in documents)
    bands = Counter(age_band(age if isinstance(age, int) else None) for age in ages)
    in_order = {band: bands[band] for band in (*AGE_BANDS, "") if bands[band]}
    recruited = (str(found["_id"]).rpartition("-")[0] for found in documents)
    return PersonaFacets(len(documents), values, in_order, _counted(run for run in recruited if run))


def _shown(field: str, value: str) -> str:
    return gender_word(value) if field == "gender" else value


def _one_of(field: str, values: Iterable[str]) -> dict[str, Any]:
    """The condition that a field has one of these values. Earlier versions kept a gender as it was written."""
    if field != "gender":
        return {field: {"$in": list(values)}}
    patterns = [f"^{gender_pattern(value)}$" if value else "^$" for value in values]
    return {"$or": [{field: {"$regex": pattern, "$options": "i"}} for pattern in patterns]}


def _counted(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda item: (item[0] == "", -item[1], item[0].casefold())))
