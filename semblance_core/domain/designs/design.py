"""A design: a study under way, with all sessions, surveys and panels of its arms and runs. Pure values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from semblance_core.domain.usage.estimate import Estimate


class PartKind(StrEnum):
    """The work of a design, in the order in which a run's is done."""

    PANEL = "panel"
    BEFORE = "survey before"
    DISCUSSION = "discussion"
    AFTER = "survey"
    THEMES = "themes"


class PartState(StrEnum):
    """waiting: not begun. stopped: a person or a failure ended it, and it can be gone on with. gone: it was deleted."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class DesignPanel:
    """People of one or more runs. persona_ids: where they are there already; else task_id recruits them, as `request` says."""

    size: int
    persona_ids: tuple[str, ...] = ()
    task_id: str = ""
    request: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """One run of one arm, or within people the part of it that is asked in one order.

    Attributes:
        arm: its place in the study, from 0; run: from 0; panel: place of its people in the design.
        before_id, session_id, after_id: of its surveys and its session; empty where it has none.
        order: of arms, in which these people go through them; empty between people.
        share: of its panel it asks each person whose place leaves this remainder when divided by the number of shares.
        shares: how many parts the panel is in.
    """

    arm: int
    run: int
    panel: int
    before_id: str = ""
    session_id: str = ""
    after_id: str = ""
    order: tuple[int, ...] = ()
    share: int = 0
    shares: int = 1

    def of_panel(self, persona_ids: Sequence[str]) -> tuple[str, ...]:
        """The people of this cell."""
        return tuple(each for place, each in enumerate(persona_ids) if place % self.shares == self.share)


@dataclass(frozen=True, slots=True)
class Design:
    """A study as it was begun.

    Attributes:
        study: the study file's text, as the product writes it. models, analysis_models: of each arm; the latter find themes.
        budget_usd: nothing more is begun once it is used; None for none of its own.
        ready: all that it begins with is there; before, nothing is started.
        is_open: there is more to begin. note: why nothing more is begun, in words.
        request: fingerprint of what was asked for, by which a second click is known.
        estimate: what was said of the use of all of it.
    """

    id: str
    project_id: str
    owner_id: str
    title: str
    study: str
    models: tuple[str, ...]
    analysis_models: tuple[str, ...]
    cells: tuple[Cell, ...]
    panels: tuple[DesignPanel, ...]
    created_at: datetime
    budget_usd: Decimal | None = None
    simulated: bool = False
    prompts: str = ""
    request: str = ""
    estimate: Estimate | None = None
    ready: bool = False
    is_open: bool = True
    note: str = ""

    @property
    def session_ids(self) -> tuple[str, ...]:
        return tuple(cell.session_id for cell in self.cells if cell.session_id)

    @property
    def survey_ids(self) -> tuple[str, ...]:
        return tuple(each for cell in self.cells for each in (cell.before_id, cell.after_id) if each)

    @property
    def task_ids(self) -> tuple[str, ...]:
        """Of what recruits its panels and asks its surveys."""
        return (*(panel.task_id for panel in self.panels if panel.task_id), *self.survey_ids)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a design's work. place: of its cell, or of its panel. words: why it stopped. done of total: steps, 0 where unknown."""

    kind: PartKind
    place: int
    id: str
    state: PartState
    words: str = ""
    done: int = 0
    total: int = 0
    expected_usd: Decimal | None = None


def startable(design: Design, parts: Sequence[Part]) -> list[Part]:
    """The parts that wait for nothing but to be begun, run by run, so that arms stay even wherever it ends."""
    states = {(part.kind, part.place): part.state for part in parts}
    found = []
    for part in parts:
        if part.state is not PartState.WAITING:
            continue
        if part.kind is not PartKind.PANEL:
            needed = [(PartKind.PANEL, design.cells[part.place].panel)]
            earlier = {PartKind.DISCUSSION: (PartKind.BEFORE,), PartKind.AFTER: (PartKind.BEFORE, PartKind.DISCUSSION)}
            earlier[PartKind.THEMES] = (PartKind.DISCUSSION,)
            needed += [(kind, part.place) for kind in earlier.get(part.kind, ())]
            if any(states.get(each, PartState.DONE) is not PartState.DONE for each in needed):
                continue
        found.append(part)
    return found
