"""The task that puts a session's ballot once it has ended, and the control. Ballots are stored one by one, so it needs no checkpoint."""

from dataclasses import dataclass, replace

from semblance_core.engine.tasks.run import TaskRun
from semblance_core.flows.ballots.asking import put_waves, waves_at_end
from semblance_core.flows.ballots.at_end import BALLOT

KIND = BALLOT


@dataclass(frozen=True, slots=True)
class Request:
    """through: the last message when it was begun. control: the ballot is also put twice without the discussion."""

    focus_group_id: str
    through: int
    control: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """ballots: how many the session has, of all waves."""

    ballots: int = 0


def run(request: Request, run: TaskRun) -> Result:
    """Puts what is not answered yet."""
    group = run.store.focus_groups.get(request.focus_group_id)
    caller = replace(run.caller, project_id=group.project_id, focus_group_id=group.id)

    def report(done: int, total: int) -> None:
        run.progress(done, total, "Putting the ballot")

    waves = waves_at_end(group, control=request.control)
    put_waves(group, waves, run.store, run.gateway, caller, through=request.through, report=report)
    return Result(len(run.store.ballots.keys(group.id)))
