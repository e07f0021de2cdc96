"""A whole study in one call: personas, discussion, themes. What the command line and notebooks run."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from semblance_core.analysis.alike import check_distinct
from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import InvalidInput, RunFailed, SemblanceError
from semblance_core.domain.estimate import Estimate
from semblance_core.domain.focus_group import MAX_PARTICIPANTS, FocusGroup, FocusGroupState, Message
from semblance_core.domain.guide import Guide
from semblance_core.domain.persona import Persona
from semblance_core.domain.plurals import number
from semblance_core.domain.task import Task, TaskState
from semblance_core.domain.theme import Findings
from semblance_core.domain.times import utc_now
from semblance_core.domain.usage import UsageEvent
from semblance_core.flows.recruiting import Brief
from semblance_core.reports import exports
from semblance_core.reports.costs import compared_words, estimate_words
from semblance_core.reports.report import report_markdown
from semblance_core.workspace import SetUp, Workspace

Heard = Callable[[str], None]
Mode = Literal["autonomous", "moderated"]


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """What to do. Either a brief and a size, or personas. mode: the guide's questions put once each, or a free discussion.

    topic: empty takes the brief, or the title. model: empty takes the platform's default. Raises `InvalidInput` here for
    what would otherwise be refused only after a panel was recruited and paid for.
    """

    guide: Guide
    brief: str = ""
    size: int = 6
    personas: tuple[Persona, ...] = ()
    mode: Mode = "autonomous"
    turns: int = 40
    seed: int = 0
    model: str = ""
    title: str = "Focus group"
    topic: str = ""

    def __post_init__(self) -> None:
        if not self.brief and not self.personas:
            raise InvalidInput("A study needs a brief or personas.")
        people = Brief(self.brief, self.size).size if self.brief else len(self.personas)
        if people > MAX_PARTICIPANTS:
            raise InvalidInput(f"A focus group has at most {MAX_PARTICIPANTS} participants, not {people}.")
        if people < 2 and self.mode == "autonomous":
            raise InvalidInput("A discussion needs at least two participants.")
        check_distinct([person.name for person in self.personas])
        nobody = ("", "", "")
        FocusGroup(*nobody, self.title, self.topic, self.guide, self.personas, "", self.turns, self.seed, utc_now())


@dataclass(frozen=True, slots=True)
class Study:
    """What came of it. recruit_s, discussion_s, wall_s: seconds. failure: why themes are missing, empty where they are not."""

    group: FocusGroup
    messages: list[Message]
    findings: Findings | None
    events: list[UsageEvent] = field(repr=False)
    recruit_s: float = 0.0
    discussion_s: float = 0.0
    wall_s: float = 0.0
    failure: str = ""

    def export(self, folder: str | Path) -> None:
        """Writes personas.json, transcript.jsonl, themes.json, usage.csv and report.md."""
        out = Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        files = {
            "personas.json": exports.personas_json(self.group.participants),
            "transcript.jsonl": exports.transcript_jsonl(self.messages),
            "themes.json": exports.themes_json(self.findings),
            "usage.csv": exports.usage_csv(self.events),
            "report.md": report_markdown(self.group, self.messages, self.findings, self.events),
        }
        for name, text in files.items():
            (out / name).write_text(text, encoding="utf-8", newline="")  # ends of lines as they are

    def figures(self) -> dict[str, Any]:
        """The study in numbers, as plain JSON values; a cost that is not known is null."""
        spent = exports.total_spent(self.events)
        return {
            "focus_group_id": self.group.id,
            "messages": len(self.messages),
            "themes": len(self.findings.themes) if self.findings else 0,
            "dropped_quotes": self.findings.dropped_quotes if self.findings else 0,
            "calls": spent.calls,
            "prompt_tokens": spent.tokens.prompt,
            "cached_tokens": spent.tokens.cached,
            "completion_tokens": spent.tokens.completion,
            "cost_usd": exports.as_number(spent.cost_usd),
            "recruit_s": round(self.recruit_s, 3),
            "discussion_s": round(self.discussion_s, 3),
            "wall_s": round(self.wall_s, 3),
            "ended_because": self.group.reason,
            "simulated": self.group.simulated,
        }


def run_study(semblance: Semblance, plan: StudyPlan, user: str = "user", heard: Heard = lambda _: None) -> Study:
    """Does the whole job as this user and returns what came of it; `heard` is told of every step, in words.

    Raises `SemblanceError` where there is no panel or no discussion; a failed analysis is in `Study.failure`.
    """
    began = time.monotonic()
    semblance.store.users.get(user)
    workspace = semblance.workspace(user)
    project = workspace.create_project(plan.title)
    semblance.warm_up()
    recruiting = time.monotonic()
    personas = _panel(semblance, workspace, project.id, plan, heard)
    recruit_s = time.monotonic() - recruiting if plan.brief else 0.0
    group = workspace.create_focus_group(
        project.id,
        SetUp(
            plan.title, plan.topic or plan.brief or plan.title, plan.guide, personas, plan.model, plan.turns, plan.seed
        ),
    )
    heard(f"Session {group.id}; should this be interrupted, --resume {group.id} goes on with it")
    return _conducted(semblance, workspace, group, plan.mode, heard, began, recruit_s)


def resume_study(
    semblance: Semblance,
    group_id: str,
    user: str = "user",
    heard: Heard = lambda _: None,
    mode: Mode = "autonomous",
) -> Study:
    """Goes on with a study whose process ended before it was done, from where it stands; else like `run_study`.

    Whoever else works on the session meanwhile is waited for. mode: for a session in which nothing was said yet; another
    tells by itself. Raises `NotFound` for a session that is not this user's.
    """
    began = time.monotonic()
    semblance.store.users.get(user)
    workspace = semblance.workspace(user)
    group = workspace.focus_group(group_id)
    semblance.warm_up()
    heard(f"Going on after {number(group.next_seq - 1, 'message')}")
    semblance.engine.wait("focus_group", group_id)
    for first in workspace.messages(group_id, last=1):
        mode = "moderated" if first.feature == "moderated" else "autonomous"
    return _conducted(semblance, workspace, workspace.focus_group(group_id), mode, heard, began, 0.0)


def _conducted(
    semblance: Semblance,
    workspace: Workspace,
    group: FocusGroup,
    mode: Mode,
    heard: Heard,
    began: float,
    recruit_s: float,
) -> Study:
    """What is still to be done of a study once its session is there."""
    discussing = time.monotonic()
    if group.state is FocusGroupState.ENDED or group.reason == "repetition":  # nobody is here to go on otherwise
        heard(f"{number(group.next_seq - 1, 'message')}. {group.reason_in_words}")
    elif mode == "autonomous":
        _converse(semblance, workspace, group.id, heard)
    else:
        _moderate(semblance, workspace, group, heard)
    discussion_s = time.monotonic() - discussing
    failure = ""
    try:
        _analyse(semblance, workspace, group.id, heard)
    except SemblanceError as failed:
        failure = str(failed)
    semblance.gateway.clerk.flush()
    if failure:
        heard(failure)
    return Study(
        group=workspace.focus_group(group.id),
        messages=workspace.messages(group.id),
        findings=workspace.findings(group.id),
        events=_events(semblance, workspace.focus_group(group.id)),
        recruit_s=recruit_s,
        discussion_s=discussion_s,
        wall_s=time.monotonic() - began,
        failure=failure,
    )


def _panel(
    semblance: Semblance, workspace: Workspace, project_id: str, plan: StudyPlan, heard: Heard
) -> tuple[Persona, ...]:
    if not plan.brief:
        return tuple(workspace.add_persona(project_id, persona) for persona in plan.personas)
    heard(f"Recruiting {number(plan.size, 'persona')}")
    task = workspace.recruit(project_id, plan.brief, plan.size, model=plan.model, seed=plan.seed)
    _foretell(task.estimate, heard)
    task = _finished(semblance, workspace, task)
    heard(f"Recruited {number(len(task.result['persona_ids']), 'persona')}")
    return tuple(workspace.persona(persona_id) for persona_id in task.result["persona_ids"])


def _finished(semblance: Semblance, workspace: Workspace, task: Task) -> Task:
    semblance.engine.wait("task", task.id)
    task = workspace.task(task.id)
    if task.state is not TaskState.DONE:
        raise RunFailed(task.error or f"The task was {task.state.value}.")
    return task


def _converse(semblance: Semblance, workspace: Workspace, group_id: str, heard: Heard) -> None:
    heard("The discussion runs")
    workspace.start_autonomous(group_id)
    _foretell(workspace.focus_group(group_id).estimate, heard)
    semblance.engine.wait("focus_group", group_id)
    group = workspace.focus_group(group_id)
    if group.is_waiting:  # nobody is here any more when it could go on; --resume can
        semblance.store.focus_groups.stop(
            group_id, semblance.clock(), reason="out_of_quota", detail=group.reason_detail
        )
        group = workspace.focus_group(group_id)
    semblance.gateway.clerk.flush()
    if group.estimate and (spent := workspace.discussion_spent(group_id)):
        heard(compared_words(group.estimate, spent))
    heard(f"{number(group.next_seq - 1, 'message')}. {group.reason_in_words}")


def _foretell(estimate: Estimate | None, heard: Heard) -> None:
    if estimate:
        heard(f"About {estimate_words(estimate)}")


def _moderate(semblance: Semblance, workspace: Workspace, group: FocusGroup, heard: Heard) -> None:
    questions = group.guide.questions
    everyone = [person.id for person in group.participants]
    for place, question in list(enumerate(questions, start=1))[group.course.question + 1 :]:
        heard(f"Question {place} of {len(questions)}: {question}")
        workspace.post_message(group.id, question, to=everyone)
        semblance.engine.wait("focus_group", group.id)
    workspace.finish_guide(group.id)


def _analyse(semblance: Semblance, workspace: Workspace, group_id: str, heard: Heard) -> None:
    """Finds themes where that was not done before; goes on with an analysis that was begun."""
    task = workspace.analysis_under_way(group_id)
    heard("Finding themes")
    if task is None or (task.state is TaskState.DONE and not _is_read(workspace, group_id)):
        task = workspace.analyse(group_id)
    elif task.state in (TaskState.FAILED, TaskState.CANCELLED):
        workspace.rerun_task(task.id)
    _foretell(task.estimate, heard)
    _finished(semblance, workspace, task)


def _is_read(workspace: Workspace, group_id: str) -> bool:
    """Whether the newest themes are of all that was said."""
    findings = workspace.findings(group_id)
    return findings is not None and findings.through_seq == workspace.focus_group(group_id).next_seq - 1


def _events(semblance: Semblance, group: FocusGroup) -> list[UsageEvent]:
    """Every call for the session and for the panel that was recruited for it, newest first."""
    recruited = {person.id.rpartition("-")[0] for person in group.participants if person.origin == "generated"}
    events = semblance.store.usage.events(project_id=group.project_id)
    return [event for event in events if event.focus_group_id == group.id or event.task_id in recruited]
