"""A finished example, made by the simulator through the same flows as any study: in seconds, and at no cost."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from semblance_core.analysis.panel import parse_margins
from semblance_core.domain.errors import Interrupted, NotFound
from semblance_core.domain.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.guide import parse_guide
from semblance_core.domain.persona import Persona
from semblance_core.domain.task import MADE_BY_TASK, Task
from semblance_core.engine.heart import Heart
from semblance_core.flows.converse import Taken, take_turn
from semblance_core.flows.recruit import Recruitment, recruit
from semblance_core.flows.recruiting import Brief
from semblance_core.llm.gateway import Caller, Gateway
from semblance_core.store.store import Store

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


def make_example(
    task: Task,
    store: Store,
    gateway: Gateway,
    clock: Callable[[], datetime],
    report: Callable[[int, int, str], None],
    find_themes: Callable[[FocusGroup], None],
    caller: Caller,
    lease_s: float,
    heart: Heart,
) -> dict[str, Any]:
    """Recruits, lets the discussion run and finds themes. Done again, it goes on from what is there.

    report: hears how many of how many steps are done and which is next; may raise to stop. find_themes: the analysis.
    caller: on whose account the panel is recruited. lease_s, heart: the discussion is claimed for so long, and renewed while it
    goes on, as by any worker.
    """
    report(0, STEPS, "Recruiting six people")
    recruited = recruit(
        BRIEF, MODEL, gateway, caller, simulated=True, so_far=Recruitment(), report=lambda _so_far, _now: None
    )
    personas = store.personas.add(task.project_id, recruited.personas, clock(), task_id=task.id)
    report(1, STEPS, "Letting them talk")
    group = _discussed(_session(task, personas, store, clock), store, gateway, clock, lease_s, heart)
    report(2, STEPS, "Finding themes")
    find_themes(group)
    return {"focus_group_id": group.id}


def _session(task: Task, personas: list[Persona], store: Store, clock: Callable[[], datetime]) -> FocusGroup:
    group_id = f"{task.id}{MADE_BY_TASK}"
    try:
        return store.focus_groups.get(group_id)
    except NotFound:
        group = FocusGroup(
            id=group_id,
            project_id=task.project_id,
            owner_id=task.owner_id,
            title=TITLE,
            topic=TOPIC,
            guide=GUIDE,
            participants=tuple(personas),
            model=MODEL,
            turn_limit=TURNS,
            seed=BRIEF.seed,
            created_at=clock(),
            simulated=True,
        )
        store.focus_groups.add(group)
        return group


def _discussed(
    group: FocusGroup, store: Store, gateway: Gateway, clock: Callable[[], datetime], lease_s: float, heart: Heart
) -> FocusGroup:
    groups = store.focus_groups
    if group.state is FocusGroupState.DRAFT:
        groups.start(group, clock())
    claimed = groups.claim(group.id, lease_s)
    if claimed is None and groups.is_busy(group.id):
        raise Interrupted("Another worker has the example's discussion; its themes wait until it is over.")
    if claimed:
        with heart.beating(groups.claims, claimed.id, claimed.epoch):
            turn: Taken | None = Taken(claimed, None)
            while turn:
                turn = take_turn(turn.group, groups, gateway, clock, turn.recent)
        groups.claims.release(claimed.id, claimed.epoch)
        if groups.is_busy(claimed.id):
            raise Interrupted("Another worker has the example's discussion; its themes wait until it is over.")
    return groups.get(group.id)
