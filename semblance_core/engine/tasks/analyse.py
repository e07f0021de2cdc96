"""The task that finds themes in a session."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from semblance_core import prompts
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.findings.theme import Findings
from semblance_core.domain.task import is_waited_for
from semblance_core.domain.usage.events import is_simulated
from semblance_core.engine.tasks.run import TaskRun
from semblance_core.flows.analyse import Analysis, analyse
from semblance_core.flows.checkpoints import CheckpointedModel
from semblance_core.llm.gateway import Caller

KIND = "analyse"


@dataclass(frozen=True, slots=True)
class Request:
    """model: the one that analyses; empty for the session's own."""

    focus_group_id: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The answers given so far, by what was asked; each is JSON of the shape that was asked for."""

    answers: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """The number of themes found, and of quotes dropped because nobody said them."""

    themes: int = 0
    dropped_quotes: int = 0


def run(request: Request, run: TaskRun) -> Result:
    """Finds themes in the session and keeps them with it."""
    return find_themes(run.store.focus_groups.get(request.focus_group_id), run, request.model)


def find_themes(group: FocusGroup, run: TaskRun, model: str = "") -> Result:
    """The same for a session that was read already. Its checkpoint is the task's. model: empty for the session's own."""
    group = replace(group, model=model or group.model)
    messages = run.store.focus_groups.messages(group.id)
    caller = replace(run.caller, project_id=group.project_id, focus_group_id=group.id)
    found = analysed(group, messages, run, caller, KIND)
    run.store.themes.add(findings_of(group, messages, found, run.clock()), run.task.id)
    return Result(len(found.themes), found.dropped_quotes)


def analysed(group: FocusGroup, messages: Sequence[Message], run: TaskRun, caller: Caller, kind: str) -> Analysis:
    """The analysis of these messages under the task's checkpoint. kind: of task, by which the calls stand in the queue."""
    gateway, answers = run.gateway, run.kept(Checkpoint).answers
    ask = CheckpointedModel(gateway, group.model, caller, answers, lambda answers: run.checkpoint(Checkpoint(answers)))

    def side_by_side(calls: int) -> Executor:
        return gateway.side_by_side(caller, waited_for=is_waited_for(kind, calls))

    return analyse(group, messages, ask, side_by_side, run.progress)


def findings_of(group: FocusGroup, messages: Sequence[Message], found: Analysis, at: datetime) -> Findings:
    """The analysis as it is kept."""
    return Findings(
        focus_group_id=group.id,
        themes=found.themes,
        summary=found.summary,
        dropped_quotes=found.dropped_quotes,
        dropped_themes=found.dropped_themes,
        model=group.model,
        prompts_version=prompts.version(),
        through_seq=max(message.seq for message in messages),
        created_at=at,
        simulated=is_simulated(group.model),
        codes=found.codes,
        claims=found.claims,
    )
