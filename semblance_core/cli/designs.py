"""`run` with a study file: a study file from the shell, with its arms and runs, to its end or as far as its budget goes."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from semblance_core.cli.given_files import given_stimuli, given_text
from semblance_core.domain.errors import InvalidInput, NotFound
from semblance_core.domain.plurals import number

if TYPE_CHECKING:
    from semblance_core.bootstrap import Semblance
    from semblance_core.domain.designs.design import Design, Part
    from semblance_core.workspace import Workspace

PAUSE_S = 0.2


def read_file(path: Path, encoding: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The study file's text and the files that it names, which stand beside it; raises `InvalidInput` for its first mistakes."""
    from semblance_core.flows.importing.studies.reading import parse_study

    text = given_text(path, encoding)
    study = parse_study(text)
    files = []
    for named in study.paths:
        beside = (path.parent / named).resolve()
        if not beside.is_relative_to(path.parent.resolve()):
            raise InvalidInput(f"“{named}” leads out of the study's own folder.")
        files.append((named, given_stimuli([beside])[0][1]))
    return text, files


def begun(workspace: "Workspace", text: str, files: list[tuple[str, bytes]]) -> "Design":
    """A new design of the study, in a project of its own."""
    from semblance_core.flows.importing.studies.reading import parse_study
    from semblance_core.reports.costs import estimate_words

    project = workspace.projects.create(parse_study(text).title[:100], numbered=True)
    held = workspace.designs.begin(project.id, text, files)
    if held.estimate:
        _say(f"About {estimate_words(held.estimate)}")
    _say(f"Design {held.id}; should this be interrupted, --resume {held.id} goes on with it")
    return held


def resumed(workspace: "Workspace", design_id: str | None) -> "Design | None":
    """The design with this id, gone on with; None where the id is none of a design."""
    if not design_id:
        return None
    try:
        workspace.designs.get(design_id)
    except NotFound:
        return None
    return workspace.designs.go_on(design_id)


def run_to_end(semblance: "Semblance", workspace: "Workspace", held: "Design", out: Path) -> int:
    """Works until nothing more is begun, writes the files, and prints the figures; 1 where parts are missing."""
    from semblance_core.domain.designs.design import PartState
    from semblance_core.flows.designs.going_on import go_on
    from semblance_core.reports.exports import as_number

    semblance.warm_up()
    told: set[tuple[str, int]] = set()
    while True:
        for kind, work_id in go_on(
            held, semblance.store, semblance.gateway, semblance.clock, semblance.engine.worker.bounds
        ):
            semblance.engine.submit(kind, work_id)
        now = workspace.designs.held(held.id)
        for part in now.parts:
            if part.state is PartState.DONE and (part.kind, part.place) not in told:
                told.add((part.kind, part.place))
                _say(f"{_called(now.design, part)}: done")
        semblance.gateway.batcher.flush()
        running = [part for part in now.parts if part.state is PartState.RUNNING]
        if not running and not _reads(semblance, held):
            if not semblance.store.designs.get(held.id).is_open:
                break
        elif running:
            semblance.engine.wait("focus_group" if running[0].kind == "discussion" else "task", running[0].id)
        if semblance.engine.worker.stopping.wait(PAUSE_S):
            break
    now = workspace.designs.held(held.id)
    missing = [part for part in now.parts if part.state is not PartState.DONE]
    _write(workspace, now.design, out)
    figures = {
        "design_id": held.id,
        "arms": len(held.models),
        "sessions": len(held.session_ids),
        "surveys": len(held.survey_ids),
        "missing": len(missing),
        "note": now.design.note,
        "calls": now.spent.calls,
        "cost_usd": as_number(now.spent.cost_usd),
        "simulated": held.simulated,
    }
    print(json.dumps(figures), flush=True)
    for part in missing:
        _say(f"{_called(now.design, part)}: {part.state}. {part.words}")
    if now.design.note:
        _say(now.design.note)
    return 1 if missing else 0


def _reads(semblance: "Semblance", held: "Design") -> bool:
    """Waits for files that are being read; False where none are."""
    open_tasks = [task for tasks in semblance.store.designs.reading(held).values() for task in tasks]
    reading = [task for task in open_tasks if not task.state.is_over]
    for task in reading:
        semblance.engine.wait("task", task.id)
    return bool(reading)


def _called(held: "Design", part: "Part") -> str:
    from semblance_core.domain.designs.design import PartKind
    from semblance_core.flows.designs.asked import called
    from semblance_core.flows.importing.studies.reading import parse_study

    if part.kind is PartKind.PANEL:
        return f"Panel {part.place + 1} of {number(held.panels[part.place].size, 'persona')}"
    return f"{called(parse_study(held.study), held.cells[part.place])}, {part.kind}"


def _write(workspace: "Workspace", held: "Design", out: Path) -> None:
    """The study, what is compared, and a folder for each survey and session that is there."""
    from semblance_core.flows.designs.asked import called
    from semblance_core.flows.importing.studies.reading import parse_study
    from semblance_core.reports import exports
    from semblance_core.reports.designs.files import comparison_card, comparison_csv
    from semblance_core.reports.escape import safe_file_name
    from semblance_core.reports.surveys.files import survey_files

    study = parse_study(held.study)
    found = workspace.designs.compare(held.id)
    files = {"study.md": held.study, "comparison.csv": comparison_csv(found), "method.md": comparison_card(found)}
    for place, cell in enumerate(held.cells, start=1):
        folder = f"{place}-{safe_file_name(called(study, cell))}"
        for survey_id, name in ((cell.before_id, "survey-before"), (cell.after_id, "survey")):
            try:
                answered = workspace.surveys.answered(survey_id) if survey_id else None
            except NotFound:
                answered = None
            for file, text in survey_files(answered).items() if answered else ():
                files[f"{folder}/{name}/{file}"] = text
        if cell.session_id and (messages := workspace.sessions.messages(cell.session_id)):
            group = workspace.sessions.get(cell.session_id)
            findings = workspace.findings.get(cell.session_id)
            files[f"{folder}/personas.json"] = exports.personas_json(group.participants)
            files[f"{folder}/transcript.jsonl"] = exports.transcript_jsonl(messages)
            files[f"{folder}/themes.json"] = exports.themes_json(findings, len(group.participants))
    for name, text in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def refuse_others(given: argparse.Namespace) -> None:
    """Raises `InvalidInput` for arguments that a study file says itself; nothing is refused where none is given."""
    if not given.study:
        return
    defaults: dict[str, object] = {
        "brief": None,
        "personas": None,
        "guide": None,
        "stimulus": [],
        "model": "",
        "seed": 0,
        "topic": "",
    }
    if said := [f"--{name}" for name, default in defaults.items() if getattr(given, name) != default]:
        raise InvalidInput(f"The study file says this itself; leave {', '.join(said)} out.")


def _say(step: str) -> None:
    print("".join(sign for sign in step if sign.isprintable()), file=sys.stderr, flush=True)
