"""The kinds of task: what each does, and how its request and result look as plain values."""

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime
from typing import Any

from semblance_core import prompts
from semblance_core.documents import Reader
from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.persona import Persona
from semblance_core.domain.task import ATTACH, Task, is_waited_for
from semblance_core.domain.theme import Findings
from semblance_core.domain.usage import is_simulated
from semblance_core.engine.attach import attach_files
from semblance_core.engine.example import make_example
from semblance_core.engine.heart import Heart
from semblance_core.flows.analyse import analyse
from semblance_core.flows.backfill import backfill
from semblance_core.flows.kept import KeptAnswers
from semblance_core.flows.recruit import Recruitment, fit_rows, recruit
from semblance_core.flows.recruiting import Brief, Sketch
from semblance_core.llm.gateway import Caller, Gateway
from semblance_core.reports.panel import margins_of
from semblance_core.store.codec import from_document, to_document
from semblance_core.store.store import Store


class TaskLost(Exception):
    """The task was cancelled, or is another worker's by now."""


def recruit_request(brief: Brief, model: str) -> dict[str, Any]:
    margins = [{"field": margin.field, "shares": [list(share) for share in margin.shares]} for margin in brief.margins]
    return {"text": brief.text, "size": brief.size, "margins": margins, "seed": brief.seed, "model": model}


def fingerprint_of(request: dict[str, Any]) -> str:
    """The same for the same request."""
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode(errors="replace")).hexdigest()


def analyse_request(focus_group_id: str) -> dict[str, Any]:
    return {"focus_group_id": focus_group_id}


def backfill_request(since: datetime | None, until: datetime | None) -> dict[str, Any]:
    return {"since": since.isoformat() if since else "", "until": until.isoformat() if until else ""}


def run_task(
    task: Task,
    store: Store,
    gateway: Gateway,
    clock: Callable[[], datetime],
    reader: Reader,
    lease_s: float,
    heart: Heart,
) -> dict[str, Any]:
    """Does a claimed task and returns its result; raises `TaskLost` when it is no longer this worker's."""
    if task.kind == ATTACH:
        report, keep, caller = _reporter(task, store), _keeper(task, store), caller_of(task, store)
        return attach_files(task, store, gateway, clock, reader, report, keep, caller)
    if task.kind == "example":
        return _example(task, store, gateway, clock, lease_s, heart)
    kinds = {"recruit": _recruit, "analyse": _analyse, "backfill": _backfill}
    return kinds[task.kind](task, store, gateway, clock)


def _recruit(task: Task, store: Store, gateway: Gateway, clock: Callable[[], datetime]) -> dict[str, Any]:
    wanted = task.request
    margins = margins_of(task)
    brief = Brief(wanted["text"], wanted["size"], margins, wanted["seed"])

    def report(so_far: Recruitment, now: str) -> None:
        # What was paid for first: a cancel between the two must not lose it.
        kept = store.tasks.keep(task, _kept(so_far))
        if not (kept and store.tasks.progress(task, done=len(so_far.written), total=brief.size, now=now)):
            raise TaskLost

    recruited = recruit(
        brief,
        wanted["model"],
        gateway,
        caller_of(task, store),
        simulated=is_simulated(wanted["model"]),
        so_far=_so_far(task.result),
        report=report,
    )
    report(recruited, "Saving")
    saved = store.personas.add(task.project_id, recruited.personas, clock(), task_id=task.id)
    return {
        "persona_ids": [persona.id for persona in saved],
        "notes": list(recruited.notes),
        "redrawn": recruited.redrawn,
        "fit": fit_rows(saved, margins),
    }


def _analyse(task: Task, store: Store, gateway: Gateway, clock: Callable[[], datetime]) -> dict[str, Any]:
    return _find_themes(task, store.focus_groups.get(task.request["focus_group_id"]), store, gateway, clock)


def _find_themes(
    task: Task, group: FocusGroup, store: Store, gateway: Gateway, clock: Callable[[], datetime]
) -> dict[str, Any]:
    messages = store.focus_groups.messages(group.id)

    keep = _keeper(task, store)
    caller = replace(caller_of(task, store), project_id=group.project_id, focus_group_id=group.id)
    ask = KeptAnswers(
        gateway, group.model, caller, task.result.get("answers", {}), lambda answers: keep({"answers": answers})
    )

    def side_by_side(calls: int) -> Executor:
        return gateway.side_by_side(caller, waited_for=is_waited_for("analyse", calls))

    found = analyse(group, messages, ask, side_by_side, _reporter(task, store))
    findings = Findings(
        focus_group_id=group.id,
        themes=found.themes,
        summary=found.summary,
        dropped_quotes=found.dropped_quotes,
        dropped_themes=found.dropped_themes,
        model=group.model,
        prompts_version=prompts.version(),
        through_seq=max(message.seq for message in messages),
        created_at=clock(),
        simulated=is_simulated(group.model),
        codes=found.codes,
    )
    store.themes.add(findings, task.id)
    return {"themes": len(found.themes), "dropped_quotes": found.dropped_quotes}


def _example(
    task: Task, store: Store, gateway: Gateway, clock: Callable[[], datetime], lease_s: float, heart: Heart
) -> dict[str, Any]:
    def find_themes(group: FocusGroup) -> None:
        _find_themes(task, group, store, gateway, clock)

    return make_example(
        task, store, gateway, clock, _reporter(task, store), find_themes, caller_of(task, store), lease_s, heart
    )


def _backfill(task: Task, store: Store, gateway: Gateway, _clock: Callable[[], datetime]) -> dict[str, Any]:
    since, until = (
        datetime.fromisoformat(task.request[name]) if task.request[name] else None for name in ("since", "until")
    )
    report = _reporter(task, store)
    done = backfill(
        store,
        gateway.model.count_tokens,
        gateway.prices.price_of,
        since=since,
        until=until,
        report=lambda done, total: report(done, total, "Reading sessions"),
    )
    # What an earlier try wrote is on record; this one found nothing to add to it.
    return {"messages": done.messages, "models": {model: spent.calls for model, spent in done.by_model.items()}}


def caller_of(task: Task, store: Store) -> Caller:
    """On whose account the task calls, as long as it is this worker's: no call is begun for one that was cancelled or deleted."""

    def check(_again: bool) -> None:
        if not store.tasks.is_held(task):
            raise TaskLost

    return Caller(task.owner_id, task.project_id, task_id=task.id, check=check)


def _reporter(task: Task, store: Store) -> Callable[[int, int, str], None]:
    def report(done: int, total: int, now: str) -> None:
        if not store.tasks.progress(task, done=done, total=total, now=now):
            raise TaskLost

    return report


def _keeper(task: Task, store: Store) -> Callable[[dict[str, Any]], None]:
    def keep(so_far: dict[str, Any]) -> None:
        if not store.tasks.keep(task, so_far):
            raise TaskLost

    return keep


def _kept(so_far: Recruitment) -> dict[str, Any]:
    """The recruitment so far as plain values, so that another worker can go on from it."""
    written = {str(index): to_document(persona) for index, persona in so_far.written.items()}
    return {
        "sketches": [sketch.model_dump() for sketch in so_far.sketches],
        "written": written,
        "notes": list(so_far.notes),
    }


def _so_far(kept: dict[str, Any]) -> Recruitment:
    written = {int(index): from_document(Persona, document) for index, document in kept.get("written", {}).items()}
    sketches: Sequence[Sketch] = [Sketch(**sketch) for sketch in kept.get("sketches", [])]
    return Recruitment(tuple(sketches), written, tuple(kept.get("notes", [])))
