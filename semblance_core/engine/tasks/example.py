"""The task that makes a finished example, through the flows of any study, with the simulator: quick and at no cost."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from semblance_core.analysis.panel import Margin, parse_margins
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.errors import Interrupted, NotFound
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.task import MADE_BY_TASK
from semblance_core.engine.tasks.analyse import find_themes
from semblance_core.engine.tasks.run import TaskRun
from semblance_core.flows.discussion.context import TurnContext
from semblance_core.flows.discussion.converse import TurnResult, take_turn
from semblance_core.flows.recruit import Recruitment, recruit
from semblance_core.flows.requests.recruiting import Brief

KIND = "example"
MODEL = "simulator/instant"
TITLE = "Oat milk: habits, taste and price"
TOPIC = "Oat milk in everyday life: when it is bought, what speaks for it and against it, and what it may cost."
BRIEF = Brief(
    "UK adults aged 25–60 who buy milk or plant drinks every week",
    6,
    parse_margins("gender: women 50%, men 50%\nage: 25-39 50%, 40-60 50%"),
    seed=11,
)
GUIDE = parse_guide("""## Habits
- When did you last buy oat milk, and what was it for?
- What made you choose it, or leave it on the shelf?

## Taste
- What do you notice first about its taste?

## Price
- How do you feel about what it costs?
""")
TURNS = 32
STEPS = 3


AWAITED = "Another worker has the example's discussion; its themes wait until it is over."


@dataclass(frozen=True, slots=True)
class Request:
    """A recruiting like any other (`recruit.Request`), and the account that the example is for."""

    text: str
    size: int
    margins: tuple[Margin, ...]
    seed: int
    model: str
    user_id: Annotated[str, Field(alias="for")]

    @classmethod
    def of(cls, user_id: str) -> "Request":
        return cls(BRIEF.text, BRIEF.size, BRIEF.margins, BRIEF.seed, MODEL, user_id)


@dataclass(frozen=True, slots=True)
class Result:
    """focus_group_id: the session of the example; empty before it is done."""

    focus_group_id: str = ""


def run(_request: Request, run: TaskRun) -> Result:
    """Recruits, lets the discussion run and finds themes. Done again, it goes on from what is there."""
    run.progress(0, STEPS, "Recruiting six people")
    recruited = recruit(
        BRIEF,
        MODEL,
        run.gateway,
        run.caller,
        simulated=True,
        so_far=Recruitment(),
        report=lambda _so_far, _now: None,
    )
    task_id, project_id = run.task.id, run.task.project_id
    personas = run.store.personas.add(project_id, recruited.personas, run.clock(), task_id=task_id)
    run.progress(1, STEPS, "Letting them talk")
    group = _discussed(_session(personas, run), run)
    run.progress(2, STEPS, "Finding themes")
    find_themes(group, run)
    return Result(group.id)


def _session(personas: list[Persona], run: TaskRun) -> FocusGroup:
    """The example's session: the one that an earlier try made, or a new one."""
    group_id = f"{run.task.id}{MADE_BY_TASK}"
    try:
        return run.store.focus_groups.get(group_id)
    except NotFound:
        group = FocusGroup(
            id=group_id,
            project_id=run.task.project_id,
            owner_id=run.task.owner_id,
            title=TITLE,
            topic=TOPIC,
            guide=GUIDE,
            participants=tuple(personas),
            model=MODEL,
            turn_limit=TURNS,
            seed=BRIEF.seed,
            created_at=run.clock(),
            simulated=True,
        )
        run.store.focus_groups.add(group)
        return group


def _discussed(group: FocusGroup, run: TaskRun) -> FocusGroup:
    """The session after its discussion, which is claimed and renewed as by any worker."""
    groups = run.store.focus_groups
    if group.state is FocusGroupState.DRAFT:
        groups.start(group, run.clock())
    claimed = groups.claim(group.id, run.lease_s)
    if claimed is None and groups.is_busy(group.id):
        raise Interrupted(AWAITED)
    if claimed:
        with run.renewer.renewing(groups.claims, claimed.id, claimed.epoch):
            context = TurnContext.of(claimed, groups, run.gateway, run.clock)
            turn: TurnResult | None = TurnResult(claimed, None)
            while turn:
                turn = take_turn(turn.group, context, turn.recent)
        groups.claims.release(claimed.id, claimed.epoch)
        if groups.is_busy(claimed.id):
            raise Interrupted(AWAITED)
    return groups.get(group.id)
