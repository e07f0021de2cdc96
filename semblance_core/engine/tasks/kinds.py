"""The kinds of task, by the name that a stored task has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from semblance_core.engine.tasks import (
    analyse,
    analyse_interviews,
    backfill,
    ballot,
    code_session,
    example,
    recruit,
    stimuli,
    suggest,
    survey,
)
from semblance_core.engine.tasks.run import TaskRun
from semblance_core.engine.tasks.stored import request_of, to_stored


@dataclass(frozen=True, slots=True)
class TaskKind:
    """request: the type of the task's request. run: does the task and returns its result."""

    request: type[Any]
    run: Callable[[Any, TaskRun], object]


KINDS = {
    recruit.KIND: TaskKind(recruit.Request, recruit.run),
    analyse.KIND: TaskKind(analyse.Request, analyse.run),
    analyse_interviews.KIND: TaskKind(analyse_interviews.Request, analyse_interviews.run),
    code_session.KIND: TaskKind(code_session.Request, code_session.run),
    stimuli.KIND: TaskKind(stimuli.Request, stimuli.run),
    backfill.KIND: TaskKind(backfill.Request, backfill.run),
    suggest.KIND: TaskKind(suggest.Request, suggest.run),
    example.KIND: TaskKind(example.Request, example.run),
    ballot.KIND: TaskKind(ballot.Request, ballot.run),
    survey.KIND: TaskKind(survey.Request, survey.run),
}


def run_task(run: TaskRun) -> dict[str, Any]:
    """Does a claimed task and returns its result as it is stored; raises `TaskLost` where the task is lost."""
    kind = KINDS[run.task.kind]
    return to_stored(kind.run(request_of(kind.request, run.task), run))
