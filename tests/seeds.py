"""Platforms with something in them: a finished study, or as much as years of use would leave."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.usage.events import TokenCounts, UsageEvent, UsageQuota
from semblance_core.store.codec import to_document
from semblance_core.store.ids import new_id
from tests.studies import finished, interviewed
from tests.surveys import EVERY, surveyed

MANY_PERSONAS, MANY_SESSIONS, MANY_MESSAGES, MANY_THEMES = 400, 500, 10_000, 40
MANY_CALLS, MANY_USERS, MANY_ACTIONS = 4_000, 500, 60
WEIRD = "<b>x</b> ![i](http://127.0.0.1:9/x.png) :red[r] $x$ " + "w" * 120


@dataclass(frozen=True)
class Seeded:
    """What addresses name; empty where there is nothing."""

    project_id: str = ""
    group_id: str = ""
    persona_id: str = ""
    survey_id: str = ""
    round_id: str = ""
    synthesis_id: str = ""

    def address(self, page: str) -> dict[str, str]:
        """The query of a page that needs one."""
        ids = {"session": self.group_id, "findings": self.group_id, "focus_group": "", "persona": self.persona_id}
        ids |= {"projects": self.project_id, "surveys": self.survey_id, "interviews": self.round_id}
        ids["synthesis"] = self.synthesis_id
        if page == "search":
            return {"find": "the"}
        return {"id": ids[page]} if ids.get(page) else {}


def small(semblance: Semblance, user_id: str = "user") -> Seeded:
    """One finished study: six personas, a discussion, themes, and the calls that they took."""
    workspace = semblance.workspace(user_id)
    task = finished(semblance, workspace, workspace.examples.make())
    assert not task.error
    workspace.projects.open(task.project_id)
    persona_id = next(iter(workspace.personas.names(task.project_id)))
    survey = workspace.surveys.begin(task.project_id, EVERY, model="simulator/instant")
    surveyed(semblance, workspace, survey)
    group_id = task.result["focus_group_id"]
    code = workspace.codebook.add(task.project_id, "Price", definition="What it costs.")
    answer = next(each for each in workspace.sessions.messages(group_id) if each.role == "persona")
    workspace.coding.give(group_id, answer.seq, [code.id])
    held = interviewed(semblance, workspace, task.project_id, list(workspace.personas.names(task.project_id))[:2])
    together = workspace.syntheses.begin(task.project_id, "All sessions")
    return Seeded(task.project_id, group_id, persona_id, survey.id, held.id, together.id)


def large(semblance: Semblance, user_id: str = "user") -> Seeded:
    """The same, grown: hundreds of everything, ten thousand messages, and hostile texts among them."""
    seeded = small(semblance, user_id)
    store, database, now = semblance.store, semblance.connection.database, semblance.clock()
    persona = semblance.workspace(user_id).personas.get(seeded.persona_id)
    people = [replace(persona, id="", name=f"{WEIRD} {number}"[-60:]) for number in range(MANY_PERSONAS)]
    store.personas.add(seeded.project_id, people, now)
    group: dict[str, Any] = database["focus_groups"].find_one({"_id": seeded.group_id}) or {}
    sessions = [{**group, "_id": new_id(), "title": f"{WEIRD} {number}"} for number in range(MANY_SESSIONS)]
    database["focus_groups"].insert_many(sessions)
    said = list(database["focus_group_messages"].find({"focus_group_id": seeded.group_id}).sort("seq", 1))
    database["focus_group_messages"].insert_many(_grown(said, seeded.group_id))
    database["focus_groups"].update_one({"_id": seeded.group_id}, {"$set": {"next_seq": MANY_MESSAGES + 1}})
    themes: dict[str, Any] = database["focus_group_themes"].find_one({"focus_group_id": seeded.group_id}) or {}
    first = themes["themes"][0]
    many = [
        {**first, "name": f"{number} {WEIRD}", "verbatims": first["verbatims"][:1] * 12}
        for number in range(MANY_THEMES)
    ]
    database["focus_group_themes"].update_one({"_id": themes["_id"]}, {"$set": {"themes": many}})
    calls = list(_calls(user_id, seeded, now))
    with database.client.start_session() as session:
        for first_call in range(0, MANY_CALLS, 1_000):
            store.usage.record(calls[first_call : first_call + 1_000], session)
    users = (User(f"user{number}", f"{number} {WEIRD}", Role.RESEARCHER, now) for number in range(MANY_USERS))
    database["users"].insert_many({**to_document(user), "password_hash": None} for user in users)
    _administered(semblance)
    return seeded


def _grown(said: list[dict[str, Any]], group_id: str) -> Iterator[dict[str, Any]]:
    for seq in range(len(said) + 1, MANY_MESSAGES + 1):
        yield {**said[seq % len(said)], "_id": f"{group_id}/{seq}", "seq": seq}


def _calls(user_id: str, seeded: Seeded, now: datetime) -> Iterator[UsageEvent]:
    for number in range(MANY_CALLS):
        yield UsageEvent(
            id=new_id(),
            user_id=user_id,
            feature=("reply", "moderate", "recruit", "themes")[number % 4],
            model=f"openai/model-{number % 12}",
            tokens=TokenCounts(prompt=900, cached=100, completion=120, reasoning=20),
            cost_usd=None if number % 50 == 0 else Decimal("0.0004"),
            latency_s=0.5 + number % 7,
            status="timeout" if number % 40 == 0 else "ok",
            estimated=number % 40 == 0,
            at=now - timedelta(minutes=17 * number),
            project_id=seeded.project_id,
            focus_group_id=seeded.group_id,
        )


def _administered(semblance: Semblance) -> None:
    admin = semblance.workspace("admin")
    admin.prices.seed()
    for tokens in range(MANY_ACTIONS):
        admin.accounts.set_quota("user0", UsageQuota(None, tokens))
