"""A whole study in one call: personas, discussion, themes. What the command line and notebooks run."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.errors import RunFailed, SemblanceError
from semblance_core.domain.findings.theme import Findings
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.plurals import number
from semblance_core.domain.task import Task, TaskState
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.domain.usage.events import UsageEvent
from semblance_core.engine.tasks import recruit
from semblance_core.engine.tasks.stored import result_of
from semblance_core.flows.simulated import check_language, check_plan
from semblance_core.reports import exports
from semblance_core.reports.costs import compared_words, estimate_words
from semblance_core.reports.report import report_markdown
from semblance_core.study_plan import Mode, StudyPlan
from semblance_core.workspace import Workspace, config_of

Heard = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Study:
    """Result of a study.

    Attributes:
        group: the session with its participants; messages: its transcript.
        findings: themes and summary; None where the analysis failed.
        events: every model call.
        recruit_s, discussion_s, wall_s: seconds.
        failure: why themes are missing, empty where they are not.
    """

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
            "themes.json": exports.themes_json(self.findings, len(self.group.participants)),
            "usage.csv": exports.usage_csv(self.events),
            "report.md": report_markdown(self.group, self.messages, self.findings, self.events),
        }
        for name, text in files.items():
            (out / name).write_text(text, encoding="utf-8", newline="")  # ends of lines as they are

    def figures(self) -> dict[str, Any]:
        """Returns the study in numbers, as plain JSON values; an unknown cost is None."""
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
    """Runs a whole study: recruits, discusses, finds themes.

    Args:
        semblance: the open platform.
        plan: guide, participants and limits.
        user: id of the account that it runs as and counts on.
        heard: called with a line of words at every step.

    Returns:
        The session, its messages, findings and calls. A failed analysis is in `Study.failure`.

    Raises:
        SemblanceError: there is no panel or no discussion.
    """
    began = time.monotonic()
    semblance.store.users.get(user)
    workspace = semblance.workspace(user)
    topic = plan.topic or plan.brief or plan.title
    check_language(plan.model or workspace.models.defaults().talk, plan.language)
    check_plan(plan.model or workspace.models.defaults().talk, plan.brief, topic, plan.guide, plan.personas)
    project = workspace.projects.create(plan.title, numbered=True)
    semblance.warm_up()
    group = workspace.sessions.create(project.id, plan.set_up())
    for name, content in plan.stimuli:  # before a panel is paid for: one of them may be unreadable
        asset = workspace.stimuli.attach(group.id, name, content)
        heard(" ".join((f"Added {asset.name}.", *asset.notes)))
    recruiting = time.monotonic()
    personas = _panel(semblance, workspace, project.id, plan, heard)
    recruit_s = time.monotonic() - recruiting if plan.brief else 0.0
    group = workspace.sessions.change(group.id, replace(config_of(group), participants=personas))
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
    group = workspace.sessions.get(group_id)
    semblance.warm_up()
    heard(f"Going on after {number(group.next_seq - 1, 'message')}")
    semblance.engine.wait("focus_group", group_id)
    for first in workspace.sessions.messages(group_id, last=1):
        mode = "moderated" if first.feature == "moderated" else "autonomous"
    return _conducted(semblance, workspace, workspace.sessions.get(group_id), mode, heard, began, 0.0)


def _conducted(
    semblance: Semblance,
    workspace: Workspace,
    group: FocusGroup,
    mode: Mode,
    heard: Heard,
    began: float,
    recruit_s: float,
) -> Study:
    """Does the rest of a study once its session exists."""
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
    semblance.gateway.batcher.flush()
    if failure:
        heard(failure)
    return Study(
        group=workspace.sessions.get(group.id),
        messages=workspace.sessions.messages(group.id),
        findings=workspace.findings.get(group.id),
        events=_events(semblance, workspace.sessions.get(group.id)),
        recruit_s=recruit_s,
        discussion_s=discussion_s,
        wall_s=time.monotonic() - began,
        failure=failure,
    )


def _panel(
    semblance: Semblance, workspace: Workspace, project_id: str, plan: StudyPlan, heard: Heard
) -> tuple[Persona, ...]:
    if not plan.brief:
        return tuple(workspace.personas.add(project_id, persona) for persona in plan.personas)
    heard(f"Recruiting {number(plan.size, 'persona')}")
    task = workspace.personas.recruit(project_id, plan.brief, plan.size, model=plan.model, seed=plan.seed)
    _foretell(task.estimate, heard)
    persona_ids = result_of(recruit.Result, _finished(semblance, workspace, task)).persona_ids
    heard(f"Recruited {number(len(persona_ids), 'persona')}")
    return tuple(workspace.personas.get(persona_id) for persona_id in persona_ids)


def _finished(semblance: Semblance, workspace: Workspace, task: Task) -> Task:
    semblance.engine.wait("task", task.id)
    task = workspace.tasks.get(task.id)
    if task.state is not TaskState.DONE:
        raise RunFailed(task.error or f"The task was {task.state.value}.")
    return task


def _converse(semblance: Semblance, workspace: Workspace, group_id: str, heard: Heard) -> None:
    heard("The discussion runs")
    workspace.sessions.start(group_id)
    _foretell(workspace.sessions.get(group_id).estimate, heard)
    semblance.engine.wait("focus_group", group_id)
    group = workspace.sessions.get(group_id)
    if group.is_waiting:  # nobody is here any more when it could go on; --resume can
        semblance.store.focus_groups.stop(
            group_id, semblance.clock(), reason="out_of_quota", detail=group.reason_detail
        )
        group = workspace.sessions.get(group_id)
    semblance.gateway.batcher.flush()
    if group.estimate and (spent := workspace.sessions.discussion_spent(group_id)):
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
        workspace.sessions.post(group.id, question, to=everyone, question=place - 1)
        semblance.engine.wait("focus_group", group.id)
    workspace.sessions.finish_guide(group.id)


def _analyse(semblance: Semblance, workspace: Workspace, group_id: str, heard: Heard) -> None:
    """Finds themes where that was not done before; goes on with an analysis that was begun."""
    task = workspace.findings.newest_task(group_id)
    heard("Finding themes")
    if task is None or (task.state is TaskState.DONE and not _is_read(workspace, group_id)):
        task = workspace.findings.analyse(group_id)
    elif task.state in (TaskState.FAILED, TaskState.CANCELLED):
        workspace.tasks.rerun(task.id)
    _foretell(task.estimate, heard)
    _finished(semblance, workspace, task)


def _is_read(workspace: Workspace, group_id: str) -> bool:
    """Returns whether the newest themes are of all that was said."""
    findings = workspace.findings.get(group_id)
    return findings is not None and findings.through_seq == workspace.sessions.get(group_id).next_seq - 1


def _events(semblance: Semblance, group: FocusGroup) -> list[UsageEvent]:
    """Every call for the session and for the panel that was recruited for it, newest first."""
    recruited = {person.id.rpartition("-")[0] for person in group.participants if person.origin == "generated"}
    events = semblance.store.usage.events(project_id=group.project_id)
    return [event for event in events if event.focus_group_id == group.id or event.task_id in recruited]
