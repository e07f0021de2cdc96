"""The task that finds themes across all interviews of a round."""

from dataclasses import dataclass, replace

from semblance_core.domain.findings.merged import merged
from semblance_core.engine.tasks.analyse import Checkpoint, Result, analysed, findings_of
from semblance_core.engine.tasks.run import TaskRun
from semblance_core.flows.interviews import as_one

KIND = "analyse_interviews"

__all__ = ["KIND", "Checkpoint", "Request", "Result", "run"]


@dataclass(frozen=True, slots=True)
class Request:
    """The round, and the model that analyses."""

    round_id: str
    model: str


def run(request: Request, run: TaskRun) -> Result:
    """Finds themes in what everybody said, and keeps them with the round; each quote names its interview."""
    held = run.store.interviews.get(request.round_id)
    # Who was asked nothing yet is not of those who take part, so that “three of six” counts people who were heard.
    groups = [group for group in run.store.interviews.sessions(held) if group.next_seq > 1]
    told = merged([run.store.focus_groups.messages(group.id) for group in groups])
    whole = replace(as_one(held, groups), model=request.model)
    caller = replace(run.caller, project_id=held.project_id)
    found = analysed(whole, told.messages, run, caller, KIND)
    themes, codes = tuple(map(told.traced_theme, found.themes)), tuple(map(told.traced_code, found.codes))
    found = replace(found, themes=themes, codes=codes, claims=tuple(map(told.traced_claim, found.claims)))
    findings = findings_of(whole, told.messages, found, run.clock())
    run.store.themes.add(replace(findings, sessions=told.sessions), run.task.id)
    return Result(len(found.themes), found.dropped_quotes)
