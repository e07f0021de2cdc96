"""The task in which a model codes a session with the project's codebook."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Any

from semblance_core.domain.coding.changes import MOST_WRITES, Change, Thing, added
from semblance_core.domain.coding.codebook import MOST_CODES, CodebookCode, next_colours
from semblance_core.domain.coding.codings import MOST_CODINGS, Coding
from semblance_core.domain.coding.provenance import Author
from semblance_core.domain.task import is_waited_for
from semblance_core.engine.tasks.run import TaskRun
from semblance_core.flows.checkpoints import CheckpointedModel
from semblance_core.flows.coding.by_model import code_session
from semblance_core.requests.codebook import AskedCode

KIND = "code_session"


@dataclass(frozen=True, slots=True)
class Request:
    """model: the one that codes. propose: it proposes further codes first. by: the account that began it, and may take it back."""

    focus_group_id: str
    model: str
    by: str
    propose: bool = False


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The answers given so far, by what was asked; each is JSON of the shape that was asked for."""

    answers: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """Codes that were proposed, codings that were made, and codings dropped because nobody said their words."""

    codes: int = 0
    codings: int = 0
    dropped_quotes: int = 0


def run(request: Request, run: TaskRun) -> Result:
    """Codes the session; what the model made is its own, and confirmed by nobody."""
    store, task = run.store, run.task
    group = replace(store.focus_groups.get(request.focus_group_id), model=request.model)
    caller = replace(run.caller, project_id=group.project_id, focus_group_id=group.id)
    answers = run.kept(Checkpoint).answers
    ask = CheckpointedModel(run.gateway, group.model, caller, answers, lambda kept: run.checkpoint(Checkpoint(kept)))

    def side_by_side(calls: int) -> Executor:
        return run.gateway.side_by_side(caller, waited_for=is_waited_for(KIND, calls))

    # Codes that an earlier worker of this task added are asked for again, by the same names.
    codes = [code for code in store.codings.codes(group.project_id) if not code.id.startswith(f"{task.id}-")]
    asked = [AskedCode(code.name, code.definition, code.when, code.when_not) for code in codes]
    messages = store.focus_groups.messages(group.id)
    found = code_session(group, messages, asked, ask, side_by_side, run.progress, propose=request.propose)
    now = run.clock()
    made = Author(now.replace(microsecond=now.microsecond // 1000 * 1000), request.by, model=request.model)
    colours = next_colours(codes)
    proposed = [
        CodebookCode(
            f"{task.id}-{at}", group.project_id, each.name, made, each.definition, each.when, each.when_not, colour
        )
        for at, (each, colour) in enumerate(
            zip(found.proposed[: max(0, MOST_CODES - len(codes))], colours, strict=False)
        )
    ]
    ids = [code.id for code in (*codes, *proposed)]
    there = store.codings.of_session(group.id)
    taken = {coding.place for coding in there}
    codings: list[Coding] = []
    for span in found.spans:
        if span.code < len(ids):
            own_id = f"{task.id}.{len(codings)}"
            place = (span.seq, span.start, span.end, ids[span.code])
            coding = Coding(own_id, group.project_id, group.id, *place, made)
            codings += [coding] if coding.place not in taken else []
    codings = codings[: max(0, MOST_CODINGS - len(there))]
    _keep(run, request, group.project_id, [*proposed, *codings])
    return Result(len(proposed), len(codings), found.dropped)


def _keep(run: TaskRun, request: Request, project_id: str, things: Sequence[Thing]) -> None:
    """Writes them; those that an earlier worker wrote under the same ids are there already."""
    words = f"had the model {request.model} code a session"
    for at in range(0, len(things), MOST_WRITES):
        part = things[at : at + MOST_WRITES]
        change = Change(f"{run.task.id}/{at}", project_id, request.by, run.clock(), words, tuple(added(part)))
        run.store.codings.apply(change, request.focus_group_id)
